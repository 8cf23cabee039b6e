using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OwnerPay.Domain.Promotions;

namespace OwnerPay.Domain.Tests.Promotions;

public sealed class QuoteTests
{
    static readonly DateTimeOffset Noon = Shanghai.At(new(2026, 1, 10), new(12, 0));

    static QuoteLine Line(string id, long fen, string kind = "property", DateRange? service = null, long lateFee = 0, bool promotable = true) =>
        new(id, kind, promotable, new(fen), new(lateFee), service ?? DateRange.Year(2026));

    static QuoteOffer Offer(string id, OfferType type, long value, string? group = null, int priority = 1, long minimum = 0, long? cap = null,
        bool wholeYear = false, DateOnly? start = null, DateOnly? end = null, params string[] kinds) =>
        new(id, group ?? id, priority, type, value, kinds.Length == 0 ? ["property"] : kinds, Shanghai.At(start ?? new(2026, 1, 1)),
            Shanghai.At(end ?? new(2026, 2, 1)), new(minimum), cap is { } most ? new Fen(most) : null, wholeYear);

    [Fact]
    public void An_owner_who_pays_in_the_last_second_of_the_window_has_the_price_and_a_second_later_has_not()
    {
        var early = Offer("early", OfferType.Percent, 500, end: new(2026, 1, 16));
        var midnight = Shanghai.At(new(2026, 1, 16));

        Assert.Equal(new Fen(285_000), Quote.For([Line("L1", 300_000)], [early], midnight.AddTicks(-1)).Payable);
        Assert.Equal(new Fen(300_000), Quote.For([Line("L1", 300_000)], [early], midnight).Payable);
        Assert.Equal(new Fen(285_000), Quote.For([Line("L1", 300_000)], [early], early.Start).Payable);
        Assert.Equal(NotUsedReason.NotStarted, Quote.For([Line("L1", 300_000)], [early], early.Start.AddTicks(-1)).NotUsed.Single().Reason);
    }

    [Fact]
    public void Who_pays_months_in_advance_gets_the_step_that_he_reached_and_nothing_off_what_he_owed_before()
    {
        QuoteOffer Step(string id, long percent, int months) =>
            Offer(id, OfferType.Percent, percent, group: "prepay") with { MinMonths = months, ServiceFrom = new DateOnly(2026, 2, 1) };
        QuoteOffer[] steps = [Step("three", 100, 3), Step("six", 200, 6)];
        QuoteLine[] Months(int last) => [.. Enumerable.Range(1, last).Select(month => Line($"L{month:00}", 10_000, service: DateRange.Month(2026, month)))];

        var two = Quote.For(Months(3), steps, Noon);
        Assert.Equal((Fen.Zero, NotUsedReason.NeedsMonths), (two.Discount, two.NotUsed[0].Reason));
        Assert.Contains(two.NextBetter, step => step is { Kind: NextStepKind.ChooseMonths, Offer: "three", Months: 1 });
        Assert.Equal(new Fen(300), Quote.For(Months(4), steps, Noon).Discount);
        Assert.Equal(["six"], Quote.For(Months(7), steps, Noon).OffersUsed);
        Assert.Equal(Fen.Zero, Quote.For(Months(7), steps, Noon).Lines[0].Line.Principal - Quote.For(Months(7), steps, Noon).Lines[0].Payable);
    }

    [Theory]
    [InlineData(1, 627)]
    [InlineData(10, 630)]
    [InlineData(100, 600)]
    public void A_percentage_is_rounded_once_to_what_its_offer_says(long roundTo, long discount) =>
        Assert.Equal(new Fen(discount), Quote.For([Line("L1", 12_544)], [Offer("o", OfferType.Percent, 500) with { RoundTo = roundTo }], Noon).Discount);

    [Fact]
    public void A_discount_that_is_rounded_up_never_takes_more_than_there_is() =>
        Assert.Equal(Fen.Zero, Quote.For([Line("L1", 80)], [Offer("o", OfferType.Percent, 9_000) with { RoundTo = 100 }], Noon).Payable);

    [Fact]
    public void Quotes_of_before_months_and_rounding_keep_their_text_and_new_ones_say_their_form()
    {
        var plain = Quote.For([Line("L1", 80)], [Offer("o", OfferType.Percent, 9_000)], Noon).Canonical;
        var rounded = Quote.For([Line("L1", 80)], [Offer("o", OfferType.Percent, 9_000) with { RoundTo = 100 }], Noon).Canonical;

        Assert.StartsWith("{\"form\":1,", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("roundToFen", plain, StringComparison.Ordinal);
        Assert.StartsWith("{\"form\":2,", rounded, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_sets_that_cost_the_same_the_one_with_fewer_offers_then_lower_priorities_then_lower_ids_is_used()
    {
        QuoteOffer Pays(string id, long fen, int priority = 1, string? group = null) => Offer(id, OfferType.Fixed, fen, group, priority);
        IReadOnlyList<string> Used(params QuoteOffer[] offers) => Quote.For([Line("L1", 300)], offers, Noon).OffersUsed;

        Assert.Equal(["z-one"], Used(Pays("half", 100), Pays("rest", 200), Pays("z-one", 300, priority: 9)));
        Assert.Equal(["b"], Used(Pays("b", 300, priority: 1), Pays("a", 300, priority: 2)));
        Assert.Equal(["B"], Used(Pays("b", 300), Pays("B", 300), Pays("a", 300)));
        Assert.Equal(["B"], Used(Pays("b", 300, group: "g"), Pays("a", 300, group: "g"), Pays("B", 300, group: "g")));
    }

    [Fact]
    public void Of_sets_as_good_with_as_many_offers_the_sorted_priorities_decide_before_the_ids()
    {
        // Only {y, z} with priorities 1 and 4 and {a, b} with 2 and 3 pay both lines: the lower first priority wins over the lower ids.
        var lines = new[] { Line("L1", 100), Line("L2", 100, kind: "parking") };
        var offers = new[]
        {
            Offer("z", OfferType.Fixed, 100, group: "1", priority: 4), Offer("a", OfferType.Fixed, 100, group: "1", priority: 2, kinds: "parking"),
            Offer("b", OfferType.Fixed, 100, group: "2", priority: 3), Offer("y", OfferType.Fixed, 100, group: "2", priority: 1, kinds: "parking"),
        };

        Assert.Equal(["y", "z"], Quote.For(lines, offers, Noon).OffersUsed);
        QuoteOffer[] equal = [offers[0] with { Priority = 3 }, offers[1], offers[2], offers[3] with { Priority = 2 }];
        Assert.Equal(["a", "b"], Quote.For(lines, equal, Noon).OffersUsed);
    }

    [Fact]
    public void An_offer_with_a_cap_of_nothing_or_a_value_of_nothing_is_named_but_not_used()
    {
        var quote = Quote.For([Line("L1", 300)], [Offer("cap", OfferType.Percent, 10_000, cap: 0), Offer("none", OfferType.Fixed, 0)], Noon);

        Assert.Equal(new Fen(300), quote.Payable);
        Assert.Equal([new("cap", NotUsedReason.BetterWithout), new NotUsedOffer("none", NotUsedReason.BetterWithout)], quote.NotUsed);
    }

    [Fact]
    public void Late_fees_and_money_passed_through_are_never_discounted_and_a_line_never_falls_below_zero()
    {
        var quote = Quote.For(
            [Line("L1", 100, lateFee: 7), Line("L2", 500, promotable: false), Line("L3", 400, kind: "water")],
            [Offer("all", OfferType.Percent, 10_000), Offer("more", OfferType.Fixed, 1_000_000)], Noon);

        Assert.Equal([new Fen(7), new Fen(500), new Fen(400)], quote.Lines.Select(line => line.Payable));
        Assert.Equal(["all"], quote.OffersUsed);
        Assert.Equal(new Fen(100), quote.Discount);
    }

    [Theory]
    [InlineData("2026-01-01..2026-12-31", true)]
    [InlineData("2025-12-31..2027-01-01", true)]
    [InlineData("2025-07-01..2026-06-30", false)]
    [InlineData("2026-01-02..2026-12-31", false)]
    [InlineData("2026-01-01..2026-12-30", false)]
    [InlineData("2026-01-01..2026-06-30 2026-07-01..2026-12-31", true)]
    [InlineData("2026-07-01..2026-12-31 2026-01-01..2026-06-30", true)]
    [InlineData("2026-01-01..2026-06-15 2026-06-16..2026-12-31", false)]
    [InlineData("2026-01-01..2026-06-15 2026-06-16..2026-12-31 2026-06-01..2026-06-30", true)]
    [InlineData("2026-01-01..2026-08-31 2026-03-01..2026-12-31", true)]
    [InlineData("2024-02-01..2025-01-31 2024-01-01..2024-01-31", true)]
    [InlineData("2024-01-01..2024-02-28 2024-03-01..2024-12-31", false)]
    [InlineData("2025-06-01..2026-05-31 2026-06-01..2027-03-31", true)]
    [InlineData("2025-06-01..2026-05-31 2026-07-01..2027-06-30", false)]
    [InlineData("2020-05-07..2022-02-01", true)]
    public void A_year_is_whole_when_each_month_lies_wholly_in_one_line(string services, bool whole)
    {
        var lines = services.Split(' ').Select((range, index) => Line($"L{index}", 100, service: new DateRange(
            DateOnly.ParseExact(range[..10], "yyyy-MM-dd", null), DateOnly.ParseExact(range[12..], "yyyy-MM-dd", null)))).ToArray();

        var quote = Quote.For(lines, [Offer("year", OfferType.Fixed, 1, wholeYear: true)], Noon);

        Assert.Equal(whole ? null : NotUsedReason.NeedsWholeYear, quote.Considered.Single().Reason);
    }

    [Fact]
    public void A_paid_up_month_still_counts_for_the_whole_year_but_not_one_of_another_kind()
    {
        DateRange first = new(new(2026, 1, 1), new(2026, 6, 30)), second = new(new(2026, 7, 1), new(2026, 12, 31));
        var year = Offer("year", OfferType.Fixed, 1, wholeYear: true);

        Assert.Equal(["year"], Quote.For([Line("L1", 0, service: first), Line("L2", 50, service: second)], [year], Noon).OffersUsed);
        Assert.Empty(Quote.For([Line("L1", 50, kind: "parking", service: first), Line("L2", 50, service: second)], [year], Noon).OffersUsed);
        Assert.Empty(Quote.For([Line("L1", 50, service: first, promotable: false), Line("L2", 50, service: second)], [year], Noon).OffersUsed);
    }

    [Fact]
    public void The_payer_is_told_until_when_the_price_holds_and_what_a_later_one_costs_more()
    {
        var quote = Quote.For([Line("L1", 300_000)], [
            Offer("early", OfferType.Percent, 500, group: "season", end: new(2026, 1, 16)),
            Offer("later", OfferType.Percent, 200, group: "season", end: new(2026, 3, 1)),
            Offer("coupon", OfferType.Fixed, 5_000, end: new(2026, 2, 1))], Noon);

        Assert.Equal([new NextStep(NextStepKind.PayBefore, "early", Shanghai.At(new(2026, 1, 16)), new(9_000), Fen.Zero)], quote.NextBetter);
    }

    [Fact]
    public void The_payer_is_told_what_an_offer_out_of_reach_would_save()
    {
        var first = Line("L1", 100_000, service: new(new(2026, 1, 1), new(2026, 6, 30)));
        var quote = Quote.For([first], [
            Offer("big", OfferType.Fixed, 3_000, minimum: 150_000),
            Offer("soon", OfferType.Fixed, 2_000, start: new(2026, 1, 20)),
            Offer("year", OfferType.Percent, 1_000, wholeYear: true, minimum: 120_000),
            Offer("full", OfferType.Percent, 100, wholeYear: true),
            Offer("gone", OfferType.Fixed, 9_000, start: new(2025, 1, 1), end: new(2025, 2, 1)),
            Offer("other", OfferType.Fixed, 9_000, kinds: "parking")], Noon);

        Assert.Equal([
            new(NextStepKind.ChooseMore, "year", null, new(10_000), new(20_000)),
            new(NextStepKind.ChooseMore, "big", null, new(3_000), new(50_000)),
            new(NextStepKind.WaitUntil, "soon", Shanghai.At(new(2026, 1, 20)), new(2_000), Fen.Zero),
            new NextStep(NextStepKind.ChooseWholeYear, "full", null, new(1_000), Fen.Zero)], quote.NextBetter);
    }

    [Fact]
    public void The_hash_is_that_of_the_canonical_form_and_stays_while_nothing_that_was_seen_changes()
    {
        var lines = new[] { Line("L1", 300_000, lateFee: 5), Line("L2", 700) };
        var offers = new[] { Offer("b", OfferType.Percent, 500, kinds: ["property", "parking"]), Offer("a", OfferType.Fixed, 9, cap: 3) };
        var quote = Quote.For(lines, offers, Noon);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(quote.Canonical))), quote.Hash);
        Assert.Equal(quote.Hash, Quote.For(lines, offers.Reverse().ToArray(), Noon.AddMinutes(5)).Hash);
        Assert.NotEqual(quote.Hash, Quote.For(lines, offers, Shanghai.At(new(2026, 2, 1))).Hash);
        Assert.NotEqual(quote.Hash, Quote.For([lines[0] with { LateFee = new(6) }, lines[1]], offers, Noon).Hash);
        Assert.NotEqual(quote.Hash, Quote.For(lines, [offers[0], offers[1] with { Priority = 2 }], Noon).Hash);
    }

    /// <summary>Whoever changes the form on purpose gives it the next number; old quotes must stay provable.</summary>
    [Fact]
    public void The_canonical_form_of_a_quote_is_the_one_that_was_hashed_years_ago()
    {
        var quote = Quote.For(
            [new("0190", "property", true, new(10_001), new(7), DateRange.Month(2026, 1))],
            [Offer("01a0", OfferType.Percent, 333, group: "季", cap: 9_000), Offer("01a1", OfferType.Fixed, 5, minimum: 99_999)], Noon);

        Assert.Equal("""
            {"form":1,"lines":[{"feeKind":"property","from":"2026-01-01","id":"0190","lateFeeFen":7,"principalFen":10001,"promotable":true,
            "to":"2026-01-31"}],"offers":[{"capFen":9000,"end":"2026-02-01T00:00:00+08:00","feeKinds":["property"],"group":"季","id":"01a0",
            "minFen":0,"needsWholeYear":false,"priority":1,"start":"2026-01-01T00:00:00+08:00","type":"percent","value":333},{"capFen":null,
            "end":"2026-02-01T00:00:00+08:00","feeKinds":["property"],"group":"01a1","id":"01a1","minFen":99999,"needsWholeYear":false,
            "priority":1,"start":"2026-01-01T00:00:00+08:00","type":"fixed","value":5}],"result":{"lines":[{"discounts":[{"fen":333,
            "offer":"01a0"}],"id":"0190","payableFen":9675}],"notUsed":[{"offer":"01a1","reason":"belowMinimum"}],"offersUsed":["01a0"],
            "payableFen":9675}}
            """.ReplaceLineEndings(""), quote.Canonical);
        var plain = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        Assert.Equal(Sorted(JsonNode.Parse(quote.Canonical)!).ToJsonString(plain), quote.Canonical);
    }

    [Fact]
    public void Canonical_JSON_escapes_what_RFC_8785_names_and_nothing_else()
    {
        var json = new CanonicalJson().BeginArray().Value("\"\\\b\t\n\f\r\u0001\u001f/€\u007f\u2028😀").Value(-5).Null().Value(false)
            .BeginObject().EndObject().EndArray();

        Assert.Equal("[\"\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f/€\u007f\u2028😀\",-5,null,false,{}]", json.ToString());
        Assert.Throws<InvalidOperationException>(() => new CanonicalJson().BeginObject().Name("b").Value(1).Name("a"));
        Assert.Throws<InvalidOperationException>(() => new CanonicalJson().BeginObject().Name("b").Value(1).Name("b"));
        Assert.Equal("text_unsound", Assert.Throws<RuleRefusal>(() => new CanonicalJson().Value("\ud800")).Code);
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => new CanonicalJson().Value(1L << 53)).Code);
    }

    static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : (JsonNode?)Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Sorted(item!))]),
        _ => node.DeepClone(),
    };
}
