using System.Text.Json;

namespace OwnerPay.Domain.Tests;

/// <summary>Input that makes no sense is refused by every rule that can be given it, through the same door as the rule cases.</summary>
public sealed class RefusalTests
{
    const string Line = """
        {"id":"L1","feeKind":"property","promotable":true,"principalFen":100,"lateFeeFen":0,"from":"2026-01-01","to":"2026-01-31"}
        """;
    const string Offer = """
        {"id":"O1","group":"g","priority":1,"type":"percent","value":500,"feeKinds":["property"],"start":"2026-01-01T00:00:00+08:00",
         "end":"2026-02-01T00:00:00+08:00","minFen":0,"capFen":null,"needsWholeYear":false}
        """;
    static readonly Dictionary<string, string> Sound = new()
    {
        ["proration"] = """{"quantity":"89.50","unitPriceYuan":"2.8000","from":"2026-03-01","to":"2026-03-31"}""",
        ["tiered"] = """{"usedBefore":"1","usage":"2","tiers":[{"upTo":"5","priceYuan":"1.0000"},{"upTo":null,"priceYuan":"2.0000"}]}""",
        ["apportion"] = """{"totalFen":10,"weights":["1","2"]}""",
        ["lateFee"] = """
            {"principalFen":1000,"due":"2026-03-31","graceDays":0,"ratePerMillion":500,"capPercent":100,"payments":[{"date":"2026-04-10","fen":900}],
             "stops":[{"from":"2026-04-10","to":"2026-04-19"}],"settledLateFeeFen":0,"asOf":"2026-12-31"}
            """,
        ["quote"] = $$"""{"at":"2026-01-10T12:00:00+08:00","lines":[{{Line}}],"offers":[{{Offer}}]}""",
        ["pointsSpend"] = """{"on":"2026-03-15","points":5,"lots":[{"id":"P1","points":30,"expires":"2026-03-15"}]}""",
        ["draw"] = $$"""{"secretHex":"{{new string('0', 64)}}","beacon":"1","winners":1,"tickets":["T1","T2"]}""",
        ["allocate"] = """
            {"order":"LawOrder","amountFen":5,"bills":[{"id":"B1","due":"2025-12-31","lines":[{"id":"L1","openFen":7}],"lateFeeFen":2}]}
            """,
        ["assign"] = """{"collectors":["C1"],"cases":[{"id":"H1","weight":5,"previous":null}]}""",
        ["amountInWords"] = """{"fen":5}""",
    };

    public static TheoryData<string> EveryRule() => [.. Sound.Keys];

    [Theory]
    [MemberData(nameof(EveryRule))]
    public void The_sound_input_that_the_refusals_are_made_from_is_computed(string rule) => Assert.Null(Refused(rule, Sound[rule]));

    [Theory]
    [InlineData("proration", "2026-03-31", "2026-02-28", "range_reversed")]
    [InlineData("proration", "89.50", "-0.01", "negative_number")]
    [InlineData("proration", "2.8000", "-2.8000", "negative_number")]
    [InlineData("proration", "89.50", "89.505", "not_a_number")]
    [InlineData("proration", "89.50", "9e3", "not_a_number")]
    [InlineData("proration", "89.50", "90000000000000000.00", "too_large")]
    [InlineData("tiered", "\"usedBefore\":\"1\"", "\"usedBefore\":\"-1\"", "negative_number")]
    [InlineData("tiered", "\"usage\":\"2\"", "\"usage\":\"-2\"", "negative_number")]
    [InlineData("tiered", "1.0000", "-1.0000", "negative_number")]
    [InlineData("tiered", "2.0000", "-2.0000", "negative_number")]
    [InlineData("tiered", "\"upTo\":\"5\"", "\"upTo\":null", "tiers_unsound")]
    [InlineData("tiered", "\"upTo\":\"5\"", "\"upTo\":\"-5\"", "negative_number")]
    [InlineData("tiered", "\"upTo\":null", "\"upTo\":\"9\"", "tiers_unsound")]
    [InlineData("tiered", "{\"upTo\":null", "{\"upTo\":\"5\",\"priceYuan\":\"1.0000\"},{\"upTo\":null", "tiers_unsound")]
    [InlineData("tiered", "{\"upTo\":null", "{\"upTo\":\"4\",\"priceYuan\":\"1.0000\"},{\"upTo\":null", "tiers_unsound")]
    [InlineData("tiered", "[{\"upTo\":\"5\",\"priceYuan\":\"1.0000\"},{\"upTo\":null,\"priceYuan\":\"2.0000\"}]", "[]", "tiers_unsound")]
    [InlineData("apportion", "10", "-10", "negative_amount")]
    [InlineData("apportion", "\"2\"", "\"-2\"", "negative_number")]
    [InlineData("apportion", "[\"1\",\"2\"]", "[]", "no_basis")]
    [InlineData("apportion", "[\"1\",\"2\"]", "[\"0\",\"0.00\"]", "no_basis")]
    [InlineData("lateFee", "1000", "-1000", "negative_amount")]
    [InlineData("lateFee", "900", "-900", "negative_amount")]
    [InlineData("lateFee", "\"graceDays\":0", "\"graceDays\":-1", "negative_number")]
    [InlineData("lateFee", "500", "-500", "negative_number")]
    [InlineData("lateFee", "\"capPercent\":100", "\"capPercent\":-1", "negative_number")]
    [InlineData("lateFee", "\"capPercent\":100", "\"capPercent\":10001", "percent_too_high")]
    [InlineData("lateFee", "\"settledLateFeeFen\":0", "\"settledLateFeeFen\":-1", "negative_amount")]
    [InlineData("lateFee", "2026-04-19", "2026-04-09", "range_reversed")]
    [InlineData("lateFee", "2026-12-31", "2026-12-32", "not_a_number")]
    [InlineData("quote", "\"principalFen\":100", "\"principalFen\":-1", "negative_amount")]
    [InlineData("quote", "\"lateFeeFen\":0", "\"lateFeeFen\":-1", "negative_amount")]
    [InlineData("quote", "\"value\":500", "\"value\":-1", "negative_number")]
    [InlineData("quote", "\"value\":500", "\"value\":10001", "percent_too_high")]
    [InlineData("quote", "\"type\":\"percent\",\"value\":500", "\"type\":\"fixed\",\"value\":-1", "negative_number")]
    [InlineData("quote", "\"minFen\":0", "\"minFen\":-1", "negative_amount")]
    [InlineData("quote", "\"capFen\":null", "\"capFen\":-1", "negative_amount")]
    [InlineData("quote", "2026-02-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00", "range_reversed")]
    [InlineData("quote", "2026-02-01T00:00:00+08:00", "2025-12-31T16:00:00+00:00", "range_reversed")]
    [InlineData("quote", "2026-01-31", "2025-12-31", "range_reversed")]
    [InlineData("quote", "\"lines\":[", "\"lines\":[" + Line + ",", "duplicate_id")]
    [InlineData("quote", "\"offers\":[", "\"offers\":[" + Offer + ",", "duplicate_id")]
    [InlineData("quote", "\"principalFen\":100,\"lateFeeFen\":0", "\"principalFen\":9223372036854775807,\"lateFeeFen\":1", "too_large")]
    [InlineData("pointsSpend", "\"points\":5", "\"points\":-5", "negative_number")]
    [InlineData("pointsSpend", "\"points\":5", "\"points\":31", "insufficient_points")]
    [InlineData("pointsSpend", "\"lots\":[", "\"lots\":[{\"id\":\"P1\",\"points\":0,\"expires\":\"2020-01-01\"},", "duplicate_id")]
    [InlineData("draw", "[\"T1\"", "[\"\"", "ticket_unsound")]
    [InlineData("draw", "[\"T1\"", "[\"T\\n1\"", "ticket_unsound")]
    [InlineData("draw", "[\"T1\"", "[\"T1\\r\"", "ticket_unsound")]
    [InlineData("draw", "[\"T1\"", "[\"T2\"", "duplicate_id")]
    [InlineData("draw", "\"winners\":1", "\"winners\":-1", "negative_number")]
    [InlineData("draw", "\"0000", "\"00", "secret_unsound")]
    [InlineData("draw", "\"0000", "\"000000", "secret_unsound")]
    [InlineData("draw", "\"0000", "\"000", "secret_unsound")]
    [InlineData("draw", "\"0000", "\"00zz", "secret_unsound")]
    [InlineData("allocate", "\"amountFen\":5", "\"amountFen\":-5", "negative_amount")]
    [InlineData("allocate", "\"openFen\":7", "\"openFen\":-7", "negative_amount")]
    [InlineData("allocate", "\"lateFeeFen\":2", "\"lateFeeFen\":-2", "negative_amount")]
    [InlineData("allocate", "\"bills\":[", "\"bills\":[{\"id\":\"B1\",\"due\":\"2025-01-31\",\"lines\":[],\"lateFeeFen\":2},", "duplicate_id")]
    [InlineData("allocate", "\"lines\":[", "\"lines\":[{\"id\":\"L1\",\"openFen\":0},", "duplicate_id")]
    [InlineData("assign", "[\"C1\"]", "[]", "no_collectors")]
    [InlineData("assign", "[\"C1\"]", "[\"C1\",\"C1\"]", "duplicate_id")]
    [InlineData("assign", "\"cases\":[", "\"cases\":[{\"id\":\"H1\",\"weight\":0,\"previous\":null},", "duplicate_id")]
    [InlineData("assign", "\"weight\":5", "\"weight\":-5", "negative_number")]
    [InlineData("amountInWords", "5", "-5", "negative_amount")]
    [InlineData("amountInWords", "5", "1000000000000000", "too_large")]
    public void Input_that_makes_no_sense_is_refused_and_not_computed(string rule, string sound, string senseless, string code)
    {
        Assert.Contains(sound, Sound[rule], StringComparison.Ordinal);

        Assert.Equal(code, Refused(rule, Replaced(Sound[rule], sound, senseless)));
    }

    [Fact]
    public void More_groups_or_sets_of_offers_than_anyone_could_explain_are_a_mistake_of_configuration()
    {
        Assert.Null(Refused("quote", WithOffers(10, index => $"g{index}")));
        Assert.Equal("too_many_offers", Refused("quote", WithOffers(11, index => $"g{index}")));
        Assert.Null(Refused("quote", WithOffers(4_999, _ => "g")));
        Assert.Equal("too_many_offers", Refused("quote", WithOffers(5_000, _ => "g")));
    }

    static string WithOffers(int count, Func<int, string> group)
    {
        var offers = Enumerable.Range(0, count).Select(index => Replaced(Replaced(Offer, "\"O1\"", $"\"O{index}\""), "\"g\"", $"\"{group(index)}\""));
        return Replaced(Sound["quote"], Offer, string.Join(',', offers));
    }

    static string Replaced(string input, string old, string with)
    {
        var at = input.IndexOf(old, StringComparison.Ordinal);
        return input[..at] + with + input[(at + old.Length)..];
    }

    static string? Refused(string rule, string input)
    {
        using var document = JsonDocument.Parse(input);
        try
        {
            JsonSerializer.Serialize(RuleRunner.Rules[rule](document.RootElement));
            return null;
        }
        catch (RuleRefusal refusal)
        {
            return refusal.Code;
        }
    }
}
