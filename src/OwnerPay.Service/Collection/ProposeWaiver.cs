using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Collection;

/// <param name="PrincipalFen">0 without principal.</param>
/// <param name="LateFeeFen">0 without late fee.</param>
/// <param name="Reason">Why, as the owner may read it.</param>
/// <param name="Evidence">What proves it: a ticket, a protocol, a certificate.</param>
public sealed record WaiverRequest(
    [property: Range(0, 100_000_000_000)] long PrincipalFen, [property: Range(0, 100_000_000_000)] long LateFeeFen,
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason,
    [property: Required, StringLength(400, MinimumLength = 2)] string Evidence);

/// <param name="ApprovalId">What a manager approves or rejects.</param>
public sealed record WaiverProposed(Guid WaiverId, Guid ApprovalId);

/// <summary>Finance or a manager proposes to let go of principal or late fee of a bill; another manager grants it, and it is booked at
/// once.</summary>
/// <remarks>Errors: <c>bill_not_found</c>, <c>waiver_not_found</c> 404; <c>waiver_of_nothing</c> 400; <c>waiver_pending</c>, those of <see
/// cref="WaiveBills"/> 409; when it
/// is approved also those of whoever has the bill in hand: <c>bill_being_paid</c>, <c>bill_refund_pending</c>.</remarks>
public sealed class ProposeWaiver(OwnerPayDb db, Grants grants, WaiveBills waive, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error OfNothing = new(400, "waiver_of_nothing", "请填写要减免的本金或违约金") { Field = "principalFen" };
    static readonly Error Pending = new(409, "waiver_pending", "该账单已有一份减免在等待审批，请先处理");
    static readonly Error NotFound = new(404, "waiver_not_found", "没有找到该减免申请");

    public string Kind => "waiver";

    public StaffRole[] Approvers => Roles.Approvers;

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/bills/{billId:guid}/waivers", Post).WithName("proposeWaiver").ForStaff(Roles.Proposers)
            .CanFail([Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, ShowBills.NotFound, OfNothing, Pending,
                .. WaiveBills.Errors]);
        doors.Staff.MapPost("/communities/{communityId:guid}/waivers/{id:guid}/withdraw", PostWithdraw).WithName("withdrawWaiver")
            .ForStaff(Roles.Proposers)
            .CanFail(IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Approvals.NotOwn, Approvals.Decided);
    }

    static async Task<Results<Created<WaiverProposed>, ProblemHttpResult>> Post(
        Guid billId, IdempotencyKey key, StaffMember by, WaiverRequest request, ProposeWaiver propose, CancellationToken cancel) =>
        (await propose.Run(billId, request, key, by, cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/waivers", done));

    static async Task<Results<NoContent, ProblemHttpResult>> PostWithdraw(
        Guid id, IdempotencyKey key, StaffMember by, ProposeWaiver propose, CancellationToken cancel) =>
        (await propose.Withdraw(id, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    Task<Result<WaiverProposed>> Run(Guid billId, WaiverRequest request, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<WaiverProposed>(key, new { by.CommunityId, billId, request }, async () =>
        {
            if (request.PrincipalFen + request.LateFeeFen == 0) return OfNothing;
            // The bill's row is the lock under which its pending waivers are counted.
            var bill = await db.Bills.AsNoTracking().Where(b => b.Id == billId && b.CommunityId == by.CommunityId).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            if (bill is null) return ShowBills.NotFound;
            if (await db.Waivers.AnyAsync(w => w.BillId == billId && w.State == GrantState.Proposed, cancel)) return Pending;
            if (await waive.Against(bill, request.PrincipalFen, request.LateFeeFen, cancel) is { } refusal) return refusal;
            var waiver = new Waiver
            {
                Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, BillId = billId, PrincipalFen = request.PrincipalFen,
                LateFeeFen = request.LateFeeFen,
                Reason = request.Reason.Trim(), Evidence = request.Evidence.Trim(), State = GrantState.Proposed, ProposedBy = by.StaffId,
                ProposedAt = clock.Now(),
            };
            db.Add(waiver);
            var approval = approvals.Propose(by.CommunityId, Kind, waiver.Id, by.StaffId,
                $"减免本金 {new Fen(request.PrincipalFen).InYuan()} 元、违约金 {new Fen(request.LateFeeFen).InYuan()} 元：{waiver.Reason}");
            audit.Add(by, "waiver.proposed", waiver.Id, new { billId, request.PrincipalFen, request.LateFeeFen });
            return new WaiverProposed(waiver.Id, approval.Id);
        }, cancel);

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var waiver = await db.Waivers.SingleAsync(w => w.Id == approval.SubjectId && w.CommunityId == approval.CommunityId, cancel);
        grants.Decide(waiver, approved, by);
        if (!approved) return null;
        waiver.GrantedOn = clock.Today();
        return await waive.Run(waiver.CommunityId, waiver.Id, waiver.BillId, waiver.PrincipalFen, waiver.LateFeeFen, cancel);
    }

    Task<Result<bool>> Withdraw(Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        grants.Withdraw<Waiver>(Kind, NotFound, id, key, by, cancel);
}
