using CsCheck;
using OwnerPay.Domain.Campaigns;

namespace OwnerPay.Domain.Tests.Campaigns;

public sealed class HoldOutTests
{
    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002", 7_372)]
    [InlineData("0197a1b2-c3d4-7e5f-8a6b-112233445566", "0197a1b2-c3d4-7e5f-8a6b-66554433221f", 5_375)]
    public void Anybody_who_hashes_the_two_ids_finds_the_same_house_held_out(string campaign, string house, int position)
    {
        Assert.Equal(position, HoldOut.Position(new Guid(campaign), new Guid(house)));
        Assert.False(HoldOut.Holds(new Guid(campaign), new Guid(house), Math.Min(position, HoldOut.MostShare)));
    }

    [Fact]
    public void A_larger_share_holds_out_the_same_houses_and_more_and_a_share_of_0_nobody() =>
        Gen.Select(Gen.Guid, Gen.Guid, Gen.Int[0, HoldOut.MostShare], Gen.Int[0, HoldOut.MostShare]).Sample((campaign, house, one, other) =>
        {
            Assert.False(HoldOut.Holds(campaign, house, 0));
            if (HoldOut.Holds(campaign, house, Math.Min(one, other))) Assert.True(HoldOut.Holds(campaign, house, Math.Max(one, other)));
        });

    [Fact]
    public void One_tenth_of_many_houses_is_held_out_and_another_campaign_chooses_others()
    {
        Guid Id(int number) => new(number, 0, 0, new byte[8]);
        var houses = Enumerable.Range(1, 20_000).Select(Id).ToList();
        var (first, second) = (houses.Where(h => HoldOut.Holds(Id(1), h, 1_000)).ToHashSet(), houses.Where(h => HoldOut.Holds(Id(2), h, 1_000))
            .ToHashSet());

        Assert.InRange(first.Count, 1_850, 2_150);    // 2,000 ± 3.5 standard deviations
        Assert.InRange(first.Intersect(second).Count(), 150, 250);    // a tenth of a tenth
    }

    [Theory]
    [InlineData(-1, "negative_number")]
    [InlineData(5_001, "percent_too_high")]
    public void A_share_beyond_half_of_the_people_is_refused(int share, string code) =>
        Assert.Equal(code, Assert.Throws<RuleRefusal>(() => HoldOut.Holds(Guid.Empty, Guid.Empty, share)).Code);
}
