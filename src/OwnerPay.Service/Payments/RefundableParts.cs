using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>One part of a payment: what of it went where, and what of that was given back or is about to be.</summary>
/// <param name="BillLineId">Null for a bill's late fee, for prepaid money and for suspense.</param>
/// <param name="PaidFen">Money in it.</param>
/// <param name="DiscountFen">What offers gave beside the money.</param>
/// <param name="BackFen">Money given back by standing refunds.</param>
/// <param name="BackDiscountFen">Discount taken back by them.</param>
public sealed record RefundablePart(
    RefundLineKind Kind, Guid? BillId, Guid? BillLineId, Guid? HouseId, Guid? PartyId, long PaidFen, long DiscountFen, long BackFen, long BackDiscountFen)
{
    /// <summary>Money that can still be given back, fen.</summary>
    public long LeftFen => PaidFen - BackFen;

    /// <summary>The discount that goes with giving back so much money: in proportion, counted over all refunds so that the last one takes exactly the rest.</summary>
    /// <param name="last">Nothing is left of the whole payment afterwards.</param>
    public long DiscountWith(long fen, bool last) =>
        (last ? DiscountFen : PaidFen == 0 ? BackDiscountFen : Math.Max(BackDiscountFen, (long)((Int128)DiscountFen * (BackFen + fen) / PaidFen))) - BackDiscountFen;
}

/// <summary>Reads what a payment settled and what of it is left to give back. The caller holds the payment's lock.</summary>
public sealed class RefundableParts(OwnerPayDb db)
{
    public async Task<IReadOnlyList<RefundablePart>> Of(Payment payment, CancellationToken cancel)
    {
        var (refunds, allLines) = (db.Refunds, db.RefundLines);
        var states = await refunds.AsNoTracking().Where(r => r.PaymentId == payment.Id).Select(r => new { r.Id, r.State }).ToListAsync(cancel);
        var standing = states.Where(r => Refund.Standing.Contains(r.State)).Select(r => r.Id).ToList();
        var closed = states.Where(r => r.State == RefundState.Closed).Select(r => r.Id).ToList();
        var lines = await allLines.AsNoTracking().Where(l => standing.Contains(l.RefundId) || closed.Contains(l.RefundId)).ToListAsync(cancel);
        var back = lines.Where(l => standing.Contains(l.RefundId)).ToList();
        if (payment.Outcome == PaymentOutcome.Suspense)
            return [new(RefundLineKind.Suspense, null, null, null, null, payment.TotalFen, 0, back.Sum(l => l.Fen), 0)];

        // A closed refund settled its bills again; where somebody had paid them meanwhile, its money became prepaid money.
        var closedLines = lines.Where(l => closed.Contains(l.RefundId)).ToList();
        var reductions = await db.BillReductions.AsNoTracking().Where(r => r.SourceKind == Payment.Source && r.SourceId == payment.Id
            || r.SourceKind == Refund.ClosedSource && closed.Contains(r.SourceId)).ToListAsync(cancel);
        var entries = await db.PrepaidEntries.AsNoTracking().Where(e => e.SourceKind == Payment.Source && e.SourceId == payment.Id
            || e.SourceKind == Refund.ClosedSource && closed.Contains(e.SourceId)).ToListAsync(cancel);
        var ids = reductions.Select(r => r.BillId).Distinct().ToList();
        // Locked: a bill is not corrected while a refund of it is being asked for, and what a correction credited is no longer this payment's to give back.
        await db.LockBills(ids, cancel);
        var credits = (await db.BillReductions.AsNoTracking().Where(r => ids.Contains(r.BillId) && r.SourceKind == ReductionKinds.Credit).ToListAsync(cancel))
            .ToLookup(r => (r.BillId, r.BillLineId));
        var bills = await db.Bills.AsNoTracking().Where(b => ids.Contains(b.Id)).Select(b => new { b.Id, b.HouseId, b.PartyId }).ToDictionaryAsync(b => b.Id, cancel);
        var parts = new List<RefundablePart>();
        foreach (var paid in reductions.Where(r => r.SourceKind == Payment.Source).OrderBy(r => r.Id))
        {
            var (bill, gone) = (bills[paid.BillId], back.Where(l => Same(l, paid)).ToList());
            var lost = closedLines.Where(l => Same(l, paid)).ToList();
            var again = reductions.Where(r => r.SourceKind == Refund.ClosedSource && r.BillId == paid.BillId && r.BillLineId == paid.BillLineId).ToList();
            var (lostFen, lostDiscount) = (lost.Sum(l => l.Fen) - again.Sum(r => r.Fen), lost.Sum(l => l.DiscountFen) - again.Sum(r => r.DiscountFen));
            var (gaveBack, gaveBackDiscount) = (gone.Sum(l => l.Fen - l.DiscountFen) + lostFen - lostDiscount, gone.Sum(l => l.DiscountFen) + lostDiscount);
            var credited = credits[(paid.BillId, paid.BillLineId)].ToList();
            parts.Add(new(RefundLineKind.Bill, paid.BillId, paid.BillLineId, bill.HouseId, bill.PartyId,
                Math.Max(gaveBack, paid.Fen - paid.DiscountFen + credited.Sum(r => r.Fen - r.DiscountFen)),
                Math.Max(gaveBackDiscount, paid.DiscountFen + credited.Sum(r => r.DiscountFen)), gaveBack, gaveBackDiscount));
        }
        foreach (var party in entries.GroupBy(e => (e.HouseId, e.PartyId)).OrderBy(g => g.Key))
        {
            var returned = closedLines.Where(l => l.Kind == RefundLineKind.Prepaid && l.PartyId == party.Key.PartyId).Sum(l => l.Fen);
            parts.Add(new(RefundLineKind.Prepaid, null, null, party.Key.HouseId, party.Key.PartyId, party.Sum(e => e.DeltaFen) - returned, 0,
                back.Where(l => l.Kind == RefundLineKind.Prepaid && l.PartyId == party.Key.PartyId).Sum(l => l.Fen), 0));
        }
        return parts;
    }

    static bool Same(RefundLine line, BillReduction paid) => line.Kind == RefundLineKind.Bill && line.BillId == paid.BillId && line.BillLineId == paid.BillLineId;
}
