using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class SendingTests(Servers servers)
{
    // Two paths sent the same message, one grant gave one message, and the counter showed neither.
    [Theory, EachDatabase]
    [Trait("Incident", "26")]
    public async Task A_bill_that_is_told_by_two_paths_buzzes_once_and_uses_one_grant(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, template) = await Reachable(estate, times: 3);
        var run = await estate.IssueBills();
        await Tell(estate, run);
        await Tell(estate, run);

        await estate.UntilDelivered(1);
        await Estate.Eventually(() => Quiet(estate, run), "the repeated news is worked off");

        Assert.Single(await owner.Buzzed(template));
        Assert.Single(await owner.Inbox());
        Assert.Equal(2, await owner.Left(template));
        Assert.Empty(await estate.Broken());
    }

    // "No permission" flooded the failure count and real faults hid in it.
    [Theory, EachDatabase]
    [Trait("Incident", "27")]
    public async Task An_owner_who_switched_messages_off_is_not_counted_as_a_failure_and_keeps_no_grants(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, template) = await Reachable(estate, times: 3);
        await estate.EmulatorPost($"/admin/users/{owner.OpenId}/subscriptions", new { refuseAll = true });

        await estate.IssueBills();
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal((DeliveryState.NoPermission, "43101"), (delivery.State, delivery.Reason));
        Assert.Equal(0, await owner.Left(template));
        Assert.Single(await owner.Inbox());
        var campaign = Assert.Single((await estate.Manager.Get(estate.Path + "/campaigns")).Done()["items"].AsArray())!;
        Assert.Equal((1, 0), (campaign["noPermission"]!.GetValue<int>(), campaign["failed"]!.GetValue<int>()));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task Without_a_grant_WeChat_is_not_even_called(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        var owner = await estate.SignIn(estate.Houses[0]);
        // The phone would take it: only our count says no.
        await estate.EmulatorPost($"/admin/users/{owner.OpenId}/subscriptions", new { accept = new[] { template } });

        await estate.IssueBills();
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal((DeliveryState.NoPermission, "no_grant"), (delivery.State, delivery.Reason));
        Assert.Empty(await owner.Buzzed(template));
    }

    // A lease shorter than the batch sent up to twenty copies.
    [Theory, EachDatabase]
    [Trait("Incident", "29")]
    public async Task Sixty_phones_get_one_message_each_from_however_many_instances(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 60);
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await owner.Allow(template, times: 2);

        await estate.IssueBills();
        var deliveries = await estate.UntilDelivered(60);

        Assert.All(deliveries, delivery => Assert.Equal(DeliveryState.Sent, delivery.State));
        foreach (var owner in owners) Assert.Single(await owner.Buzzed(template));
        Assert.All(await Task.WhenAll(owners.Select(owner => owner.Left(template))), left => Assert.Equal(1, left));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task A_message_whose_answer_never_came_is_not_sent_again_and_its_grant_stays_used(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, template) = await Reachable(estate, times: 2);
        // Slower than the client waits; WeChat does its work all the same.
        await estate.EmulatorPost("/admin/faults", new { kind = "slow", count = 1, scope = owner.OpenId, seconds = 8 });

        await estate.IssueBills();
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal((DeliveryState.Failed, "outcome_unknown"), (delivery.State, delivery.Reason));
        await Task.Delay(1_000);
        Assert.Single(await owner.Buzzed(template));
        Assert.Equal(1, await owner.Left(template));
        Assert.Empty(await estate.Broken());
    }

    // WeChat's own table says to repeat -1; nothing promises that the message had not left, and an owner who is told twice stops believing.
    [Theory, EachDatabase]
    public async Task An_owner_is_not_told_twice_when_WeChat_says_busy_although_it_sent_and_staff_see_that_it_is_unknown(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, template) = await Reachable(estate, times: 2);
        await estate.EmulatorPost("/admin/faults", new { kind = "systemErrorAfterDoing", count = 1, scope = owner.OpenId });

        await estate.IssueBills();
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal((DeliveryState.Failed, "outcome_unknown"), (delivery.State, delivery.Reason));
        await Task.Delay(1_000);
        Assert.Single(await owner.Buzzed(template));
        Assert.Equal(1, await owner.Left(template));
        var campaign = Assert.Single((await estate.Manager.Get(estate.Path + "/campaigns")).Done()["items"].AsArray())!;
        Assert.Equal((1, 0, 0), (campaign["unknown"]!.GetValue<int>(), campaign["failed"]!.GetValue<int>(), campaign["sent"]!.GetValue<int>()));
        var results = (await estate.Clerk.Get($"{estate.Path}/campaigns/{campaign["id"]!.GetValue<Guid>()}/results")).Done()["items"].AsArray();
        Assert.Equal("unknown outcome_unknown", $"{results.Single()!["state"]} {results.Single()!["reason"]}");
        Assert.Empty(await estate.Broken());
    }

    // The reservation of a template that came back met its own earlier entry: the message stuck for ever, and those behind it with it.
    [Theory, EachDatabase]
    public async Task A_message_that_waits_while_its_template_is_changed_and_changed_back_arrives_and_uses_one_grant(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, first) = await Reachable(estate, times: 2);
        var second = await Change(estate, new string([.. estate.Code.Reverse()]));
        await owner.Allow(second, times: 2);
        await Change(estate, estate.Code);
        await estate.EmulatorPost("/admin/faults", new { kind = "messageRateLimit", count = 1_000, scope = owner.OpenId });
        await estate.IssueBills();

        await Held(estate, first);
        await Change(estate, new string([.. estate.Code.Reverse()]));
        await Held(estate, second);
        await Change(estate, estate.Code);
        await Held(estate, first);
        Assert.True((await estate.Installation.EmulatorHttp.DeleteAsync("/admin/faults")).IsSuccessStatusCode);

        Assert.Equal(DeliveryState.Sent, Assert.Single(await estate.UntilDelivered(1)).State);
        Assert.Single(await owner.Buzzed(first));
        Assert.Empty(await owner.Buzzed(second));
        Assert.Equal(1, await owner.Left(first));
        await Change(estate, new string([.. estate.Code.Reverse()]));
        Assert.Equal(2, await owner.Left(second));
        Assert.Empty(await estate.Broken());
    }

    /// <summary>The kind is sent by another template of WeChat's from now on.</summary>
    static async Task<string> Change(Estate estate, string suffix)
    {
        var file = TestMessages.DemoTemplates(suffix);
        (await estate.Clerk.Post(estate.Path + "/messaging/templates", file)).Done();
        await estate.ApproveAll(estate.Manager);
        return file["templates"]!.AsArray().Single(t => t!["kind"]!.GetValue<string>() == "bill.issued")!["templateId"]!.GetValue<string>();
    }

    static Task Held(Estate estate, string template) => Estate.Eventually(
        async () => (await estate.Deliveries()) is [{ ReservedTemplateId: { } held }] && held == template, $"the message holds a grant of {template}", seconds: 60);

    [Theory, EachDatabase]
    public async Task A_message_that_an_instance_had_in_hand_when_it_died_is_given_up_and_not_sent_twice(Database database)
    {
        await using var installation = await servers.Own(database, begin: Night);
        await using var estate = await Estate.Create(installation, 1);
        var (owner, template) = await Reachable(estate, times: 2);
        await estate.IssueBills();
        await Estate.Eventually(async () => (await estate.Deliveries()).Count == 1, "the message waits for the morning");
        await installation.Db(db => db.Deliveries.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Claimed)
            .SetProperty(d => d.LeaseUntil, TimeProvider.System.GetUtcNow().AddMinutes(-1))));

        installation.Clock.Advance(TimeSpan.FromHours(12));
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal((DeliveryState.Failed, "outcome_unknown"), (delivery.State, delivery.Reason));
        Assert.Empty(await owner.Buzzed(template));
    }

    [Theory]
    [InlineData(Database.Sqlite, "messageRateLimit", 3)]
    [InlineData(Database.MariaDb, "messageRateLimit", 3)]
    [InlineData(Database.Sqlite, "tokenInvalid", 1)]
    [InlineData(Database.MariaDb, "tokenInvalid", 1)]
    public async Task A_busy_WeChat_or_a_dead_token_delays_a_message_and_uses_one_grant(Database database, string fault, int times)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, template) = await Reachable(estate, times: 2);
        await estate.EmulatorPost("/admin/faults", new { kind = fault, count = times, scope = owner.OpenId });

        await estate.IssueBills();
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal(DeliveryState.Sent, delivery.State);
        Assert.Single(await owner.Buzzed(template));
        Assert.Equal(1, await owner.Left(template));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task An_owner_who_paid_in_the_evening_is_not_reminded_in_the_morning_and_keeps_the_grant(Database database)
    {
        await using var installation = await servers.Own(database, begin: Night);
        await using var estate = await Estate.Create(installation, 2);
        await estate.SetTariffs();
        var templates = await estate.SetTemplates();
        var (paying, sleeping) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        foreach (var owner in new[] { paying, sleeping }) await owner.Allow(templates.BillIssued);
        await paying.Allow(templates.Receipt);
        await estate.IssueBills();
        await Estate.Eventually(async () => (await estate.Deliveries()).Count == 2, "both messages wait for the morning");

        await paying.PayAll();
        // The receipt answers what the owner just did: it waits for no hour.
        await Estate.Eventually(async () => (await paying.Buzzed(templates.Receipt)).Count == 1, "the receipt came at night");
        Assert.All(await estate.Deliveries(), delivery => Assert.NotEqual(DeliveryState.Sent, delivery.State));
        installation.Clock.Advance(TimeSpan.FromHours(12));
        var deliveries = await estate.UntilDelivered(2);

        Assert.Equal([("paid", DeliveryState.Cancelled), (null, DeliveryState.Sent)], deliveries.Select(d => (d.Reason, d.State))
            .OrderByDescending(d => d.Reason));
        Assert.Empty(await paying.Buzzed(templates.BillIssued));
        Assert.Equal(1, await paying.Left(templates.BillIssued));
        Assert.Single(await sleeping.Buzzed(templates.BillIssued));
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task A_bill_that_was_settled_behind_the_message_is_asked_for_once_more_at_sending(Database database)
    {
        await using var installation = await servers.Own(database, begin: Night);
        await using var estate = await Estate.Create(installation, 1);
        var (owner, template) = await Reachable(estate, times: 1);
        await estate.IssueBills();
        await Estate.Eventually(async () => (await estate.Deliveries()).Count == 1, "the message waits for the morning");

        await installation.Db(db => db.Bills.ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BillState.Paid).SetProperty(b => b.OpenFen, 0)));
        installation.Clock.Advance(TimeSpan.FromHours(12));
        var delivery = Assert.Single(await estate.UntilDelivered(1));

        Assert.Equal((DeliveryState.Cancelled, "paid"), (delivery.State, delivery.Reason));
        Assert.Empty(await owner.Buzzed(template));
        Assert.Equal(1, await owner.Left(template));
    }

    // Cancelling answered OK and the message still went out.
    [Theory, EachDatabase]
    [Trait("Incident", "31")]
    public async Task What_is_cancelled_while_the_sending_runs_is_either_sent_or_cancelled_and_never_both(Database database)
    {
        await using var installation = await servers.Own(database, begin: Night);
        await using var estate = await Estate.Create(installation, 24);
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await owner.Allow(template);
        await estate.IssueBills();
        await Estate.Eventually(async () => (await estate.Deliveries()).Count == 24, "the messages wait for the morning");
        var bills = (await estate.Deliveries()).Select(d => d.SubjectId).ToList();

        installation.Clock.Advance(TimeSpan.FromHours(12));
        var cancelled = 0;
        foreach (var bill in bills)
        {
            await using var scope = installation.Services.CreateAsyncScope();
            cancelled += await scope.ServiceProvider.GetRequiredService<Messages>().CancelUnsent([bill], ["bill.issued"], "withdrawn", default);
            await Task.Delay(10);
        }
        var deliveries = await estate.UntilDelivered(24);

        Assert.Equal(cancelled, deliveries.Count(d => d.State == DeliveryState.Cancelled));
        var buzzed = 0;
        foreach (var owner in owners) buzzed += (await owner.Buzzed(template)).Count;
        Assert.Equal(24 - cancelled, buzzed);
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task The_phone_shows_house_amount_and_due_date_and_the_inbox_keeps_the_text(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var (owner, template) = await Reachable(estate, times: 1);
        await estate.IssueBills();
        await estate.UntilDelivered(1);

        var message = Assert.Single(await owner.Buzzed(template));
        var bill = (await owner.OpenBills())[0]!;
        Assert.StartsWith(estate.Houses[0].Code, message["data"]!["thing1"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Yuan(bill["openFen"]!.GetValue<long>()) + "元", message["data"]!["amount3"]!.GetValue<string>());
        Assert.Equal("2026年12月31日", message["data"]!["date4"]!.GetValue<string>());
        Assert.Contains(bill["billId"]!.GetValue<string>(), message["page"]!.GetValue<string>(), StringComparison.Ordinal);

        var entry = Assert.Single(await owner.Inbox());
        Assert.Contains(Yuan(bill["amountFen"]!.GetValue<long>()), entry["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(entry["read"]!.GetValue<bool>());
        Assert.Equal(204, (await owner.Api.Post($"{owner.Path}/messages/{entry["id"]!.GetValue<Guid>()}/read")).Status);
        Assert.True(Assert.Single(await owner.Inbox())["read"]!.GetValue<bool>());
        Assert.Equal("message_not_found", (await owner.Api.Post($"{owner.Path}/messages/{Guid.CreateVersion7()}/read")).Code);
    }

    // Sending was off by default: messages waited and nobody knew.
    [Theory, EachDatabase]
    [Trait("Incident", "30")]
    public async Task Sending_runs_without_any_setting_and_leaves_a_heartbeat(Database database)
    {
        await using var installation = await servers.Own(database);

        await Estate.Eventually(() => installation.Db(db => db.JobHeartbeats.AnyAsync(h => h.Name == "dispatch-messages" && h.LastGoodAt != null)),
            "the heartbeat is there");
        var job = installation.Services.GetServices<JobSchedule>().Single(schedule => schedule.Name == "dispatch-messages");
        Assert.True(job.Every <= TimeSpan.FromSeconds(5));
    }

    /// <summary>Ten in the evening: messages wait until nine.</summary>
    static readonly DateTimeOffset Night = new(2026, 12, 10, 22, 0, 0, TimeSpan.FromHours(8));

    static async Task<(TestOwner Owner, string Template)> Reachable(Estate estate, int times)
    {
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.Allow(template, times);
        return (owner, template);
    }

    /// <summary>The news of a bill run once more, as after a crash between the work and its note.</summary>
    static async Task Tell(Estate estate, Guid run)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Outbox>().Add("bill-run.issued", estate.CommunityId, run);
        await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().SaveChangesAsync();
    }

    static Task<bool> Quiet(Estate estate, Guid run) =>
        estate.Installation.Db(db => db.OutboxRows.Where(row => row.SubjectId == run).AllAsync(row => row.State == OutboxState.Done));

    static string Yuan(long fen) => $"{fen / 100}.{fen % 100:00}";
}
