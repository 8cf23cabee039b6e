using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Points;

/// <summary>Points lots against their entries, and entries against the books in POINTS.</summary>
public sealed class CheckPoints : IVerifyCheck
{
    public string Name => "points";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (lots, entries, postings) = (db.PointsLots, db.PointsEntries, db.Postings);

        var wrong = lots.Where(l => community == null || l.CommunityId == community).Select(l => new
        {
            l.Id, l.Remaining, l.Earned,
            Moved = entries.Where(e => e.LotId == l.Id && e.PersonId == l.PersonId).Sum(e => (long?)e.Delta) ?? 0,
            First = entries.Where(e => e.LotId == l.Id && e.SourceKind == l.SourceKind && e.SourceId == l.SourceId).Sum(e => (long?)e.Delta) ?? 0,
        }).Where(l => l.Moved != l.Remaining || l.First != l.Earned).OrderBy(l => l.Id).AsAsyncEnumerable();
        await foreach (var lot in wrong.WithCancellation(cancel))
            yield return new(Name, $"PointsLots/{lot.Id:N}",
                $"积分批次：获得 {lot.Earned}，剩余 {lot.Remaining}；流水合计 {lot.Moved}，其中获得 {lot.First}");

        var strays = entries.Where(e => (community == null || e.CommunityId == community) && !lots.Any(l => l.Id == e.LotId))
            .OrderBy(e => e.Id).Select(e => e.Id).AsAsyncEnumerable();
        await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"PointsEntries/{stray:N}", "积分流水没有对应的批次");

        var held = await entries.Where(e => community == null || e.CommunityId == community).GroupBy(e => new { e.CommunityId, e.PersonId })
            .Select(g => new { g.Key.CommunityId, g.Key.PersonId, Points = g.Sum(e => e.Delta) })
            .ToDictionaryAsync(p => (p.CommunityId, Accounts.PointsOf(p.PersonId)), p => p.Points, cancel);
        var issued = await postings.Where(p => (community == null || p.CommunityId == community) && p.Commodity == Posting.Points
                && p.Account != Accounts.PointsIssued && p.Account != Accounts.PointsRedeemed && p.Account != Accounts.PointsExpired)
            .GroupBy(p => new { p.CommunityId, p.Account }).Select(g => new { g.Key.CommunityId, g.Key.Account, Points = g.Sum(p => p.Amount) })
            .ToDictionaryAsync(p => (p.CommunityId, p.Account), p => p.Points, cancel);
        foreach (var key in held.Keys.Union(issued.Keys).Order())
            if (held.GetValueOrDefault(key) != issued.GetValueOrDefault(key))
                yield return new(Name, $"Postings/{key.Item2}", $"积分账：流水合计 {held.GetValueOrDefault(key)}，账上 {issued.GetValueOrDefault(key)}");
    }
}
