using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>Lets go of principal and late fee of a bill (减免), or takes that back, inside the caller's transaction: reductions, what is open, the
/// journal.</summary>
/// <remarks>Principal goes line by line in their order, as a concession of the company: debit 6001/concession, credit 1122. A late fee was never
/// booked, so that letting go of it only lowers the figure. Never more than is open under the bill's lock. Locks: bill, ledger.</remarks>
public sealed class WaiveBills(OwnerPayDb db, IEnumerable<IHoldsBills> holders, Books books, Messages messages, Clock clock)
{
    public static readonly Error AboveOpen = new(409, "waiver_above_open", "减免金额超过账单未缴金额，请按最新金额重新申请");
    public static readonly Error NotCompanys = new(409, "waiver_not_companys", "代收或业主共有的费用不归公司所有，不能减免本金；违约金可以减免");
    public static readonly Error ChangedSince = new(409, "waiver_changed_since", "账单在减免之后又被更正或作废，不能撤销该减免");

    /// <summary>Every refusal of both, but for those of whoever has the bill in hand.</summary>
    public static readonly Error[] Errors = [AboveOpen, NotCompanys, CorrectBill.Voided];

    /// <summary>Why so much cannot be waived of a bill now, or null.</summary>
    public async Task<Error?> Against(Bill bill, long principalFen, long lateFeeFen, CancellationToken cancel)
    {
        if (bill.State == BillState.Voided) return CorrectBill.Voided;
        if (principalFen > 0 && bill.Beneficiary != Beneficiary.Company) return NotCompanys;
        var lines = await db.BillLines.AsNoTracking().Where(l => l.BillId == bill.Id).ToListAsync(cancel);
        var reductions = await db.BillReductions.AsNoTracking().Where(r => r.BillId == bill.Id).ToListAsync(cancel);
        var stops = await BillStops.LoadOne(db, bill.Id, lines, cancel);
        var lateFee = BillLateFee.AsOf(bill, lines, reductions, stops, clock.Today());
        return principalFen <= bill.OpenFen && lateFeeFen <= lateFee ? null : AboveOpen.With("openFen", bill.OpenFen).With("lateFeeFen", lateFee);
    }

    /// <returns>Why it cannot be done now, or null when it was.</returns>
    public async Task<Error?> Run(Guid community, Guid waiver, Guid billId, long principalFen, long lateFeeFen, CancellationToken cancel)
    {
        var bill = await db.Bills.Where(b => b.Id == billId && b.CommunityId == community).ForUpdate().SingleAsync(cancel);
        if (await holders.Holding([bill.Id], cancel) is { } held) return held;
        if (await Against(bill, principalFen, lateFeeFen, cancel) is { } refusal) return refusal;

        var left = principalFen;
        foreach (var line in await db.BillLines.Where(l => l.BillId == billId).OrderBy(l => l.Number).ToListAsync(cancel))
        {
            var fen = Math.Min(left, line.OpenFen);
            Add(bill, ReductionKinds.Waiver, waiver, line.Id, fen);
            (line.OpenFen, left) = (line.OpenFen - fen, left - fen);
        }
        Add(bill, ReductionKinds.Waiver, waiver, null, lateFeeFen);
        if (principalFen == 0) return null;
        bill.OpenFen -= principalFen;
        books.Journal(community, ReductionKinds.Waiver, waiver, clock.Today(), "账单减免")
            .Debit(Accounts.Concession, principalFen).Credit(Accounts.Receivable(bill.HouseId, bill.PartyId), principalFen).Post();
        if (bill.OpenFen > 0) return null;
        (bill.State, bill.PaidOn) = (BillState.Paid, clock.Today());
        await messages.CancelUnsent([billId], BillReminders.Kinds, "waived", cancel);
        return null;
    }

    /// <summary>Takes a waiver back: what it let go is owed again, its principal for the late fee from tomorrow on.</summary>
    /// <returns>Why it cannot be done now, or null when it was.</returns>
    public async Task<Error?> Reverse(Guid community, Guid waiver, Guid billId, CancellationToken cancel)
    {
        var bill = await db.Bills.Where(b => b.Id == billId && b.CommunityId == community).ForUpdate().SingleAsync(cancel);
        if (await holders.Holding([bill.Id], cancel) is { } held) return held;
        var waived = await db.BillReductions.AsNoTracking().Where(r => r.SourceKind == ReductionKinds.Waiver && r.SourceId == waiver)
            .ToListAsync(cancel);
        // A correction that took waived principal off the bill has undone that part of a waiver already, whichever it was.
        if (bill.State == BillState.Voided
            || await db.BillReductions.AnyAsync(r => r.BillId == billId && r.SourceKind == ReductionKinds.Unwaived, cancel))
            return ChangedSince;
        var lines = await db.BillLines.Where(l => l.BillId == billId).ToDictionaryAsync(l => l.Id, cancel);
        foreach (var row in waived)
        {
            Add(bill, ReductionKinds.WaiverReversed, waiver, row.BillLineId, -row.Fen);
            if (row.BillLineId is { } line) lines[line].OpenFen += row.Fen;
        }
        if (waived.Where(r => r.BillLineId is not null).Sum(r => r.Fen) is not (> 0 and var principal)) return null;
        bill.OpenFen += principal;
        (bill.State, bill.PaidOn) = (BillState.Open, null);
        books.Journal(community, ReductionKinds.WaiverReversed, waiver, clock.Today(), "撤销账单减免")
            .Debit(Accounts.Receivable(bill.HouseId, bill.PartyId), principal).Credit(Accounts.Concession, principal).Post();
        return null;
    }

    void Add(Bill bill, string kind, Guid waiver, Guid? line, long fen)
    {
        if (fen == 0) return;
        db.Add(new BillReduction
        {
            Id = Guid.CreateVersion7(), CommunityId = bill.CommunityId, BillId = bill.Id, BillLineId = line, Fen = fen, OwnDiscountFen = 0,
            SourceKind = kind,
            SourceId = waiver, On = clock.Today(),
        });
    }
}
