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

    [Fact]
    public void The_stretches_that_explain_a_fee_never_overlap_and_give_the_very_fee() =>
        Debts.Sample(debt =>
        {
            var stretches = LateFeeDays.Of(Due.AddDays(debt.Days), Due, new(debt.Principal), debt.Terms.GraceDays, debt.Payments, debt.Stops);
            Int128 fenDays = 0;
            foreach (var stretch in stretches) fenDays += stretch.FenDays;
            var cap = (Int128)debt.Principal * debt.Terms.CapPercent * 10_000;
            var fee = Fen.Round(Int128.Min(fenDays * debt.Terms.RatePerMillion, cap), 1_000_000).Value - debt.Settled;
            return debt.AsOf(debt.Days).Value == Math.Max(0, fee)
                && stretches.Zip(stretches.Skip(1)).All(two => two.First.Days.To < two.Second.Days.From && two.First.Open != Fen.Zero);
        });

    [Fact]
    public void A_court_leaves_1_3_times_what_a_loan_would_have_cost_on_the_same_days()
    {
        LateFeeStretch[] days = [new(new(new(2026, 1, 1), new(2026, 3, 14)), new(1_000_000), false),
            new(new(new(2026, 3, 15), new(2026, 4, 1)), new(1_000_000), true)];

        Assert.Equal(new Fen(7_800), LateFeeDays.CourtSafe(days, [new(new(2025, 5, 20), 30_000)]));
        Assert.Equal(new Fen(5_200), LateFeeDays.CourtSafe(days, [new(new(2026, 1, 1), 20_000), new(new(2026, 3, 20), 90_000)]));
        Assert.Null(LateFeeDays.CourtSafe(days, [new(new(2026, 1, 2), 30_000)]));
        Assert.Null(LateFeeDays.CourtSafe(days, []));
        Assert.Equal(Fen.Zero, LateFeeDays.CourtSafe([], []));
    }

    [Fact]
    public void The_court_safe_figure_never_falls_as_days_pass_and_every_day_counts_at_the_rate_that_held_on_it() =>
        Gen.Select(Debts, Gen.Select(Gen.Int[-30, 300], Gen.Int[0, 60_000]).Array[0, 5]).Sample((debt, changes) =>
        {
            LoanRate[] rates = [new(Due.AddDays(-50), 30_000),
                .. changes.DistinctBy(c => c.Item1).Select(c => new LoanRate(Due.AddDays(c.Item1), c.Item2))];
            Fen Safe(int days) => LateFeeDays.CourtSafe(
                LateFeeDays.Of(Due.AddDays(days), Due, new(debt.Principal), debt.Terms.GraceDays, debt.Payments, debt.Stops), rates)!.Value;
            Int128 sum = 0;
            for (var day = debt.Terms.GraceDays + 1; day <= debt.Days; day++)
            {
                var date = Due.AddDays(day);
                if (debt.Stops.Any(stop => stop.Contains(date))) continue;
                var open = Math.Max(0, debt.Principal - debt.Payments.Where(payment => payment.Date < date).Sum(payment => payment.Lowers));
                sum += (Int128)open * rates.Where(rate => rate.From <= date).MaxBy(rate => rate.From).MillionthsAYear;
            }
            return Safe(debt.Days) <= Safe(debt.Days + 1) && Safe(debt.Days) == Fen.Round(sum * 13, (Int128)3_650_000_000);
        });
}
