using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Disclosure.Events;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Disclosure;

/// <summary>Events with places for fewer than want to come.</summary>
public sealed class EventTests(Servers servers)
{
    static object Talk(int places, int perHouse = 2, bool hasWaitingList = true, string startsAt = "2026-12-11T09:00:00+08:00",
        string? signUpUntil = null) => new
        {
            title = "业主恳谈会", body = "欢迎各位业主提出建议。", place = "社区活动中心", startsAt, endsAt = DateTimeOffset.Parse(startsAt, null).AddHours(2), places,
            perHouse, signUpUntil,
            hasWaitingList, remindHours = 48,
        };

    static async Task<Guid> Open(Estate estate, object talk)
    {
        var id = (await estate.Clerk.Post(estate.Path + "/events", talk)).Done()["eventId"].GetValue<Guid>();
        (await estate.Clerk.Post($"{estate.Path}/events/{id}/publish")).Done();
        return id;
    }

    static Task<Answer> SignUp(TestOwner owner, Guid id, int places = 1, string? key = null) =>
        owner.Api.Post($"{owner.Path}/events/{id}/sign-ups", new { places }, key);

    static async Task<System.Text.Json.Nodes.JsonNode> Seen(TestOwner owner, Guid id) =>
        (await owner.Api.Get($"{owner.Path}/events/{id}")).Done().Body!;

    [Theory, EachDatabase, Trait("Incident", "14")]
    public async Task When_eight_owners_tap_at_once_on_two_instances_for_three_places_three_come_and_five_wait_in_line(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 8);
        var owners = await Task.WhenAll(estate.Houses.Select((house, at) => estate.SignIn(house, at % estate.Installation.Instances.Count)));
        var (id, full) = (await Open(estate, Talk(3, perHouse: 1)), await Open(estate, Talk(3, hasWaitingList: false)));

        var answers = await Task.WhenAll(owners.Select((owner, at) => SignUp(owner, id, key: $"the-tap-of-{at}-x")));
        var hard = await Task.WhenAll(owners.Select(owner => SignUp(owner, full)));
        var again = await SignUp(owners[0], id, key: "the-tap-of-0-x");    // the phone repeats its call

        Assert.Equal(3, answers.Count(a => a.Done()["state"].GetValue<string>() == "confirmed"));
        Assert.Equal(5, answers.Count(a => a["state"].GetValue<string>() == "waiting"));
        Assert.Equal(answers[0].Body!.ToJsonString(), again.Done().Body!.ToJsonString());
        Assert.Equal(3, hard.Count(a => a.Status == 200));
        Assert.All(hard.Where(a => a.Status != 200), a => Assert.Equal((409, "event_full"), (a.Status, a.Code)));
        Assert.Equal("already_signed_up", (await SignUp(owners[0], id)).Code);
        var waits = new List<int>();
        foreach (var owner in owners)
            if ((await Seen(owner, id))["mine"]!["waits"] is { } position) waits.Add(position.GetValue<int>());
        Assert.Equal([1, 2, 3, 4, 5], waits.Order());
        await estate.Clean();

        // All with a place cancel at once: the first three of the line have theirs, and hear of it.
        var confirmed = answers.Select((a, at) => (a, at)).Where(x => x.a["state"].GetValue<string>() == "confirmed").ToList();
        var cancelled = await Task.WhenAll(confirmed.Select(x =>
            owners[x.at].Api.Post($"{owners[x.at].Path}/events/{id}/sign-ups/{x.a["signUpId"]}/cancel")));
        Assert.All(cancelled, a => a.Done());
        var seen = await Seen(owners[0], id);
        Assert.Equal(0, seen["placesLeft"]!.GetValue<int>());
        Assert.Equal(3, await estate.Installation.Db(db => db.Messages.CountAsync(m => m.SubjectId == id && m.Kind == PlaceGiven.Name)));
        var event_ = (await estate.Clerk.Get($"{estate.Path}/events/{id}")).Done();
        Assert.Equal((3, 2), (event_["placesTaken"].GetValue<int>(), event_["waiting"].GetValue<int>()));
        await estate.Clean();
        await estate.Installation.Db(db => db.CommunityEvents.Where(e => e.Id == full)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.PlacesTaken, 2)));
        Assert.Equal("events", Assert.Single(await estate.Verify()).Check);
    }

    [Theory, EachDatabase]
    public async Task A_house_takes_no_more_places_than_its_limit_nobody_signs_up_too_late_and_strangers_see_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await using var elsewhere = await servers.Estate(database, houses: 1);
        var (owner, stranger) = (await estate.SignIn(estate.Houses[0]), await elsewhere.SignIn(elsewhere.Houses[0]));
        var id = await Open(estate, Talk(10));

        var over = await SignUp(owner, id, 3);
        Assert.Equal(("event_house_limit", 2), (over.Code!, over["perHouse"].GetValue<int>()));
        var mine = (await SignUp(owner, id, 2)).Done()["signUpId"].GetValue<Guid>();
        Assert.Equal("event_not_found", (await SignUp(stranger, id)).Code);
        Assert.Equal("event_not_found", (await stranger.Api.Get($"{stranger.Path}/events/{id}")).Code);
        var other = await estate.SignIn(estate.Houses[1]);
        Assert.Equal("sign_up_not_found", (await other.Api.Post($"{other.Path}/events/{id}/sign-ups/{mine}/cancel")).Code);
        Assert.Equal("event_not_found", (await elsewhere.Clerk.Post($"{elsewhere.Path}/events/{id}/cancel", new { reason = "别家的" })).Code);
        Assert.Equal("event_times_invalid", (await estate.Clerk.Post(estate.Path + "/events", Talk(5, startsAt: "2026-12-10T09:59:00+08:00"))).Code);
        Assert.Equal("event_times_invalid", (await estate.Clerk.Post(estate.Path + "/events", Talk(5, signUpUntil: "2026-12-11T09:00:01+08:00")))
            .Code);
        Assert.Equal("event_not_draft", (await estate.Clerk.Put($"{estate.Path}/events/{id}", Talk(11))).Code);
        await estate.Installation.Db(db => db.CommunityEvents.Where(e => e.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.SignUpUntil, Installation.UsualBegin)));
        Assert.Equal("sign_up_closed", (await SignUp(other, id)).Code);
    }

    [Theory, EachDatabase]
    public async Task Who_has_a_place_is_reminded_once_checked_in_once_and_told_when_the_event_is_called_off(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        var owners = await estate.SignInAll();
        var id = await Open(estate, Talk(2, startsAt: "2026-12-10T20:00:00+08:00"));
        var signUps = new List<Guid>();
        foreach (var owner in owners) signUps.Add((await SignUp(owner, id)).Done()["signUpId"].GetValue<Guid>());

        await Task.WhenAll(estate.Installation.Instances.Select(async instance =>
        {
            await using var scope = instance.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RemindOfEvents>().Run(default);
        }));
        await Estate.Eventually(async () => await Told(estate, id, EventReminder.Name) == 2, "the two with a place are reminded");

        var checkIn = $"{estate.Path}/events/{id}/sign-ups";
        var came = (await estate.Clerk.Post($"{checkIn}/{signUps[0]}/check-in")).Done()["checkedInAt"].GetValue<string>();
        Assert.Equal(came, (await estate.Clerk.Post($"{checkIn}/{signUps[0]}/check-in")).Done()["checkedInAt"].GetValue<string>());
        Assert.Equal("sign_up_not_confirmed", (await estate.Clerk.Post($"{checkIn}/{signUps[2]}/check-in")).Code);
        var list = (await estate.Clerk.Get(checkIn)).Done()["items"].AsArray();
        Assert.Equal(3, list.Count);
        Assert.DoesNotContain(list, row => row!["name"]!.GetValue<string>() == estate.Houses[0].OwnerName);
        Assert.Equal(200, (await estate.Fetch(estate.Clerk, estate.StaffApi($"/events/{id}/sign-ups/export.xlsx"))).Status);
        var early = await Open(estate, Talk(2));
        var far = (await SignUp(owners[0], early)).Done()["signUpId"];
        Assert.Equal("check_in_too_early", (await estate.Clerk.Post($"{estate.Path}/events/{early}/sign-ups/{far}/check-in")).Code);

        (await estate.Clerk.Post($"{estate.Path}/events/{id}/cancel", new { reason = "场地停电" })).Done();
        await Estate.Eventually(async () => await Told(estate, id, EventCancelled.Name) == 3, "all three hear that it is off");
        Assert.Equal("场地停电", (await Seen(owners[2], id))["cancelReason"]!.GetValue<string>());
        Assert.Equal("event_not_open", (await SignUp(owners[2], id)).Code);
        Assert.Equal(2, await Told(estate, id, EventReminder.Name));
        await estate.Clean();
    }

    static Task<int> Told(Estate estate, Guid id, string kind) =>
        estate.Installation.Db(db => db.Messages.CountAsync(m => m.SubjectId == id && m.Kind == kind));
}
