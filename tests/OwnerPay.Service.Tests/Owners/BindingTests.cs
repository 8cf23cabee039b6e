using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Owners;

public sealed class BindingTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Wrong_house_wrong_number_and_unknown_house_get_one_answer_that_tells_nothing_of_others(Database database)
    {
        await using var estate = await servers.Estate(database);
        var (mine, neighbour) = (estate.Houses[0], estate.Houses[1]);
        var owner = await estate.SignInUnbound(OpenId(), mine.Phone, mine);
        var stranger = await estate.SignInUnbound(OpenId(), "13700000000", mine);

        Answer[] answers =
        [
            await Bind(estate, owner, neighbour.Code),
            await Bind(estate, owner, "9-9-9999"),
            await Bind(estate, owner, mine.Code, community: "elsewhere"),
            await Bind(estate, stranger, mine.Code),
        ];

        Assert.All(answers, answer => Assert.Equal((409, "binding_not_matched"), (answer.Status, answer.Code)));
        Assert.Single(answers.Select(answer => (answer["title"].GetValue<string>(), answer.Body!["detail"]?.GetValue<string>())).Distinct());
        Assert.False((await owner.Api.Get("/me")).Done()["bound"].GetValue<bool>());
    }

    [Theory, EachDatabase]
    public async Task A_number_that_was_only_typed_never_binds(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var house = estate.Houses[0];
        var owner = await estate.SignInUnbound(OpenId(), "13700000000", house);

        var asField = await owner.Api.Post("/bindings", new { communityCode = estate.Code, phone = house.Phone, houseCode = house.Code });
        var asCode = await owner.Api.Post("/bindings", new { communityCode = estate.Code, phoneCode = house.Phone, houseCode = house.Code });
        var without = await owner.Api.Post("/bindings", new { communityCode = estate.Code, houseCode = house.Code });

        Assert.Equal(400, asField.Status);
        Assert.Equal((400, "phone_code_invalid"), (asCode.Status, asCode.Code));
        Assert.Equal((400, "binding_incomplete"), (without.Status, without.Code));
        Assert.Equal((404, "house_not_found"), Of(await owner.Api.Get(owner.Path + "/home")));
    }

    [Theory, EachDatabase]
    public async Task A_bound_owner_sees_his_house_and_nobody_elses(Database database)
    {
        await using var estate = await servers.Estate(database);
        var owner = await estate.SignIn(estate.Houses[0]);

        var me = (await owner.Api.Get("/me")).Done();
        var house = Assert.Single(me["houses"].AsArray());
        Assert.Equal(estate.Houses[0].Id, house!["houseId"]!.GetValue<Guid>());
        Assert.Equal("owner", house["role"]!.GetValue<string>());
        (await owner.Api.Get(owner.Path + "/home")).Done();
        foreach (var path in new[] { "/home", "/messages", "/message-templates" })
        {
            Assert.Equal((404, "house_not_found"), Of(await owner.Api.Get($"/houses/{estate.Houses[1].Id}{path}")));
            Assert.Equal((404, "house_not_found"), Of(await owner.Api.Get($"/houses/{Guid.CreateVersion7()}{path}")));
            Assert.Equal((404, "house_not_found"), Of(await owner.Api.Get($"/houses/nonsense{path}")));
        }
    }

    [Theory, EachDatabase]
    public async Task A_number_that_four_persons_share_proves_nobody_and_needs_a_staff_code(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        var number = "139" + RandomNumberGenerator.GetString("0123456789", 8);
        await Change(estate, async db =>
        {
            foreach (var each in estate.Houses)
                db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, PersonId = each.PersonId, Number = number });
            await db.SaveChangesAsync();
        });
        var house = estate.Houses[0];
        var owner = await estate.SignInUnbound(OpenId(), number, house);

        Assert.Equal((409, "binding_needs_staff_code"), Of(await Bind(estate, owner, house.Code)));
        Assert.Equal((409, "binding_not_matched"), Of(await Bind(estate, owner, "9-9-9999")));

        var code = await StaffCode(estate, house);
        (await owner.Api.Post("/bindings", new { staffCode = code })).Done();
        (await owner.Api.Get(owner.Path + "/home")).Done();
    }

    [Theory, EachDatabase]
    public async Task A_staff_code_binds_once_however_it_is_typed_and_however_many_try_at_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var house = estate.Houses[0];
        var code = await StaffCode(estate, house);
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => estate.SignInUnbound(OpenId(), "13700000000", house)));

        var answers = await Task.WhenAll(people.Select(person =>
            person.Api.Post("/bindings", new { staffCode = code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal) })));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(5, answers.Count(answer => answer.Code == "binding_not_matched"));
    }

    [Theory, EachDatabase]
    public async Task A_staff_code_dies_after_seven_days(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 1);
        var (early, late) = (await StaffCode(estate, estate.Houses[0]), await StaffCode(estate, estate.Houses[0]));
        var owner = await estate.SignInUnbound(OpenId(), "13700000000", estate.Houses[0]);

        installation.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        (await owner.Api.Post("/bindings", new { staffCode = early })).Done();
        installation.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal((409, "binding_not_matched"), Of(await owner.Api.Post("/bindings", new { staffCode = late })));
    }

    [Theory, EachDatabase]
    public async Task A_number_that_the_roster_gave_to_nobody_any_more_suspends_its_binding_until_it_is_confirmed(Database database)
    {
        await using var estate = await servers.Estate(database);
        var (changed, unchanged) = (estate.Houses[0], estate.Houses[1]);
        var (owner, neighbour) = (await estate.SignIn(changed), await estate.SignIn(unchanged));
        var fresh = "139" + RandomNumberGenerator.GetString("0123456789", 8);

        await Change(estate, async db =>
        {
            await db.PersonPhones.Where(phone => phone.PersonId == changed.PersonId)
                .ExecuteUpdateAsync(set => set.SetProperty(phone => phone.Number, fresh));
        }, changed.PersonId, unchanged.PersonId);

        await Estate.Eventually(async () => (await owner.Api.Get(owner.Path + "/home")).Code == "house_not_found", "the binding is suspended");
        Assert.True((await owner.Api.Get("/me")).Done()["suspended"].GetValue<bool>());
        (await neighbour.Api.Get(neighbour.Path + "/home")).Done();
        Assert.Equal("binding_not_matched", (await Bind(estate, owner, changed.Code)).Code);

        await estate.EmulatorPost("/admin/users", new { openid = owner.OpenId, phone = fresh });
        (await Bind(estate, owner, changed.Code)).Done();
        (await owner.Api.Get(owner.Path + "/home")).Done();
    }

    [Theory, EachDatabase]
    public async Task A_tenant_comes_in_while_he_lives_there_and_not_afterwards(Database database)
    {
        await using var estate = await servers.Estate(database);
        var (house, person) = (estate.Houses[0], estate.Houses[1]);
        await Change(estate, async db =>
        {
            db.Add(new Tenure
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = house.Id, PersonId = person.PersonId,
                Kind = TenureKind.Tenant,
                From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 12, 31),
            });
            await db.SaveChangesAsync();
        });
        var tenant = await estate.SignIn(person);

        var home = (await tenant.Api.Get($"/houses/{house.Id}/home")).Done();
        Assert.Equal("tenant", home["role"].GetValue<string>());
        Assert.Equal(2, (await tenant.Api.Get("/me")).Done()["houses"].AsArray().Count);

        await Change(estate, db => db.Tenures.Where(t => t.Kind == TenureKind.Tenant && t.HouseId == house.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.To, new DateOnly(2026, 12, 9))));
        Assert.Equal((404, "house_not_found"), Of(await tenant.Api.Get($"/houses/{house.Id}/home")));
    }

    static string OpenId() => "o" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 27);

    static (int Status, string? Code) Of(Answer answer) => (answer.Status, answer.Code);

    static async Task<Answer> Bind(Estate estate, TestOwner owner, string houseCode, string? community = null)
    {
        var code = await estate.EmulatorPost($"/admin/users/{owner.OpenId}/phone-code");
        return await owner.Api.Post("/bindings",
            new { communityCode = community ?? estate.Code, phoneCode = code["code"]!.GetValue<string>(), houseCode });
    }

    static async Task<string> StaffCode(Estate estate, TestHouse house) =>
        (await estate.Clerk.Post($"{estate.Path}/persons/{house.PersonId}/binding-codes")).Done()["code"].GetValue<string>();

    /// <summary>Changes the roster behind the API, and tells of persons whose phones changed.</summary>
    static async Task Change(Estate estate, Func<OwnerPayDb, Task> change, params Guid[] phonesChanged)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        await change(db);
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        foreach (var person in phonesChanged) outbox.Add("person.phone-changed", estate.CommunityId, person);
        await db.SaveChangesAsync();
    }
}
