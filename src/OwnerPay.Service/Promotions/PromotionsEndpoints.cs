using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Promotions;

/// <summary>Offers, quotes, budgets.</summary>
public static class PromotionsEndpoints
{
    public static IServiceCollection AddPromotions(this IServiceCollection services) => services
        .AddScoped<QuoteBills>().AddScoped<QuoteAmount>().AddScoped<OfferBudgets>()
        .AddScoped<ProposeOffers>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeOffers>()).AddScoped<ShowOffers>()
        .AddScoped<IVerifyCheck, CheckOffers>();

    public static Doors MapPromotions(this Doors doors)
    {
        ProposeOffers.Map(doors);
        ShowOffers.Map(doors);
        QuoteBills.Map(doors);
        return doors;
    }
}
