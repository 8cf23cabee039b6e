using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace OwnerPay.Service.Ledger;

/// <summary>Every journal balances in each commodity and has its postings, lines counted from 1.</summary>
public sealed class JournalsBalance : IVerifyCheck
{
    public string Name => "journals-balance";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var postings = scope.Db.Postings.AsNoTracking().Where(p => scope.CommunityId == null || p.CommunityId == scope.CommunityId);
        var off = postings.GroupBy(p => new { p.CommunityId, p.JournalId, p.Commodity }).Where(g => g.Sum(p => p.Amount) != 0)
            .Select(g => new { g.Key.JournalId, g.Key.Commodity, Off = g.Sum(p => p.Amount) });
        await foreach (var journal in off.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Journals/{journal.JournalId:N}", $"凭证借贷不平，差额 {journal.Off}（{journal.Commodity}）");

        var gaps = postings.GroupBy(p => new { p.CommunityId, p.JournalId }).Where(g => g.Max(p => p.Line) != g.Count() || g.Min(p => p.Line) != 1).Select(g => g.Key.JournalId);
        await foreach (var journal in gaps.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Journals/{journal:N}", "凭证分录行号不连续");

        var journals = scope.Db.Journals.AsNoTracking().Where(j => scope.CommunityId == null || j.CommunityId == scope.CommunityId);
        var all = scope.Db.Postings;
        await foreach (var empty in journals.Where(j => !all.Any(p => p.JournalId == j.Id && p.CommunityId == j.CommunityId)).Select(j => j.Id)
            .AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Journals/{empty:N}", "凭证没有分录");
        var orphans = postings.Where(p => !scope.Db.Set<Journal>().Any(j => j.Id == p.JournalId && j.CommunityId == p.CommunityId)).Select(p => p.JournalId).Distinct();
        await foreach (var orphan in orphans.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Postings/{orphan:N}", "分录没有所属凭证");
    }
}
