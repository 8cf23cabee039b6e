using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;

namespace OwnerPay.Benchmarks;

/// <summary>What is priced: four quarters of three fees, nine offers that all hold and all reach every line.</summary>
static class PricedChoice
{
    /// <summary>Admissible sets, the empty one included: one more than its offers for each of the groups of 3, 2, 1 and 3.</summary>
    public const int Sets = 4 * 3 * 2 * 4;

    static readonly string[] Kinds = ["property", "parking", "machinery"];
    static readonly DateTimeOffset At = Shanghai.At(new(2026, 1, 10), new(12, 0));

    static readonly QuoteLine[] Lines = [.. Enumerable.Range(0, 12).Select(index => new QuoteLine($"{index + 1:x32}", Kinds[index / 4], true,
        new(25_088 + 1_931 * index), new(index == 0 ? 125 : 0), new(new(2026, index % 4 * 3 + 1, 1), DateRange.Month(2026, index % 4 * 3 + 3).To)))];

    static readonly QuoteOffer[] Offers =
    [
        Offer(1, "season", OfferType.Percent, 500, new(2026, 1, 16)), Offer(2, "season", OfferType.Percent, 300, new(2026, 2, 1), cap: 30_000),
        Offer(3, "season", OfferType.Fixed, 9_900, new(2026, 3, 1), minimum: 100_000), Offer(4, "year", OfferType.Percent, 200, new(2026, 4, 1),
            wholeYear: true),
        Offer(5, "year", OfferType.Fixed, 6_600, new(2026, 4, 1), wholeYear: true), Offer(6, "loyal", OfferType.Percent, 100, new(2027, 1, 1)),
        Offer(7, "coupon", OfferType.Fixed, 2_000, new(2026, 7, 1)), Offer(8, "coupon", OfferType.Fixed, 5_000, new(2026, 7, 1), minimum: 200_000),
        Offer(9, "coupon", OfferType.Percent, 80, new(2026, 7, 1), cap: 4_000),
    ];

    static readonly QuoteOffer[] Best = [.. Quote().OffersUsed.Select(id => Offers.Single(offer => offer.Id == id))];

    static QuoteOffer Offer(int number, string group, OfferType type, long value, DateOnly end, long minimum = 0, long? cap = null,
        bool wholeYear = false) => new(
        $"{number + 256:x32}", group, number, type, value, Kinds, Shanghai.At(new(2025, 12, 1)), Shanghai.At(end), new(minimum),
            cap is { } most ? new Fen(most) : null,
        wholeYear);

    public static Quote Quote() => Domain.Promotions.Quote.For(Lines, Offers, At);

    public static Quote OneSet() => Domain.Promotions.Quote.For(Lines, Best, At);

    /// <summary>The same lines and offers for the peer: amounts in fen, percentages in per cent.</summary>
    public static object Peer() => new
    {
        lines = Lines.Select(line => new { id = line.Id, fen = line.Principal.Value }),
        offers = Offers.Select(offer => new
        {
            id = offer.Id, percent = offer.Type == OfferType.Percent,
            value = offer.Type == OfferType.Percent ? offer.Value / 100m : offer.Value
        }),
    };

    /// <summary>What is wrong with the price, whatever its speed.</summary>
    public static IEnumerable<string> Wrong()
    {
        var quote = Quote();
        if (Best.Length != 4) yield return $"the best set has {Best.Length} offers, it should have one of each group";
        if (OneSet().Payable != quote.Payable) yield return "the best set alone gives another price than the search";
        if (quote.Lines.Select(line => line.Payable).Sum() != quote.Payable) yield return "the lines do not sum to the price";
        if (quote.Considered.Any(offer =>
            offer.Reason is not (null or NotUsedReason.BetterWithout))) yield return "an offer does not hold: fewer sets were searched than told";
    }
}
