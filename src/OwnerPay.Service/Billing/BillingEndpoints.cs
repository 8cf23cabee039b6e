using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Billing;

/// <summary>Tariffs, bill runs, bills, late fee, prepaid money.</summary>
public static class BillingEndpoints
{
    public static IServiceCollection AddBilling(this IServiceCollection services) => services
        .AddScoped<PrepaidAccount>().AddScoped<IssueAhead>().AddScoped<OpenBills>().AddScoped<ReduceBills>().AddScoped<ReopenBills>().AddScoped<PrepaidMoney>()
        .AddScoped<ShowBills>().AddScoped<ListBills>().AddScoped<ComposeStatements>().AddScoped<PrintStatements>()
        .AddScoped<ProposeTariffs>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeTariffs>()).AddScoped<ShowTariffs>()
        .AddScoped<PreviewBillRun>().AddScoped<IssueBills>().AddScoped<ShowBillRuns>()
        .AddScoped<IMonthEnd, EarnMonth>().AddScoped<IVerifyCheck, CheckServed>()
        .AddScoped<ProposeAdjustment>().AddScoped<CorrectBill>().AddScoped<BillClaims>().AddScoped<ShowAdjustments>()
        .AddScoped<DecideAdjustment>().AddScoped<IApprovable>(built => built.GetRequiredService<DecideAdjustment>())
        .AddScoped<Readings>().AddScoped<AddMeters>().AddScoped<ListMeters>().AddScoped<RecordReading>().AddScoped<ReplaceMeter>().AddScoped<ReadingPhotos>().AddScoped<ImportReadings>()
        .AddScoped<FindWrongBills>().AddScoped<CloseApportionment>().AddScoped<ShowApportionments>()
        .AddScoped<ProposeVacantRate>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeVacantRate>())
        .AddScoped<ProposeFeeAgreement>().AddScoped<IApprovable>(built => built.GetRequiredService<ProposeFeeAgreement>())
        .AddScoped<WaiveBills>().AddScoped<ShowLateFee>().AddScoped<LoanRates>()
            .AddScoped<IApprovable>(built => built.GetRequiredService<LoanRates>())
        .AddScoped<RecordDemand>().AddScoped<IApprovable>(built => built.GetRequiredService<RecordDemand>())
        .AddScoped<IVerifyCheck, CheckBills>().AddScoped<IVerifyCheck, CheckMeters>().AddScoped<IVerifyCheck, CheckAdjustments>();

    public static Doors MapBilling(this Doors doors)
    {
        PrepaidAccount.Map(doors);
        IssueAhead.Map(doors);
        ProposeTariffs.Map(doors);
        ShowTariffs.Map(doors);
        PreviewBillRun.Map(doors);
        IssueBills.Map(doors);
        ShowBillRuns.Map(doors);
        ShowBills.Map(doors);
        AddMeters.Map(doors);
        ListMeters.Map(doors);
        RecordReading.Map(doors);
        ReplaceMeter.Map(doors);
        ReadingPhotos.Map(doors);
        ImportReadings.Map(doors);
        FindWrongBills.Map(doors);
        CloseApportionment.Map(doors);
        ShowApportionments.Map(doors);
        ProposeVacantRate.Map(doors);
        ProposeFeeAgreement.Map(doors);
        ProposeAdjustment.Map(doors);
        DecideAdjustment.Map(doors);
        ShowAdjustments.Map(doors);
        ShowLateFee.Map(doors);
        LoanRates.Map(doors);
        RecordDemand.Map(doors);
        ListBills.Map(doors);
        PrintStatements.Map(doors);
        return doors;
    }
}
