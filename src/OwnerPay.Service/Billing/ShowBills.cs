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
/// <param name="AmountFen">As issued.</param>
/// <param name="AdjustedFen">Sum of its approved corrections; below 0: it was lowered.</param>
/// <param name="OpenFen">Principal still open.</param>
/// <param name="LateFeeFen">Late fee for who pays today.</param>
/// <param name="Overdue">Today is after the due date and principal is open.</param>
public sealed record BillListItem(
    Guid BillId, string Title, Beneficiary Beneficiary, DateOnly PeriodFrom, DateOnly PeriodTo, DateOnly DueOn, DateOnly IssuedOn,
    long AmountFen, long AdjustedFen, long OpenFen, long LateFeeFen, bool Overdue, BillState State, DateOnly? PaidOn);

/// <summary>A line of a bill as its owner reads it.</summary>
/// <param name="Quantity">m² with two decimals, the usage of a meter with three, or 1 for one house, space or share.</param>
/// <param name="UnitPriceYuan">Per unit and month (or per unit of a meter), up to four decimals; 0 for tiers and shares: the formula says them.</param>
/// <param name="Formula">The whole computation in Chinese.</param>
public sealed record BillLineShown(
    Guid BillLineId, int Number, string FeeKind, string Title, decimal Quantity, decimal UnitPriceYuan, DateOnly From, DateOnly To,
    long AmountFen, long NetFen, long TaxFen, long AdjustedFen, long OpenFen, string Formula);

/// <summary>What settled a part of the bill, or opened it again (below 0).</summary>
/// <param name="By"><c>payment</c>, <c>prepaid</c>, <c>refund</c>, <c>refund-closed</c>, <c>waiver</c>,
/// <c>waiver-reversed</c>; <c>adjustment</c> where a correction lowered or raised the
/// line, <c>adjustment-credit</c> where it turned what had been paid into prepaid money, <c>adjustment-unwaived</c> where it took back what had been waived.</param>
/// <param name="BillLineId">Null: late fee.</param>
public sealed record BillReductionShown(string By, DateOnly On, Guid? BillLineId, long Fen, long DiscountFen);

/// <param name="LateFeeAsOf">The Shanghai date for which the late fee holds.</param>
/// <param name="Adjustments">Its corrections, the oldest first.</param>
/// <param name="Pauses">Days on which its late fee stands still, the oldest first.</param>
public sealed record BillShown(
    BillListItem Bill, IReadOnlyList<BillLineShown> Lines, DateOnly LateFeeAsOf, IReadOnlyList<BillReductionShown> Reductions,
    IReadOnlyList<BillAdjustmentShown> Adjustments, IReadOnlyList<BillPauseShown> Pauses);

/// <summary>Days without late fee, as they are known today.</summary>
/// <param name="To">Null: it goes on until the dispute is closed, or as long as the plan is kept.</param>
public sealed record BillPauseShown(PauseKind Kind, DateOnly From, DateOnly? To);

/// <summary>A correction as the owner reads it on his bill.</summary>
/// <param name="On">Shanghai date from which it holds.</param>
/// <param name="Fen">Over all lines; below 0: the bill was lowered.</param>
/// <param name="CreditFen">Of what had been paid already, so much became prepaid money.</param>
public sealed record BillAdjustmentShown(AdjustmentKind Kind, DateOnly On, string Reason, long Fen, long CreditFen, IReadOnlyList<BillAdjustmentLineShown> Lines);

public sealed record BillAdjustmentLineShown(Guid BillLineId, long Fen);

/// <summary>An owner reads the bills of his house: only those of liable parties that he belongs to. Any other bill does not exist for him.</summary>
public sealed class ShowBills(OwnerPayDb db, OpenBills openBills, ShowAdjustments adjustments, Clock clock)
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
            [.. bill.Lines.Select(l => new BillLineShown(l.Id, l.Number, codes[l.FeeKindId], l.Title, l.Quantity, l.UnitPrice / 10_000m,
                l.From, l.To, l.AmountFen, l.NetFen, l.TaxFen, l.AdjustedFen, l.OpenFen, l.Formula))],
            clock.Today(),
            [.. bill.Reductions.Select(r => new BillReductionShown(r.SourceKind == "order-prepaid" ? "prepaid" : r.SourceKind, r.On, r.BillLineId, r.Fen, r.DiscountFen))],
            await adjustments.OfBill(billId, cancel), [.. bill.Stops.Pauses.Select(Pause).OfType<BillPauseShown>()]);
    }

    BillPauseShown? Pause(BillPause pause)
    {
        var today = clock.Today();
        var goesOn = pause.HoldsOn(today) && pause.Row.To is null;
        return pause.On(pause.Row.To is { } to && to > today && pause.Plan is null ? to : today) is { } days
            ? new(pause.Row.Kind, days.From, goesOn ? null : days.To) : null;
    }

    BillListItem Item(BillWithLines of)
    {
        var (bill, today) = (of.Bill, clock.Today());
        return new(bill.Id, string.Join("、", of.Lines.Select(line => line.Title).Distinct()), bill.Beneficiary, bill.PeriodFrom, bill.PeriodTo, bill.DueOn, bill.IssuedOn,
            bill.AmountFen, bill.AdjustedFen, bill.OpenFen, of.LateFeeOn(today), of.OverdueOn(today), bill.State, bill.PaidOn);
    }
}
