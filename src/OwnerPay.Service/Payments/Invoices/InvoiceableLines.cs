using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Invoices;

/// <summary>What of a payment can stand on an invoice: money paid for lines of the company's own fees, less what was given back since.</summary>
/// <remarks>Fees collected for others (代收代缴, 业主共有) are invoiced by those others; what offers or points settled was no money; the late fee is
/// booked without tax and a prepaid balance has no service yet.</remarks>
public sealed class InvoiceableLines(OwnerPayDb db)
{
    static readonly RefundState[] Booked = [RefundState.Accepted, RefundState.Done, RefundState.Abnormal];

    /// <returns>Lines with the fen that can be invoiced, all above 0, in the order of their bills and numbers.</returns>
    public async Task<IReadOnlyList<(BillLine Line, long Fen)>> Of(Guid paymentId, CancellationToken cancel)
    {
        var (refunds, bills) = (db.Refunds, db.Bills);
        var paid = await db.BillReductions.AsNoTracking().Where(r => r.SourceKind == Payment.Source && r.SourceId == paymentId && r.BillLineId != null)
            .Select(r => new { Line = r.BillLineId!.Value, Fen = r.Fen - r.DiscountFen }).ToListAsync(cancel);
        var back = await db.RefundLines.AsNoTracking()
            .Where(l => l.BillLineId != null && refunds.Any(r => r.Id == l.RefundId && r.PaymentId == paymentId && Booked.Contains(r.State)))
            .Select(l => new { Line = l.BillLineId!.Value, Fen = l.Fen - l.DiscountFen }).ToListAsync(cancel);
        var fen = paid.Concat(back.Select(b => new { b.Line, Fen = -b.Fen })).GroupBy(p => p.Line).ToDictionary(p => p.Key, p => p.Sum(q => q.Fen));
        var ids = fen.Where(f => f.Value > 0).Select(f => f.Key).ToList();
        var lines = await db.BillLines.AsNoTracking().Where(l => ids.Contains(l.Id) && bills.Any(b => b.Id == l.BillId && b.Beneficiary == Beneficiary.Company)).ToListAsync(cancel);
        return [.. lines.OrderBy(l => l.From).ThenBy(l => l.BillId).ThenBy(l => l.Number).Select(l => (l, fen[l.Id]))];
    }
}
