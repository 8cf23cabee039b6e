using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

public sealed record WorkItemView(
    Guid Id, string Kind, Guid SubjectId, StaffRole Role, string Title, string Detail, WorkItemState State, DateTimeOffset CreatedAt,
    Guid? DoneBy, DateTimeOffset? DoneAt, string? Resolution);

/// <summary>What a member of staff must look at, oldest first: items of his roles; a manager sees all of the community.</summary>
public static class ListWorkItems
{
    const int PageSize = 100;

    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/work-items", Get).WithName("listWorkItems")
        .ForStaff(Enum.GetValues<StaffRole>()).CanFail(Cursor.Invalid);

    static async Task<Results<Ok<Page<WorkItemView>>, ProblemHttpResult>> Get(
        StaffMember by, OwnerPayDb db, CancellationToken cancel, Choice<WorkItemState>? state = null, string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var (all, roles, wanted) = (by.Has(StaffRole.Manager), by.Roles, state?.Value ?? WorkItemState.Open);
        var items = db.WorkItems;
        var query = items.AsNoTracking().Where(i => i.CommunityId == by.CommunityId && i.State == wanted && (all || roles.Contains(i.Role)));
        var page = await query.OldestFirst(after, i => new Cursor(i.CreatedAt, i.Id)).Take(PageSize + 1).Select(i => new WorkItemView(
            i.Id, i.Kind, i.SubjectId, i.Role, i.Title, i.Detail, i.State, i.CreatedAt, i.DoneBy, i.DoneAt, i.Resolution)).ToListAsync(cancel);
        return TypedResults.Ok(Pages.Of(page, PageSize, item => new Cursor(item.CreatedAt, item.Id)));
    }
}
