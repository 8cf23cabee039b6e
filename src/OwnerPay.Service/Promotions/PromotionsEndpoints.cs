using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary>Offers, quotes, budgets.</summary>
public static class PromotionsEndpoints
{
    public static IServiceCollection AddPromotions(this IServiceCollection services) => services
        .AddScoped<QuoteBills>().AddScoped<OfferBudgets>();

    public static Doors MapPromotions(this Doors doors)
    {
        QuoteBills.Map(doors);
        return doors;
    }
}
