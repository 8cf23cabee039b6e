using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Every morning yesterday's bill of each merchant account is compared with the books: to the fen, with every difference named, until
/// finance closes the day.</summary>
public static class ReconciliationEndpoints
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services) => services
        .AddScoped<FetchWeChatBills>().AddScoped<OwnBillRows>().AddScoped<SettleFromBill>().AddScoped<MissingPayments>().AddScoped<MatchRefunds>().AddScoped<ReconcileDay>()
        .AddScoped<ReconcileAccount>()
        .AddScoped<RunReconciliation>().AddScoped<SolveDifference>().AddScoped<CloseDay>()
        .AddJob<ReconcileDays>("reconcile-days", TimeSpan.FromMinutes(1))
        .AddScoped<IVerifyCheck, CheckReconciliation>();

    public static void MapReconciliation(this Doors doors)
    {
        RunReconciliation.Map(doors);
        ShowDays.Map(doors);
        PrintMonth.Map(doors);
        SolveDifference.Map(doors);
        CloseDay.Map(doors);
    }
}
