using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>Which payments stand in a bill that was reconciled. Nearly all agree with the bill of their own day in everything, and nothing is written down
/// for them: their day is reconciled, they were booked before it was, and no difference names them. The others have a <see cref="MatchedRow"/>.</summary>
public static class MatchedPayments
{
    /// <summary>Differences that say of a payment that it did not agree with the bill of its day; <c>RefundState</c> of a revoked one.</summary>
    public static readonly DifferenceCause[] Against =
        [DifferenceCause.PaidHereMissingThere, DifferenceCause.Amount, DifferenceCause.OtherMerchant, DifferenceCause.NextDay, DifferenceCause.RefundState];

    /// <summary>Those of these payments that stood in a bill of an earlier run.</summary>
    public static async Task<HashSet<Guid>> Earlier(OwnerPayDb db, IReadOnlyCollection<Guid> payments, CancellationToken cancel)
    {
        if (payments.Count == 0) return [];
        var (rows, days, differences) = (db.MatchedRows, db.ReconciledDays, db.Differences);
        return (await db.Payments.Where(p => payments.Contains(p.Id) && p.Channel == Payment.WeChat && (rows.Any(r => r.PaymentId == p.Id)
                || days.Any(d => d.MerchantAccountId == p.MerchantAccountId && d.Day == p.PaidOn && p.BookedAt <= d.SeenUntil)
                    && !differences.Any(d => d.PaymentId == p.Id && !d.Matched && Against.Contains(d.Cause))))
            .Select(p => p.Id).ToListAsync(cancel)).ToHashSet();
    }
}
