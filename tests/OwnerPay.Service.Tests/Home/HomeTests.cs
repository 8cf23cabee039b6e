using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Home;

public sealed class HomeTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task The_start_page_adds_up_what_is_open_and_what_is_late_today(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 1);
        await estate.SetTariffs();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.IssueBills();
        await Estate.Eventually(
            async () => (await owner.Api.Get(owner.Path + "/home")).Done()["unreadMessages"].GetValue<int>() == 1, "the bill is told");

        var before = (await owner.Api.Get(owner.Path + "/home")).Done();
        // 89.60 m² at 2.80 yuan: 250.88 yuan for December.
        Assert.Equal((25_088L, 0L, 0L),
            (before["openFen"].GetValue<long>(), before["lateFeeFen"].GetValue<long>(), before["pointsBalance"].GetValue<long>()));
        Assert.False(Assert.Single(before["bills"].AsArray())!["overdue"]!.GetValue<bool>());
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 10, 0, 0, 30, TimeSpan.FromHours(8)));

        var late = (await owner.Api.Get(owner.Path + "/home")).Done();
        // Ten days at 5 in 10,000: 1.2544 yuan.
        Assert.Equal(125, late["lateFeeFen"].GetValue<long>());
        Assert.Equal("2027-01-10", late["today"].GetValue<string>());
        Assert.True(late["bills"][0]!["overdue"]!.GetValue<bool>());
    }
}
