using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Rewards;

/// <summary>A redemption in the staff's list; the pick-up code is the owner's to show and not in it.</summary>
/// <param name="PersonName">Masked.</param>
public sealed record RedemptionListItem(
    Guid RedemptionId, string Reward, string PersonName, long CostPoints, RedemptionState State, DateTimeOffset ReservedAt, DateOnly ExpiresOn, DateTimeOffset? EndedAt);

/// <summary>Redemptions of a community, the newest first, and as an Excel file.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400.</remarks>
public sealed class ListRedemptions(OwnerPayDb db)
{
    const int PageSize = 100;
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager];

    static readonly SheetColumn<RedemptionListItem>[] Columns =
    [
        Text<RedemptionListItem>("礼品", r => r.Reward, 24), Text<RedemptionListItem>("兑换人", r => r.PersonName), Whole<RedemptionListItem>("积分", r => r.CostPoints),
        Text<RedemptionListItem>("状态", r => Name(r.State), 10), Instant<RedemptionListItem>("兑换时间", r => r.ReservedAt),
        Day<RedemptionListItem>("领取截止", r => r.ExpiresOn), Instant<RedemptionListItem>("办结时间", r => r.EndedAt),
    ];

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/redemptions", Get).WithName("listCommunityRedemptions").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.MapSheet("redemptions", "exportRedemptions", Export, Readers);
    }

    static async Task<Results<Ok<Page<RedemptionListItem>>, ProblemHttpResult>> Get(StaffMember by, ListRedemptions list, CancellationToken cancel, string? cursor = null) =>
        (await list.Run(by.CommunityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static Task<FileStreamHttpResult> Export(StaffMember by, ListRedemptions list, ExportSheet export, CancellationToken cancel) =>
        export.Run(by, "redemptions", "积分兑换", Columns, SheetFile.AllPages(cursor => list.Run(by.CommunityId, cursor, cancel)), cancel);

    async Task<Result<Page<RedemptionListItem>>> Run(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (rewards, persons) = (db.Rewards, db.Persons);
        var rows = await db.Redemptions.AsNoTracking().Where(r => r.CommunityId == community).NewestFirst(after, r => new Cursor(r.ReservedAt, r.Id)).Take(PageSize + 1)
            .Select(r => new
            {
                Redemption = r,
                Reward = rewards.Where(reward => reward.Id == r.RewardId).Select(reward => reward.Name).First(),
                Person = persons.Where(person => person.Id == r.PersonId).Select(person => person.Name).First(),
            }).ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.Redemption.ReservedAt, row.Redemption.Id)).Select(row => new RedemptionListItem(
            row.Redemption.Id, row.Reward, Mask.Name(row.Person), row.Redemption.CostPoints, row.Redemption.State, row.Redemption.ReservedAt, row.Redemption.ExpiresOn,
            row.Redemption.EndedAt));
    }

    static string Name(RedemptionState state) => state switch
    {
        RedemptionState.Reserved => "待领取",
        RedemptionState.Fulfilled => "已领取",
        RedemptionState.Cancelled => "已取消",
        RedemptionState.Expired => "已过期",
        _ => throw new InvalidOperationException($"No name for {state}"),
    };
}
