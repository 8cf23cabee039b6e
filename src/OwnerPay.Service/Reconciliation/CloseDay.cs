using System.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A closed day. Amounts in fen.</summary>
/// <param name="AuditNumber">Where the community's audit chain stood when the day was closed: to be printed and put away with it. Null while nothing
/// is chained.</param>
/// <param name="AuditHash">Hash of that entry, 64 hex digits.</param>
public sealed record ClosedDayAnswer(DateOnly Day, IReadOnlyList<DayAccountView> Accounts, long? AuditNumber, string? AuditHash);

/// <summary>Finance closes a day: every account is reconciled, every difference resolved or explained. Afterwards nothing of it can be
/// changed.</summary>
/// <remarks>
/// Days close in any order: no day's figures depend on another's. What comes to light later is a difference of a later day.
/// Errors: <c>day_not_found</c> 404; <c>day_not_reconciled</c>, <c>day_has_differences</c> 409. Closing a closed day answers the same again.
/// </remarks>
public sealed class CloseDay(OwnerPayDb db, Audit audit, WorkItems workItems, Clock clock)
{
    static readonly Error NotReconciled = new(409, "day_not_reconciled", "该日还有商户号未完成对账");
    static readonly Error HasDifferences = new(409, "day_has_differences", "该日还有未处理的差异");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/days/{day}/close", Post)
        .WithName("closeReconciledDay")
        .ForStaff(StaffRole.Finance).CanFail(ShowDays.NotFound, NotReconciled, HasDifferences);

    static async Task<Results<Ok<ClosedDayAnswer>, ProblemHttpResult>> Post(DateOnly day, StaffMember by, CloseDay close, CancellationToken cancel) =>
        (await close.Run(day, by, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<ClosedDayAnswer>> Run(DateOnly day, StaffMember by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var days = await db.ReconciledDays.Where(d => d.CommunityId == by.CommunityId && d.Day == day).OrderBy(d => d.Id).ForUpdate()
            .ToListAsync(cancel);
        if (days.Count == 0) return ShowDays.NotFound;
        if (await Missing(day, [.. days.Select(d => d.MerchantAccountId)], by, cancel)) return NotReconciled;
        var open = await db.Differences.CountAsync(d => d.CommunityId == by.CommunityId && d.Day == day && d.State == DifferenceState.Open, cancel);
        if (open > 0) return HasDifferences.With("open", open);
        var (now, closing) = (clock.Now(), days.FindAll(d => d.State == DayState.Open));
        var head = await db.AuditEntries.AsNoTracking().Where(e => e.CommunityId == by.CommunityId && e.ChainNumber != null)
            .OrderByDescending(e => e.ChainNumber)
            .Select(e => new { e.ChainNumber, e.ChainHash }).FirstOrDefaultAsync(cancel);
        var hash = head?.ChainHash is { } bytes ? Convert.ToHexStringLower(bytes) : null;
        foreach (var account in closing)
        {
            (account.State, account.ClosedBy, account.ClosedAt) = (DayState.Closed, by.StaffId, now);
            await workItems.Finish(ReconcileDay.DifferencesKind, account.Id, by.StaffId, "差异均已处理，该日对账已关闭", cancel);
            audit.Add(by, "reconciled-day.closed", account.Id, new
            {
                account.Day, account.MerchantAccountId, account.BillRows, account.MatchedRows, account.BillFen, account.OurFen, account.FeeFen,
                auditNumber = head?.ChainNumber, auditHash = hash,
            });
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        var views = await ShowDays.Views(db, db.ReconciledDays.Where(d => d.CommunityId == by.CommunityId && d.Day == day)
            .OrderBy(d => d.MerchantAccountId), cancel);
        return new ClosedDayAnswer(day, views, head?.ChainNumber, hash);
    }

    /// <summary>An account that had money on that day, or whose bill waits, and is not among the reconciled.</summary>
    Task<bool> Missing(DateOnly day, List<Guid> reconciled, StaffMember by, CancellationToken cancel)
    {
        var (payments, fetches) = (db.Payments, db.BillFetches);
        return db.MerchantAccounts.AnyAsync(m => m.CommunityId == by.CommunityId && !reconciled.Contains(m.Id)
            && (payments.Any(p => p.CommunityId == m.CommunityId && p.PaidOn == day && p.MerchantAccountId == m.Id && p.Channel == Payment.WeChat)
                || fetches.Any(f => f.MerchantAccountId == m.Id && f.Day == day)), cancel);
    }
}
