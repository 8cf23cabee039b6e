using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>Tariffs, bill runs, bills, late fee, prepaid money.</summary>
public static class BillingEndpoints
{
    public static IServiceCollection AddBilling(this IServiceCollection services) => services
        .AddScoped<OpenBills>().AddScoped<ReduceBills>().AddScoped<PrepaidMoney>()
        .AddScoped<ShowBills>();

    public static Doors MapBilling(this Doors doors)
    {
        ShowBills.Map(doors);
        return doors;
    }
}
