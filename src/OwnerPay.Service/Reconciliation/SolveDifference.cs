using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <param name="Text">What was found and done, for those who read the day in years.</param>
public sealed record SolveRequest([property: Required, StringLength(500, MinimumLength = 2)] string Text);

/// <summary>Finance says how a difference was put right (resolved), or why it may stand (explained). Both let the day close; neither moves
/// money.</summary>
/// <remarks>Errors: <c>difference_not_found</c> 404; <c>difference_solved</c>, <c>day_closed</c> 409.</remarks>
public sealed class SolveDifference(OwnerPayDb db, WorkOnDifference work, Clock clock)
{
    public static readonly Error Solved = new(409, "difference_solved", "该差异已处理");
    static readonly Error Closed = new(409, "day_closed", "该日对账已关闭，不能再修改");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/differences/{id:guid}/resolve", Resolve).WithName("resolveDifference")
            .ForStaff(StaffRole.Finance).CanFail(Problems.Validation, ListDifferences.NotFound, Solved, Closed);
        doors.Staff.MapPost("/communities/{communityId:guid}/reconciliation/differences/{id:guid}/explain", Explain).WithName("explainDifference")
            .ForStaff(StaffRole.Finance).CanFail(Problems.Validation, ListDifferences.NotFound, Solved, Closed);
    }

    static async Task<Results<Ok<DifferenceView>, ProblemHttpResult>> Resolve(
        Guid id, StaffMember by, SolveRequest request, SolveDifference solve, CancellationToken cancel) =>
        (await solve.Run(id, DifferenceState.Resolved, request, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<DifferenceView>, ProblemHttpResult>> Explain(
        Guid id, StaffMember by, SolveRequest request, SolveDifference solve, CancellationToken cancel) =>
        (await solve.Run(id, DifferenceState.Explained, request, by, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<DifferenceView>> Run(Guid id, DifferenceState to, SolveRequest request, StaffMember by, CancellationToken cancel)
    {
        var known = await db.Differences.AsNoTracking().Where(d => d.Id == id && d.CommunityId == by.CommunityId)
            .Select(d => new { d.MerchantAccountId, d.Day }).SingleOrDefaultAsync(cancel);
        if (known is null) return ListDifferences.NotFound;
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
        // The day first, as closing does: nobody closes it between this look and the commit.
        var day = await db.ReconciledDays.AsNoTracking().Where(d => d.MerchantAccountId == known.MerchantAccountId && d.Day == known.Day).ForUpdate()
            .SingleAsync(cancel);
        var difference = await db.Differences.Where(d => d.Id == id).ForUpdate().SingleAsync(cancel);
        if (day.State == DayState.Closed) return Closed;
        if (difference.State != DifferenceState.Open) return Solved;
        difference.Solve(to, by.StaffId, request.Text, clock.Now());
        work.Note(difference, by, to == DifferenceState.Resolved ? DifferenceNoteKind.Resolved : DifferenceNoteKind.Explained, request.Text, null);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ShowDays.View(difference, await db.MerchantAccounts.Where(m => m.Id == known.MerchantAccountId).Select(m => m.MchId)
            .SingleAsync(cancel));
    }
}
