using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A merchant account's month. Amounts in fen.</summary>
/// <param name="Days">Reconciled days, and those among them that are closed.</param>
/// <param name="BillFen">Paid by WeChat's bills.</param>
/// <param name="OurFen">Paid by our books.</param>
/// <param name="OpeningFen">Balance at WeChat before the first and after the last movement of the month; null where no fund-flow bill was read.</param>
/// <param name="PaidOutFen">Paid out to the bank; of it <paramref name="ArrivedFen"/> was found in the bank's statement.</param>
public sealed record AccountMonth(
    string MchId, int Days, int ClosedDays, long BillRows, long MatchedRows, long BillFen, long OurFen, long FeeFen, long? OpeningFen, long? ClosingFen,
    long PaidOutFen, long ArrivedFen);

/// <param name="CauseName">In Chinese.</param>
public sealed record CauseMonth(DifferenceCause Cause, string CauseName, int Found, int Open);

/// <summary>What finance prints at the end of a month and signs (月度对账汇总).</summary>
/// <param name="Month">State of the books of the month.</param>
/// <param name="AuditNumber">Where the community's audit chain stands, with its hash: printed, so that a chain rewritten later would show.</param>
public sealed record MonthSummary(
    string Community, BookMonthView Month, IReadOnlyList<AccountMonth> Accounts, IReadOnlyList<CauseMonth> Differences, IReadOnlyList<TrialLine> TrialBalance,
    long? AuditNumber, string? AuditHash, DateTimeOffset At);

/// <summary>The month of reconciliation on one sheet.</summary>
/// <remarks>Errors: <c>month_invalid</c> 400.</remarks>
public sealed class ShowMonthSummary(OwnerPayDb db, ShowBookMonths books, Clock clock)
{
    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/reconciliation/months/{month}", Get).WithName("showReconciliationMonth")
        .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(ChangeBookMonth.MonthInvalid);

    static async Task<Results<Ok<MonthSummary>, ProblemHttpResult>> Get(string month, StaffMember by, ShowMonthSummary show, CancellationToken cancel) =>
        (await show.Run(by.CommunityId, month, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<MonthSummary>> Run(Guid community, string month, CancellationToken cancel)
    {
        var detail = await books.Run(community, month, cancel);
        if (detail.Refusal is { } refusal) return refusal;
        var end = new MonthEnd(community, MonthEnd.FirstOf(month)!.Value, Guid.Empty);
        var name = await db.Communities.Where(c => c.Id == community).Select(c => c.Name).SingleAsync(cancel);
        var head = await db.AuditEntries.AsNoTracking().Where(e => e.CommunityId == community && e.ChainNumber != null).OrderByDescending(e => e.ChainNumber)
            .Select(e => new { e.ChainNumber, e.ChainHash }).FirstOrDefaultAsync(cancel);
        return new MonthSummary(name, detail.Value.Month, await Accounts(end, cancel), await Differences(end, cancel), detail.Value.TrialBalance, head?.ChainNumber,
            head?.ChainHash is { } hash ? Convert.ToHexStringLower(hash) : null, clock.Now());
    }

    async Task<IReadOnlyList<AccountMonth>> Accounts(MonthEnd end, CancellationToken cancel)
    {
        var (first, last) = (end.First, end.Last);
        var numbers = await db.MerchantAccounts.AsNoTracking().Where(m => m.CommunityId == end.CommunityId).OrderBy(m => m.MchId)
            .Select(m => new { m.Id, m.MchId }).ToListAsync(cancel);
        var days = (await db.ReconciledDays.AsNoTracking().Where(d => d.CommunityId == end.CommunityId && d.Day >= first && d.Day <= last).ToListAsync(cancel))
            .ToLookup(d => d.MerchantAccountId);
        var flows = (await db.FundFlowDays.AsNoTracking().Where(d => d.CommunityId == end.CommunityId && d.Day >= first && d.Day <= last && d.Rows > 0)
            .OrderBy(d => d.Day).ToListAsync(cancel)).ToLookup(d => d.MerchantAccountId);
        var payOuts = (await db.WeChatPayOuts.AsNoTracking().Where(p => p.CommunityId == end.CommunityId && p.Day >= first && p.Day <= last).ToListAsync(cancel))
            .ToLookup(p => p.MerchantAccountId);
        return [.. numbers.Select(m => new AccountMonth(
            m.MchId, days[m.Id].Count(), days[m.Id].Count(d => d.State == DayState.Closed), days[m.Id].Sum(d => (long)d.BillRows), days[m.Id].Sum(d => (long)d.MatchedRows),
            days[m.Id].Sum(d => d.BillFen), days[m.Id].Sum(d => d.OurFen), days[m.Id].Sum(d => d.FeeFen), flows[m.Id].FirstOrDefault()?.OpeningFen,
            flows[m.Id].LastOrDefault()?.ClosingFen, payOuts[m.Id].Sum(p => p.AmountFen), payOuts[m.Id].Where(p => p.ArrivedOn is not null).Sum(p => p.AmountFen)))];
    }

    async Task<IReadOnlyList<CauseMonth>> Differences(MonthEnd end, CancellationToken cancel)
    {
        var found = await db.Differences.Where(d => d.CommunityId == end.CommunityId && d.Day >= end.First && d.Day <= end.Last)
            .GroupBy(d => d.Cause).Select(g => new { g.Key, Count = g.Count(), Open = g.Count(d => d.State == DifferenceState.Open) }).ToListAsync(cancel);
        return [.. found.OrderBy(g => g.Key).Select(g => new CauseMonth(g.Key, DifferenceTexts.Name(g.Key), g.Count, g.Open))];
    }
}
