using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Rewards;

/// <summary>Taps that come at one moment share a commit; none of them may win or lose by its neighbours.</summary>
public sealed class RedeemTogetherTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Owners_who_tap_at_one_moment_are_served_together_and_the_odd_ones_among_them_each_as_they_deserve(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 5);
        await using var elsewhere = await servers.Estate(database, houses: 1);
        var gift = await estate.AddReward(stock: 10, costPoints: 100);
        var owners = await estate.SignInAll();
        var stranger = await elsewhere.SignIn(elsewhere.Houses[0]);
        await estate.GivePoints(owners[..4], 300);
        await estate.GivePoints(owners[4], 99);
        var queue = estate.Installation.Services.GetRequiredService<RushQueue>();
        var before = Tapped(estate, owners[3], gift);
        var earlier = (await queue.Run(before)).Value;
        Tap[] taps =
        [
            Tapped(estate, owners[0], gift), Tapped(estate, owners[1], gift), Tapped(estate, owners[0], gift), before,
            Tapped(estate, owners[4], gift), Tapped(elsewhere, stranger, gift),
        ];

        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var together = await scope.ServiceProvider.GetRequiredService<RedeemTogether>().Run(taps, default);
        var each = await Task.WhenAll(taps.Select(queue.Run));

        Assert.Equal([true, true, null, null, null, null], together.Select(answer => answer?.Done));
        Assert.Equal([null, null, "reward_limit_reached", null, "points_insufficient", "reward_not_offered"], each.Select(answer => answer.Refusal?.Code));
        Assert.Equal([together[0]!.Value.Value, together[1]!.Value.Value, earlier], [each[0].Value, each[1].Value, each[3].Value]);    // told again, the same pieces
        Assert.Equal(7, await estate.Installation.Db(db => db.Rewards.Where(r => r.Id == gift).Select(r => r.StockLeft).SingleAsync()));
        Assert.Equal(4 * 300 + 99 - 3 * 100, await estate.PointsHeld());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task When_a_group_is_larger_than_what_is_left_the_first_get_it_and_the_others_keep_their_points(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 8);
        var gift = await estate.AddReward(stock: 3, costPoints: 100);
        var owners = await estate.SignInAll();
        await estate.GivePoints(owners, 100);
        var taps = owners.Select(owner => Tapped(estate, owner, gift)).ToArray();

        // Two groups that both read three pieces: one of them must look again.
        var answers = (await Task.WhenAll(taps.Chunk(4).Select(async group =>
        {
            await using var scope = estate.Installation.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<RedeemTogether>().Run(group, default);
        }))).SelectMany(group => group).ToList();

        Assert.Equal(3, answers.Count(answer => answer is { Done: true }));
        Assert.All(answers.Where(answer => answer is not { Done: true }), answer => Assert.Equal("reward_out_of_stock", answer!.Value.Refusal!.Code));
        Assert.Equal(5 * 100, await estate.PointsHeld());
        Assert.Empty(await estate.Verify());
    }

    static Tap Tapped(Estate estate, TestOwner owner, Guid reward)
    {
        var member = new Member(Guid.CreateVersion7(), owner.OpenId, "", estate.CommunityId, owner.House.PersonId, owner.House.Id, TenureKind.Owner, []);
        return new(new RedeemRequest(reward), new IdempotencyKey("test", owner.OpenId, "redeem", Guid.CreateVersion7().ToString("N")), member);
    }
}
