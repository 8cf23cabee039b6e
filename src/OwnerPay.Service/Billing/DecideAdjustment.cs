using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A manager decides about an adjustment; approved, it is booked in the same transaction. Until then its proposer may take it back.</summary>
/// <remarks>Errors of taking it back: <c>adjustment_not_found</c> 404; <c>not_own_proposal</c> 403; <c>approval_decided</c> 409.</remarks>
public sealed class DecideAdjustment(OwnerPayDb db, CorrectBill correct, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    public const string ApprovalKind = "bill-adjustment";
    public static readonly Error NotFound = new(404, "adjustment_not_found", "没有找到该更正");

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Manager];

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/adjustments/{id:guid}/withdraw", PostWithdraw)
        .WithName("withdrawBillAdjustment").ForStaff(StaffRole.Clerk, StaffRole.Finance).CanFail(NotFound, Approvals.NotOwn, Approvals.Decided);

    static async Task<Results<NoContent, ProblemHttpResult>> PostWithdraw(Guid id, IdempotencyKey key, StaffMember by, DecideAdjustment decide, CancellationToken cancel) =>
        (await decide.Withdraw(id, key, by, cancel)).ToHttp(_ => TypedResults.NoContent());

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        var adjustment = await db.BillAdjustments.Where(a => a.Id == approval.SubjectId && a.CommunityId == approval.CommunityId).ForUpdate().SingleAsync(cancel);
        if (adjustment.State != AdjustmentState.Proposed) throw new InvalidOperationException($"Adjustment {adjustment.Id:N} is {adjustment.State} and was not decided");
        (adjustment.DecidedBy, adjustment.DecidedAt) = (by.StaffId, clock.Now());
        if (approved) return await correct.Run(adjustment, cancel);
        adjustment.State = AdjustmentState.Rejected;
        return null;
    }

    public Task<Result<bool>> Withdraw(Guid id, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<bool>(key, new { by.CommunityId, id }, async () =>
        {
            if (!await db.BillAdjustments.AnyAsync(a => a.Id == id && a.CommunityId == by.CommunityId, cancel)) return NotFound;
            if (await approvals.Withdraw(ApprovalKind, id, by, cancel) is { } refusal) return refusal;
            var adjustment = await db.BillAdjustments.SingleAsync(a => a.Id == id, cancel);
            adjustment.State = AdjustmentState.Withdrawn;
            audit.Add(by, "bill-adjustment.withdrawn", id, new { adjustment.BillId });
            return true;
        }, cancel);
}
