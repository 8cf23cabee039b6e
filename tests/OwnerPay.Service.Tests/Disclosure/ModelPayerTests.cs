using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Disclosure.Models;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Disclosure;

/// <summary>Model payers: shown only as they wish, and never so that the others are known by their absence.</summary>
public sealed class ModelPayerTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_model_payer_is_shown_as_he_chose_until_he_takes_it_back_and_who_did_not_pay_or_agree_never(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 12);
        await estate.BillAll("2026-12-01", "2026-12-31", "2026-12-10");
        var owners = await Task.WhenAll(estate.Houses.Take(4).Select(house => estate.SignIn(house)));
        foreach (var owner in owners[..3]) await owner.PayAll();    // the fourth owes
        var id = await Announce(estate, "2026-12-01", "2026-12-10");
        Task<Answer> Agree(TestOwner owner, string name, string house) =>
            owner.Api.Post($"{owner.Path}/model-payer-lists/{id}/consent", new { name, house });
        (await Agree(owners[0], "masked", "masked")).Done();
        (await Agree(owners[1], "masked", "masked")).Done();
        (await Agree(owners[1], "surname", "building")).Done();    // changed his mind
        (await Agree(owners[3], "masked", "masked")).Done();       // agrees, and has not paid
        // its last day is today
        Assert.Equal("model_list_too_early", (await estate.Manager.Post($"{estate.Path}/model-payer-lists/{id}/publish")).Code);
        Assert.Empty((await Shown(owners[2], id))["entries"]!.AsArray());
        await estate.Change(async db => db.Entry(await db.ModelPayerLists.SingleAsync(l => l.Id == id)).Property(l => l.To)
            .CurrentValue = new DateOnly(2026, 12, 9));
        Assert.Empty(await Entries(estate));    // no bill fell due by then
        await estate.Change(async db => db.Entry(await db.ModelPayerLists.SingleAsync(l => l.Id == id)).Property(l => l.To)
            .CurrentValue = new DateOnly(2026, 12, 10));
        await estate.Change(async db => (await db.ModelPayerLists.SingleAsync(l => l.Id == id)).State = ModelListState.Published);

        var seen = await Shown(owners[2], id);
        Assert.Equal([("业**", "1-*-**01"), ("业姓业主", "1号楼")],
            seen["entries"]!.AsArray().Select(e => (e!["name"]!.GetValue<string>(), e["house"]!.GetValue<string>())).Order());
        Assert.True(seen["qualifies"]!.GetValue<bool>());
        Assert.False((await Shown(owners[3], id))["qualifies"]!.GetValue<bool>());
        for (var time = 0; time < 2; time++) (await owners[0].Api.Post($"{owners[0].Path}/model-payer-lists/{id}/consent/withdraw")).Done();
        Assert.Equal("业姓业主", Assert.Single(await Entries(estate)));
        var kept = await estate.Installation.Db(db => db.ModelPayerConsents.AsNoTracking().Where(c => c.ListId == id).ToListAsync());
        Assert.Equal((4, 2), (kept.Count, kept.Count(c => c.WithdrawnAt is not null)));
        Assert.All(kept, c => Assert.Contains("随时撤回", c.Agreed, StringComparison.Ordinal));
        (await estate.Manager.Post($"{estate.Path}/model-payer-lists/{id}/end")).Done();
        Assert.Equal("model_list_ended", (await Agree(owners[0], "masked", "masked")).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Where_most_of_a_building_would_be_shown_nobody_is_for_the_few_who_are_missing_would_be_known(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.BillAll("2026-12-01", "2026-12-31", "2026-12-10");
        var owners = await estate.SignInAll();
        var id = await Announce(estate, "2026-12-01", "2026-12-10");
        foreach (var owner in owners[..2])
        {
            await owner.PayAll();
            (await owner.Api.Post($"{owner.Path}/model-payer-lists/{id}/consent", new { name = "masked", house = "masked" })).Done();
        }
        await estate.Change(async db => (await db.ModelPayerLists.SingleAsync(l => l.Id == id)).State = ModelListState.Published);

        var seen = await Shown(owners[2], id);

        Assert.Equal((2, 0), (seen["houses"]!.GetValue<int>(), seen["entries"]!.AsArray().Count));
        await estate.Change(db =>
        {
            var person = new Person { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Name = "租客", Kind = PersonKind.Human };
            db.Add(person);
            db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, PersonId = person.Id, Number = "13700000001" });
            db.Add(new Tenure
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = estate.Houses[2].Id, PersonId = person.Id,
                Kind = TenureKind.Tenant, From = new(2026, 1, 1),
            });
            return Task.CompletedTask;
        });
        var tenant = await estate.SignIn(estate.Houses[2] with { Phone = "13700000001" });
        Assert.Equal("model_list_owners_only", (await tenant.Api.Post($"{tenant.Path}/model-payer-lists/{id}/consent",
            new { name = "masked", house = "masked" })).Code);
        Assert.False((await Shown(tenant, id))["qualifies"]!.GetValue<bool>());    // a tenant learns nothing of his landlord's payments
        Assert.Equal("model_list_period_invalid", (await estate.Manager.Post(estate.Path + "/model-payer-lists",
            new { title = "名单", from = "2026-12-31", to = "2026-01-01" })).Code);
        await estate.Clean();
    }

    static async Task<Guid> Announce(Estate estate, string from, string to) =>
        (await estate.Manager.Post(estate.Path + "/model-payer-lists", new { title = "2026年缴费模范户", from, to })).Done()["listId"].GetValue<Guid>();

    static async Task<System.Text.Json.Nodes.JsonNode> Shown(TestOwner owner, Guid id) =>
        (await owner.Api.Get(owner.Path + "/model-payer-lists")).Done()["items"].AsArray().Single(l => l!["listId"]!.GetValue<Guid>() == id)!;

    static async Task<string[]> Entries(Estate estate) =>
        [.. (await estate.Manager.Get(estate.Path + "/model-payer-lists")).Done()["items"][0]!["entries"]!.AsArray()
            .Select(e => e!["name"]!.GetValue<string>())];
}
