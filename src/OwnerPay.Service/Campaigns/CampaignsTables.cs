using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

public static class CampaignsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Campaign> Campaigns => db.Set<Campaign>();
    }
}
