using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

public static class PromotionsTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Offer> Offers => db.Set<Offer>();
        public DbSet<OfferTier> OfferTiers => db.Set<OfferTier>();
        public DbSet<HouseTag> HouseTags => db.Set<HouseTag>();
        public DbSet<Coupon> Coupons => db.Set<Coupon>();
        public DbSet<GiftIssue> GiftIssues => db.Set<GiftIssue>();
        public DbSet<OfferUse> OfferUses => db.Set<OfferUse>();
    }
}
