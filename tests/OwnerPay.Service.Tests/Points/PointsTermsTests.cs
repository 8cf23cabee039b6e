using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Points;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Rewards;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Points;

public sealed class PointsTermsTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_clerk_gives_points_alone_up_to_the_limit_of_the_day_and_the_rest_needs_a_second_person(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        var owner = await estate.SignIn(estate.Houses[0]);
        Task<Answer> Grant(long points, string house, string reason = "参加志愿服务", string? key = null) =>
            estate.Clerk.Post(estate.Path + "/points/grants", new { houseCode = house, points, reason }, key);

        Assert.Equal("granted", (await Grant(300, estate.Houses[0].Code, key: "grant-once-1")).Done()["state"].GetValue<string>());
        Assert.Equal("granted", (await Grant(300, estate.Houses[0].Code, key: "grant-once-1")).Done()["state"].GetValue<string>());    // a second tap
        var both = await Task.WhenAll(Grant(200, estate.Houses[1].Code), Grant(200, estate.Houses[1].Code));    // together above the limit of 500
        Assert.Equal(["granted", "proposed"], both.Select(answer => answer.Done()["state"].GetValue<string>()).Order());
        Assert.Equal("validation_failed", (await Grant(10, estate.Houses[0].Code, "好")).Code);
        Assert.Equal("house_code_unknown", (await Grant(10, "9-9-9")).Code);
        Assert.Equal("person_not_of_house", (await estate.Clerk.Post(estate.Path + "/points/grants",
            new { houseCode = estate.Houses[0].Code, points = 5, reason = "参加志愿服务", personId = estate.Houses[1].PersonId })).Code);
        Assert.Equal(500, await estate.PointsHeld());
        await estate.ApproveAll(estate.Finance);
        Assert.Equal(700, await estate.PointsHeld());

        var statement = (await owner.Api.Get(owner.Path + "/points")).Done();
        Assert.Equal((300, 300), (statement["balance"].GetValue<long>(), statement["sums"]["earned"]!.GetValue<long>()));
        Assert.Equal("参加志愿服务", statement["items"][0]!["note"]!.GetValue<string>());
        Assert.Equal(3, (await estate.Manager.Get(estate.Path + "/points/grants")).Done()["items"].AsArray().Count);
        await ReportTells(estate);
        Assert.Empty(await estate.Verify());
    }

    /// <summary>The declared cost is a rule that two people set, and the report follows it.</summary>
    static async Task ReportTells(Estate estate)
    {
        var report = (await estate.Finance.Get(estate.Path + "/points/report")).Done();
        Assert.Equal((700, 700, 2), (report["outstanding"].GetValue<long>(), report["costFen"].GetValue<long>(), report["holders"].GetValue<int>()));
        (await estate.Manager.Post(estate.Path + "/points/terms", new { costFenPerHundred = 250, grantLimit = 0 })).Done();
        Assert.Equal("points_terms_waiting", (await estate.Manager.Post(estate.Path + "/points/terms", new { streakTimes = 3 })).Code);
        Assert.Equal(700, (await estate.Finance.Get(estate.Path + "/points/report")).Done()["costFen"].GetValue<long>());
        await estate.ApproveAll(estate.Finance);
        report = (await estate.Finance.Get(estate.Path + "/points/report")).Done();
        Assert.Equal((1_750, 1), (report["costFen"].GetValue<long>(),
            (await estate.Clerk.Get(estate.Path + "/points/terms")).Done()["inForce"]["version"]!.GetValue<int>()));
        var alone = await estate.Clerk.Post(estate.Path + "/points/grants", new { houseCode = estate.Houses[0].Code, points = 1, reason = "限额已改为零" });
        Assert.Equal("proposed", alone.Done()["state"].GetValue<string>());
    }

    // An owner who paid three years in time was promised twice the points, and the company forgot.
    [Theory, EachDatabase]
    public async Task Three_years_in_time_earn_twofold_in_the_fourth_until_a_bill_is_late(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2023-06-01", "10:00"));
        await using var estate = await Estate.Create(installation, houses: 2);
        await estate.SetTariffs();
        var (faithful, late) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        for (var year = 2023; year <= 2026; year++)
        {
            if (year > 2023)
            {
                installation.Clock.MoveTo(Mornings.At($"{year}-06-01", "10:00"));
                (faithful, late) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
            }
            await estate.IssueBills($"{year}-06-01", $"{year}-06-30", $"{year}-06-30");
            await faithful.PayAll();
            if (year == 2024) installation.Clock.MoveTo(Mornings.At("2024-07-01", "10:00"));
            await late.PayAll();
        }

        var earned = await installation.Db(db => db.PointsLots.Where(l => l.CommunityId == estate.CommunityId).OrderBy(l => l.CreatedAt)
            .Select(l => new { l.PersonId, l.Earned, l.CreatedAt }).ToListAsync());
        Assert.Equal([250, 250, 250, 500], earned.Where(l => l.PersonId == estate.Houses[0].PersonId).Select(l => l.Earned));    // 250.88 yuan
        // nothing for the late one
        Assert.Equal([251, 251, 251], earned.Where(l => l.PersonId == estate.Houses[1].PersonId).Select(l => l.Earned));
        var streak = (await faithful.Api.Get(faithful.Path + "/points/streak")).Done();
        Assert.Equal((3, 2), (streak["years"].GetValue<int>(), streak["times"].GetValue<int>()));
        Assert.Equal(1, (await late.Api.Get(late.Path + "/points/streak")).Done()["years"].GetValue<int>());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Who_holds_points_that_expire_soon_is_told_once_and_who_spent_them_is_not(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await estate.GivePoints(owner, 300);
        await estate.GivePoints(owners[0], 200);
        var soon = new DateOnly(2026, 12, 31);
        var persons = owners.Take(2).Select(owner => owner.House.PersonId).ToList();
        await estate.Installation.Db(db => db.PointsLots.Where(l => persons.Contains(l.PersonId)).ExecuteUpdateAsync(set => set
            .SetProperty(l => l.ExpiresOn, soon)));
        var gift = await estate.AddReward(stock: 5, costPoints: 300);
        (await owners[1].Redeem(gift)).Done();

        foreach (var instance in estate.Installation.Instances.Concat(estate.Installation.Instances))
        {
            await using var scope = instance.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RemindExpiringPoints>().Run(default);
        }

        var told = (await owners[0].Api.Get(owners[0].Path + "/messages")).Done()["items"].AsArray();
        Assert.Equal("points.expiring", Assert.Single(told)!["kind"]!.GetValue<string>());
        foreach (var owner in owners.Skip(1)) Assert.Empty((await owner.Api.Get(owner.Path + "/messages")).Done()["items"].AsArray());
        var values = await estate.Installation.Db(async db =>
        {
            var message = await db.Messages.AsNoTracking().SingleAsync(m => m.CommunityId == estate.CommunityId);
            return await new PointsExpiringMessage(db).Values(message, default);
        });
        Assert.Equal(("500", "2026年12月31日"), (values["points"], values["lastDay"]));
    }
}
