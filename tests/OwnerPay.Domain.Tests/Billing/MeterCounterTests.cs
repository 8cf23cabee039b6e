using CsCheck;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Domain.Tests.Billing;

public sealed class MeterCounterTests
{
    static CounterReading Read(int day, long value, bool estimated = false, bool rolledOver = false) => new(new DateOnly(2026, 1, 1).AddDays(day), value, estimated, rolledOver);

    [Fact]
    public void Whatever_goes_through_a_counter_is_billed_once_also_when_it_begins_anew_or_is_replaced() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 9].Array[1, 30], Gen.Int[0, 99]).Sample((digits, steps, replacedAfter) =>
        {
            var range = MeterCounter.Range(digits);
            // Each step is less than half of the counter, as it must be for a roll-over to be told from a slip.
            var amounts = steps.Select(step => range / 20 * step).ToArray();
            var (billed, through, counter) = (0L, 0L, range - 1);
            var readings = new List<CounterReading> { Read(0, counter) };
            for (var index = 0; index < amounts.Length; index++)
            {
                through += amounts[index];
                counter += amounts[index];
                var rolled = counter >= range;
                if (rolled) counter -= range;
                var reading = Read(index + 1, counter, rolledOver: rolled);
                Assert.Equal(CounterFault.None, MeterCounter.Judge(digits, readings[^1], reading));
                readings.Add(reading);
                if (index != replacedAfter % amounts.Length) continue;
                billed += Used(digits, readings);
                counter = index;    // the successor begins wherever it stands
                readings = [Read(index + 1, counter)];
            }
            Assert.Equal(through, billed + Used(digits, readings));
        });

    static long Used(int digits, List<CounterReading> readings) =>
        MeterCounter.Positions(digits, readings) is var positions ? positions[^1] - positions[0] : 0;

    [Fact]
    public void A_lower_reading_is_a_slip_unless_a_roll_over_is_stated_or_the_one_before_was_an_estimate()
    {
        Assert.Equal(CounterFault.Lower, MeterCounter.Judge(5, Read(0, 500_000), Read(30, 499_999)));
        Assert.Equal(CounterFault.None, MeterCounter.Judge(5, Read(0, 500_000, estimated: true), Read(30, 499_999)));
        Assert.Equal(CounterFault.None, MeterCounter.Judge(5, Read(0, 99_950_000), Read(30, 20_000, rolledOver: true)));
        Assert.Equal(CounterFault.RollOverUnlikely, MeterCounter.Judge(5, Read(0, 500_000), Read(30, 300_000, rolledOver: true)));
        Assert.Equal(CounterFault.NoRollOver, MeterCounter.Judge(5, Read(0, 500_000), Read(30, 500_000, rolledOver: true)));
        Assert.Equal(CounterFault.NoRollOver, MeterCounter.Judge(5, null, Read(30, 5, rolledOver: true)));
        Assert.Equal(CounterFault.BeyondCounter, MeterCounter.Judge(5, null, Read(0, 100_000_000)));
        Assert.Equal(CounterFault.None, MeterCounter.Judge(5, null, Read(0, 99_999_999)));
        Assert.Equal([99_950_000, 100_020_000], MeterCounter.Positions(5, [Read(0, 99_950_000), Read(30, 20_000, rolledOver: true)]));
    }

    [Fact]
    public void A_usage_that_is_spread_over_days_is_whole_again_in_its_parts() =>
        Gen.Select(Gen.Long[0, 10_000_000_000], Gen.Long[1, 400].Array[1, 20]).Sample((usage, days) =>
        {
            var parts = MeterCounter.Spread(usage, days);

            Assert.Equal(usage, parts.Sum());
            for (var index = 0; index < days.Length; index++)
                Assert.InRange(parts[index], usage / days.Sum() * days[index] - 1, (usage / days.Sum() + 1) * days[index] + 1);
        });

    [Fact]
    public void A_flat_price_is_rounded_once_and_never_falls_with_usage()
    {
        Assert.Equal(new Fen(10_523), MeterCounter.Price(30_500, 34_500));    // 30.5 × 3.45 = 105.225
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000]).Sample((usage, more, price) =>
            MeterCounter.Price(usage + more, price) >= MeterCounter.Price(usage, price));
    }

    [Fact]
    public void Tiers_never_give_a_discount_for_reading_more_often()
    {
        Tier[] tiers = [new(180_000, 34_500), new(260_000, 48_300), new(null, 58_333)];
        Gen.Select(Gen.Long[0, 300_000], Gen.Long[0, 60_000].Array[1, 12]).Sample((before, usages) =>
        {
            var (whole, parts, counted) = (Tiered.Of(before, usages.Sum(), tiers), Fen.Zero, before);
            foreach (var usage in usages)
            {
                parts += Tiered.Of(counted, usage, tiers).Amount;
                counted += usage;
            }
            Assert.InRange(parts.Value, whole.Amount.Value - usages.Length, whole.Amount.Value + usages.Length);    // half a fen of rounding a reading
        });
    }

    [Fact]
    public void A_part_of_a_price_is_never_more_than_the_price_and_all_of_it_at_a_hundred_per_cent() =>
        Gen.Select(Gen.Long[0, 50_000], Gen.Long[0, 200_000], Gen.Int[0, 400], Gen.Int[0, 100]).Sample((area, price, days, percent) =>
        {
            var period = new DateRange(new DateOnly(2027, 12, 15), new DateOnly(2027, 12, 15).AddDays(days));    // over the leap day of 2028
            var whole = Proration.Amount(area, price, period);

            Assert.Equal(whole, Proration.Amount(area, price, period, 100));
            Assert.Equal(Fen.Zero, Proration.Amount(area, price, period, 0));
            Assert.True(Proration.Amount(area, price, period, percent) <= whole);
        });
}
