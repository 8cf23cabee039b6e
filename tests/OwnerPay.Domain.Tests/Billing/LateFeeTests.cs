using CsCheck;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Domain.Tests.Billing;

public sealed class LateFeeTests
{
    static readonly DateOnly Due = new(2026, 3, 31);

    sealed record Debt(long Principal, LateFeeTerms Terms, PrincipalPayment[] Payments, DateRange[] Stops, long Settled, int Days)
    {
        public Fen AsOf(int days) => LateFee.AsOf(Due.AddDays(days), Due, new(Principal), Terms, Payments, Stops, new(Settled));
        public Fen DayByDay() => LateFee.DayByDay(Due.AddDays(Days), Due, new(Principal), Terms, Payments, Stops, new(Settled));
    }

    static readonly Gen<LateFeeTerms> Terms = Gen.Select(Gen.OneOf(0, 5, 15), Gen.OneOf(0, 300, 500, 3_000, 100_000),
        Gen.OneOf(0, 20, 30, 100), (grace, rate, cap) => new LateFeeTerms(grace, rate, cap));
    static readonly Gen<PrincipalPayment> Payments = Gen.Select(Gen.Int[-20, 300], Gen.Long[0, 600_000],
        (day, fen) => new PrincipalPayment(Due.AddDays(day), new(fen)));
    static readonly Gen<DateRange> Stops = Gen.Select(Gen.Int[-40, 300], Gen.Int[0, 90],
        (day, days) => new DateRange(Due.AddDays(day), Due.AddDays(day + days)));
    static readonly Gen<Debt> Debts = Gen.Select(
        Gen.Long[0, 1_000_000], Terms, Payments.Array[0, 5], Stops.Array[0, 4], Gen.Long[0, 3_000], Gen.Int[-10, 400],
        (principal, terms, payments, stops, settled, days) => new Debt(principal, terms, payments, stops, settled, days));

    [Fact]
    public void Counting_by_stretches_gives_what_counting_day_by_day_gives() =>
        Debts.Sample(debt => debt.AsOf(debt.Days) == debt.DayByDay());

    [Fact]
    public void The_fee_never_falls_as_days_pass() =>
        Debts.Sample(debt => debt.AsOf(debt.Days) <= debt.AsOf(debt.Days + 1));

    [Fact]
    public void Paying_something_or_being_granted_a_stop_never_makes_the_fee_higher() =>
        Gen.Select(Debts, Payments, Stops).Sample((debt, payment, stop) =>
            (debt with { Payments = [.. debt.Payments, payment] }).AsOf(debt.Days) <= debt.AsOf(debt.Days)
            && (debt with { Stops = [.. debt.Stops, stop] }).AsOf(debt.Days) <= debt.AsOf(debt.Days));

    [Fact]
    public void Who_pays_on_a_date_is_charged_for_the_days_between_due_date_and_it_less_the_grace()
    {
        var debt = new Debt(1_000_000, new(0, 1_000, 100), [], [], 0, 0);

        Assert.Equal(Fen.Zero, debt.AsOf(0));
        Assert.Equal(new Fen(1_000), debt.AsOf(1));
        Assert.Equal(new Fen(30_000), debt.AsOf(30));
        Assert.Equal(Fen.Zero, (debt with { Terms = new(15, 1_000, 100) }).AsOf(15));
        Assert.Equal(new Fen(1_000), (debt with { Terms = new(15, 1_000, 100) }).AsOf(16));
    }

    [Fact]
    public void The_fee_stays_frozen_on_the_day_on_which_the_principal_is_paid()
    {
        var paid = new Debt(1_000_000, new(0, 1_000, 100), [new(Due.AddDays(10), new(1_000_000))], [], 0, 0);

        Assert.Equal(new Fen(10_000), paid.AsOf(10));
        Assert.Equal(new Fen(10_000), paid.AsOf(400));
    }

    [Fact]
    public void What_was_settled_comes_off_after_the_cap_and_never_gives_money_back()
    {
        var debt = new Debt(1_000_000, new(0, 1_000, 20), [], [], 150_000, 0);

        Assert.Equal(new Fen(50_000), debt.AsOf(3_000));
        Assert.Equal(Fen.Zero, (debt with { Settled = 200_001 }).AsOf(3_000));
        Assert.Equal(Fen.Zero, (debt with { Terms = new(0, 1_000, 0), Settled = 0 }).AsOf(3_000));
    }

    [Fact]
    public void Without_agreed_terms_there_is_no_fee_and_the_last_day_of_time_is_no_problem()
    {
        Assert.Equal(Fen.Zero, LateFee.AsOf(DateOnly.MaxValue, Due, new(1_000_000), default, [], [], Fen.Zero));
        Assert.Equal(new Fen(long.MaxValue), LateFee.AsOf(
            DateOnly.MaxValue, DateOnly.MinValue, new(long.MaxValue), new(0, int.MaxValue, 100), [], [], Fen.Zero));
        Assert.Equal(Fen.Zero, LateFee.AsOf(DateOnly.MaxValue, DateOnly.MaxValue, new(5), new(int.MaxValue, 500, 100), [], [], Fen.Zero));
    }
}
