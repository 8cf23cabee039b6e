using Microsoft.AspNetCore.Http.HttpResults;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Staff;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Roster;

/// <summary>The list of houses as an Excel file, people masked as in the list.</summary>
public static class ExportHouses
{
    static readonly SheetColumn<HouseLine>[] Columns =
    [
        Text<HouseLine>("房号", h => h.Code), Text<HouseLine>("楼栋", h => h.Building), new("建筑面积（㎡）", 14, "0.00", h => h.AreaHundredths / 100m),
        Day<HouseLine>("交付日期", h => h.HandedOverOn), Text<HouseLine>("空置", h => h.Vacant ? "是" : "否", 8),
        Text<HouseLine>("业主及住户", h => string.Join("、", h.People.Select(p => p.Name)), 24),
        Text<HouseLine>("电话", h => string.Join("、", h.People.SelectMany(p => p.Phones)), 30),
    ];

    public static void Map(Doors doors) => doors.MapSheet(
        "houses", "exportHouses", Get, StaffRole.Clerk, StaffRole.Collector, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager);

    static Task<FileStreamHttpResult> Get(StaffMember by, ListHouses list, ExportSheet export, CancellationToken cancel) => export.Run(
        by, "houses", "房屋", Columns, SheetFile.AllPages(cursor => list.Run(by.CommunityId, null, null, cursor, cancel)), cancel);
}
