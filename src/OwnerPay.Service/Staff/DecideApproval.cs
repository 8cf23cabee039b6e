using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

public sealed record DecisionRequest([property: MaxLength(190)] string? Note = null);

public sealed record ApprovalAnswer(Guid ApprovalId, ApprovalState State);

/// <summary>Another person approves or rejects a proposal; what it means is done by the slice that owns the thing, in the same transaction.</summary>
/// <remarks>Errors: <c>approval_not_found</c> 404; <c>own_proposal</c>, <c>not_allowed</c> 403; <c>approval_decided</c> 409; and those of the owning slice.</remarks>
public sealed class DecideApproval(OwnerPayDb db, IEnumerable<IApprovable> kinds, Audit audit, Clock clock)
{
    static readonly Error NotFound = new(404, "approval_not_found", "没有找到该审批");
    static readonly Error Decided = Approvals.Decided;
    public static readonly Error OwnProposal = new(403, "own_proposal", "不能审批自己提出的申请");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/approvals/{id:guid}/approve", Approve).WithName("approve")
            .ForStaff(StaffRole.Finance, StaffRole.Manager, StaffRole.Admin).CanFail(NotFound, Problems.NotAllowed, OwnProposal, Decided);
        doors.Staff.MapPost("/communities/{communityId:guid}/approvals/{id:guid}/reject", Reject).WithName("reject")
            .ForStaff(StaffRole.Finance, StaffRole.Manager, StaffRole.Admin).CanFail(NotFound, Problems.NotAllowed, OwnProposal, Decided);
    }

    static async Task<Results<Ok<ApprovalAnswer>, ProblemHttpResult>> Approve(Guid id, StaffMember by, DecisionRequest? request, DecideApproval decide, CancellationToken cancel) =>
        (await decide.Run(id, approved: true, request?.Note, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<ApprovalAnswer>, ProblemHttpResult>> Reject(Guid id, StaffMember by, DecisionRequest? request, DecideApproval decide, CancellationToken cancel) =>
        (await decide.Run(id, approved: false, request?.Note, by, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<ApprovalAnswer>> Run(Guid id, bool approved, string? note, StaffMember by, CancellationToken cancel)
    {
        // A decision needs no key of the client: the approval's own state makes it happen once. A refusal may be asked again when its cause is gone.
        var key = new IdempotencyKey("staff", by.Actor, "decideApproval", Guid.CreateVersion7().ToString("N"));
        return db.Once<ApprovalAnswer>(key, new { id, approved, note }, async () =>
        {
            var approvals = db.Approvals;
            var approval = await approvals.Where(a => a.Id == id && a.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
            if (approval is null) return NotFound;
            var kind = kinds.SingleOrDefault(known => known.Kind == approval.Kind)
                ?? throw new InvalidOperationException($"Nobody registered an IApprovable for {approval.Kind}.");
            if (!by.Has(kind.Approvers)) return Problems.NotAllowed;
            if (approval.ProposedBy == by.StaffId) return OwnProposal;
            var wanted = approved ? ApprovalState.Approved : ApprovalState.Rejected;
            if (approval.State == wanted && approval.DecidedBy == by.StaffId) return new ApprovalAnswer(id, wanted);    // a second tap
            if (approval.State != ApprovalState.Proposed) return Decided;
            (approval.State, approval.DecidedBy, approval.DecidedAt, approval.DecisionNote) = (wanted, by.StaffId, clock.Now(), note);
            if (await kind.Decide(approval, approved, by, cancel) is { } refusal) return refusal;
            audit.Add(by, $"{approval.Kind}.{(approved ? "approved" : "rejected")}", approval.SubjectId, new { approvalId = id, approval.ProposedBy, note });
            return new ApprovalAnswer(id, wanted);
        }, cancel);
    }
}
