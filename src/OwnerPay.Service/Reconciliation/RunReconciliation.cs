using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <param name="Day">Shanghai date before today, at most three months back.</param>
public sealed record RunRequest(DateOnly Day);

/// <param name="Accounts">What came of the day, per merchant account.</param>
public sealed record RunAnswer(DateOnly Day, IReadOnlyList<ReconciledAnswer> Accounts);

/// <summary>Finance wants a day reconciled now and does not wait for the schedule. A day that is reconciled already answers what came of
/// it.</summary>
/// <remarks>Errors: <c>day_not_over</c>, <c>day_too_old</c> 400; <c>no_merchant_account</c> 409; those of <see cref="FetchWeChatBills"/>.</remarks>
public sealed class RunReconciliation(OwnerPayDb db, ReconcileAccount reconcile, Audit audit, Clock clock)
{
    static readonly Error NotOver = new(400, "day_not_over", "当天尚未结束，不能对账");
    static readonly Error TooOld = new(400, "day_too_old", "微信只保留三个月的账单");
    static readonly Error NoAccount = new(409, "no_merchant_account", "该小区尚未设置微信支付商户号");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/run", Post)
        .WithName("runReconciliation")
        .ForStaff(StaffRole.Finance)
        .CanFail(Problems.Validation, NotOver, TooOld, NoAccount, FetchWeChatBills.NotReady, FetchWeChatBills.Unusable, FetchWeChatBills.Refused,
        FetchWeChatBills.Silent);

    static async Task<Results<Ok<RunAnswer>, ProblemHttpResult>> Post(
        StaffMember by, RunRequest request, RunReconciliation run, CancellationToken cancel) =>
        (await run.Run(request, by, cancel)).ToHttp(TypedResults.Ok);

    /// <returns>All accounts' results; the first refusal when one of them could not be reconciled, after the others were.</returns>
    public async Task<Result<RunAnswer>> Run(RunRequest request, StaffMember by, CancellationToken cancel)
    {
        var (day, today) = (request.Day, clock.Today());
        if (day >= today) return NotOver.At("day");
        if (day < today.AddMonths(-ReconcileDays.KeptMonths)) return TooOld.At("day");
        var accounts = await db.MerchantAccounts.Where(m => m.CommunityId == by.CommunityId).OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(cancel);
        if (accounts.Count == 0) return NoAccount;
        audit.Add(by, "reconciliation.run", null, new { day });
        await db.SaveChangesAsync(cancel);
        var answers = new List<ReconciledAnswer>();
        Error? refused = null;
        foreach (var account in accounts)
        {
            var answer = await reconcile.Run(account, day, cancel);
            if (answer.Refusal is { } refusal) refused ??= refusal;
            else answers.Add(answer.Value);
        }
        return refused is null ? new RunAnswer(day, answers) : refused;
    }
}
