using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <summary>A kind of thing that one person proposes and another decides. Registered by the slice that owns the thing: <c>services.AddScoped&lt;IApprovable, …&gt;()</c>.</summary>
public interface IApprovable
{
    /// <summary><c>tariff</c>, <c>offer</c>, <c>reward</c>, <c>template</c>, <c>bill-run</c> …</summary>
    string Kind { get; }

    /// <summary>One of these roles decides.</summary>
    StaffRole[] Approvers { get; }

    /// <summary>Puts the decision into effect, inside the transaction that writes it; the caller has locked the approval and writes the audit log.</summary>
    /// <returns>An expected refusal (the thing changed meanwhile, its window is over), or null: then both are committed together.</returns>
    Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel);
}

/// <summary>Proposals that wait for another person.</summary>
public sealed class Approvals(OwnerPayDb db, Clock clock)
{
    public static readonly Error NotOwn = new(403, "not_own_proposal", "只有提出人可以撤回");
    public static readonly Error Decided = new(409, "approval_decided", "该审批已处理");

    /// <summary>Adds the proposal to the current context; one per kind and subject for ever.</summary>
    /// <param name="proposedBy">Staff id; the database refuses a decision by the same person.</param>
    public Approval Propose(Guid community, string kind, Guid subject, Guid proposedBy, string? note = null)
    {
        var approval = new Approval
        {
            Id = Guid.CreateVersion7(), CommunityId = community, Kind = kind, SubjectId = subject, State = ApprovalState.Proposed,
            ProposedBy = proposedBy, ProposedAt = clock.Now(),
            Note = note is { Length: > Approval.LongestNote } ? note[..Approval.LongestNote] : note,
        };
        db.Add(approval);
        return approval;
    }

    /// <summary>Its proposer takes a proposal back before anybody decided it, inside the caller's transaction.</summary>
    /// <returns>Why not, or null when it was withdrawn.</returns>
    public async Task<Error?> Withdraw(string kind, Guid subject, StaffMember by, CancellationToken cancel)
    {
        var approvals = db.Approvals;
        var approval = await approvals.Where(a => a.Kind == kind && a.SubjectId == subject).ForUpdate().SingleAsync(cancel);
        if (approval.ProposedBy != by.StaffId) return NotOwn;
        if (approval.State != ApprovalState.Proposed) return Decided;
        (approval.State, approval.DecidedAt) = (ApprovalState.Withdrawn, clock.Now());
        return null;
    }
}
