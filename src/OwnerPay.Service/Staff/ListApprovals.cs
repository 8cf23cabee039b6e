using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="Mine">Proposed by the one who asks, who therefore may not decide it.</param>
public sealed record ApprovalItem(
    Guid Id, string Kind, Guid SubjectId, ApprovalState State, Guid ProposedBy, string ProposedByName, bool Mine, DateTimeOffset ProposedAt, string? Note,
    Guid? DecidedBy, DateTimeOffset? DecidedAt, string? DecisionNote);

/// <summary>What was proposed in a community, oldest first.</summary>
public static class ListApprovals
{
    const int PageSize = 100;

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/approvals", Get).WithName("listApprovals")
        .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager, StaffRole.Admin).CanFail(Cursor.Invalid);

    static async Task<Results<Ok<Page<ApprovalItem>>, ProblemHttpResult>> Get(
        StaffMember by, OwnerPayDb db, CancellationToken cancel, Choice<ApprovalState>? state = null, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        ApprovalState? wanted = state?.Value;
        var (approvals, accounts) = (db.Approvals, db.StaffAccounts);
        var query = approvals.AsNoTracking().Where(a => a.CommunityId == by.CommunityId && (wanted == null || a.State == wanted));
        var items = await query.OldestFirst(after, a => new Cursor(a.ProposedAt, a.Id)).Take(PageSize + 1).Select(a => new ApprovalItem(
            a.Id, a.Kind, a.SubjectId, a.State, a.ProposedBy, accounts.Where(s => s.Id == a.ProposedBy).Select(s => s.Name).FirstOrDefault() ?? "", a.ProposedBy == by.StaffId,
            a.ProposedAt, a.Note, a.DecidedBy, a.DecidedAt, a.DecisionNote)).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(items, PageSize, item => new Cursor(item.ProposedAt, item.Id)));
    }
}
