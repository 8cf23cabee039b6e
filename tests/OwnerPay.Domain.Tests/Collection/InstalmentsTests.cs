using CsCheck;
using OwnerPay.Domain.Collection;

namespace OwnerPay.Domain.Tests.Collection;

public sealed class InstalmentsTests
{
    static readonly DateOnly Start = new(2026, 1, 10);

    sealed record Plan(InstalmentPart[] Parts, int Grace, InstalmentMove[] Moves, int Days)
    {
        public InstalmentStanding AsOf(int days) => Instalments.AsOf(Start.AddDays(days), Parts, Grace, Moves);
        public long Total => Parts.Sum(part => part.Amount.Value);
    }

    static readonly Gen<InstalmentMove> Moves = Gen.Select(Gen.Int[0, 200], Gen.Long[-300, 900], (day, fen) =>
        new InstalmentMove(Start.AddDays(day), fen));
    static readonly Gen<Plan> Plans = Gen.Select(Gen.Select(Gen.Int[1, 40], Gen.Long[1, 1_000]).Array[1, 6], Gen.Int[0, 10], Moves.Array[0, 10],
        Gen.Int[0, 250],
        (parts, grace, moves, days) =>
        {
            var day = 0;
            return new Plan([.. parts.Select(part => new InstalmentPart(Start.AddDays(day += part.Item1), new(part.Item2)))], grace, moves, days);
        });

    /// <summary>The definition, day by day.</summary>
    static InstalmentStanding DayByDay(Plan plan)
    {
        var settled = 0L;
        for (var day = 0; day <= plan.Days; day++)
        {
            var date = Start.AddDays(day);
            // A part is missed on the day after its last one: what comes on that day is too late.
            foreach (var part in plan.Parts.Where(part => part.DueOn.AddDays(plan.Grace + 1) == date))
                if (settled < plan.Parts.Where(p => p.DueOn <= part.DueOn).Sum(p => p.Amount.Value)) return new(InstalmentState.Missed, part.DueOn,
                    settled);
            settled += plan.Moves.Where(move => move.On == date).Sum(move => move.Fen);
            if (settled >= plan.Total) return new(InstalmentState.Completed, date, settled);
        }
        return new(InstalmentState.Kept, null, settled);
    }

    [Fact]
    public void A_plan_is_kept_missed_or_completed_as_living_through_it_day_by_day_shows() =>
        Plans.Sample(plan => plan.AsOf(plan.Days).Equals(DayByDay(plan)));

    [Fact]
    public void What_ended_a_plan_once_ends_it_for_ever() =>
        Gen.Select(Plans, Gen.Int[0, 100]).Sample((plan, later) =>
            plan.AsOf(plan.Days) is var then && (then.State == InstalmentState.Kept || plan.AsOf(plan.Days + later).Equals(then)));

    [Fact]
    public void Who_pays_more_or_is_given_more_grace_never_stands_worse() =>
        Gen.Select(Plans, Gen.Int[0, 200], Gen.Long[0, 900]).Sample((plan, day, fen) =>
            plan.AsOf(plan.Days).State == InstalmentState.Missed
            || (plan with { Moves = [.. plan.Moves, new(Start.AddDays(day), fen)] }).AsOf(plan.Days).State != InstalmentState.Missed);

    [Fact]
    public void A_part_may_be_late_by_the_grace_and_not_by_a_day_more()
    {
        InstalmentPart[] parts = [new(new(2026, 1, 10), new(300)), new(new(2026, 2, 10), new(300))];
        InstalmentStanding Of(DateOnly paidOn, DateOnly asOf) => Instalments.AsOf(asOf, parts, 5, [new(paidOn, 300)]);

        Assert.Equal(InstalmentState.Kept, Of(new(2026, 1, 15), new(2026, 1, 31)).State);
        Assert.Equal(InstalmentState.Kept, Of(new(2026, 1, 16), new(2026, 1, 15)).State);
        Assert.Equal(new InstalmentStanding(InstalmentState.Missed, new(2026, 1, 10), 0), Of(new(2026, 1, 16), new(2026, 1, 16)));
        Assert.Equal((InstalmentState.Completed, new DateOnly(2026, 1, 12)),
            Instalments.AsOf(new(2026, 3, 1), parts, 0, [new(new(2026, 1, 9), 300), new(new(2026, 1, 12), 300)]) is var all ? (all.State, all.On)
                : default);
    }

    [Fact]
    public void A_plan_that_makes_no_sense_is_refused()
    {
        static string Code(params InstalmentPart[] parts) => Assert.Throws<RuleRefusal>(() => Instalments.AsOf(Start, parts, 0, [])).Code;

        Assert.Equal(RuleCodes.NoBasis, Code());
        Assert.Equal(RuleCodes.NegativeAmount, Code(new InstalmentPart(Start, Fen.Zero)));
        Assert.Equal(RuleCodes.RangeReversed, Code(new InstalmentPart(Start, new(5)), new InstalmentPart(Start, new(5))));
    }

    [Fact]
    public void A_part_is_named_from_some_days_before_its_date_with_what_is_missing_and_never_after_it_came()
    {
        InstalmentPart[] parts = [new(Start, new(30_000)), new(Start.AddDays(31), new(30_000))];
        (int, Fen)? On(int days, params InstalmentMove[] moves) => Instalments.Coming(Start.AddDays(days), parts, 5, moves, daysAhead: 3);

        Assert.Null(On(-4));
        Assert.Equal((0, new Fen(30_000)), On(-3));
        Assert.Equal((0, new Fen(20_000)), On(0, new InstalmentMove(Start.AddDays(-10), 10_000)));
        Assert.Null(On(-1, new InstalmentMove(Start.AddDays(-2), 30_000)));
        Assert.Equal((1, new Fen(25_000)), On(28, new InstalmentMove(Start, 35_000)));
        Assert.Null(On(28));    // the first part was missed: the plan is over
    }

    [Fact]
    public void What_is_said_to_be_missing_is_what_would_keep_the_plan() => Gen.Select(Plans, Gen.Int[0, 30]).Sample((plan, ahead) =>
    {
        var today = Start.AddDays(plan.Days);
        if (Instalments.Coming(today, plan.Parts, plan.Grace, plan.Moves, ahead) is not { } coming) return;
        Assert.Equal(InstalmentState.Kept, plan.AsOf(plan.Days).State);
        Assert.InRange(plan.Parts[coming.Part].DueOn.DayNumber - today.DayNumber, 0, ahead);
        Assert.True(coming.Missing > Fen.Zero);
        Assert.Equal(plan.Parts.Take(coming.Part + 1).Sum(part => part.Amount.Value), plan.AsOf(plan.Days).SettledFen + coming.Missing.Value);
    });
}
