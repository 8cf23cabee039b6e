using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

public static class RewardsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Reward> Rewards => db.Set<Reward>();
        public DbSet<Redemption> Redemptions => db.Set<Redemption>();
        public DbSet<RewardPicture> RewardPictures => db.Set<RewardPicture>();
        public DbSet<ParkingRight> ParkingRights => db.Set<ParkingRight>();
        public DbSet<ParkingRightDay> ParkingRightDays => db.Set<ParkingRightDay>();
        public DbSet<PickUpGuesses> PickUpGuesses => db.Set<PickUpGuesses>();
        public DbSet<Draw> Draws => db.Set<Draw>();
        public DbSet<DrawTicket> DrawTickets => db.Set<DrawTicket>();
        public DbSet<DrawWin> DrawWins => db.Set<DrawWin>();
    }
}
