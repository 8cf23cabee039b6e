using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Bills that somebody is paying, or whose money is on its way back, are not changed meanwhile: price and refund were frozen from them.</summary>
public sealed class PaymentsHoldBills(OwnerPayDb db) : IHoldsBills
{
    static readonly Error BeingPaid = StartCheckout.BeingPaid with { Detail = "业主正在支付该账单，请在支付完成或订单关闭后再操作" };
    static readonly Error RefundPending = new(409, "bill_refund_pending", "该账单有退款正在处理，请在退款办结后再操作");

    public async Task<Error?> Holding(IReadOnlyCollection<Guid> bills, CancellationToken cancel)
    {
        var ids = bills.ToList();
        if (await db.BillHolds.AnyAsync(h => ids.Contains(h.BillId), cancel)) return BeingPaid;
        var (refunds, lines) = (db.Refunds, db.RefundLines);
        var pending = lines.Where(l => l.BillId != null && ids.Contains(l.BillId.Value)
            && refunds.Any(r => r.Id == l.RefundId && (r.State == RefundState.Requested || r.State == RefundState.Approved)));
        return await pending.AnyAsync(cancel) ? RefundPending : null;
    }
}
