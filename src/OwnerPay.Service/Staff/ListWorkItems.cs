using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Staff;

public sealed record WorkItemView(
    Guid Id, string Kind, Guid SubjectId, StaffRole Role, string Title, string Detail, WorkItemState State, DateTimeOffset CreatedAt,
    Guid? DoneBy, DateTimeOffset? DoneAt, string? Resolution);

/// <summary>What a member of staff must look at, oldest first: items of his roles; a manager sees all of the community.</summary>
public static class ListWorkItems
{
    const int PageSize = 100;

    static readonly SheetColumn<WorkItemView>[] Columns =
    [
        Text<WorkItemView>("事项", i => i.Title, 40), Text<WorkItemView>("说明", i => i.Detail, 60), Text<WorkItemView>("类别", i => i.Kind, 24),
        Text<WorkItemView>("办理角色", i => i.Role.ToString(), 12), Text<WorkItemView>("状态", i => i.State == WorkItemState.Open ? "待办" : "已办", 8),
        Instant<WorkItemView>("产生时间", i => i.CreatedAt), Instant<WorkItemView>("办结时间", i => i.DoneAt), Text<WorkItemView>("处理结果", i => i.Resolution, 40),
    ];

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/work-items", Get).WithName("listWorkItems").ForStaff(Enum.GetValues<StaffRole>()).CanFail(Cursor.Invalid);
        doors.MapSheet("work-items", "exportWorkItems", Export, Enum.GetValues<StaffRole>());
    }

    static async Task<Results<Ok<Page<WorkItemView>>, ProblemHttpResult>> Get(
        StaffMember by, OwnerPayDb db, CancellationToken cancel, Choice<WorkItemState>? state = null, string? cursor = null) =>
        (await Run(by, db, state?.Value ?? WorkItemState.Open, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static Task<FileStreamHttpResult> Export(StaffMember by, OwnerPayDb db, ExportSheet export, CancellationToken cancel, Choice<WorkItemState>? state = null) => export.Run(
        by, "work-items", "待办事项", Columns, SheetFile.AllPages(cursor => Run(by, db, state?.Value ?? WorkItemState.Open, cursor, cancel)), cancel);

    static async Task<Result<Page<WorkItemView>>> Run(StaffMember by, OwnerPayDb db, WorkItemState wanted, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (all, roles) = (by.Has(StaffRole.Manager), by.Roles);
        var items = db.WorkItems;
        var query = items.AsNoTracking().Where(i => i.CommunityId == by.CommunityId && i.State == wanted && (all || roles.Contains(i.Role)));
        var page = await query.OldestFirst(after, i => new Cursor(i.CreatedAt, i.Id)).Take(PageSize + 1).Select(i => new WorkItemView(
            i.Id, i.Kind, i.SubjectId, i.Role, i.Title, i.Detail, i.State, i.CreatedAt, i.DoneBy, i.DoneAt, i.Resolution)).ToListAsync(cancel);
        return Pages.Of(page, PageSize, item => new Cursor(item.CreatedAt, item.Id));
    }
}
