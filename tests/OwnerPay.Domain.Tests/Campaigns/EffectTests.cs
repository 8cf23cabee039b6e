using CsCheck;
using OwnerPay.Domain.Campaigns;

namespace OwnerPay.Domain.Tests.Campaigns;

public sealed class EffectTests
{
    static readonly Gen<(int Hits, int People)> Groups = Gen.Int[1, 300].SelectMany(people => Gen.Int[0, people].Select(hits => (hits, people)));

    // Newcombe 1998, table II, method 10.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(10, 10, 0, 20, 0.6791, 1.0000)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    public void The_difference_of_two_ratios_is_as_sure_as_the_published_examples_say(int hits, int people, int others, int otherPeople,
        decimal low, decimal high)
    {
        var interval = Effect.Difference(hits, people, others, otherPeople)!.Value;

        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void The_ratio_that_was_seen_lies_within_its_interval_and_more_people_make_it_narrower() => Groups.Sample(group =>
    {
        var (interval, ratio) = (Effect.Ratio(group.Hits, group.People), (decimal)group.Hits / group.People);
        var wider = Effect.Ratio(group.Hits * 4, group.People * 4);

        Assert.InRange(ratio, interval.Low, interval.High);
        Assert.True(interval is { Low: >= 0, High: <= 1 });
        Assert.True(wider.High - wider.Low < interval.High - interval.Low);
    });

    [Fact]
    public void Whoever_swaps_told_and_held_out_gets_the_same_answer_with_the_other_sign() => Gen.Select(Groups, Groups).Sample((told, held) =>
    {
        var (one, other) = (Effect.Difference(told.Hits, told.People, held.Hits, held.People)!.Value,
            Effect.Difference(held.Hits, held.People, told.Hits, told.People)!.Value);

        Assert.Equal((one.Low, one.High), (-other.High, -other.Low));
        Assert.InRange((decimal)told.Hits / told.People - (decimal)held.Hits / held.People, one.Low, one.High);
    });

    /// <summary>Every outcome of two groups, weighed with its probability: no simulation, no luck.</summary>
    [Theory]
    [InlineData(40, 0.5, 20, 0.3)]
    [InlineData(60, 0.9, 15, 0.7)]
    [InlineData(50, 0.2, 50, 0.2)]
    public void In_about_95_of_100_studies_the_true_difference_lies_within(int people, double ratio, int others, double otherRatio)
    {
        double covered = 0;
        for (var hits = 0; hits <= people; hits++)
            for (var otherHits = 0; otherHits <= others; otherHits++)
            {
                var interval = Effect.Difference(hits, people, otherHits, others)!.Value;
                if ((double)interval.Low <= ratio - otherRatio + 1e-12 && ratio - otherRatio - 1e-12 <= (double)interval.High)
                    covered += Chance(hits, people, ratio) * Chance(otherHits, others, otherRatio);
            }

        Assert.InRange(covered, 0.93, 0.99);
    }

    [Fact]
    public void Nobody_hears_of_a_difference_in_days_from_a_handful_of_payers_or_of_ratios_from_an_empty_group()
    {
        var (few, many) = (PaymentDays.Of(Enumerable.Range(0, 29)), PaymentDays.Of(Enumerable.Range(0, 300).Select(day => day % 10)));

        Assert.Null(Effect.DaysDifference(few, many));
        Assert.Null(Effect.DaysDifference(many, few));
        Assert.Null(Effect.Difference(0, 0, 3, 9));
        Assert.Null(PaymentDays.Of([]).Mean);
        Assert.Equal(new Interval(0, 1), Effect.Ratio(0, 0));
    }

    [Fact]
    public void The_difference_in_days_is_that_of_the_means_with_a_reach_of_two_standard_errors()
    {
        var (quick, slow) = (PaymentDays.Of(Enumerable.Range(0, 300).Select(day => day % 10)), PaymentDays.Of(Enumerable.Range(0, 300)
            .Select(day => 2 + day % 10)));
        var interval = Effect.DaysDifference(quick, slow)!.Value;

        Assert.Equal(-2m, Math.Round((interval.Low + interval.High) / 2, 10));
        Assert.Equal(1.9600m * 2 * Math.Round((decimal)Math.Sqrt(2 * 8.25 * 300 / 299 / 300), 6), Math.Round(interval.High - interval.Low, 3), 2);
    }

    [Theory]
    [InlineData(-1, 3, "negative_number")]
    [InlineData(4, 3, "percent_too_high")]
    public void More_payers_than_people_are_refused(int hits, int people, string code) =>
        Assert.Equal(code, Assert.Throws<RuleRefusal>(() => Effect.Ratio(hits, people)).Code);

    static double Chance(int hits, int people, double ratio)
    {
        double chance = 1;
        for (var at = 1; at <= hits; at++) chance *= (double)(people - hits + at) / at * ratio;
        return chance * Math.Pow(1 - ratio, people - hits);
    }
}
