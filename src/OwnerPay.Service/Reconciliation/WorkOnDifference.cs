using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <param name="Text">For those who look at the difference next.</param>
public sealed record CommentRequest([property: Required, StringLength(500, MinimumLength = 2)] string Text);

/// <param name="StaffId">Who is to work on it; he must be finance of the community.</param>
public sealed record AssignRequest(Guid StaffId);

/// <summary>Finance gives a difference to somebody, or writes down what is known of it. Neither solves it.</summary>
/// <remarks>Errors: <c>difference_not_found</c> 404; <c>assignee_not_finance</c> 400; <c>difference_solved</c> 409.</remarks>
public sealed class WorkOnDifference(OwnerPayDb db, Audit audit, Clock clock)
{
    static readonly Error NotFinance = new(400, "assignee_not_finance", "只能指派给本小区的财务人员") { Field = "staffId" };

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/differences/{id:guid}/assign", PostAssign).WithName("assignDifference")
            .ForStaff(StaffRole.Finance).CanFail(ListDifferences.NotFound, NotFinance, SolveDifference.Solved);
        doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/differences/{id:guid}/comments", PostComment).WithName("commentDifference")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Problems.Validation, ListDifferences.NotFound);
    }

    static async Task<Results<Ok<DifferenceView>, ProblemHttpResult>> PostAssign(
        Guid id, StaffMember by, AssignRequest request, WorkOnDifference work, CancellationToken cancel) =>
        (await work.Assign(id, request.StaffId, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<DifferenceView>, ProblemHttpResult>> PostComment(
        Guid id, StaffMember by, CommentRequest request, WorkOnDifference work, CancellationToken cancel) =>
        (await work.Comment(id, request.Text, by, cancel)).ToHttp(TypedResults.Ok);

    async Task<Result<DifferenceView>> Assign(Guid id, Guid staff, StaffMember by, CancellationToken cancel)
    {
        var difference = await db.Differences.SingleOrDefaultAsync(d => d.Id == id && d.CommunityId == by.CommunityId, cancel);
        if (difference is null) return ListDifferences.NotFound;
        if (difference.State != DifferenceState.Open) return SolveDifference.Solved;
        if (!await db.RoleGrants.AnyAsync(g => g.StaffId == staff && g.Role == StaffRole.Finance && g.State == RoleGrantState.Granted
            && (g.CommunityId == null || g.CommunityId == by.CommunityId), cancel)) return NotFinance;
        difference.AssignedTo = staff;
        Note(difference, by, DifferenceNoteKind.Assigned, "", staff);
        return await Save(difference, cancel);
    }

    async Task<Result<DifferenceView>> Comment(Guid id, string text, StaffMember by, CancellationToken cancel)
    {
        var difference = await db.Differences.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.CommunityId == by.CommunityId, cancel);
        if (difference is null) return ListDifferences.NotFound;
        Note(difference, by, DifferenceNoteKind.Comment, text, null);
        return await Save(difference, cancel);
    }

    /// <summary>Adds to the history of a difference, with its audit entry.</summary>
    public void Note(Difference difference, StaffMember by, DifferenceNoteKind kind, string text, Guid? assignedTo)
    {
        db.Add(new DifferenceNote
        {
            Id = Guid.CreateVersion7(), CommunityId = difference.CommunityId, DifferenceId = difference.Id, Kind = kind, By = by.StaffId, AssignedTo = assignedTo,
            Text = text, At = clock.Now(),
        });
        audit.Add(by, $"difference.{kind.ToString().ToLowerInvariant()}", difference.Id,
            new { difference.Day, difference.Cause, difference.Reference, difference.TheirFen, difference.OurFen, text, assignedTo });
    }

    async Task<Result<DifferenceView>> Save(Difference difference, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        return ShowDays.View(difference, await db.MerchantAccounts.Where(m => m.Id == difference.MerchantAccountId).Select(m => m.MchId).SingleOrDefaultAsync(cancel) ?? "");
    }
}
