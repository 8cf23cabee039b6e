using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Collection;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <summary>Notes of plans that they were completed or missed, puts the missed ones before a collector, and reminds of parts to come. It only writes
/// down what follows from parts and payments: no late fee waits for it.</summary>
/// <remarks>A bank transfer that came in time and is booked later makes a missed plan run again; so those of the last months are looked at
/// too.</remarks>
public sealed class FollowPlans(OwnerPayDb db, Messages messages, WorkItems work, Audit audit, Clock clock) : IJob
{
    const int PageSize = 500, MonthsBack = 3;
    const string Work = "plan.missed";

    public async Task<string> Run(CancellationToken cancel)
    {
        var (noted, after, recent) = (0, Guid.Empty, clock.Today().AddMonths(-MonthsBack));
        while (true)
        {
            var last = after;
            var page = await db.InstalmentPlans.AsNoTracking().Where(p => p.Id.CompareTo(last) > 0
                    && (p.State == GrantState.Granted || p.State == GrantState.Missed && p.EndedOn >= recent))
                .OrderBy(p => p.Id).Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0) return $"{noted} noted";
            after = page[^1].Id;
            var facts = await BillStops.Plans(db, page.ConvertAll(p => p.Id), cancel);
            foreach (var plan in page)
                if (Wanted(facts[plan.Id]) != (plan.State, plan.EndedOn) && await Note(plan.Id, cancel)) noted++;
            db.ChangeTracker.Clear();
            foreach (var plan in page) await PlanPartMessage.Remind(db, messages, plan, facts[plan.Id], clock.Today(), cancel);
            await SaveReminders(cancel);
        }
    }

    async Task SaveReminders(CancellationToken cancel)
    {
        try { await db.SaveChangesAsync(cancel); }
        catch (DbUpdateException twin) when (WriteFailure.Violates(twin, "Messages", nameof(Message.SubjectId), nameof(Message.Kind),
            nameof(Message.PersonId)))
        {
            // Another instance reminded at the same moment; the next run sees what it left.
        }
        db.ChangeTracker.Clear();
    }

    (GrantState State, DateOnly? On) Wanted(PlanFacts facts)
    {
        var standing = facts.AsOf(clock.Today());
        return standing.State switch
        {
            InstalmentState.Kept => (GrantState.Granted, null),
            InstalmentState.Completed => (GrantState.Completed, standing.On),
            InstalmentState.Missed => (GrantState.Missed, standing.On),
            _ => throw new InvalidOperationException($"No state for {standing.State}"),
        };
    }

    async Task<bool> Note(Guid id, CancellationToken cancel)
    {
        // The plan's own state, read again under its lock, makes it happen once.
        var key = new IdempotencyKey("job", "follow-plans", "note", Guid.CreateVersion7().ToString("N"));
        return (await db.Once<bool>(key, new { id }, async () =>
        {
            var plan = await db.InstalmentPlans.Where(p => p.Id == id).ForUpdate().SingleAsync(cancel);
            var wanted = Wanted((await BillStops.Plans(db, [id], cancel))[id]);
            if (plan.State is not (GrantState.Granted or GrantState.Missed) || wanted == (plan.State, plan.EndedOn)) return false;
            (plan.State, plan.EndedOn) = wanted;
            if (plan.State == GrantState.Missed)
                await work.Open(plan.CommunityId, Work, id, StaffRole.Collector, "分期未按约定缴纳，已终止",
                    $"{wanted.On:yyyy-MM-dd} 到期的一期未缴足，违约金自次日起继续计算。", cancel);
            else await work.Finish(Work, id, null, plan.State == GrantState.Completed ? "分期已缴清" : "款项已按时到账，分期继续", cancel);
            audit.Add(plan.CommunityId, Audit.System, $"instalment-plan.{plan.State}".ToLowerInvariant(), id, new { plan.EndedOn, plan.TotalFen });
            return true;
        }, cancel)) is { Done: true, Value: true };
    }
}
