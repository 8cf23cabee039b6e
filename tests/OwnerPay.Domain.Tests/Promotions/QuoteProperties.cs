using CsCheck;
using OwnerPay.Domain.Promotions;

namespace OwnerPay.Domain.Tests.Promotions;

/// <summary>What holds of every quote, on random choices and offers that are dense in ties, caps and limits.</summary>
public sealed class QuoteProperties
{
    static readonly string[] Kinds = ["property", "parking", "sharedWater"];
    static readonly DateTimeOffset At = Shanghai.At(new(2026, 1, 10), new(12, 0));

    static readonly Gen<QuoteLine[]> Lines = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4],
        Gen.OneOf(Gen.OneOf(0L, 1, 99, 100), Gen.Long[0, 400_000]), Gen.OneOf(0L, 0, 1_234), Gen.Int[1, 12], Gen.Int[1, 12],
        (kind, passedThrough, principal, late, first, last) => (kind, passedThrough, principal, late, first, last)).Array[0, 8]
        .Select(drawn => drawn.Select((line, index) => new QuoteLine($"L{index}", Kinds[line.kind], line.passedThrough > 0, new(line.principal),
            new(line.late),
            new(new(2026, Math.Min(line.first, line.last), 1), DateRange.Month(2026, Math.Max(line.first, line.last)).To))).ToArray());

    static readonly Gen<QuoteOffer[]> Offers = Gen.Select(
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3], Gen.Bool, Gen.OneOf(0L, 1, 100, 333, 500, 3_333, 10_000), Gen.Int[1, 7]),
        Gen.Select(Gen.OneOf(0L, 0, 50_000, 300_000), Gen.OneOf(-1L, -1, -1, 0, 1, 8_888), Gen.Int[0, 5], Gen.Int[0, 5]))
        .Array[0, 7].Select(drawn => drawn.Select((offer, index) => Build($"O{index}", offer.Item1, offer.Item2)).ToArray());

    static QuoteOffer Build(
        string id, (int Group, int Priority, bool Fixed, long Value, int Kinds) what, (long Minimum, long Cap, int Year, int Window) when) => new(
        id, $"g{what.Group}", what.Priority, what.Fixed ? OfferType.Fixed : OfferType.Percent, what.Value,
        [.. Kinds.Where((_, index) => (what.Kinds >> index & 1) == 1)], Shanghai.At(new(2026, 1, when.Window == 1 ? 20 : 1)),
        Shanghai.At(when.Window == 0 ? new(2026, 1, 10) : new(2026, 2, 1)), new(when.Minimum),
        when.Cap < 0 ? null : new Fen(when.Cap), when.Year == 0)
        {
            // Months, service days and rounding of some, so that every kind meets every other.
            RoundTo = when.Year switch { 1 => 10, 2 => 100, _ => 1 }, MinMonths = when.Year == 3 ? 4 : 0,
            ServiceFrom = when.Window == 2 ? new DateOnly(2026, 5, 1) : null,
        };

    [Fact]
    public void The_search_finds_what_trying_every_set_in_plain_steps_finds() => Gen.Select(Lines, Offers).Sample((lines, offers) =>
    {
        var quote = Quote.For(lines, offers, At);
        var holding = quote.Considered.Where(offer => offer.Reason is null or NotUsedReason.BetterWithout).Select(offer => offer.Offer);
        var (payable, used) = Plain(lines, holding);

        Assert.Equal(payable, quote.Payable);
        Assert.Equal(used, quote.OffersUsed);
    }, iter: 3_000);

    [Fact]
    public void Another_offer_never_makes_the_price_higher() => Gen.Select(Lines, Offers.Where(offers => offers.Length > 0)).Sample((lines, offers) =>
        Quote.For(lines, offers, At).Payable <= Quote.For(lines, offers[1..], At).Payable);

    [Fact]
    public void Lines_and_offers_explain_the_price_to_the_fen() => Gen.Select(Lines, Offers).Sample((lines, offers) =>
    {
        var quote = Quote.For(lines, offers, At);

        Assert.Equal(quote.Payable, quote.Lines.Select(line => line.Payable).Sum());
        Assert.Equal(quote.Discount, quote.Considered.Select(offer => offer.Saved).Sum());
        Assert.All(quote.Lines, line =>
        {
            Assert.Equal(line.Line.Principal + line.Line.LateFee - line.Discounts.Select(discount => discount.Amount).Sum(), line.Payable);
            Assert.True(line.Payable >= line.Line.LateFee && line.Discounts.All(discount => discount.Amount > Fen.Zero));
            Assert.True(line.Line.Promotable || line.Discounts.Count == 0);
        });
        var given = quote.Lines.SelectMany(line => line.Discounts).ToLookup(discount => discount.Offer, discount => discount.Amount);
        Assert.All(quote.Considered, offer => Assert.Equal(offer.Saved, given[offer.Offer.Id].Sum()));
        Assert.Equal(offers.Length, quote.OffersUsed.Count + quote.NotUsed.Count);
        var groups = quote.Considered.Where(offer => offer.Reason is null).Select(offer => offer.Offer.Group).ToArray();
        Assert.Equal(groups.Distinct(), groups);
        Assert.Equal(groups.Length, quote.OffersUsed.Count);
    });

    [Fact]
    public void The_order_in_which_offers_come_does_not_matter() => Gen.Select(Lines, Offers).Sample((lines, offers) =>
        Quote.For(lines, offers, At).Hash == Quote.For(lines, offers.Reverse().ToArray(), At).Hash);

    [Fact]
    public void Every_step_that_is_advised_saves_something() => Gen.Select(Lines, Offers).Sample((lines, offers) =>
        Quote.For(lines, offers, At).NextBetter.All(step => step.Saves > Fen.Zero && step.Missing >= Fen.Zero));

    /// <summary>One set after the other, each from the start.</summary>
    static (Fen Payable, string[] Used) Plain(QuoteLine[] lines, IEnumerable<QuoteOffer> holding)
    {
        IEnumerable<QuoteOffer[]> sets = [[]];
        foreach (var group in holding.GroupBy(offer => offer.Group))
            sets = [.. sets.SelectMany(set => group.Select(offer => set.Append(offer).ToArray()).Prepend(set))];
        var best = sets.Select(set => (Left: Apply(lines, set), Set: set)).OrderBy(tried => tried.Left.Sum()).ThenBy(tried => tried.Set.Length)
            .ThenBy(tried => string.Concat(tried.Set.Select(offer => offer.Priority).Order()), StringComparer.Ordinal)
            .ThenBy(tried => string.Concat(tried.Set.Select(offer => offer.Id).Order(StringComparer.Ordinal)), StringComparer.Ordinal).First();
        return (best.Left.Sum() + lines.Select(line => line.LateFee).Sum(), [.. best.Set.Select(offer => offer.Id).Order(StringComparer.Ordinal)]);
    }

    static Fen[] Apply(QuoteLine[] lines, QuoteOffer[] set)
    {
        var left = lines.Select(line => line.Principal).ToArray();
        foreach (var offer in set.OrderBy(offer => (offer.Type, offer.Priority)).ThenBy(offer => offer.Id, StringComparer.Ordinal))
        {
            var weights = lines.Select((line, index) => line.Promotable && offer.FeeKinds.Contains(line.FeeKind) && !(line.Service.From < offer.ServiceFrom) ? left[index] : Fen.Zero).ToArray();
            var basis = weights.Sum();
            var wanted = offer.Type == OfferType.Fixed
                ? Fen.Min(basis, new(offer.Value))
                : Fen.Min(basis, new Fen((long)Math.Round(basis.Value * (decimal)offer.Value / 10_000 / offer.RoundTo, MidpointRounding.AwayFromZero) * offer.RoundTo));
            var parts = Apportion.Split(Fen.Min(wanted, offer.Cap ?? wanted), weights);
            for (var index = 0; index < left.Length; index++) left[index] -= parts[index];
        }
        return left;
    }
}
