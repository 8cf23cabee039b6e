using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Ledger;

/// <summary>Closed months: as many journals and as much turnover as when they were closed, one after another, each by two people; every account in the chart.</summary>
public sealed class CheckBookMonths : IVerifyCheck
{
    public string Name => "book-months";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var closed = await db.BookMonths.AsNoTracking().Where(m => (community == null || m.CommunityId == community) && m.State == BookMonthState.Closed)
            .OrderBy(m => m.CommunityId).ThenBy(m => m.Month).ToListAsync(cancel);
        BookMonth? before = null;
        foreach (var month in closed)
        {
            var end = new MonthEnd(month.CommunityId, MonthEnd.FirstOf(month.Month)!.Value, Guid.Empty);
            var (journals, turnover) = await ChangeBookMonth.Figures(db, end, cancel);
            if ((journals, turnover) != (month.Journals, month.TurnoverFen))
                yield return new(Name, $"BookMonths/{month.Id:N}",
                    $"{month.Month} 结账时有凭证 {month.Journals} 张、发生额 {month.TurnoverFen} 分，现有 {journals} 张、{turnover} 分");
            var first = before?.CommunityId != month.CommunityId;
            if (!first && MonthEnd.FirstOf(before!.Month)!.Value.AddMonths(1) != end.First)
                yield return new(Name, $"BookMonths/{month.Id:N}", $"{month.Month} 之前的月份没有结账");
            if (first && await db.Journals.AnyAsync(j => j.CommunityId == month.CommunityId && j.BusinessDate < end.First, cancel))
                yield return new(Name, $"BookMonths/{month.Id:N}", $"{month.Month} 之前还有未结账月份的凭证");
            before = month;
        }
        foreach (var (id, month) in await Undecided(scope, cancel)) yield return new(Name, $"BookMonths/{id:N}", $"{month} 的状态没有对应的审批");
        foreach (var account in await Unknown(scope, cancel)) yield return new(Name, $"Postings/{account}", "科目不在科目表中");
    }

    /// <summary>Months of which no approval of that kind tells how they came into their state.</summary>
    static async Task<List<(Guid, string)>> Undecided(VerifyScope scope, CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (changes, approvals) = (db.BookMonthChanges, db.Approvals);
        var wrong = await db.BookMonths.AsNoTracking().Where(m => (community == null || m.CommunityId == community)
                && (m.State == BookMonthState.Closed || m.ChangeId != null)
                && !changes.Any(c => c.Id == m.ChangeId && c.Month == m.Month && c.CommunityId == m.CommunityId && c.State == BookMonthChangeState.Approved
                    && c.Action == (m.State == BookMonthState.Closed ? BookMonthAction.Close : BookMonthAction.Reopen)
                    && approvals.Any(a => a.Kind == ChangeBookMonth.ApprovalKind && a.SubjectId == c.Id && a.State == ApprovalState.Approved
                        && a.ProposedBy == c.ProposedBy && a.DecidedBy == c.DecidedBy)))
            .Select(m => new { m.Id, m.Month }).ToListAsync(cancel);
        return wrong.ConvertAll(m => (m.Id, m.Month));
    }

    static async Task<IEnumerable<string>> Unknown(VerifyScope scope, CancellationToken cancel)
    {
        var (postings, community) = (scope.Db.Postings, scope.CommunityId);
        var used = await postings.Where(p => (community == null || p.CommunityId == community) && p.Commodity == Posting.Yuan)
            .Select(p => p.Account.Substring(0, ChartOfAccounts.CodeLength)).Distinct().ToListAsync(cancel);
        return used.Where(code => ChartOfAccounts.Find(code) is null).Order(StringComparer.Ordinal);
    }
}
