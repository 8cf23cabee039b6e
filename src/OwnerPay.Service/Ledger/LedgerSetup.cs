using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Ledger;

public static class LedgerSetup
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddScoped<Books>()
        .AddJob<NumberJournals>("number-journals", TimeSpan.FromSeconds(2));
}
