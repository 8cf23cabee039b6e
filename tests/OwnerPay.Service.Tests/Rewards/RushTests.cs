using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Rewards;

/// <summary>Everybody wants the last gifts at the same moment.</summary>
public sealed class RushTests(Servers servers)
{
    [Fact]
    [Trait("Incident", "14")]
    public async Task When_all_owners_rush_over_two_instances_as_many_win_as_there_are_gifts_and_every_other_reads_that_it_is_gone()
    {
        const int houses = 1_000, gifts = 100;
        await using var estate = await servers.Estate(Database.MariaDb, houses);
        var gift = await estate.AddReward(gifts, costPoints: 500);
        var owners = new List<TestOwner>();
        foreach (var page in estate.Houses.Select((house, at) => (house, at)).Chunk(50))
            owners.AddRange(await Task.WhenAll(page.Select(each => estate.SignIn(each.house, each.at % 2))));
        await estate.GivePoints(owners, 500);

        var keys = owners.Select((_, at) => $"rush-{at:D6}").ToList();
        var answers = await Task.WhenAll(owners.Select((owner, at) => owner.Redeem(gift, keys[at])));

        Assert.Equal(gifts, answers.Count(answer => answer.Status == 201));
        Assert.Equal(houses - gifts, answers.Count(answer => answer is { Status: 409, Code: "reward_out_of_stock" }));
        Assert.Equal((houses - gifts) * 500L, await estate.PointsHeld());
        var won = answers.Index().Where(each => each.Item.Status == 201).Take(10).ToList();
        foreach (var (at, answer) in won)    // a winner's phone repeats the tap while everybody else is sent away
            Assert.Equal(answer["pickUpCode"].GetValue<string>(), (await owners[at].Redeem(gift, keys[at])).Done()["pickUpCode"].GetValue<string>());
        var first = won[0];
        (await owners[first.Index].Api.Post($"{owners[first.Index].Path}/redemptions/{first.Item["redemptionId"].GetValue<Guid>()}/cancel")).Done();
        var late = owners.Zip(answers).First(each => each.Second.Status != 201).First;
        (await late.Redeem(gift)).Done();    // what comes back is there for the next one, at once
        Assert.Empty(await estate.Verify());
    }
}
