using CsCheck;
using OwnerPay.Domain.Points;

namespace OwnerPay.Domain.Tests.Points;

public sealed class PointsTests
{
    static readonly DateOnly Today = new(2026, 3, 15);

    static readonly Gen<PointsLot[]> Lots = Gen.Select(Gen.Long[-50, 300], Gen.OneOf(-1, 0, 0, 1, 30, 700)).Array[0, 12].Select(drawn =>
        drawn.Select((lot, index) => new PointsLot($"P{index}", lot.Item1, Today.AddDays(lot.Item2))).ToArray());

    [Fact]
    public void Points_never_come_from_nowhere_and_what_expires_first_goes_first() => Gen.Select(Lots, Gen.Long[0, 1_500]).Sample((lots, points) =>
    {
        var spendable = PointsLots.Spendable(Today, lots);
        if (points > spendable)
        {
            Assert.Equal("insufficient_points", Assert.Throws<RuleRefusal>(() => PointsLots.Spend(Today, points, lots)).Code);
            return;
        }
        var taken = PointsLots.Spend(Today, points, lots);
        var byId = lots.ToDictionary(lot => lot.Id);

        Assert.Equal(points, taken.Sum(part => part.Points));
        Assert.All(taken, part => Assert.InRange(part.Points, 1, byId[part.Lot].Points));
        Assert.All(taken, part => Assert.True(byId[part.Lot].Expires >= Today));
        Assert.All(taken.SkipLast(1), part => Assert.Equal(byId[part.Lot].Points, part.Points));
        var spent = taken.Select(part => part.Lot).ToHashSet();
        Assert.All(lots.Where(lot => lot.Points > 0 && lot.Expires >= Today && !spent.Contains(lot.Id)),
            kept => Assert.All(taken, part => Assert.True(byId[part.Lot].Expires <= kept.Expires)));
    });

    [Fact]
    public void Of_lots_that_expire_together_the_lower_id_goes_first_letter_by_letter() =>
        Assert.Equal([new("P10", 5), new PointsTaken("P2", 1)], PointsLots.Spend(Today, 6, [new("P2", 9, Today), new("P10", 5, Today)]));

    [Fact]
    public void More_points_in_lots_than_a_number_holds_can_still_be_spent_from() =>
        Assert.Equal([new PointsTaken("P1", long.MaxValue)],
            PointsLots.Spend(Today, long.MaxValue, [new("P1", long.MaxValue, Today), new("P2", long.MaxValue, Today)]));

    [Theory]
    [InlineData("2026-01-10", "2028-01-31")]
    [InlineData("2026-02-10", "2028-02-29")]
    [InlineData("2024-02-29", "2026-02-28")]
    [InlineData("2026-12-31", "2028-12-31")]
    public void Points_live_to_the_end_of_the_month_24_months_on(string earned, string last) =>
        Assert.Equal(DateOnly.ParseExact(last, "O", null), PointsExpiry.Of(DateOnly.ParseExact(earned, "O", null)));

    [Fact]
    public void An_owner_earns_a_point_for_each_whole_yuan_that_he_pays_in_time_on_fees_of_the_company()
    {
        PaidPrincipal InTime(long fen) => new(new(fen), true, Today);

        Assert.Equal(2, PointsEarned.For(Today, [InTime(160), InTime(60)]));
        Assert.Equal(0, PointsEarned.For(Today, [InTime(99)]));
        Assert.Equal(0, PointsEarned.For(Today.AddDays(1), [InTime(10_000)]));
        Assert.Equal(0, PointsEarned.For(Today, [new(new(10_000), false, Today)]));
        Assert.Equal(4, PointsEarned.For(Today, [InTime(299)], times: 2));
        Assert.Equal(0, PointsEarned.For(Today, []));
        Assert.Equal("negative_amount", Assert.Throws<RuleRefusal>(() => PointsEarned.For(Today, [InTime(-1)])).Code);
    }
}
