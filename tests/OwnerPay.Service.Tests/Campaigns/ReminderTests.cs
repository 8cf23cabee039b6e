using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Campaigns;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Campaigns;

public sealed class ReminderTests(Servers servers)
{
    const string First = BillReminders.First;

    /// <summary>Eight in the evening of the last day to pay.</summary>
    static readonly DateTimeOffset DueEvening = new(2026, 12, 31, 20, 0, 0, TimeSpan.FromHours(8));

    const int Payers = 300;

    [Theory, EachDatabase]
    public async Task On_the_day_of_many_payments_no_reminder_leaves_for_a_bill_that_was_paid_before(Database database)
    {
        await using var installation = await servers.Own(database, instances: database == Database.MariaDb ? 2 : 1, begin: DueEvening);
        await using var estate = await Estate.Create(installation, Payers);
        await estate.SetTariffs();
        await estate.SetTemplates();
        await SetPolicy(estate, ("friendly", -15), ("first", 1));
        await estate.IssueBills();
        await estate.UntilOutboxIsEmpty();
        var template = estate.TemplateOf(First);
        var owners = await estate.SignInAll();
        await Task.WhenAll(owners.Select(owner => owner.Allow(template)));
        var (early, busy) = (owners[..(Payers / 3)], owners[(Payers / 3)..]);
        await Task.WhenAll(early.Select(owner => owner.PayAll()));
        Assert.Empty(await estate.Deliveries(First));    // due today: nobody is late

        // The next morning reminders are made and leave while the others pay.
        installation.Clock.Advance(TimeSpan.FromHours(14));
        var paying = Task.WhenAll(busy.Skip(busy.Length / 2).Select(owner => owner.PayAll()));
        await RemindOnAll(installation);
        await paying;
        var deliveries = await estate.UntilSettled(First);

        foreach (var owner in early) Assert.Empty(await owner.Buzzed(template));
        var reminded = await estate.Installation.Db(db => db.Reminders.Where(r => r.CommunityId == estate.CommunityId).ToListAsync());
        Assert.Equal(reminded.Count, reminded.Select(r => r.BillId).Distinct().Count());
        Assert.Equal(reminded.Count, deliveries.Count);
        Assert.InRange(reminded.Count, busy.Length / 2, busy.Length);
        Assert.All(deliveries.Where(d => d.State != DeliveryState.Sent), d => Assert.Equal((DeliveryState.Cancelled, "paid"), (d.State, d.Reason)));
        foreach (var owner in busy.Take(busy.Length / 2)) Assert.Single(await owner.Buzzed(template));

        // Who paid while it waited keeps his permission; a second run on either instance reminds nobody again.
        await RemindOnAll(installation);
        Assert.Equal(reminded.Count, (await estate.Deliveries(First)).Count);
        Assert.Empty(await estate.Broken());
    }

    [Theory, EachDatabase]
    public async Task After_nights_without_power_what_still_makes_sense_is_made_up_for_and_disputed_deferred_and_plan_bills_are_left_alone(Database database)
    {
        await using var installation = await servers.Own(database, begin: DueEvening);
        await using var estate = await Estate.Create(installation, 5);
        await estate.SetTariffs();
        await estate.SetTemplates();
        await estate.IssueBills("2026-11-01", "2026-11-30");
        await estate.MakeDue("2026-12-20");    // eleven days late: its day of the first notice is long over
        await estate.IssueBills();
        await estate.UntilOutboxIsEmpty();
        await SetPolicy(estate, ("first", 1), ("second", 20));
        await Pause(estate, PauseKind.Dispute, house: 1);
        await Pause(estate, PauseKind.Deferral, house: 2);

        installation.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromHours(8));    // noon of 3 January: the third day late
        await RemindOnAll(installation);
        Assert.Equal(["0 First 2027-01-01 2027-01-03", "3 First 2027-01-01 2027-01-03", "4 First 2027-01-01 2027-01-03"], await Made(estate));

        installation.Clock.Advance(TimeSpan.FromDays(2));    // the dispute ends on the fifth, too late for a first notice
        await estate.Installation.Db(db => db.Set<LateFeePause>().ExecuteDeleteAsync());
        await RemindOnAll(installation);
        Assert.Equal(3, (await Made(estate)).Count);
    }

    [Theory, EachDatabase]
    public async Task A_policy_is_in_force_when_another_person_approved_it_and_what_presses_people_too_hard_is_refused(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var at = estate.Path + "/reminder-policies";
        object Steps(params (string Stage, int Day)[] steps) => new { steps = steps.Select(s => new { stage = s.Stage, fromDay = s.Day }) };

        foreach (var (wrong, steps) in new[] { (1, Steps(("first", 1), ("second", 2))), (0, Steps(("friendly", 1))), (0, Steps(("first", 0))), (1,
            Steps(("second", 5), ("first", 9))) })
        {
            var refused = await estate.Clerk.Post(at, steps);
            Assert.Equal((400, "reminder_step_invalid", $"steps[{wrong}]"), (refused.Status, refused.Code, refused["field"].GetValue<string>()));
        }
        var proposed = (await estate.Manager.Post(at, Steps(("first", 1)))).Done();
        Assert.Equal((403, "own_proposal"), Said(await estate.Manager.Post($"{estate.Path}/approvals/{proposed["approvalId"].GetValue<Guid>()}/approve", new { })));
        await SetPolicy(estate, withdrawn: false, ("friendly", -15), ("first", 1), ("second", 8), ("final", 30));

        var policies = (await estate.Manager.Get(at)).Done()["policies"].AsArray();
        Assert.Equal(["active", "proposed"], policies.Select(p => p!["state"]!.GetValue<string>()));
        Assert.Equal(BillReminders.Final, policies[0]!["steps"]![3]!["messageKind"]!.GetValue<string>());
        Assert.Equal(403, (await estate.Cashier.Post(at, Steps(("first", 1)))).Status);
        Assert.Empty(await estate.Broken());
    }

    static (int, string?) Said(Answer answer) => (answer.Status, answer.Code);

    static Task SetPolicy(Estate estate, params (string Stage, int Day)[] steps) => SetPolicy(estate, withdrawn: true, steps);

    /// <param name="withdrawn">All that waits is approved with it.</param>
    static async Task SetPolicy(Estate estate, bool withdrawn, params (string Stage, int Day)[] steps)
    {
        var proposed = (await estate.Clerk.Post(estate.Path + "/reminder-policies", new
        {
            steps = steps.Select(s => new
            {
                stage = s.Stage,
                fromDay = s.Day
            })
        })).Done();
        if (withdrawn) await estate.ApproveAll(estate.Manager);
        else (await estate.Manager.Post($"{estate.Path}/approvals/{proposed["approvalId"].GetValue<Guid>()}/approve", new { note = "同意" })).Done();
    }

    /// <summary>The daily job once on each instance, at the same time.</summary>
    static Task RemindOnAll(Installation installation) => Task.WhenAll(installation.Instances.Select(async app =>
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RemindOfBills>().Run(default);
    }));

    static Task<int> Pause(Estate estate, PauseKind kind, int house) => estate.Installation.Db(async db =>
    {
        var (bills, at) = (db.Set<Bill>(), estate.Houses[house].Id);
        db.AddRange((await bills.Where(b => b.HouseId == at).Select(b => b.Id).ToListAsync()).Select(bill => new LateFeePause
        {
            Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, BillId = bill, Kind = kind, SourceId = Guid.CreateVersion7(),
            From = new(2026, 12, 31),
            To = kind == PauseKind.Deferral ? new(2027, 2, 1) : null,
        }));
        return await db.SaveChangesAsync();
    });

    /// <summary>House number, stage, day of the step and day of the reminder, of bills due on the last of December.</summary>
    static async Task<List<string>> Made(Estate estate) => await estate.Installation.Db(async db =>
    {
        var (reminders, bills) = (db.Reminders, db.Set<Bill>());
        var rows = await (from reminder in reminders
                          join bill in bills on reminder.BillId equals bill.Id
                          where reminder.CommunityId == estate.CommunityId
                          select new { bill.HouseId, reminder.Stage, reminder.DueOn, reminder.MadeOn }).ToListAsync();
        return rows.Select(r => FormattableString.Invariant(
            $"{estate.Houses.Index().Single(h => h.Item.Id == r.HouseId).Index} {r.Stage} {r.DueOn:yyyy-MM-dd} {r.MadeOn:yyyy-MM-dd}"))
                .Order(StringComparer.Ordinal).ToList();
    });
}

static class ReminderSteps
{
    /// <summary>Waits until no message of a kind waits or is on its way.</summary>
    public static async Task<List<Delivery>> UntilSettled(this Estate estate, string kind)
    {
        List<Delivery> found = [];
        await Estate.Eventually(async () =>
        {
            found = await estate.Deliveries(kind);
            return found.Count > 0 && found.TrueForAll(d => d.State is not (DeliveryState.Waiting or DeliveryState.Claimed));
        }, $"all messages of {kind} are decided");
        return found;
    }
}
