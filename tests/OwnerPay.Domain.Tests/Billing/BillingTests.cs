using CsCheck;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Domain.Tests.Billing;

public sealed class BillingTests
{
    static readonly Gen<DateRange> Periods = Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 800], (from, days) =>
        new DateRange(new DateOnly(2023, 1, 1).AddDays(from), new DateOnly(2023, 1, 1).AddDays(from + days)));

    [Fact]
    public void A_line_that_is_cut_into_stretches_of_the_same_price_costs_the_same_to_the_fen() =>
        Gen.Select(Gen.Long[0, 50_000], Gen.Long[0, 200_000], Periods, Gen.Int[0, 800]).Sample((area, price, period, cut) =>
        {
            var whole = Proration.Of(area, price, period.From, period.To);
            var at = period.From.AddDays(cut % period.Days);
            var parts = at == period.To
                ? Proration.Of(new ProrationSegment(area, price, period))
                : Proration.Of(
                    new ProrationSegment(area, price, new(at.AddDays(1), period.To)),
                    new ProrationSegment(area, price, new(period.From, at)));

            Assert.Equal(whole.Amount, parts.Amount);
            Assert.Equal(whole.Months, parts.Months);
            Assert.Equal(period.Days, whole.Months.Sum(month => month.Days));
        });

    [Fact]
    public void When_the_price_rises_in_mid_month_each_day_costs_its_own_price_and_the_line_is_rounded_once()
    {
        // 15/30 × 100 m² × 2.50 + 15/30 × 100 m² × 3.33 = 125.00 + 166.50
        var charge = Proration.Of(
            new ProrationSegment(10_000, 25_000, new(new(2026, 4, 1), new(2026, 4, 15))),
            new ProrationSegment(10_000, 33_300, new(new(2026, 4, 16), new(2026, 4, 30))));

        Assert.Equal(new Fen(29_150), charge.Amount);
        Assert.Equal([new MonthShare(2026, 4, 30, 30)], charge.Months);
    }

    [Fact]
    public void A_day_is_never_charged_twice_on_one_line()
    {
        var april = new ProrationSegment(100, 1, DateRange.Month(2026, 4));

        Assert.Equal("segments_unsound", Assert.Throws<RuleRefusal>(() => Proration.Of(april, april)).Code);
        Assert.Equal("segments_unsound", Assert.Throws<RuleRefusal>(() => Proration.Of()).Code);
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => Proration.Amount(long.MaxValue, long.MaxValue, DateRange.Month(2026, 4))).Code);
    }

    [Fact]
    public void A_leap_year_has_twelve_whole_months_like_any_other() =>
        Gen.Int[2023, 2030].Sample(year => Proration.Amount(10_000, 25_000, DateRange.Year(year)) == new Fen(12 * 25_000));

    [Fact]
    public void Using_more_never_costs_less_and_two_readings_cost_what_one_does_up_to_rounding() =>
        Gen.Select(Gen.Long[0, 400_000], Gen.Long[0, 400_000], Gen.Long[0, 400_000]).Sample((before, first, second) =>
        {
            Tier[] tiers = [new(180_000, 34_500), new(260_000, 48_300), new(null, 58_333)];
            var together = Tiered.Of(before, first + second, tiers);
            var apart = Tiered.Of(before, first, tiers).Amount + Tiered.Of(before + first, second, tiers).Amount;

            Assert.InRange(together.Amount.Value, apart.Value - 1, apart.Value + 1);
            Assert.True(together.Amount >= Tiered.Of(before, first, tiers).Amount);
            Assert.Equal(first + second, together.Shares.Sum(share => share.Usage));
        });

    [Fact]
    public void A_unit_on_the_limit_still_has_the_lower_price()
    {
        Tier[] tiers = [new(5_000, 10_000), new(null, 20_000)];

        Assert.Equal(new Fen(100), Tiered.Of(4_000, 1_000, tiers).Amount);
        Assert.Equal(new Fen(200), Tiered.Of(5_000, 1_000, tiers).Amount);
        Assert.Equal([new TierShare(1, 1_000, 20_000)], Tiered.Of(5_000, 1_000, tiers).Shares);
        Assert.Empty(Tiered.Of(5_000, 0, tiers).Shares);
    }

    [Fact]
    public void Net_and_tax_are_the_price_again_and_a_reversal_is_the_mirror_image() =>
        Gen.Select(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.OneOf(0L, 10_000, 30_000, 60_000, 130_000, 1_000_000)).Sample((fen, rate) =>
        {
            var (split, mirror) = (Tax.Split(new Fen(fen), rate), Tax.Split(new Fen(-fen), rate));

            Assert.Equal(fen, (split.Net + split.Tax).Value);
            Assert.Equal((-split.Net, -split.Tax), (mirror.Net, mirror.Tax));
            Assert.True(rate > 0 || split.Tax == Fen.Zero);
        });

    [Fact]
    public void Six_per_cent_of_tax_is_taken_out_of_a_price_not_put_on_it()
    {
        Assert.Equal(new TaxSplit(new(100_000), new(6_000)), Tax.Split(new(106_000), 60_000));
        Assert.Equal(new TaxSplit(new(94_340), new(5_660)), Tax.Split(new(100_000), 60_000));
        Assert.Equal("percent_too_high", Assert.Throws<RuleRefusal>(() => Tax.Split(new(1), 1_000_001)).Code);
        Assert.Equal("negative_number", Assert.Throws<RuleRefusal>(() => Tax.Split(new(1), -1)).Code);
    }
}
