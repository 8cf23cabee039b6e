namespace OwnerPay.Service.Billing;

/// <summary>Why something in a bill run deserves a look.</summary>
public static class OddKinds
{
    public const string NoLiableParty = "no_liable_party", NotHandedOver = "not_handed_over", PriceMissing = "price_missing", NoPrice = "no_price",
        AlreadyBilled = "already_billed", ZeroAmount = "zero_amount", Deviates = "deviates", SpaceWithoutHouse = "space_without_house",
        MeterMissing = "meter_missing", ReadingMissing = "reading_missing", FirstReading = "first_reading", ReadingBehind = "reading_behind",
        UsageSplit = "usage_split";
}

/// <summary>Something in a bill run that people should look at before they confirm.</summary>
/// <param name="Kind">One of <see cref="OddKinds"/>.</param>
/// <param name="House">House code, or the code of a parking space.</param>
/// <param name="FeeKind">Code, where it is about one.</param>
/// <param name="Text">What is odd, in Chinese.</param>
/// <param name="Skipped">True when it is not billed because of it.</param>
public sealed record OddItem(string Kind, string House, string? FeeKind, string Text, bool Skipped);

/// <summary>The odd things of a run: all of them counted by kind, the first ones listed, so that a run over a million houses stays small.</summary>
public sealed record OddReport(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<OddItem> Items);

/// <summary>Collects an <see cref="OddReport"/>.</summary>
sealed class OddList
{
    const int MostListed = 2_000;
    readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
    readonly List<OddItem> items = [];

    public void Add(OddItem item)
    {
        counts[item.Kind] = counts.GetValueOrDefault(item.Kind) + 1;
        if (items.Count < MostListed) items.Add(item);
    }

    public OddReport Report() => new(counts, items);
}
