using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="Reason">What is wrong with the bill.</param>
public sealed record DisputeRequest([property: Required, StringLength(500, MinimumLength = 2)] string Reason);

public sealed record DisputeOpened(Guid DisputeId);

/// <summary>An owner, or staff for him, says that a bill is wrong. From this day on its late fee stands still and overdue messages stay out, until
/// it is closed.</summary>
/// <remarks>An owner disputes a bill once; after that staff open it again for him: so nobody keeps late fee away for ever by tapping.
/// Errors: <c>bill_not_found</c>, <c>house_not_found</c> 404; <c>bill_not_open</c>, <c>dispute_open</c>, <c>dispute_answered</c> 409.</remarks>
public sealed class OpenDispute(OwnerPayDb db, Messages messages, WorkItems work, Audit audit, Clock clock)
{
    public const string Work = "dispute.open";
    public static readonly Error NotOpen = new(409, "bill_not_open", "账单已缴清或已作废，不能再进行此操作");
    static readonly Error Pending = new(409, "dispute_open", "该账单的异议正在处理中，请等待答复");
    static readonly Error Answered = new(409, "dispute_answered", "该账单的异议已答复过，如有新的情况请联系物业服务中心");

    public static void Map(Doors doors)
    {
        doors.Owner.MapPost("/houses/{houseId}/bills/{billId:guid}/disputes", PostByOwner).WithName("openDispute").ForOwners()
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, Member.HouseNotFound, ShowBills.NotFound, NotOpen, Pending,
                Answered);
        doors.Staff.MapPost("/communities/{communityId:guid}/bills/{billId:guid}/disputes", PostByStaff).WithName("openDisputeForOwner")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Finance, StaffRole.Manager)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ShowBills.NotFound, NotOpen, Pending);
    }

    static async Task<Results<Created<DisputeOpened>, ProblemHttpResult>> PostByOwner(
        Guid billId, IdempotencyKey key, Member member, DisputeRequest request, OpenDispute open, CancellationToken cancel) =>
        (await open.ByOwner(billId, request, key, member, cancel)).ToHttp(
            done => TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/disputes", done));

    static async Task<Results<Created<DisputeOpened>, ProblemHttpResult>> PostByStaff(
        Guid billId, IdempotencyKey key, StaffMember by, DisputeRequest request, OpenDispute open, CancellationToken cancel) =>
        (await open.ByStaff(billId, request, key, by, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/disputes", done));

    Task<Result<DisputeOpened>> ByOwner(Guid billId, DisputeRequest request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<DisputeOpened>(key, new { member.HouseId, billId, request }, async () =>
        {
            var parties = member.PartyIds.ToList();
            var bill = await db.Bills.AsNoTracking().Where(b => b.Id == billId && b.HouseId == member.HouseId && parties.Contains(b.PartyId))
                .ForUpdate()
                .SingleOrDefaultAsync(cancel);
            if (bill is null) return ShowBills.NotFound;
            if (await db.Disputes.AnyAsync(d => d.BillId == billId && d.State == DisputeState.Closed, cancel)) return Answered;
            return await Add(bill, request.Reason, member.Actor, member.PersonId, null, cancel);
        }, cancel);

    Task<Result<DisputeOpened>> ByStaff(Guid billId, DisputeRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<DisputeOpened>(key, new { by.CommunityId, billId, request }, async () =>
        {
            var bill = await db.Bills.AsNoTracking().Where(b => b.Id == billId && b.CommunityId == by.CommunityId).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            return bill is null ? ShowBills.NotFound : await Add(bill, request.Reason, by.Actor, null, by.StaffId, cancel);
        }, cancel);

    /// <summary>The bill is locked.</summary>
    async Task<Result<DisputeOpened>> Add(Bill bill, string reason, string actor, Guid? person, Guid? staff, CancellationToken cancel)
    {
        if (bill.State != BillState.Open) return NotOpen;
        if (await db.Disputes.AnyAsync(d => d.OpenBillId == bill.Id, cancel)) return Pending;
        var dispute = new Dispute
        {
            Id = Guid.CreateVersion7(), CommunityId = bill.CommunityId, BillId = bill.Id, HouseId = bill.HouseId, PartyId = bill.PartyId,
            Reason = reason.Trim(),
            PersonId = person, StaffId = staff, OpenedAt = clock.Now(), State = DisputeState.Open, OpenBillId = bill.Id,
        };
        db.Add(dispute);
        db.Add(Pauses.Of(bill.Id, bill.CommunityId, PauseKind.Dispute, dispute.Id, clock.Today(), null));
        if (bill.DueOn < clock.Today()) await messages.CancelUnsent([bill.Id], BillReminders.Kinds, "disputed", cancel);
        await work.Open(bill.CommunityId, Work, dispute.Id, StaffRole.Clerk, "业主对账单有异议，请核实并答复", $"账单 {bill.Id:N}：{dispute.Reason}", cancel);
        audit.Add(bill.CommunityId, actor, "dispute.opened", dispute.Id, new { billId = bill.Id });
        return new DisputeOpened(dispute.Id);
    }
}

/// <summary>How grants write down into Billing that late fee stands still.</summary>
static class Pauses
{
    public static LateFeePause Of(Guid bill, Guid community, PauseKind kind, Guid source, DateOnly from, DateOnly? to, int graceDays = 0) => new()
    {
        Id = Guid.CreateVersion7(), CommunityId = community, BillId = bill, Kind = kind, SourceId = source, From = from, To = to,
        GraceDays = graceDays,
    };
}
