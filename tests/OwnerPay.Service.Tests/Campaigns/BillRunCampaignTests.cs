using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Campaigns;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Campaigns;

public sealed class BillRunCampaignTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Staff_see_person_by_person_what_became_of_the_messages_of_a_bill_run(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        var (reached, silent) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        await reached.Allow(template);

        var run = await estate.IssueBills();
        await estate.UntilDelivered(2);

        var campaign = Assert.Single((await estate.Manager.Get(estate.Path + "/campaigns")).Done()["items"].AsArray())!;
        Assert.Equal(run, campaign["subjectId"]!.GetValue<Guid>());
        Assert.Equal((3, 1, 1, 1, 0, 0),
            (Count("persons"), Count("inboxOnly"), Count("sent"), Count("noPermission"), Count("failed"), Count("waiting")));
        var results = (await estate.Clerk.Get($"{estate.Path}/campaigns/{campaign["id"]!.GetValue<Guid>()}/results")).Done()["items"].AsArray()
            .ToDictionary(row => Text(row!, "houseCode"), row => $"{Text(row!, "state")} {Text(row!, "name")}{Text(row!, "reason", " ")}");
        Assert.Equal("sent 业**", results[estate.Houses[0].Code]);
        Assert.Equal("noPermission 业** no_grant", results[estate.Houses[1].Code]);
        Assert.Equal("inboxOnly 业**", results[estate.Houses[2].Code]);
        Assert.Single(await silent.Inbox());
        Assert.Empty(await estate.Broken());

        int Count(string name) => campaign[name]!.GetValue<int>();
        static string Text(JsonNode row, string name, string before = "") => row[name] is { } value ? before + value.GetValue<string>() : "";
    }

    [Theory, EachDatabase]
    public async Task The_buyer_of_a_house_neither_hears_nor_sees_what_the_seller_owes(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        var (house, buyerOf) = (estate.Houses[0], estate.Houses[1]);
        var sold = new DateOnly(2026, 12, 5);
        await estate.Installation.Db(async db =>
        {
            await db.Tenures.Where(t => t.HouseId == house.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.To, sold));
            await db.LiableParties.Where(p => p.HouseId == house.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.To, sold));
            db.Add(new Tenure
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = house.Id, PersonId = buyerOf.PersonId,
                Kind = TenureKind.Owner, From = sold.AddDays(1),
            });
            db.Add(new LiableParty
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = house.Id, Kind = PartyKind.Owners,
                From = sold.AddDays(1)
            });
            return await db.SaveChangesAsync();
        });
        await estate.SetTariffs();
        await estate.SetTemplates();
        var (seller, buyer) = (await estate.SignIn(house), await estate.SignIn(buyerOf));

        await estate.IssueBills(from: "2026-11-01", to: "2026-11-30");
        await estate.UntilDelivered(2);

        var (sellers, buyers) = ((await seller.Api.Get($"/houses/{house.Id}/home")).Done(), (await buyer.Api.Get($"/houses/{house.Id}/home")).Done());
        Assert.Single(sellers["bills"].AsArray());
        Assert.Equal(1, sellers["unreadMessages"].GetValue<int>());
        Assert.Empty(buyers["bills"].AsArray());
        Assert.Equal(0, buyers["openFen"].GetValue<long>());
        Assert.Equal(0, buyers["unreadMessages"].GetValue<int>());
        Assert.Empty((await buyer.Api.Get($"/houses/{house.Id}/messages")).Done()["items"].AsArray());
    }

    // The community came from a header and anybody could name another one.
    [Theory, EachDatabase]
    [Trait("Incident", "34")]
    public async Task Staff_of_one_community_find_no_campaign_of_another(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await using var other = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        await estate.IssueBills();
        await Estate.Eventually(
            async () => (await estate.Manager.Get(estate.Path + "/campaigns")).Done()["items"].AsArray().Count == 1, "the campaign is there");
        var campaign = (await estate.Manager.Get(estate.Path + "/campaigns")).Done()["items"][0]!["id"]!.GetValue<Guid>();

        Assert.Equal(404, (await other.Manager.Get(estate.Path + "/campaigns")).Status);
        Assert.Equal(404, (await other.Manager.Get($"{estate.Path}/campaigns/{campaign}/results")).Status);
        Assert.Equal("campaign_not_found", (await other.Manager.Get($"{other.Path}/campaigns/{campaign}/results")).Code);
        Assert.Empty((await other.Manager.Get(other.Path + "/campaigns")).Done()["items"].AsArray());
    }

    // A reminder said "overdue" 26 days before the due date.
    [Theory]
    [InlineData("2026-12-05", "待缴费")]
    [InlineData("2026-12-31", "待缴费")]
    [InlineData("2027-01-01", "已过期限")]
    [Trait("Incident", "28")]
    public void A_message_says_overdue_from_the_day_after_the_due_date_and_not_26_days_before(string today, string stage) =>
        Assert.Equal(stage, BillIssuedMessage.Stage(new DateOnly(2026, 12, 31),
            DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture)));
}
