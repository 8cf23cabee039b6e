using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace OwnerPay.Service.Ledger;

/// <param name="Given">How many rows carry a number of the series.</param>
public sealed record SeriesFacts(NumberSeries Series, long Given);

/// <summary>Journal numbers run from 1 without gaps per community and month, and the series stands at the last one.</summary>
public sealed class CheckNumbers : IVerifyCheck
{
    public string Name => "journal-numbers";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (journals, series) = (db.Journals, db.NumberSeries);
        var months = journals.Where(j => (community == null || j.CommunityId == community) && j.Number != null).GroupBy(j => new { j.CommunityId, j.Month })
            .Select(g => new { g.Key.CommunityId, g.Key.Month, Count = g.LongCount(), First = g.Min(j => j.Number), Last = g.Max(j => j.Number) });
        foreach (var month in await months.ToListAsync(cancel))
            if (month.Month is null || month.First != 1 || month.Last != month.Count)
                yield return new(Name, $"Journals/{month.CommunityId:N}/{month.Month}", $"凭证编号应从 1 连续到 {month.Count}，实为 {month.First} 到 {month.Last}");

        await foreach (var finding in Series(Name, series.Where(s => s.Kind == NumberJournals.Kind && (community == null || s.CommunityId == community)).Select(s => new SeriesFacts(
            s, journals.LongCount(j => j.CommunityId == s.CommunityId && j.Month == s.Period && j.Number != null))), cancel)) yield return finding;
    }

    /// <summary>Each series stands where its rows stand; read in one statement, so that a worker that numbers meanwhile is not mistaken for a fault.</summary>
    public static async IAsyncEnumerable<Finding> Series(string check, IQueryable<SeriesFacts> facts, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var fact in await facts.ToListAsync(cancel))
            if (fact.Series.Last != fact.Given)
                yield return new(check, $"NumberSeries/{fact.Series.CommunityId:N}/{fact.Series.Kind}/{fact.Series.Period}", $"编号序列停在 {fact.Series.Last}，实际编号 {fact.Given} 个");
    }
}
