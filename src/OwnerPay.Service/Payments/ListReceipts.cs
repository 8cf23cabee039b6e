using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Payments;

/// <param name="Number">Null while it is in the making.</param>
public sealed record ReceiptListItem(Guid ReceiptId, Guid PaymentId, string House, string? Number, long AmountFen, DateTimeOffset At, DateTimeOffset? VoidedAt);

/// <summary>Receipts of a community, the newest first, and as an Excel file.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400.</remarks>
public sealed class ListReceipts(OwnerPayDb db)
{
    const int PageSize = 100;
    static readonly StaffRole[] Readers = [StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager];

    static readonly SheetColumn<ReceiptListItem>[] Columns =
    [
        Text<ReceiptListItem>("收据编号", r => r.Number), Text<ReceiptListItem>("房号", r => r.House), Yuan<ReceiptListItem>("金额（元）", r => r.AmountFen),
        Instant<ReceiptListItem>("开具时间", r => r.At), Instant<ReceiptListItem>("作废时间", r => r.VoidedAt),
    ];

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/receipts", Get).WithName("listReceipts").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.MapSheet("receipts", "exportReceipts", Export, Readers);
    }

    static async Task<Results<Ok<Page<ReceiptListItem>>, ProblemHttpResult>> Get(StaffMember by, ListReceipts list, CancellationToken cancel, string? cursor = null) =>
        (await list.Run(by.CommunityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static Task<FileStreamHttpResult> Export(StaffMember by, ListReceipts list, ExportSheet export, CancellationToken cancel) =>
        export.Run(by, "receipts", "收据", Columns, SheetFile.AllPages(cursor => list.Run(by.CommunityId, cursor, cancel)), cancel);

    async Task<Result<Page<ReceiptListItem>>> Run(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var houses = db.Houses;
        var rows = await db.Receipts.AsNoTracking().Where(r => r.CommunityId == community).NewestFirst(after, r => new Cursor(r.At, r.Id)).Take(PageSize + 1)
            .Select(r => new { Receipt = r, House = houses.Where(h => h.Id == r.HouseId).Select(h => h.Code).FirstOrDefault() }).ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.Receipt.At, row.Receipt.Id)).Select(row => new ReceiptListItem(
            row.Receipt.Id, row.Receipt.PaymentId, row.House ?? "", row.Receipt.Number is { } number ? ShowReceipt.Text(row.Receipt.Year, number) : null, row.Receipt.AmountFen,
            row.Receipt.At, row.Receipt.VoidedAt));
    }
}
