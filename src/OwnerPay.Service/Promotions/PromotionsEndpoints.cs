using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Promotions;

/// <summary>Offers, quotes, budgets.</summary>
public static class PromotionsEndpoints
{
    public static IServiceCollection AddPromotions(this IServiceCollection services) => services
        .AddScoped<QuoteBills>().AddScoped<OfferBudgets>().AddScoped<CouponIssuing>().AddScoped<EarnedGifts>()
        .AddScoped<IssueCoupons>().AddScoped<ClaimCoupon>().AddScoped<ListCoupons>().AddScoped<KeepGifts>().AddScoped<TagHouses>()
        .AddJob<ExpireCoupons>("expire-coupons", TimeSpan.FromMinutes(1))
        .AddScoped<ProposeOffers>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeOffers>()).AddScoped<ShowOffers>()
        .AddScoped<IVerifyCheck, CheckOffers>().AddScoped<IVerifyCheck, CheckCoupons>();

    public static Doors MapPromotions(this Doors doors)
    {
        ProposeOffers.Map(doors);
        ShowOffers.Map(doors);
        QuoteBills.Map(doors);
        IssueCoupons.Map(doors);
        ClaimCoupon.Map(doors);
        ListCoupons.Map(doors);
        KeepGifts.Map(doors);
        TagHouses.Map(doors);
        return doors;
    }
}
