using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Which bills a list shows.</summary>
public enum BillFilter { Open, All }

/// <summary>A bill in a list.</summary>
/// <param name="Title">The fees on it, in Chinese.</param>
/// <param name="OpenFen">Principal still open.</param>
/// <param name="LateFeeFen">Late fee for who pays today.</param>
/// <param name="Overdue">Today is after the due date and principal is open.</param>
public sealed record BillListItem(
    Guid BillId, string Title, Beneficiary Beneficiary, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, DateOnly IssuedOn,
    long AmountFen, long OpenFen, long LateFeeFen, bool Overdue, BillState State, DateOnly? PaidOn);

/// <summary>A line of a bill as its owner reads it.</summary>
/// <param name="Quantity">m² with two decimals, or 1 for one house or space.</param>
/// <param name="UnitPriceYuan">Per unit and month, up to four decimals.</param>
/// <param name="Formula">The whole computation in Chinese.</param>
public sealed record BillLineShown(
    Guid BillLineId, int Number, string FeeKind, string Title, decimal Quantity, decimal UnitPriceYuan, DateOnly From, DateOnly To,
    long AmountFen, long NetFen, long TaxFen, long OpenFen, string Formula);

/// <summary>What settled a part of the bill.</summary>
/// <param name="By"><c>payment</c> or <c>prepaid</c>.</param>
/// <param name="BillLineId">Null: late fee.</param>
public sealed record BillReductionShown(string By, DateOnly On, Guid? BillLineId, long Fen, long DiscountFen);

/// <param name="LateFeeAsOf">The Shanghai date for which the late fee holds.</param>
public sealed record BillShown(BillListItem Bill, IReadOnlyList<BillLineShown> Lines, DateOnly LateFeeAsOf, IReadOnlyList<BillReductionShown> Reductions);

/// <summary>An owner reads the bills of his house: only those of liable parties that he belongs to. Any other bill does not exist for him.</summary>
public sealed class ShowBills(OwnerPayDb db, OpenBills openBills, Clock clock)
{
    public static readonly Error NotFound = new(404, "bill_not_found", "没有找到该账单");
    const int PageSize = 50;

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/bills", GetList).WithName("listBills").ForOwners().CanFail(Cursor.Invalid, Member.HouseNotFound);
        doors.Owner.MapGet("/houses/{houseId}/bills/{billId:guid}", GetOne).WithName("showBill").ForOwners().CanFail(NotFound, Member.HouseNotFound);
    }

    static async Task<Results<Ok<Page<BillListItem>>, ProblemHttpResult>> GetList(
        Member member, ShowBills show, CancellationToken cancel, Choice<BillFilter>? state = null, string? cursor = null) =>
        (await show.List(member, state?.Value ?? BillFilter.Open, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<BillShown>, ProblemHttpResult>> GetOne(Guid billId, Member member, ShowBills show, CancellationToken cancel) =>
        (await show.One(member, billId, cancel)).ToHttp(bill => TypedResults.Ok(bill));

    /// <summary>Open bills come all at once, oldest due first; all bills come in pages, newest first.</summary>
    public async Task<Result<Page<BillListItem>>> List(Member member, BillFilter filter, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        if (filter == BillFilter.Open)
            return new Page<BillListItem>([.. (await openBills.Of(member.HouseId, member.PartyIds, cancel)).Select(Item)], null);

        var parties = member.PartyIds.ToList();
        var query = db.Bills.AsNoTracking().Where(b => b.HouseId == member.HouseId && parties.Contains(b.PartyId));
        var found = await query.NewestFirst(after, b => new Cursor(b.CreatedAt, b.Id)).Take(PageSize + 1).Select(b => new Cursor(b.CreatedAt, b.Id))
            .ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, b => b);
        var bills = (await openBills.Of(member.HouseId, member.PartyIds, [.. page.Items.Select(b => b.Id)], cancel)).ToDictionary(b => b.Bill.Id);
        return page.Select(b => Item(bills[b.Id]));
    }

    public async Task<Result<BillShown>> One(Member member, Guid billId, CancellationToken cancel)
    {
        if ((await openBills.Of(member.HouseId, member.PartyIds, [billId], cancel)) is not [var bill]) return NotFound;
        var kindIds = bill.Lines.Select(l => l.FeeKindId).Distinct().ToList();
        var codes = await db.FeeKinds.Where(k => kindIds.Contains(k.Id)).ToDictionaryAsync(k => k.Id, k => k.Code, cancel);
        return new BillShown(Item(bill),
            [.. bill.Lines.Select(l => new BillLineShown(l.Id, l.Number, codes[l.FeeKindId], l.Title, l.QuantityHundredths / 100m, l.UnitPrice / 10_000m,
                l.From, l.To, l.AmountFen, l.NetFen, l.TaxFen, l.OpenFen, l.Formula))],
            clock.Today(),
            [.. bill.Reductions.Select(r => new BillReductionShown(r.SourceKind == "order-prepaid" ? "prepaid" : r.SourceKind, r.On, r.BillLineId, r.Fen, r.DiscountFen))]);
    }

    BillListItem Item(BillWithLines of)
    {
        var (bill, today) = (of.Bill, clock.Today());
        return new(bill.Id, string.Join("、", of.Lines.Select(line => line.Title).Distinct()), bill.Beneficiary, bill.PeriodFrom, bill.PeriodTo, bill.DueOn, bill.IssuedOn,
            bill.AmountFen, bill.OpenFen, of.LateFeeOn(today), bill.State == BillState.Open && bill.DueOn < today, bill.State, bill.PaidOn);
    }
}
