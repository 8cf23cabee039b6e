using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A reconciled day of one merchant account. Amounts in fen.</summary>
/// <param name="BillFen">Paid by WeChat's bill.</param>
/// <param name="OurFen">Paid by our books.</param>
/// <param name="FeeFen">Fees booked.</param>
/// <param name="Differences">Found, solved ones included.</param>
public sealed record DayAccountView(
    Guid DayId, Guid MerchantAccountId, string MchId, DateOnly Day, DayState State, int BillRows, int MatchedRows, long BillFen, long OurFen,
    long FeeFen,
    int Differences, int OpenDifferences, DateTimeOffset ReconciledAt, DateTimeOffset? ClosedAt);

/// <param name="Source">What our books were compared with.</param>
/// <param name="CauseName">The cause in Chinese.</param>
/// <param name="Reference">WeChat's transaction or refund number.</param>
/// <param name="TheirFen">By the bill, fen.</param>
/// <param name="OurFen">By our books, fen.</param>
public sealed record DifferenceView(
    Guid Id, DateOnly Day, string MchId, DifferenceSource Source, DifferenceCause Cause, string CauseName, string Reference, Guid? PaymentId, Guid? RefundId,
    long? TheirFen, long? OurFen, string NextStep, DifferenceState State, Guid? AssignedTo, string? Resolution, Guid? ResolvedBy, DateTimeOffset FoundAt,
    DateTimeOffset? ResolvedAt);

/// <param name="State"><c>closed</c> when every account's day is.</param>
/// <param name="Waiting">Merchant numbers whose day is over and not reconciled yet, each with the code of what stopped the last try.</param>
public sealed record DayView(
    DateOnly Day, DayState State, IReadOnlyList<DayAccountView> Accounts, IReadOnlyList<WaitingAccount> Waiting,
    IReadOnlyList<DifferenceView> Differences);

/// <param name="Reason">Stable code: <c>bill_not_ready</c> …; null when nothing was tried yet.</param>
public sealed record WaitingAccount(string MchId, string? Reason);

/// <summary>Finance looks at reconciled days, newest first, and at one of them with its differences.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400; <c>day_not_found</c> 404.</remarks>
public static class ShowDays
{
    const int PageSize = 62;
    public static readonly Error NotFound = new(404, "day_not_found", "没有该日的对账记录");

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/reconciliation/days", List).WithName("listReconciledDays")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/reconciliation/days/{day}", One).WithName("showReconciledDay")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);
    }

    static async Task<Results<Ok<Page<DayAccountView>>, ProblemHttpResult>> List(
        StaffMember by, OwnerPayDb db, CancellationToken cancel, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var days = db.ReconciledDays.Where(d => d.CommunityId == by.CommunityId);
        if (after is not null)
        {
            var day = Clock.DateOf(after.At);
            days = days.Where(d => d.Day < day || d.Day == day && d.Id.CompareTo(after.Id) < 0);
        }
        var views = await Views(db, days.OrderByDescending(d => d.Day).ThenByDescending(d => d.Id).Take(PageSize + 1), cancel);
        return TypedResults.Ok(Pages.Of(views, PageSize, view => new Cursor(Clock.StartOf(view.Day), view.DayId)));
    }

    static async Task<Results<Ok<DayView>, ProblemHttpResult>> One(DateOnly day, StaffMember by, OwnerPayDb db, CancellationToken cancel)
    {
        var (accounts, fetches) = (db.MerchantAccounts, db.BillFetches);
        var views = await Views(db, db.ReconciledDays.Where(d => d.CommunityId == by.CommunityId && d.Day == day).OrderBy(d => d.MerchantAccountId),
            cancel);
        var waiting = await fetches.Where(f => f.CommunityId == by.CommunityId && f.Day == day)
            .Select(f => new WaitingAccount(accounts.Where(m => m.Id == f.MerchantAccountId).Select(m => m.MchId).Single(), f.LastError))
            .ToListAsync(cancel);
        if (views.Count == 0 && waiting.Count == 0) return NotFound.ToProblem();
        var differences = await db.Differences.AsNoTracking().Where(d => d.CommunityId == by.CommunityId && d.Day == day).OrderBy(d => d.Cause)
            .ThenBy(d => d.Reference)
            .Select(d => new { Difference = d, MchId = accounts.Where(m => m.Id == d.MerchantAccountId).Select(m => m.MchId).Single() })
            .ToListAsync(cancel);
        var state = waiting.Count == 0 && views.TrueForAll(view => view.State == DayState.Closed) ? DayState.Closed : DayState.Open;
        return TypedResults.Ok(new DayView(day, state, views, waiting, [.. differences.Select(found => View(found.Difference, found.MchId))]));
    }

    internal static DifferenceView View(Difference d, string mchId) => new(
        d.Id, d.Day, mchId, DifferenceTexts.SourceOf(d.Cause), d.Cause, DifferenceTexts.Name(d.Cause), d.Reference, d.PaymentId, d.RefundId,
        d.TheirFen, d.OurFen, d.NextStep, d.State, d.AssignedTo, d.Resolution, d.ResolvedBy, d.FoundAt, d.ResolvedAt);

    internal static Task<List<DayAccountView>> Views(OwnerPayDb db, IQueryable<ReconciledDay> days, CancellationToken cancel)
    {
        var (accounts, differences) = (db.MerchantAccounts, db.Differences);
        return days.AsNoTracking().Select(d => new DayAccountView(
            d.Id, d.MerchantAccountId, accounts.Where(m => m.Id == d.MerchantAccountId).Select(m => m.MchId).Single(), d.Day, d.State, d.BillRows,
            d.MatchedRows,
            d.BillFen, d.OurFen, d.FeeFen, differences.Count(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day),
            differences.Count(x => x.MerchantAccountId == d.MerchantAccountId && x.Day == d.Day && x.State == DifferenceState.Open),
            d.ReconciledAt, d.ClosedAt)).ToListAsync(cancel);
    }
}
