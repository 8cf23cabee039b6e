using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Staff;

/// <param name="Resolution">What was found and done.</param>
public sealed record ResolutionRequest([property: Required, MaxLength(190)] string Resolution);

/// <summary>A member of staff reports that a work item is done, and how.</summary>
/// <remarks>Errors: <c>work_item_not_found</c> 404 (also for items of other roles), <c>work_item_done</c> 409.</remarks>
public sealed class FinishWorkItem(OwnerPayDb db, Audit audit, Clock clock)
{
    static readonly Error NotFound = new(404, "work_item_not_found", "没有找到该待办事项");
    static readonly Error Done = new(409, "work_item_done", "该待办事项已办结");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/work-items/{id:guid}/done", Post).WithName("finishWorkItem")
        .ForStaff(Enum.GetValues<StaffRole>()).CanFail(NotFound, Done);

    static async Task<Results<NoContent, ProblemHttpResult>> Post(Guid id, StaffMember by, ResolutionRequest request, FinishWorkItem finish, CancellationToken cancel) =>
        await finish.Run(id, request, by, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    public async Task<Error?> Run(Guid id, ResolutionRequest request, StaffMember by, CancellationToken cancel)
    {
        var items = db.WorkItems;
        var item = await items.SingleOrDefaultAsync(i => i.Id == id && i.CommunityId == by.CommunityId, cancel);
        if (item is null || !by.Has(item.Role, StaffRole.Manager)) return NotFound;
        if (item.State == WorkItemState.Done) return Done;
        (item.State, item.DoneBy, item.DoneAt, item.Resolution) = (WorkItemState.Done, by.StaffId, clock.Now(), request.Resolution);
        audit.Add(by, "work-item.done", id, new { item.Kind, item.SubjectId, request.Resolution });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException) { return Done; }
        return null;
    }
}
