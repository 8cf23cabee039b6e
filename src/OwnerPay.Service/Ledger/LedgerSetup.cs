using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Ledger;

public static class LedgerSetup
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddScoped<Books>()
        .AddScoped<VerifyBooks>()
        .AddScoped<IVerifyCheck, JournalsBalance>()
        .AddScoped<IVerifyCheck, SealsHold>()
        .AddScoped<IVerifyCheck, CheckNumbers>()
        .AddScoped<IVerifyCheck, AuditChainHolds>()
        .AddScoped<IWorkGauge, JournalsGauge>()
        .AddJob<NumberJournals>("number-journals", TimeSpan.FromSeconds(2));
}
