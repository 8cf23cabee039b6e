using CsCheck;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Domain.Tests.Billing;

public sealed class ServiceMonthsTests
{
    static readonly Gen<DateRange> Days = Gen.Select(Gen.Int[0, 800], Gen.Int[0, 800],
        (start, length) => new DateRange(new DateOnly(2026, 1, 1).AddDays(start), new DateOnly(2026, 1, 1).AddDays(start + length)));

    static readonly Gen<(DateRange Days, Fen Amount)> Charges = Gen.Select(Days, Gen.Long[-5_000_000, 5_000_000], (days, fen) => (days, new Fen(fen)));

    [Fact]
    public void No_fen_of_a_charge_is_earned_twice_or_never() =>
        Charges.Sample(charge => ServiceMonths.Split(charge.Amount, charge.Days).Sum() == charge.Amount);

    [Fact]
    public void What_is_to_come_never_grows_as_months_pass_and_ends_at_nothing() =>
        Gen.Select(Charges, Gen.Int[-2, 30]).Sample((charge, months) =>
        {
            var amount = charge.Amount < Fen.Zero ? -charge.Amount : charge.Amount;
            var month = charge.Days.From.AddMonths(months);
            return ServiceMonths.ToCome(amount, charge.Days, month) >= ServiceMonths.ToCome(amount, charge.Days, month.AddMonths(1))
                && ServiceMonths.ToCome(amount, charge.Days, charge.Days.From) == amount
                && ServiceMonths.ToCome(amount, charge.Days, charge.Days.To.AddMonths(1)) == Fen.Zero;
        });

    [Fact]
    public void What_is_taken_back_comes_out_of_the_months_into_which_it_went() =>
        Charges.Sample(charge => ServiceMonths.Split(-charge.Amount, charge.Days).SequenceEqual(ServiceMonths.Split(charge.Amount, charge.Days).Select(part => -part)));

    [Fact]
    public void A_year_is_earned_in_twelve_equal_parts_although_its_months_have_unequal_days() =>
        Assert.Equal(Enumerable.Repeat(new Fen(30_000), 12), ServiceMonths.Split(new Fen(360_000), DateRange.Year(2026)));

    [Fact]
    public void A_broken_month_is_earned_by_its_days()
    {
        // 100 m² at 2.50 yuan from 11 January: 21/31 of January, then whole months.
        var split = ServiceMonths.Split(new Fen(141_935), new DateRange(new(2026, 1, 11), new(2026, 6, 30)));
        Assert.Equal([16_935, 25_000, 25_000, 25_000, 25_000, 25_000], split.Select(fen => fen.Value));
        Assert.Equal(new Fen(75_000), ServiceMonths.ToCome(new Fen(141_935), new DateRange(new(2026, 1, 11), new(2026, 6, 30)), new(2026, 4, 17)));
    }
}
