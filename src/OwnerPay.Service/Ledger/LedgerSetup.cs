using Microsoft.EntityFrameworkCore.Diagnostics;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Ledger;

public static class LedgerSetup
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddScoped<Books>()
        .AddSingleton<IInterceptor, KeepMonthsClosed>()
        .AddScoped<ChangeBookMonth>().AddScoped<IApprovable>(built => built.GetRequiredService<ChangeBookMonth>()).AddScoped<ShowBookMonths>()
        .AddScoped<VerifyBooks>()
        .AddScoped<IVerifyCheck, JournalsBalance>()
        .AddScoped<IVerifyCheck, SealsHold>()
        .AddScoped<IVerifyCheck, CheckNumbers>()
        .AddScoped<IVerifyCheck, CheckBookMonths>()
        .AddScoped<IVerifyCheck, AuditChainHolds>()
        .AddScoped<IWorkGauge, JournalsGauge>()
        .AddJob<NumberJournals>("number-journals", TimeSpan.FromSeconds(2));

    public static Doors MapLedger(this Doors doors)
    {
        ChangeBookMonth.Map(doors);
        ShowBookMonths.Map(doors);
        return doors;
    }
}
