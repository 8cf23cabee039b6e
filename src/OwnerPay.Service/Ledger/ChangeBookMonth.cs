using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <param name="Reason">Why, for those who read the books in years. Reopening needs one.</param>
public sealed record BookMonthRequest([property: StringLength(190)] string? Reason = null);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
public sealed record BookMonthProposed(string Month, BookMonthAction Action, Guid ChangeId, Guid ApprovalId);

/// <summary>Finance proposes to close a month, or to open the last closed one again; a manager decides. Closing earns what was served and locks the month.</summary>
/// <remarks>Months close one after another, none is left out. Errors: <c>month_invalid</c>, <c>reason_missing</c> 400; <c>month_not_over</c>,
/// <c>month_is_closed</c>, <c>month_not_closed</c>, <c>earlier_month_open</c>, <c>later_month_closed</c>, <c>month_has_obstacles</c>,
/// <c>month_change_pending</c> 409.</remarks>
public sealed class ChangeBookMonth(
    OwnerPayDb db, IEnumerable<IMonthEnd> ends, IEnumerable<IMonthObstacle> obstacles, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    public const string ApprovalKind = "book-month";

    public static readonly Error MonthInvalid = new(400, "month_invalid", "月份有误") { Field = "month", Detail = "请写成 2026-11 这样的形式" };
    static readonly Error ReasonMissing = new(400, "reason_missing", "请写明反结账的原因") { Field = "reason" };
    static readonly Error NotOver = new(409, "month_not_over", "该月尚未结束，不能结账");
    static readonly Error IsClosed = new(409, "month_is_closed", "该月已结账");
    static readonly Error NotClosed = new(409, "month_not_closed", "该月未结账，无需反结账");
    static readonly Error EarlierOpen = new(409, "earlier_month_open", "须按月份顺序结账，请先结清以前的月份");
    static readonly Error LaterClosed = new(409, "later_month_closed", "只能对最近一个已结账的月份反结账，请先处理以后的月份");
    static readonly Error HasObstacles = new(409, "month_has_obstacles", "该月还有未办完的事项，不能结账");
    static readonly Error Pending = new(409, "month_change_pending", "已有一项结账或反结账申请在等待审批");

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/books/months/{month}/close", PostClose).WithName("proposeMonthClose").ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, MonthInvalid, NotOver, IsClosed, EarlierOpen, HasObstacles, Pending);
        doors.Staff.MapPost("/communities/{communityId:guid}/books/months/{month}/reopen", PostReopen).WithName("proposeMonthReopening").ForStaff(StaffRole.Finance)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, MonthInvalid, ReasonMissing, NotClosed, LaterClosed, Pending);
    }

    static async Task<Results<Created<BookMonthProposed>, ProblemHttpResult>> PostClose(
        string month, IdempotencyKey key, StaffMember by, BookMonthRequest? request, ChangeBookMonth change, CancellationToken cancel) =>
        (await change.Propose(month, BookMonthAction.Close, request?.Reason, key, by, cancel)).ToHttp(done => At(done, by));

    static async Task<Results<Created<BookMonthProposed>, ProblemHttpResult>> PostReopen(
        string month, IdempotencyKey key, StaffMember by, BookMonthRequest request, ChangeBookMonth change, CancellationToken cancel) =>
        (await change.Propose(month, BookMonthAction.Reopen, request.Reason, key, by, cancel)).ToHttp(done => At(done, by));

    static Created<BookMonthProposed> At(BookMonthProposed done, StaffMember by) =>
        TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/books/months/{done.Month}", done);

    public async Task<Result<BookMonthProposed>> Propose(
        string month, BookMonthAction action, string? reason, IdempotencyKey key, StaffMember by, CancellationToken cancel)
    {
        if (MonthEnd.FirstOf(month) is not { } first) return MonthInvalid;
        if (action == BookMonthAction.Reopen && string.IsNullOrWhiteSpace(reason)) return ReasonMissing;
        return await db.Once<BookMonthProposed>(key, new { by.CommunityId, month, action, reason }, async () =>
        {
            var end = new MonthEnd(by.CommunityId, first, Guid.CreateVersion7());
            if (await Row(end, cancel) is null) db.Add(new BookMonth { Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, Month = month });
            if (await db.BookMonthChanges.AnyAsync(c => c.CommunityId == by.CommunityId && c.State == BookMonthChangeState.Proposed, cancel)) return Pending;
            if (await Refusal(end, action, cancel) is { } refusal) return refusal;
            var change = new BookMonthChange
            {
                Id = end.Change, CommunityId = by.CommunityId, Month = month, Action = action, Reason = reason?.Trim() ?? "", ProposedBy = by.StaffId,
                ProposedAt = clock.Now(),
            };
            db.Add(change);
            var approval = approvals.Propose(by.CommunityId, Kind, change.Id, by.StaffId,
                $"{month} {(action == BookMonthAction.Close ? "结账" : "反结账")} {change.Reason}".TrimEnd());
            audit.Add(by, "book-month.proposed", change.Id, new { month, action, change.Reason });
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException failure) when (WriteFailure.Violates(failure, "BookMonths", "CommunityId", "Month"))
            {
                return Pending;    // somebody proposed the same a moment ago
            }
            return new BookMonthProposed(month, action, change.Id, approval.Id);
        }, cancel);
    }

    /// <summary>The month's row, locked: who writes late journals for the month shares it.</summary>
    Task<BookMonth?> Row(MonthEnd end, CancellationToken cancel) =>
        db.BookMonths.Where(m => m.CommunityId == end.CommunityId && m.Month == end.Month).ForUpdate().SingleOrDefaultAsync(cancel);

    async Task<Error?> Refusal(MonthEnd end, BookMonthAction action, CancellationToken cancel)
    {
        var closed = await db.BookMonths.Where(m => m.CommunityId == end.CommunityId && m.State == BookMonthState.Closed).Select(m => m.Month).MaxAsync(m => (string?)m, cancel);
        var isClosed = closed is not null && string.CompareOrdinal(end.Month, closed) <= 0;
        if (action == BookMonthAction.Reopen) return !isClosed ? NotClosed : closed != end.Month ? LaterClosed : null;
        if (isClosed) return IsClosed;
        if (clock.Today() <= end.Last) return NotOver;
        var earlier = closed is null
            ? await db.Journals.AnyAsync(j => j.CommunityId == end.CommunityId && j.BusinessDate < end.First, cancel)
            : MonthEnd.FirstOf(closed)!.Value.AddMonths(1) != end.First;
        if (earlier) return EarlierOpen;
        var waits = await Obstacles(end, cancel);
        return waits.Count == 0 ? null : HasObstacles with { Detail = string.Join("；", waits), More = new Dictionary<string, object?> { ["obstacles"] = waits } };
    }

    /// <summary>What must be done before a month can be closed, in Chinese.</summary>
    public async Task<IReadOnlyList<string>> Obstacles(MonthEnd end, CancellationToken cancel)
    {
        var found = new List<string>();
        foreach (var obstacle in obstacles) found.AddRange(await obstacle.Of(end.CommunityId, end.Days, cancel));
        return found;
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var change = await db.BookMonthChanges.SingleAsync(c => c.Id == approval.SubjectId && c.CommunityId == approval.CommunityId, cancel);
        (change.State, change.DecidedBy, change.DecidedAt) = (approved ? BookMonthChangeState.Approved : BookMonthChangeState.Rejected, by.StaffId, clock.Now());
        if (!approved) return null;
        var end = new MonthEnd(change.CommunityId, MonthEnd.FirstOf(change.Month)!.Value, change.Id);
        var month = (await Row(end, cancel))!;
        if (await Refusal(end, change.Action, cancel) is { } refusal) return refusal;    // it may have changed since it was proposed
        if (change.Action == BookMonthAction.Close) await Close(month, end, cancel);
        else month.State = BookMonthState.Open;
        month.ChangeId = change.Id;
        audit.Add(by, change.Action == BookMonthAction.Close ? "book-month.closed" : "book-month.reopened", change.Id,
            new { change.Month, month.Journals, month.TurnoverFen, change.ProposedBy, change.Reason });
        return null;
    }

    async Task Close(BookMonth month, MonthEnd end, CancellationToken cancel)
    {
        foreach (var booking in ends) await booking.Book(end, cancel);
        await db.SaveChangesAsync(cancel);    // before the month is closed: the last journals belong in it
        (month.Journals, month.TurnoverFen) = await Figures(db, end, cancel);
        month.State = BookMonthState.Closed;
    }

    /// <summary>How many journals count in a month, and their debits in yuan, fen.</summary>
    public static async Task<(long Journals, long TurnoverFen)> Figures(OwnerPayDb db, MonthEnd month, CancellationToken cancel)
    {
        var journals = db.Journals.Where(j => j.CommunityId == month.CommunityId && j.BusinessDate >= month.First && j.BusinessDate <= month.Last);
        var debits = from journal in journals
                     join posting in db.Set<Posting>() on new { journal.CommunityId, JournalId = journal.Id } equals new { posting.CommunityId, posting.JournalId }
                     where posting.Commodity == Posting.Yuan && posting.Amount > 0
                     select posting.Amount;
        return (await journals.LongCountAsync(cancel), await debits.SumAsync(cancel));
    }
}
