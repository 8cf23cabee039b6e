using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Every morning yesterday's bill of each merchant account is compared with the books: to the fen, with every difference named, until
/// finance closes the day.</summary>
public static class ReconciliationEndpoints
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services) => services
        .AddScoped<FetchWeChatBills>().AddScoped<OwnBillRows>().AddScoped<SettleFromBill>().AddScoped<MissingPayments>().AddScoped<MatchRefunds>().AddScoped<ReconcileDay>()
        .AddScoped<JoinTradeBill>().AddScoped<JoinFundFlow>().AddScoped<BookFundFlow>().AddScoped<ReconcileAccount>()
        .AddScoped<RunReconciliation>().AddScoped<SolveDifference>().AddScoped<WorkOnDifference>().AddScoped<PayOuts>().AddScoped<ShowMonthSummary>().AddScoped<CloseDay>()
        .AddJob<ReconcileDays>("reconcile-days", TimeSpan.FromMinutes(1))
        .AddScoped<IMonthObstacle, DaysToReconcile>()
        .AddScoped<IVerifyCheck, CheckReconciliation>();

    public static void MapReconciliation(this Doors doors)
    {
        RunReconciliation.Map(doors);
        ShowDays.Map(doors);
        ListDifferences.Map(doors);
        PrintMonth.Map(doors);
        SolveDifference.Map(doors);
        WorkOnDifference.Map(doors);
        PayOuts.Map(doors);
        ShowMonthSummary.Map(doors);
        CloseDay.Map(doors);
    }
}
