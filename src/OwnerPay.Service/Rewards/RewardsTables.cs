using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

public static class RewardsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Reward> Rewards => db.Set<Reward>();
        public DbSet<Redemption> Redemptions => db.Set<Redemption>();
    }
}
