using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Billing;

/// <summary>Tariffs, bill runs, bills, late fee, prepaid money.</summary>
public static class BillingEndpoints
{
    public static IServiceCollection AddBilling(this IServiceCollection services) => services
        .AddScoped<PrepaidAccount>().AddScoped<OpenBills>().AddScoped<ReduceBills>().AddScoped<ReopenBills>().AddScoped<PrepaidMoney>()
        .AddScoped<ShowBills>().AddScoped<ListBills>().AddScoped<ComposeStatements>().AddScoped<PrintStatements>()
        .AddScoped<ProposeTariffs>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeTariffs>()).AddScoped<ShowTariffs>()
        .AddScoped<PreviewBillRun>().AddScoped<IssueBills>().AddScoped<ShowBillRuns>()
        .AddScoped<IVerifyCheck, CheckBills>();

    public static Doors MapBilling(this Doors doors)
    {
        PrepaidAccount.Map(doors);
        ProposeTariffs.Map(doors);
        ShowTariffs.Map(doors);
        PreviewBillRun.Map(doors);
        IssueBills.Map(doors);
        ShowBillRuns.Map(doors);
        ShowBills.Map(doors);
        ListBills.Map(doors);
        PrintStatements.Map(doors);
        return doors;
    }
}
