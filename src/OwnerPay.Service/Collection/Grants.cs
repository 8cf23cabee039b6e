using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <summary>What grants have in common: how they are decided and withdrawn, and what deferrals and plans ask of the bills that they are about, all of
/// that under the bills' locks.</summary>
public sealed class Grants(OwnerPayDb db, IEnumerable<IHoldsBills> holders, Approvals approvals, Audit audit, Clock clock)
{
    public static readonly Error NoneChosen = new(400, "no_bills_chosen", "请选择账单") { Field = "billIds" };
    public static readonly Error ChosenTwice = new(400, "bill_chosen_twice", "同一张账单不能选择两次") { Field = "billIds" };
    public static readonly Error Different = new(409, "bills_of_different_parties", "所选账单须属于同一房屋的同一责任方") { Field = "billIds" };
    public static readonly Error Overlaps = new(409, "grant_overlaps", "账单已有缓交或分期在申请或执行中，请先处理") { Field = "billIds" };

    /// <summary>Every refusal about the bills themselves.</summary>
    public static readonly Error[] Errors = [NoneChosen, ChosenTwice, ShowBills.NotFound, Different, OpenDispute.NotOpen, Overlaps];

    /// <summary>Locks the bills in the order of their ids and looks whether something new may be agreed about them.</summary>
    /// <param name="apart">A deferral or plan that does not count: the one that is being decided.</param>
    public async Task<Result<IReadOnlyList<Bill>>> Lock(Guid community, IReadOnlyList<Guid> ids, Guid? apart, CancellationToken cancel)
    {
        if (ids.Count == 0) return NoneChosen;
        if (ids.Distinct().Count() != ids.Count) return ChosenTwice;
        var wanted = ids.ToList();
        var bills = await db.Bills.AsNoTracking().Where(b => wanted.Contains(b.Id) && b.CommunityId == community).OrderBy(b => b.Id).ForUpdate()
            .ToListAsync(cancel);
        if (bills.Count != ids.Count) return ShowBills.NotFound;
        if (bills.Any(b => (b.HouseId, b.PartyId) != (bills[0].HouseId, bills[0].PartyId))) return Different;
        if (bills.Any(b => b.State != BillState.Open)) return OpenDispute.NotOpen;
        return await Overlapping(wanted, apart, cancel) ? Overlaps : Result.Of<IReadOnlyList<Bill>>(bills);
    }

    /// <summary>Whoever has one of the bills in hand: its price was frozen without what is being granted.</summary>
    public Task<Error?> Held(IReadOnlyList<Guid> bills, CancellationToken cancel) => holders.Holding(bills, cancel);

    /// <summary>Writes down who granted or rejected it.</summary>
    public void Decide(IGrant grant, bool approved, StaffMember by) =>
        (grant.DecidedBy, grant.DecidedAt, grant.State) = (by.StaffId, clock.Now(), approved ? GrantState.Granted : GrantState.Rejected);

    /// <summary>Its proposer takes it back before anybody decided it.</summary>
    /// <param name="kind">Kind of its approval; the audit entry is <c>kind.withdrawn</c>.</param>
    /// <param name="details">Of the audit entry.</param>
    public Task<Result<bool>> Withdraw<T>(
        string kind, Error notFound, Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel, object? details = null)
        where T : class, IGrant =>
        db.Once<bool>(key, new { by.CommunityId, id }, async () =>
        {
            var grants = db.Set<T>();
            if (!await grants.AnyAsync(g => g.Id == id && g.CommunityId == by.CommunityId, cancel)) return notFound;
            if (await approvals.Withdraw(kind, id, by, cancel) is { } refusal) return refusal;
            (await grants.SingleAsync(g => g.Id == id, cancel)).State = GrantState.Withdrawn;
            audit.Add(by, kind + ".withdrawn", id, details ?? new { });
            return true;
        }, cancel);

    async Task<bool> Overlapping(List<Guid> bills, Guid? apart, CancellationToken cancel)
    {
        var (granted, today) = (db.GrantedBills.Where(b => bills.Contains(b.BillId) && b.SubjectId != apart), clock.Today());
        if (await db.Deferrals.AnyAsync(d => granted.Any(b => b.SubjectId == d.Id)
            && (d.State == GrantState.Proposed || d.State == GrantState.Granted && d.Until >= today), cancel)) return true;
        if (await db.InstalmentPlans.AnyAsync(p => granted.Any(b => b.SubjectId == p.Id) && p.State == GrantState.Proposed, cancel)) return true;
        // Whether a plan still runs follows from what was paid, not from when a job last looked.
        var running = await db.InstalmentPlans.Where(p => granted.Any(b => b.SubjectId == p.Id) && p.State == GrantState.Granted).Select(p => p.Id)
            .ToListAsync(cancel);
        return (await BillStops.Plans(db, running, cancel)).Values.Any(plan => plan.AsOf(today).State == Domain.Collection.InstalmentState.Kept);
    }
}

/// <summary>Roles that move in this room.</summary>
static class Roles
{
    public static readonly StaffRole[] Proposers = [StaffRole.Finance, StaffRole.Manager];
    public static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Collector, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager];
    public static readonly StaffRole[] Approvers = [StaffRole.Manager];
}
