using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Points;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Rewards;

public sealed class RewardTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task When_twelve_owners_rush_for_the_last_three_gifts_three_get_one_and_nobody_else_loses_points(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 12);
        var gift = await AddReward(estate, stock: 3, costPoints: 500);
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await Give(estate, owner, 500);

        var answers = await Task.WhenAll(owners.Select(owner => Redeem(owner, gift)));

        Assert.Equal(3, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("reward_out_of_stock", answer.Code));
        Assert.Equal(9 * 500, await PointsOf(estate));
        Assert.Empty(await estate.Verify());
    }

    // Limits that are checked by reading first give two gifts to whoever taps twice.
    [Theory, EachDatabase]
    public async Task Ten_taps_at_once_by_one_owner_with_a_limit_of_one_give_one_gift(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var gift = await AddReward(estate, stock: 50, costPoints: 100);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 5_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Redeem(owner, gift)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(9, answers.Count(answer => answer.Code == "reward_limit_reached"));
        Assert.Equal(4_900, await PointsOf(estate));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_tap_that_the_phone_repeats_twelve_times_is_one_redemption_with_one_answer(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var gift = await AddReward(estate, stock: 5, costPoints: 100, limit: 5);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 1_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Redeem(owner, gift, key: "the-same-tap-1")));

        Assert.Single(answers.Select(answer => answer["redemptionId"].GetValue<Guid>()).Distinct());
        Assert.Equal(900, await PointsOf(estate));
        var other = await owner.Api.Post(owner.Path + "/redemptions", new { rewardId = Guid.CreateVersion7() }, "the-same-tap-1");
        Assert.Equal("idempotency_key_reused", other.Code);
    }

    [Theory, EachDatabase]
    public async Task An_owner_who_cancels_gets_his_points_back_once_and_the_piece_returns_to_the_shelf(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var gift = await AddReward(estate, stock: 1, costPoints: 300);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 300);
        var redemption = (await Redeem(owner, gift)).Done()["redemptionId"].GetValue<Guid>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => owner.Api.Post($"{owner.Path}/redemptions/{redemption}/cancel")));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(300, await PointsOf(estate));
        (await Redeem(owner, gift)).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_gift_is_handed_out_once_and_a_fetched_one_cannot_be_cancelled(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var gift = await AddReward(estate, stock: 2, costPoints: 300);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 300);
        var redemption = (await Redeem(owner, gift)).Done();
        var code = redemption["pickUpCode"].GetValue<string>();

        var first = await estate.Clerk.Post(estate.Path + "/redemptions/fulfil", new { pickUpCode = code });
        var second = await estate.Clerk.Post(estate.Path + "/redemptions/fulfil", new { pickUpCode = code });
        var cancelled = await owner.Api.Post($"{owner.Path}/redemptions/{redemption["redemptionId"].GetValue<Guid>()}/cancel");

        Assert.Equal(200, first.Status);
        Assert.DoesNotContain(estate.Houses[0].OwnerName, first.Body!.ToJsonString());
        Assert.Equal("redemption_ended", second.Code);
        Assert.Equal("redemption_ended", cancelled.Code);
        Assert.Equal("pick_up_code_unknown", (await estate.Clerk.Post(estate.Path + "/redemptions/fulfil", new { pickUpCode = code == "00000000" ? "11111111" : "00000000" })).Code);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Whoever_has_too_few_points_or_asks_for_another_estates_gift_is_refused_and_loses_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await using var elsewhere = await servers.Estate(database, houses: 1);
        var gift = await AddReward(estate, stock: 2, costPoints: 300);
        var foreign = await AddReward(elsewhere, stock: 2, costPoints: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 299);

        Assert.Equal("points_insufficient", (await Redeem(owner, gift)).Code);
        Assert.Equal("reward_not_offered", (await Redeem(owner, foreign)).Code);
        Assert.Equal(299, await PointsOf(estate));
        Assert.Equal(2, (await owner.Api.Get(owner.Path + "/rewards")).Done()["items"][0]!["stockLeft"]!.GetValue<int>());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task An_owner_reads_a_week_ahead_when_a_rush_begins_and_a_tap_before_it_takes_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);    // today is 2026-12-10
        static object From(string code, string from) => new
        {
            code, name = "限量生肖杯", description = "", costPoints = 100, stock = 5, limitPerPerson = 1, from, to = "2027-01-31", pickUpDays = 7, pickUpPlace = "物业服务中心",
        };
        var ids = (await estate.Manager.Post(estate.Path + "/rewards", new { rewards = new[] { From("rush", "2026-12-17"), From("later", "2026-12-18") } })).Done();
        await estate.ApproveAll(estate.Finance);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 300);

        var shown = Assert.Single((await owner.Api.Get(owner.Path + "/rewards")).Done()["items"].AsArray())!;

        Assert.Equal(("2026-12-17", false), (shown["from"]!.GetValue<string>(), shown["open"]!.GetValue<bool>()));
        Assert.Equal("reward_not_open", (await Redeem(owner, ids["rewardIds"][0]!.GetValue<Guid>())).Code);
        Assert.Equal(300, await PointsOf(estate));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_rush_begins_at_its_hour_and_whoever_tapped_too_early_gets_his_piece_by_the_same_tap(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "09:58"));
        await using var estate = await Estate.Create(installation, houses: 1);
        var ids = (await estate.Manager.Post(estate.Path + "/rewards", new
        {
            rewards = new[]
            {
                new
                {
                    code = "rush", name = "限量生肖杯", description = "", costPoints = 100, stock = 5, limitPerPerson = 1, from = "2026-12-10", opensAt = "10:00", to = "2027-01-31",
                    pickUpDays = 7, pickUpPlace = "物业服务中心",
                },
            },
        })).Done();
        await estate.ApproveAll(estate.Finance);
        var (gift, owner) = (ids["rewardIds"][0]!.GetValue<Guid>(), await estate.SignIn(estate.Houses[0]));
        await Give(estate, owner, 300);
        async Task<(string, bool)> Shown()
        {
            var shown = Assert.Single((await owner.Api.Get(owner.Path + "/rewards")).Done()["items"].AsArray())!;
            return (shown["opensAt"]!.GetValue<string>(), shown["open"]!.GetValue<bool>());
        }

        var before = await Shown();
        var early = await owner.Redeem(gift, "the-same-tap-1");
        installation.Clock.MoveTo(Mornings.At("2026-12-10", "10:00"));
        var after = await Shown();
        var taken = await owner.Redeem(gift, "the-same-tap-1");

        Assert.Equal((("2026-12-10T10:00:00.000+08:00", false), ("2026-12-10T10:00:00.000+08:00", true)), (before, after));
        Assert.Equal((409, "reward_not_open", "12月10日 10:00 开放，请届时再来"), (early.Status, early.Code, early["detail"].GetValue<string>()));
        Assert.Equal(201, taken.Status);
        Assert.Equal(200, await PointsOf(estate));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_gift_that_nobody_fetches_gives_points_and_piece_back(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        var gift = await AddReward(estate, stock: 1, costPoints: 300);
        var owner = await estate.SignIn(estate.Houses[0]);
        await Give(estate, owner, 300);
        (await Redeem(owner, gift)).Done();

        installation.Clock.Advance(TimeSpan.FromDays(8));

        await Estate.Eventually(async () => await PointsOf(estate) == 300, "the points are back");
        await Estate.Eventually(async () => (await estate.Verify()).Count == 0, "the books are right");
    }

    // Points that ran out while a gift was reserved are not the owner's fault; they came back dead elsewhere.
    [Theory, EachDatabase]
    public async Task Owners_whose_points_expire_while_a_gift_is_reserved_have_thirty_days_to_spend_them_after_cancelling(Database database)
    {
        await using var installation = await servers.Own(database, 1, null, Mornings.JobsHurry);    // the expiry comes by while they cancel
        await using var estate = await Estate.Create(installation, houses: 6);
        var gift = await AddReward(estate, stock: 9, costPoints: 300);
        var owners = await estate.SignInAll();
        var reserved = await Reserve(estate, gift, owners, lastDay: new(2026, 12, 12));

        installation.Clock.MoveTo(Mornings.At("2026-12-13", "00:00"));
        var cancelled = await Task.WhenAll(owners.Zip(reserved, (owner, redemption) => owner.Api.Post($"{owner.Path}/redemptions/{redemption}/cancel")));

        Assert.All(cancelled, answer => Assert.Equal(300, answer.Done()["pointsReturned"].GetValue<long>()));
        await Estate.Eventually(async () => await PointsOf(estate) == 6 * 300, "what was not spent has expired");
        foreach (var owner in owners)
        {
            var statement = (await owner.Api.Get(owner.Path + "/points")).Done();
            Assert.Equal((300, "2027-01-12"), (statement["balance"].GetValue<long>(), statement["lots"][0]!["expiresOn"]!.GetValue<string>()));
        }
        installation.Clock.MoveTo(Mornings.At("2027-01-12", "23:59"));
        (await Redeem(owners[0], gift)).Done();
        installation.Clock.MoveTo(Mornings.At("2027-01-13", "00:00"));
        Assert.Equal("points_insufficient", (await Redeem(owners[1], gift)).Code);
        await Estate.Eventually(async () => await PointsOf(estate) == 0, "the days of grace are over");
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task An_owner_who_cancels_before_the_expiry_has_come_by_gets_back_what_he_spent_and_not_what_had_expired(Database database)
    {
        await using var installation = await servers.Own(database, 1, null, Mornings.JobsSleep);
        await using var estate = await Estate.Create(installation, houses: 1);
        var gift = await AddReward(estate, stock: 9, costPoints: 300);
        var owner = await estate.SignIn(estate.Houses[0]);
        var reserved = await Reserve(estate, gift, [owner], lastDay: new(2026, 12, 12));

        installation.Clock.MoveTo(Mornings.At("2026-12-14", "09:00"));
        (await owner.Api.Post($"{owner.Path}/redemptions/{reserved[0]}/cancel")).Done();

        Assert.Equal(300, await PointsOf(estate));
        var statement = (await owner.Api.Get(owner.Path + "/points")).Done();
        Assert.Equal("2027-01-13", statement["lots"][0]!["expiresOn"]!.GetValue<string>());
        Assert.Equal([-300, -200, 300, 500], statement["items"].AsArray().Select(item => item!["delta"]!.GetValue<long>()).Order());
        Assert.Empty(await estate.Verify());
    }

    /// <summary>Each owner holds 500 points that are good until a day, and reserves the gift for 300 of them.</summary>
    static async Task<List<Guid>> Reserve(Estate estate, Guid gift, TestOwner[] owners, DateOnly lastDay)
    {
        var reserved = new List<Guid>();
        foreach (var owner in owners)
        {
            await Give(estate, owner, 500);
            await estate.Installation.Db(db => db.PointsLots.Where(lot => lot.PersonId == owner.House.PersonId)
                .ExecuteUpdateAsync(set => set.SetProperty(lot => lot.ExpiresOn, lastDay)));
            reserved.Add((await Redeem(owner, gift)).Done()["redemptionId"].GetValue<Guid>());
        }
        return reserved;
    }

    [Theory, EachDatabase]
    public async Task The_manager_who_proposed_a_reward_cannot_approve_it_himself(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await Propose(estate, 1, 100, 1);

        var waiting = (await estate.Manager.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray();
        var answer = await estate.Manager.Post($"{estate.Path}/approvals/{waiting[0]!["id"]!.GetValue<Guid>()}/approve", new { note = "自批" });

        Assert.Equal(403, answer.Status);
    }

    static Task<Guid> AddReward(Estate estate, int stock, long costPoints, int limit = 1) => estate.AddReward(stock, costPoints, limit);

    static Task<Guid> Propose(Estate estate, int stock, long costPoints, int limit) => estate.ProposeReward(stock, costPoints, limit);

    static Task<Answer> Redeem(TestOwner owner, Guid reward, string? key = null) => owner.Redeem(reward, key);

    static Task Give(Estate estate, TestOwner owner, long points) => estate.GivePoints(owner, points);

    static Task<long> PointsOf(Estate estate) =>
        estate.Installation.Db(db => db.PointsLots.Where(lot => lot.CommunityId == estate.CommunityId).SumAsync(lot => lot.Remaining));
}
