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

/// <param name="Answer">What the owner reads.</param>
public sealed record DisputeAnswer([property: Required, StringLength(500, MinimumLength = 2)] string Answer);

/// <param name="Outcome"><c>upheld</c>, <c>rejected</c> or <c>settled</c>; only the owner withdraws.</param>
/// <inheritdoc cref="DisputeAnswer"/>
public sealed record DisputeClosing(DisputeOutcome Outcome, [property: Required, StringLength(500, MinimumLength = 2)] string Answer);

/// <summary>Staff answer a dispute and close it with an outcome; its owner may take it back. Late fee runs again from the day after; the days of the
/// dispute stay free, whatever came out.</summary>
/// <remarks>Who opened it for an owner does not close it: one person alone could give away late fee that way.
/// Errors: <c>dispute_not_found</c> 404; <c>dispute_closed</c> 409; <c>own_dispute</c> 403; <c>outcome_not_yours</c> 400.</remarks>
public sealed class CloseDispute(OwnerPayDb db, Messages messages, WorkItems work, Audit audit, Clock clock)
{
    static readonly Error NotFound = new(404, "dispute_not_found", "没有找到该异议");
    static readonly Error Closed = new(409, "dispute_closed", "该异议已办结");
    static readonly Error Own = new(403, "own_dispute", "代业主提出的异议须由另一位同事办结");
    static readonly Error NotYours = new(400, "outcome_not_yours", "撤回只能由业主本人操作，请选择成立、不成立或协商解决") { Field = "outcome" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/disputes/{id:guid}/answer", PostAnswer).WithName("answerDispute")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Closed);
        doors.Staff.MapPost("/communities/{communityId:guid}/disputes/{id:guid}/close", PostClose).WithName("closeDispute")
            .ForStaff(StaffRole.Finance, StaffRole.Manager)
            .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Closed, Own, NotYours);
        doors.Owner.MapPost("/houses/{houseId}/disputes/{id:guid}/withdraw", PostWithdraw).WithName("withdrawDispute").ForOwners()
            .CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, Member.HouseNotFound, NotFound, Closed);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> PostAnswer(
        Guid id, IdempotencyKey key, StaffMember by, DisputeAnswer request, CloseDispute close, CancellationToken cancel) =>
        (await close.Answer(id, request, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    static async Task<Results<NoContent, ProblemHttpResult>> PostClose(
        Guid id, IdempotencyKey key, StaffMember by, DisputeClosing request, CloseDispute close, CancellationToken cancel) =>
        (await close.Close(id, request, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    static async Task<Results<NoContent, ProblemHttpResult>> PostWithdraw(
        Guid id, IdempotencyKey key, Member member, CloseDispute close, CancellationToken cancel) =>
        (await close.Withdraw(id, key, member, cancel)).ToHttp(_ => TypedResults.NoContent());

    Task<Result<bool>> Answer(Guid id, DisputeAnswer request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<bool>(key, new { by.CommunityId, id, request }, async () =>
        {
            var dispute = await db.Disputes.Where(d => d.Id == id && d.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (dispute is null) return NotFound;
            if (dispute.State == DisputeState.Closed) return Closed;
            (dispute.Answer, dispute.AnswerId, dispute.AnsweredBy, dispute.AnsweredAt) = (request.Answer.Trim(), Guid.CreateVersion7(), by.StaffId,
                clock.Now());
            await DisputeMessage.Tell(db, messages, dispute, closed: false, cancel);
            audit.Add(by, "dispute.answered", id, new { dispute.BillId });
            return true;
        }, cancel);

    Task<Result<bool>> Close(Guid id, DisputeClosing request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<bool>(key, new { by.CommunityId, id, request }, async () =>
        {
            if (request.Outcome == DisputeOutcome.Withdrawn) return NotYours;
            var dispute = await db.Disputes.Where(d => d.Id == id && d.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (dispute is null) return NotFound;
            if (dispute.State == DisputeState.Closed) return Closed;
            if (dispute.StaffId == by.StaffId) return Own;
            (dispute.Answer, dispute.AnsweredBy, dispute.AnsweredAt, dispute.ClosedBy) = (request.Answer.Trim(), by.StaffId, clock.Now(), by.StaffId);
            await End(dispute, request.Outcome, by.StaffId, cancel);
            await DisputeMessage.Tell(db, messages, dispute, closed: true, cancel);
            audit.Add(by, "dispute.closed", id, new { dispute.BillId, request.Outcome });
            return true;
        }, cancel);

    Task<Result<bool>> Withdraw(Guid id, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<bool>(key, new { member.HouseId, id }, async () =>
        {
            var parties = member.PartyIds.ToList();
            var dispute = await db.Disputes.Where(d => d.Id == id && d.HouseId == member.HouseId && parties.Contains(d.PartyId)).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            if (dispute is null) return NotFound;
            if (dispute.State == DisputeState.Closed) return Closed;
            await End(dispute, DisputeOutcome.Withdrawn, null, cancel);
            audit.Add(dispute.CommunityId, member.Actor, "dispute.withdrawn", id, new { dispute.BillId });
            return true;
        }, cancel);

    async Task End(Dispute dispute, DisputeOutcome outcome, Guid? by, CancellationToken cancel)
    {
        (dispute.State, dispute.Outcome, dispute.ClosedAt, dispute.OpenBillId) = (DisputeState.Closed, outcome, clock.Now(), null);
        // The day on which it is closed is free still: a fee must not rise within a day.
        (await db.LateFeePauses.SingleAsync(p => p.SourceId == dispute.Id && p.BillId == dispute.BillId, cancel)).To = clock.Today();
        await work.Finish(OpenDispute.Work, dispute.Id, by, "异议已办结", cancel);
    }
}
