using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

public static class PromotionsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Offer> Offers => db.Set<Offer>();
        public DbSet<OfferUse> OfferUses => db.Set<OfferUse>();
    }
}
