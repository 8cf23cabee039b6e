using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Billing;

/// <param name="Title">The fees on it, in Chinese.</param>
/// <param name="LateFeeFen">Late fee for who pays today, fen.</param>
public sealed record StaffBill(
    Guid BillId, Guid HouseId, string House, Guid PartyId, string Title, Beneficiary Beneficiary, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn,
    DateOnly IssuedOn, long AmountFen, long OpenFen, long LateFeeFen, BillState State, DateOnly? PaidOn, DateTimeOffset CreatedAt);

/// <summary>Bills of a community for staff, the newest first, and as an Excel file.</summary>
/// <remarks>Errors: <c>cursor_invalid</c> 400.</remarks>
public sealed class ListBills(OwnerPayDb db, OpenBills openBills, Clock clock)
{
    const int PageSize = 100;
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager];

    static readonly SheetColumn<StaffBill>[] Columns =
    [
        Text<StaffBill>("房号", b => b.House), Text<StaffBill>("费用项目", b => b.Title, 24), Text<StaffBill>("收益方", b => Name(b.Beneficiary)),
        Day<StaffBill>("账期起", b => b.PeriodFrom), Day<StaffBill>("账期止", b => b.PeriodTo), Day<StaffBill>("应缴日", b => b.DueOn), Day<StaffBill>("出账日", b => b.IssuedOn),
        Yuan<StaffBill>("金额（元）", b => b.AmountFen), Yuan<StaffBill>("待缴（元）", b => b.OpenFen), Yuan<StaffBill>("违约金（元）", b => b.LateFeeFen),
        Text<StaffBill>("状态", Standing, 12), Day<StaffBill>("缴清日", b => b.PaidOn),
    ];

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/bills", Get).WithName("listCommunityBills").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.MapSheet("bills", "exportBills", Export, Readers);
    }

    static async Task<Results<Ok<Page<StaffBill>>, ProblemHttpResult>> Get(
        StaffMember by, ListBills list, CancellationToken cancel, Choice<BillState>? state = null, Guid? house = null, string? cursor = null) =>
        (await list.Run(by.CommunityId, state?.Value, house, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static Task<FileStreamHttpResult> Export(
        StaffMember by, ListBills list, ExportSheet export, CancellationToken cancel, Choice<BillState>? state = null, Guid? house = null) => export.Run(
        by, "bills", "账单", Columns, SheetFile.AllPages(cursor => list.Run(by.CommunityId, state?.Value, house, cursor, cancel)), cancel);

    async Task<Result<Page<StaffBill>>> Run(Guid community, BillState? state, Guid? house, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (houses, today) = (db.Houses, clock.Today());
        var query = db.Bills.AsNoTracking().Where(b => b.CommunityId == community && (state == null || b.State == state) && (house == null || b.HouseId == house));
        var rows = await query.NewestFirst(after, b => new Cursor(b.CreatedAt, b.Id)).Take(PageSize + 1).Select(b => new
        {
            b.Id, b.CreatedAt, House = houses.Where(h => h.Id == b.HouseId).Select(h => h.Code).First(),
        }).ToListAsync(cancel);
        var page = Pages.Of(rows, PageSize, row => new Cursor(row.CreatedAt, row.Id));
        var bills = (await openBills.OfStaff([.. page.Items.Select(row => row.Id)], cancel)).ToDictionary(b => b.Bill.Id);
        return page.Select(row => bills[row.Id] is var of && of.Bill is var b
            ? new StaffBill(b.Id, b.HouseId, row.House, b.PartyId, string.Join("、", of.Lines.Select(line => line.Title).Distinct()), b.Beneficiary, b.PeriodFrom, b.PeriodTo,
                b.DueOn, b.IssuedOn, b.AmountFen, b.OpenFen, of.LateFeeOn(today), b.State, b.PaidOn, b.CreatedAt)
            : throw new InvalidOperationException("A bill is never deleted"));
    }

    static string Name(Beneficiary beneficiary) => beneficiary switch
    {
        Beneficiary.Company => "物业公司",
        Beneficiary.Agency => "代收代缴",
        Beneficiary.OwnersFund => "业主共有",
        _ => throw new InvalidOperationException($"No name for {beneficiary}"),
    };

    /// <summary>Whose principal was paid late may owe the fee still: that is not paid up.</summary>
    static string Standing(StaffBill bill) => bill.State switch
    {
        BillState.Open => "待缴",
        BillState.Paid => bill.LateFeeFen > 0 ? "待缴违约金" : "已缴清",
        BillState.Voided => "已作废",
        _ => throw new InvalidOperationException($"No name for {bill.State}"),
    };
}
