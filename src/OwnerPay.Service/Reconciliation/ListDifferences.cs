using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <param name="By">Staff id.</param>
public sealed record DifferenceStep(DifferenceNoteKind Kind, Guid By, string ByName, Guid? AssignedTo, string Text, DateTimeOffset At);

/// <param name="History">What was done about it and said of it, oldest first.</param>
public sealed record DifferenceDetail(DifferenceView Difference, IReadOnlyList<DifferenceStep> History);

/// <summary>Everything that does not agree, whatever it was compared with, in one list: what finance works down to zero.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400; <c>difference_not_found</c> 404.</remarks>
public static class ListDifferences
{
    const int PageSize = 50;
    public static readonly Error NotFound = new(404, "difference_not_found", "没有找到该差异");

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/reconciliation/differences", List).WithName("listDifferences")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/reconciliation/differences/{id:guid}", One).WithName("showDifference")
            .ForStaff(StaffRole.Finance, StaffRole.Manager).CanFail(NotFound);
    }

    /// <param name="state">Only those in this state; absent: all.</param>
    /// <param name="source">Only those between these two sides.</param>
    /// <param name="mine">True: only those that I am to work on.</param>
    static async Task<Results<Ok<Page<DifferenceView>>, ProblemHttpResult>> List(
        StaffMember by, OwnerPayDb db, CancellationToken cancel, Choice<DifferenceState>? state = null, Choice<DifferenceSource>? source = null, bool mine = false,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var found = db.Differences.AsNoTracking().Where(d => d.CommunityId == by.CommunityId);
        if (state is { } wanted) found = found.Where(d => d.State == wanted.Value);
        if (source is { } side)
        {
            var causes = Enum.GetValues<DifferenceCause>().Where(cause => DifferenceTexts.SourceOf(cause) == side.Value).ToList();
            found = found.Where(d => causes.Contains(d.Cause));
        }
        if (mine) found = found.Where(d => d.AssignedTo == by.StaffId);
        var page = await found.OldestFirst(after, d => new Cursor(d.FoundAt, d.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var numbers = await Numbers(db, by.CommunityId, cancel);
        return TypedResults.Ok(Pages.Of(page, PageSize, d => new Cursor(d.FoundAt, d.Id)).Select(d => ShowDays.View(d, numbers.GetValueOrDefault(d.MerchantAccountId, ""))));
    }

    static async Task<Results<Ok<DifferenceDetail>, ProblemHttpResult>> One(Guid id, StaffMember by, OwnerPayDb db, CancellationToken cancel)
    {
        var difference = await db.Differences.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.CommunityId == by.CommunityId, cancel);
        if (difference is null) return NotFound.ToProblem();
        var accounts = db.StaffAccounts;
        var history = await db.DifferenceNotes.AsNoTracking().Where(n => n.DifferenceId == id).OrderBy(n => n.At).ThenBy(n => n.Id)
            .Select(n => new DifferenceStep(n.Kind, n.By, accounts.Where(a => a.Id == n.By).Select(a => a.Name).FirstOrDefault() ?? "", n.AssignedTo, n.Text, n.At))
            .ToListAsync(cancel);
        var numbers = await Numbers(db, by.CommunityId, cancel);
        return TypedResults.Ok(new DifferenceDetail(ShowDays.View(difference, numbers.GetValueOrDefault(difference.MerchantAccountId, "")), history));
    }

    static Task<Dictionary<Guid, string>> Numbers(OwnerPayDb db, Guid community, CancellationToken cancel) =>
        db.MerchantAccounts.Where(m => m.CommunityId == community).ToDictionaryAsync(m => m.Id, m => m.MchId, cancel);
}
