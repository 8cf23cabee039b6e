using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Where points came from and where they went, whole points. What is left is <c>earned − spent + returned − expired −
/// takenBack</c>.</summary>
/// <param name="Returned">Spent points that came back: a redemption was cancelled or not fetched.</param>
/// <param name="TakenBack">For refunds, less what was given again because a refund did not happen.</param>
public sealed record PointsSums(long Earned, long Spent, long Returned, long Expired, long TakenBack)
{
    public static readonly PointsSums None = new(0, 0, 0, 0, 0);

    /// <summary>Sorts entries by what they meant. Those between two lots of one person (a debt that is filled) are neither earned nor
    /// spent.</summary>
    internal static PointsSums Of(IEnumerable<(string Kind, long Points)> entries)
    {
        var sums = None;
        foreach (var (kind, points) in entries)
            sums = kind switch
            {
                TakeBackPoints.Taken or TakeBackPoints.Restored => sums with { TakenBack = sums.TakenBack - points },
                ExpirePoints.Kind => sums with { Expired = sums.Expired - points },
                PointsDebts.Kind => sums,
                _ when PointsSpending.Gave(kind) => sums with { Returned = sums.Returned + points },
                _ when PointsSpending.Took(kind) => sums with { Spent = sums.Spent - points },
                _ => sums with { Earned = sums.Earned + points },
            };
        return sums;
    }
}

/// <summary>Under which names points are spent, and come back.</summary>
public static class PointsSpending
{
    /// <summary>A reward; a ticket of a draw.</summary>
    public const string Redemption = "redemption", DrawTicket = "draw-ticket";

    /// <summary>What was spent under a name comes back under that name with one of these behind it.</summary>
    static readonly string[] Returns = ["-cancelled", "-expired"];

    public static bool Took(string kind) => kind is Redemption or DrawTicket;

    public static bool Gave(string kind) => Array.Exists(Returns, end => kind.EndsWith(end, StringComparison.Ordinal) && Took(kind[..^end.Length]));
}

/// <summary>Sums of entries by kind, for statements and reports.</summary>
public static class PointsMoves
{
    public static async Task<PointsSums> Sums(this IQueryable<PointsEntry> entries, CancellationToken cancel) =>
        PointsSums.Of((await entries.GroupBy(e => e.SourceKind).Select(g => new { g.Key, Points = g.Sum(e => e.Delta) }).ToListAsync(cancel))
            .Select(g => (g.Key, g.Points)));

    /// <summary>The same for each of some lots.</summary>
    public static async Task<IReadOnlyDictionary<Guid, PointsSums>> SumsByLot(this OwnerPayDb db, IReadOnlyCollection<Guid> lots,
        CancellationToken cancel) =>
        (await db.PointsEntries.Where(e => lots.Contains(e.LotId)).GroupBy(e => new { e.LotId, e.SourceKind })
            .Select(g => new { g.Key.LotId, g.Key.SourceKind, Points = g.Sum(e => e.Delta) }).ToListAsync(cancel))
            .GroupBy(sum => sum.LotId).ToDictionary(lot => lot.Key, lot => PointsSums.Of(lot.Select(sum => (sum.SourceKind, sum.Points))));
}
