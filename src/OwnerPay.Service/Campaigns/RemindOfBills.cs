using System.Data;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Campaigns;

/// <summary>Reminds of the bills whose day has come, as each community's policy says, on any instance. What is due follows from the bills and the
/// date: a night without power loses nothing, and the unique key of a bill's stage lets nobody be reminded twice.</summary>
/// <remarks>Paid, disputed and deferred bills and those of a plan are passed over; the message asks once more at sending.</remarks>
public sealed class RemindOfBills(OwnerPayDb db, Messages messages, MessageHours hours, Clock clock) : IJob
{
    const int Page = 200;

    sealed record DueBill(Guid Id, Guid HouseId, Guid PartyId, DateOnly DueOn, DateOnly IssuedOn);

    public async Task<string> Run(CancellationToken cancel)
    {
        var policies = await db.ReminderPolicies.AsNoTracking().Where(p => p.State == PolicyState.Active).OrderBy(p => p.Id).ToListAsync(cancel);
        var count = 0;
        foreach (var policy in policies)
        {
            if (!await hours.AreOpen(policy.CommunityId, cancel)) continue;
            var steps = policy.Read();
            foreach (var step in steps) count += await Remind(policy, steps, step, cancel);
        }
        return $"reminded of {count} bills";
    }

    async Task<int> Remind(ReminderPolicy policy, IReadOnlyList<ReminderStep> steps, ReminderStep step, CancellationToken cancel)
    {
        var (today, count) = (clock.Today(), 0);
        for (var last = Guid.Empty; ;)
        {
            var page = await Due(policy.CommunityId, steps, step, today, last, cancel);
            if (page.Count == 0) return count;
            last = page[^1].Id;
            var late = page.Where(bill => ReminderSchedule.On(today, bill.DueOn, bill.IssuedOn, steps)?.Stage == step.Stage).ToList();
            if (late.Count > 0) count += await Tell(policy, step, late, today, cancel);
        }
    }

    /// <summary>Open bills that may have this step today and have not had it.</summary>
    Task<List<DueBill>> Due(
        Guid community, IReadOnlyList<ReminderStep> steps, ReminderStep step, DateOnly today, Guid after, CancellationToken cancel)
    {
        var range = ReminderSchedule.DueDates(today, [step])!.Value;
        var (bills, made, from, to, stage) = (db.Bills, db.Reminders, range.From, range.To, step.Stage);
        return bills.AsNoTracking().Where(b => b.CommunityId == community && b.State == BillState.Open && b.OpenFen > 0 && b.DueOn >= from
            && b.DueOn <= to
                && b.Id.CompareTo(after) > 0 && !made.Any(r => r.BillId == b.Id && r.Stage == stage))
            .OrderBy(b => b.Id).Take(Page).Select(b => new DueBill(b.Id, b.HouseId, b.PartyId, b.DueOn, b.IssuedOn)).ToListAsync(cancel);
    }

    async Task<int> Tell(ReminderPolicy policy, ReminderStep step, List<DueBill> bills, DateOnly today, CancellationToken cancel)
    {
        var stops = await BillStops.Load(db, bills.ConvertAll(b => b.Id), [], cancel);
        bills = bills.FindAll(b => stops.GetValueOrDefault(b.Id, BillStops.None) is var of && !of.PutOffOn(today) && !of.DisputedOn(today));
        if (bills.Count == 0) return 0;
        return await db.AgainFromTheStart(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            var rows = bills.ConvertAll(b => new Reminder
            {
                Id = Guid.CreateVersion7(), CommunityId = policy.CommunityId, BillId = b.Id, Stage = step.Stage, PolicyId = policy.Id,
                DueOn = b.DueOn.AddDays(step.FromDay), MadeOn = today,
            });
            await db.InsertUnlessThere<Reminder>(rows, cancel);
            var ids = rows.ConvertAll(r => r.Id);
            // Those that another instance wrote a moment before are its to tell.
            var mine = (await db.Reminders.Where(r => ids.Contains(r.Id)).Select(r => r.BillId).ToListAsync(cancel)).ToHashSet();
            var people = await PartyMembers.Of(db, [.. bills.Select(b => b.PartyId).Distinct()], cancel);
            await messages.TellAll(KindOf(step.Stage), policy.CommunityId,
                [.. bills.Where(b => mine.Contains(b.Id)).SelectMany(b => people[b.PartyId].Select(person => new Recipient(person, b.Id,
                    b.HouseId)))],
                null, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return mine.Count;
        }, cancel);
    }

    /// <summary>The message kind of a stage, whose template says the words and the channels.</summary>
    public static string KindOf(ReminderStage stage) => stage switch
    {
        ReminderStage.Friendly => BillReminders.Friendly,
        ReminderStage.First => BillReminders.First,
        ReminderStage.Second => BillReminders.Second,
        ReminderStage.Final => BillReminders.Final,
        _ => throw new InvalidOperationException($"No kind for {stage}"),
    };
}
