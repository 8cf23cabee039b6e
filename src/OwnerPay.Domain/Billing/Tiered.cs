namespace OwnerPay.Domain.Billing;

/// <summary>A stretch of yearly or monthly usage at one price.</summary>
/// <param name="UpTo">In 0.001 units, included; null for the last tier, which has no end.</param>
/// <param name="UnitPrice">In 0.0001 yuan per unit.</param>
public readonly record struct Tier(long? UpTo, long UnitPrice);

/// <summary>What of the usage fell into one tier.</summary>
/// <param name="Usage">In 0.001 units, above 0.</param>
/// <param name="UnitPrice">In 0.0001 yuan per unit.</param>
public readonly record struct TierShare(int Tier, long Usage, long UnitPrice);

public sealed record TieredCharge(Fen Amount, IReadOnlyList<TierShare> Shares);

/// <summary>Metered usage at a price that changes with what was used before in the same year or month (阶梯价).</summary>
/// <remarks>Each unit costs the price of the tier in which it falls; the sum is rounded once, half away from zero. Example: 170 used before,
/// 100 now, 3.45 up to 180, 4.83 up to 260, then 5.8333 → 10, 80 and 10 units → 479.23 yuan.</remarks>
public static class Tiered
{
    /// <summary>0.001 units × 0.0001 yuan is 0.00001 fen.</summary>
    const int PriceUnitsPerFen = 100_000;

    /// <param name="usedBefore">In 0.001 units since the count began anew, ≥ 0.</param>
    /// <param name="usage">In 0.001 units, ≥ 0.</param>
    /// <param name="tiers">Limits ascend strictly from 0; the last and only the last is open, so that no unit is left without a price.</param>
    /// <exception cref="RuleRefusal"><c>tiers_unsound</c>, <c>negative_number</c>, <c>too_large</c>.</exception>
    public static TieredCharge Of(long usedBefore, long usage, IReadOnlyList<Tier> tiers)
    {
        RuleRefusal.IfNegative(usedBefore, "the usage before");
        RuleRefusal.IfNegative(usage, "the usage");
        Check(tiers);
        var end = (Int128)usedBefore + usage;
        Int128 sum = 0, reached = 0;
        var shares = new List<TierShare>(tiers.Count);
        for (var index = 0; index < tiers.Count; index++)
        {
            var from = Int128.Max(reached, usedBefore);
            reached = tiers[index].UpTo is { } upTo ? Int128.Min(upTo, end) : end;
            if (reached <= from) continue;
            var share = (long)(reached - from);
            sum += (Int128)share * tiers[index].UnitPrice;
            shares.Add(new(index, share, tiers[index].UnitPrice));
        }
        return new(Fen.Round(sum, PriceUnitsPerFen), shares);
    }

    static void Check(IReadOnlyList<Tier> tiers)
    {
        if (tiers.Count == 0 || tiers[tiers.Count - 1].UpTo is not null) throw new RuleRefusal(RuleCodes.TiersUnsound, "the last tier must be open");
        var before = 0L;
        for (var index = 0; index < tiers.Count; index++)
        {
            RuleRefusal.IfNegative(tiers[index].UnitPrice, "a tier's price");
            if (index == tiers.Count - 1) return;
            if (tiers[index].UpTo is not { } upTo) throw new RuleRefusal(RuleCodes.TiersUnsound, "only the last tier may be open");
            RuleRefusal.IfNegative(upTo, "a tier's limit");
            if (upTo <= before) throw new RuleRefusal(RuleCodes.TiersUnsound, $"the tier up to {upTo} does not lie above {before}");
            before = upTo;
        }
    }
}
