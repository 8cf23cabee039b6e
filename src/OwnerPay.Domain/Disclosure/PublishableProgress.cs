namespace OwnerPay.Domain.Disclosure;

/// <summary>How far the payment of a building has come.</summary>
/// <param name="Houses">Houses that had something to pay.</param>
/// <param name="Paid">Of them those that paid all of it.</param>
public readonly record struct BuildingProgress(string Building, int Houses, int Paid);

/// <param name="Buildings">Names of the buildings that are counted together.</param>
public sealed record ProgressRow(IReadOnlyList<string> Buildings, int Houses, int Paid)
{
    /// <summary>Paid ratio in 0.1 %, cut, so that only a row in which everybody paid says 100 %.</summary>
    public int PerMille => (int)(Paid * 1000L / Houses);
}

/// <summary>What may be made public of payment: counts and ratios per building, never so small that a neighbour can tell who is behind.</summary>
/// <remarks>Source: domain rule "counts and ratios per building (≥ 10 houses, else merged)". A building in which nobody has paid is merged too: it
/// would say of each of its houses that it owes. Example: 1号楼 48 of 60, 2号楼 3 of 4 → one row of 64 houses with 51 paid.</remarks>
public static class PublishableProgress
{
    public const int FewestHouses = 10;

    /// <param name="buildings">Each once, in the order in which they are to be shown; those without houses are left out.</param>
    /// <returns>Rows that together count every house; the merged ones last. Empty when nothing may be published.</returns>
    /// <exception cref="RuleRefusal"><c>negative_number</c>; <c>too_large</c> when more paid than there are.</exception>
    public static IReadOnlyList<ProgressRow> Of(IReadOnlyList<BuildingProgress> buildings)
    {
        foreach (var building in buildings)
        {
            RuleRefusal.IfNegative(building.Houses, "the houses of a building");
            RuleRefusal.IfNegative(building.Paid, "the paid houses of a building");
            if (building.Paid > building.Houses) throw RuleRefusal.TooLarge("paid houses of a building");
        }
        var shown = buildings.Where(b => b.Houses > 0 && MayStand(b.Houses, b.Paid)).ToList();
        var merged = buildings.Where(b => b.Houses > 0 && !MayStand(b.Houses, b.Paid)).ToList();
        while (merged.Count > 0 && !MayStand(merged.Sum(b => b.Houses), merged.Sum(b => b.Paid)))
        {
            if (shown.Count == 0) return [];
            var smallest = shown.MinBy(b => b.Houses);
            shown.Remove(smallest);
            merged.Add(smallest);
        }
        var rows = shown.Select(b => new ProgressRow([b.Building], b.Houses, b.Paid)).ToList();
        if (merged.Count > 0)
            rows.Add(new([.. buildings.Where(merged.Contains).Select(b => b.Building)], merged.Sum(b => b.Houses), merged.Sum(b => b.Paid)));
        return rows;
    }

    static bool MayStand(int houses, int paid) => houses >= FewestHouses && paid > 0;
}
