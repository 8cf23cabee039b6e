using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Ledger;

/// <param name="Month"><c>2026-11</c>.</param>
/// <param name="Journals">Journals that count in it.</param>
/// <param name="TurnoverFen">Their debits in yuan together, fen.</param>
public sealed record BookMonthView(string Month, BookMonthState State, long Journals, long TurnoverFen);

/// <summary>A line of the trial balance (科目余额表). Fen; openings and closings with debits positive.</summary>
/// <param name="Account">Four digits.</param>
public sealed record TrialLine(string Account, string Name, long OpeningFen, long DebitFen, long CreditFen, long ClosingFen);

/// <param name="By">Staff id of who proposed it.</param>
public sealed record BookMonthStep(BookMonthAction Action, BookMonthChangeState State, string Reason, Guid By, DateTimeOffset At, Guid? DecidedBy, DateTimeOffset? DecidedAt);

/// <param name="Unnumbered">Journals of the month that wait for their number; seconds at most.</param>
/// <param name="Obstacles">What must be done before it can be closed, in Chinese; empty for a closed month.</param>
/// <param name="History">Closings and reopenings, oldest first.</param>
public sealed record BookMonthDetail(
    BookMonthView Month, long Unnumbered, IReadOnlyList<string> Obstacles, IReadOnlyList<BookMonthStep> History, IReadOnlyList<TrialLine> TrialBalance);

/// <summary>Finance looks at the months of the books: what is closed, what stands in the way, and the trial balance of each.</summary>
public sealed class ShowBookMonths(OwnerPayDb db, ChangeBookMonth change)
{
    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/books/months", List).WithName("listBookMonths").ForStaff(StaffRole.Finance, StaffRole.Manager);
        doors.Staff.MapGet("/communities/{communityId:guid}/books/months/{month}", One).WithName("showBookMonth")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(ChangeBookMonth.MonthInvalid);
    }

    /// <remarks>A month is listed when it has journals or was closed; a community has twelve a year.</remarks>
    static async Task<Ok<Page<BookMonthView>>> List(StaffMember by, OwnerPayDb db, CancellationToken cancel)
    {
        var closed = await db.BookMonths.AsNoTracking().Where(m => m.CommunityId == by.CommunityId).ToDictionaryAsync(m => m.Month, cancel);
        var counts = await db.Journals.Where(j => j.CommunityId == by.CommunityId).GroupBy(j => new { j.BusinessDate.Year, j.BusinessDate.Month })
            .Select(g => new { g.Key.Year, g.Key.Month, Count = g.LongCount() }).ToListAsync(cancel);
        var months = counts.Select(c => MonthEnd.TextOf(new DateOnly(c.Year, c.Month, 1))).Union(closed.Keys).OrderDescending(StringComparer.Ordinal);
        var views = new List<BookMonthView>();
        foreach (var month in months) views.Add(await View(db, by.CommunityId, month, closed.GetValueOrDefault(month), cancel));
        return TypedResults.Ok(new Page<BookMonthView>(views, NextCursor: null));
    }

    static async Task<BookMonthView> View(OwnerPayDb db, Guid community, string month, BookMonth? row, CancellationToken cancel)
    {
        if (row?.State == BookMonthState.Closed) return new(month, row.State, row.Journals, row.TurnoverFen);
        var (journals, turnover) = await ChangeBookMonth.Figures(db, new MonthEnd(community, MonthEnd.FirstOf(month)!.Value, Guid.Empty), cancel);
        return new(month, BookMonthState.Open, journals, turnover);
    }

    static async Task<Results<Ok<BookMonthDetail>, ProblemHttpResult>> One(string month, StaffMember by, ShowBookMonths show, CancellationToken cancel) =>
        (await show.Run(by.CommunityId, month, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<BookMonthDetail>> Run(Guid community, string month, CancellationToken cancel)
    {
        if (MonthEnd.FirstOf(month) is not { } first) return ChangeBookMonth.MonthInvalid;
        var end = new MonthEnd(community, first, Guid.Empty);
        var row = await db.BookMonths.AsNoTracking().SingleOrDefaultAsync(m => m.CommunityId == community && m.Month == month, cancel);
        var view = await View(db, community, month, row, cancel);
        var history = await db.BookMonthChanges.AsNoTracking().Where(c => c.CommunityId == community && c.Month == month).OrderBy(c => c.ProposedAt).ThenBy(c => c.Id)
            .Select(c => new BookMonthStep(c.Action, c.State, c.Reason, c.ProposedBy, c.ProposedAt, c.DecidedBy, c.DecidedAt)).ToListAsync(cancel);
        var unnumbered = await db.Journals.LongCountAsync(j => j.CommunityId == community && j.BusinessDate >= end.First && j.BusinessDate <= end.Last
            && j.Number == null, cancel);
        return new BookMonthDetail(view, unnumbered, view.State == BookMonthState.Closed ? [] : await change.Obstacles(end, cancel), history, await Trial(end, cancel));
    }

    /// <summary>Opening, turnover and closing of each account of the chart, in yuan.</summary>
    public async Task<IReadOnlyList<TrialLine>> Trial(MonthEnd end, CancellationToken cancel)
    {
        var (journals, postings) = (db.Journals, db.Postings);
        var sums = await (from journal in journals
                          where journal.CommunityId == end.CommunityId && journal.BusinessDate <= end.Last
                          join posting in postings on new { journal.CommunityId, JournalId = journal.Id } equals new { posting.CommunityId, posting.JournalId }
                          where posting.Commodity == Posting.Yuan
                          group posting.Amount by new
                          {
                              Account = posting.Account.Substring(0, ChartOfAccounts.CodeLength), Within = journal.BusinessDate >= end.First, Debit = posting.Amount > 0,
                          } into g
                          select new { g.Key.Account, g.Key.Within, g.Key.Debit, Fen = g.Sum() }).ToListAsync(cancel);
        return [.. sums.GroupBy(sum => sum.Account).OrderBy(account => account.Key, StringComparer.Ordinal).Select(account =>
        {
            var opening = account.Where(sum => !sum.Within).Sum(sum => sum.Fen);
            var (debit, credit) = (account.Where(sum => sum is { Within: true, Debit: true }).Sum(sum => sum.Fen),
                -account.Where(sum => sum is { Within: true, Debit: false }).Sum(sum => sum.Fen));
            return new TrialLine(account.Key, ChartOfAccounts.NameOf(account.Key), opening, debit, credit, opening + debit - credit);
        })];
    }
}
