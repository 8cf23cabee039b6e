using CsCheck;

namespace OwnerPay.Domain.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(-5, "-0.05")]
    [InlineData(123456, "1,234.56")]
    [InlineData(100000000, "1,000,000.00")]
    [InlineData(long.MaxValue, "92,233,720,368,547,758.07")]
    [InlineData(long.MinValue, "-92,233,720,368,547,758.08")]
    public void An_amount_reads_as_yuan_with_two_decimals(long fen, string text) => Assert.Equal(text, new Fen(fen).ToString());

    // A comma in an amount field makes WeChat refuse the message.
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(-5, "-0.05")]
    [InlineData(123456, "1234.56")]
    [InlineData(9_999_999_999, "99999999.99")]
    public void An_amount_for_WeChat_has_nothing_between_its_thousands(long fen, string text) => Assert.Equal(text, new Fen(fen).InYuan());

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(-1, 2, -1)]
    [InlineData(1, 3, 0)]
    [InlineData(-1, 3, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 2, 3)]
    [InlineData(-5, 2, -3)]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    public void Half_a_fen_rounds_away_from_zero(long numerator, long divisor, long fen) =>
        Assert.Equal(new Fen(fen), Fen.Round(numerator, divisor));

    [Fact]
    public void Rounding_in_64_and_in_128_bits_agrees() =>
        Gen.Select(Gen.Long, Gen.Long[1, long.MaxValue], Gen.Int[1, 1_000_000]).Sample((numerator, divisor, times) =>
            Fen.Round(numerator, divisor) == Fen.Round((Int128)numerator * (1L << 40) * times, (Int128)divisor * (1L << 40) * times));

    [Fact]
    public void Money_that_does_not_fit_is_refused_loudly()
    {
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => Fen.Round((Int128)long.MaxValue + 1, 1)).Code);
        Assert.Throws<OverflowException>(() => new Fen(long.MaxValue) + new Fen(1));
        Assert.Throws<OverflowException>(() => new Fen(long.MinValue) - new Fen(1));
        Assert.Throws<OverflowException>(() => -new Fen(long.MinValue));
        Assert.Throws<OverflowException>(() => new Fen(long.MaxValue) * 2);
        Assert.Throws<OverflowException>(() => new[] { new Fen(long.MaxValue), new Fen(1) }.Sum());
    }

    [Fact]
    public void Yuan_become_fen_exactly_or_not_at_all()
    {
        Assert.Equal(new Fen(398_640), Fen.FromYuan(3986.4m));
        Assert.Equal(new Fen(-5), Fen.FromYuan(-0.050m));
        Assert.Equal("not_a_number", Assert.Throws<RuleRefusal>(() => Fen.FromYuan(0.005m)).Code);
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => Fen.FromYuan(decimal.MaxValue)).Code);
    }

    [Theory]
    [InlineData("2.8", 4, 28_000)]
    [InlineData("2.8000", 4, 28_000)]
    [InlineData("89.50", 2, 8_950)]
    [InlineData("1", 2, 100)]
    [InlineData("-0.01", 2, -1)]
    [InlineData("0.100000000", 1, 1)]
    [InlineData("9223372036854775807", 0, long.MaxValue)]
    [InlineData("-9223372036854775808", 0, long.MinValue)]
    public void Decimal_text_becomes_a_whole_number_of_its_unit(string text, int decimals, long value) =>
        Assert.Equal(value, FixedPoint.Parse(text, decimals));

    [Theory]
    [InlineData("", "not_a_number")]
    [InlineData("-", "not_a_number")]
    [InlineData(".5", "not_a_number")]
    [InlineData("5.", "not_a_number")]
    [InlineData("1.234", "not_a_number")]
    [InlineData("1,000", "not_a_number")]
    [InlineData("1e3", "not_a_number")]
    [InlineData(" 1", "not_a_number")]
    [InlineData("+1", "not_a_number")]
    [InlineData("１", "not_a_number")]
    [InlineData("0.0x", "not_a_number")]
    [InlineData("92233720368547758.08", "too_large")]
    [InlineData("99999999999999999999999999999999999999999999", "too_large")]
    public void Text_that_is_no_plain_number_of_the_unit_is_refused(string text, string code) =>
        Assert.Equal(code, Assert.Throws<RuleRefusal>(() => FixedPoint.Parse(text, 2)).Code);

    static readonly Gen<long[]> Weights = Gen.OneOf(
        Gen.Long[0, 3], Gen.Long[0, 40_000], Gen.Long[0, 1_000_000_000_000_000]).Array[1, 150].Where(weights => weights.Sum() > 0);

    [Fact]
    public void Parts_sum_to_the_whole_and_lie_within_a_fen_of_the_exact_share() =>
        Gen.Select(Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, long.MaxValue]), Weights).Sample((total, weights) =>
        {
            var parts = Apportion.Split(new Fen(total), weights);
            var basis = weights.Sum();

            Assert.Equal(total, parts.Sum().Value);
            for (var index = 0; index < parts.Length; index++)
            {
                var exactTimesBasis = (Int128)total * weights[index];
                Assert.InRange((Int128)parts[index].Value * basis, exactTimesBasis - basis + 1, exactTimesBasis + basis - 1);
                if (weights[index] == 0) Assert.Equal(Fen.Zero, parts[index]);
                if (total <= basis) Assert.True(parts[index].Value <= weights[index]);
            }
        });

    [Fact]
    public void Nobody_gets_a_missing_fen_before_one_with_a_larger_remainder_or_an_equal_one_further_up() =>
        Gen.Select(Gen.Long[0, 1000], Weights).Sample((total, weights) =>
        {
            var parts = Apportion.Split(new Fen(total), weights);
            var basis = weights.Sum();
            var shares = weights.Select((weight, index) => (Remainder: (Int128)total * weight % basis, Index: index,
                Extra: parts[index].Value - (long)((Int128)total * weight / basis)));
            var byClaim = shares.OrderByDescending(share => share.Remainder).ThenBy(share => share.Index).Select(share => share.Extra).ToArray();

            Assert.Equal(byClaim.OrderDescending(), byClaim);
        });

    [Fact]
    public void Weights_with_different_decimals_are_one_scale()
    {
        Assert.Equal([new Fen(0), new Fen(6), new Fen(1)], Apportion.Split(new Fen(7), [0m, 3.5m, 0.50m]));
        Assert.Equal([new Fen(1), new Fen(9)], Apportion.Split(new Fen(10), [0.001m, 0.009000m]));
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => Apportion.Split(new Fen(7), [decimal.MaxValue, 1m])).Code);
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => Apportion.Split(new Fen(7), [long.MaxValue, 1L])).Code);
    }

    [Fact]
    public void A_range_knows_its_days_its_months_and_what_it_shares()
    {
        var range = new DateRange(new(2026, 1, 31), new(2026, 3, 1));

        Assert.Equal(30, range.Days);
        Assert.Equal([new DateOnly(2026, 1, 1), new DateOnly(2026, 2, 1), new DateOnly(2026, 3, 1)], range.Months());
        Assert.Equal(DateRange.Month(2026, 2), range.Intersect(DateRange.Month(2026, 2)));
        Assert.Null(range.Intersect(DateRange.Month(2026, 4)));
        Assert.True(DateRange.Year(2026).Contains(range));
        Assert.False(range.Contains(DateRange.Month(2026, 3)));
        Assert.Equal("range_reversed", Assert.Throws<RuleRefusal>(() => new DateRange(new(2026, 1, 2), new(2026, 1, 1))).Code);
    }

    [Fact]
    [Trait("Incident", "24")]
    public void The_business_day_begins_at_midnight_in_Shanghai_wherever_the_server_stands()
    {
        Assert.Equal(new DateOnly(2026, 1, 15), Shanghai.DateOf(new(2026, 1, 15, 15, 59, 59, TimeSpan.Zero)));
        Assert.Equal(new DateOnly(2026, 1, 16), Shanghai.DateOf(new(2026, 1, 15, 16, 0, 0, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 16, 0, 0, TimeSpan.Zero), Shanghai.At(new(2026, 1, 16)));
    }
}
