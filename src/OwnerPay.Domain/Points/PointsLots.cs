namespace OwnerPay.Domain.Points;

/// <summary>Points earned together (积分批次).</summary>
/// <param name="Points">What is left; 0 or less after spending and after refunds.</param>
/// <param name="Expires">Last Shanghai date on which they can be spent.</param>
public readonly record struct PointsLot(string Id, long Points, DateOnly Expires);

/// <param name="Points">Whole points taken from the lot, above 0.</param>
public readonly record struct PointsTaken(string Lot, long Points);

/// <summary>Which lots pay when points are spent: what expires first goes first, so that owners lose as little as possible.</summary>
public static class PointsLots
{
    /// <summary>Points that can be spent on a day: lots not yet expired, without those of 0 or less.</summary>
    /// <exception cref="RuleRefusal"><c>duplicate_id</c>, <c>too_large</c>.</exception>
    public static long Spendable(DateOnly on, IReadOnlyList<PointsLot> lots)
    {
        RefuseTwins(lots);
        Int128 sum = 0;
        foreach (var lot in lots)
            if (Counts(lot, on)) sum += lot.Points;
        return sum > long.MaxValue ? throw RuleRefusal.TooLarge("sum of the points") : (long)sum;
    }

    /// <param name="on">Shanghai date; a lot counts on its last day.</param>
    /// <param name="points">Whole points, ≥ 0; 0 takes from nothing.</param>
    /// <returns>In order of expiry, then lot id (ordinal); the parts sum to <paramref name="points"/>.</returns>
    /// <exception cref="RuleRefusal"><c>insufficient_points</c>; <c>negative_number</c>, <c>duplicate_id</c>.</exception>
    public static IReadOnlyList<PointsTaken> Spend(DateOnly on, long points, IReadOnlyList<PointsLot> lots)
    {
        RuleRefusal.IfNegative(points, "the points to spend");
        RefuseTwins(lots);
        var usable = lots.Where(lot => Counts(lot, on)).ToArray();
        Array.Sort(usable, (left, right) =>
            left.Expires != right.Expires ? left.Expires.CompareTo(right.Expires) : string.CompareOrdinal(left.Id, right.Id));
        var taken = new List<PointsTaken>();
        var open = points;
        foreach (var lot in usable)
        {
            if (open == 0) break;
            var part = Math.Min(open, lot.Points);
            taken.Add(new(lot.Id, part));
            open -= part;
        }
        return open == 0 ? taken : throw new RuleRefusal(RuleCodes.InsufficientPoints, $"{open} of {points} points are missing");
    }

    static bool Counts(PointsLot lot, DateOnly on) => lot.Points > 0 && lot.Expires >= on;

    static void RefuseTwins(IReadOnlyList<PointsLot> lots)
    {
        var seen = new HashSet<string>(lots.Count, StringComparer.Ordinal);
        foreach (var lot in lots)
            if (!seen.Add(lot.Id)) throw RuleRefusal.Duplicate("lot", lot.Id);
    }
}
