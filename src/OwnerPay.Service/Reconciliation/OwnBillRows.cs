using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What we know of a payment that a row may tell of.</summary>
/// <param name="TotalFen">What the row's 订单金额 must be.</param>
/// <param name="Second">Another payment of the same order was booked before this one.</param>
public sealed record KnownPayment(Guid Id, Guid? OrderId, Guid MerchantAccountId, string TransactionId, long TotalFen, DateOnly PaidOn,
    DateTimeOffset BookedAt, bool Second);

/// <summary>What we know of a refund that a row may tell of.</summary>
/// <param name="AmountFen">What the row's 申请退款金额 must be.</param>
public sealed record KnownRefund(Guid Id, Guid MerchantAccountId, long AmountFen, Payments.RefundState State);

/// <summary>A row of the trade bill that concerns the account being reconciled.</summary>
/// <param name="Payment">Our payment with that transaction number, or null.</param>
/// <param name="OrderId">Our order that the row names, or null.</param>
/// <param name="OrderPaid">That order has a payment, with whatever transaction number.</param>
/// <param name="Foreign">The row, or the order that it names, belongs to another merchant number.</param>
/// <param name="Refund">Our refund with that refund number, or null.</param>
public sealed record OwnRow(TradeBillRow Row, KnownPayment? Payment, Guid? OrderId, bool OrderPaid, bool Foreign, KnownRefund? Refund)
{
    /// <summary>False for refunds and revoked payments.</summary>
    public bool IsPayment => !Row.IsRefund && Row.TradeState == "SUCCESS";
}

/// <summary>Looks closely at rows of a trade bill: whose they are, and all that we know of what they name.</summary>
/// <remarks>
/// Several communities may collect under one merchant number, and then all get the same bill. A row belongs to the account of its payment, else to
/// that of the order which it names. Rows that nobody knows, or whose order belongs to another number, concern the number as a whole: they are
/// shown once, to its oldest account.
/// </remarks>
public sealed class OwnBillRows(OwnerPayDb db)
{
    public const int BatchSize = 500;

    /// <summary>The accounts, of whatever community, that collect under the same merchant number.</summary>
    public Task<List<MerchantAccount>> Sharing(MerchantAccount account, CancellationToken cancel) =>
        db.MerchantAccounts.AsNoTracking().Where(m => m.MchId == account.MchId).OrderBy(m => m.Id).ToListAsync(cancel);

    /// <summary>True for the account that stands for its merchant number as a whole.</summary>
    public static bool IsEldest(MerchantAccount account, IReadOnlyList<MerchantAccount> sharing) => sharing.Min(m => m.Id) == account.Id;

    /// <param name="batch">At most <see cref="BatchSize"/> rows.</param>
    /// <returns>Those that concern the account.</returns>
    public async Task<IReadOnlyList<OwnRow>> Own(
        MerchantAccount account, IReadOnlyList<MerchantAccount> sharingAccounts, IReadOnlyCollection<TradeBillRow> batch, CancellationToken cancel)
    {
        var sharing = sharingAccounts.Select(m => m.Id).ToHashSet();
        var numbers = batch.Select(row => row.TransactionId).Distinct().ToList();
        var named = batch.Select(row => OrderOf(row)).OfType<Guid>().Distinct().ToList();
        var allPayments = db.Payments;
        var payments = await db.Payments.AsNoTracking().Where(p => p.Channel == Payment.WeChat && numbers.Contains(p.TransactionId))
            .Select(p => new KnownPayment(p.Id, p.OrderId, p.MerchantAccountId, p.TransactionId, p.TotalFen, p.PaidOn, p.BookedAt,
                p.OrderId != null && allPayments.Any(o => o.OrderId == p.OrderId && o.Id != p.Id
                    && (o.BookedAt < p.BookedAt || o.BookedAt == p.BookedAt && o.Id.CompareTo(p.Id) < 0))))
            .ToDictionaryAsync(p => p.TransactionId, cancel);
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => named.Contains(o.Id))
            .Select(o => new { o.Id, o.MerchantAccountId, Paid = allPayments.Any(p => p.OrderId == o.Id) }).ToDictionaryAsync(o => o.Id, cancel);
        var refundIds = batch.Select(row => RefundOf(row)).OfType<Guid>().Distinct().ToList();
        var refunds = await db.Refunds.AsNoTracking().Where(r => refundIds.Contains(r.Id))
            .Select(r => new KnownRefund(r.Id, r.MerchantAccountId, r.AmountFen, r.State)).ToDictionaryAsync(r => r.Id, cancel);
        var eldest = IsEldest(account, sharingAccounts);
        var own = new List<OwnRow>(batch.Count);
        foreach (var row in batch)
        {
            var payment = payments.GetValueOrDefault(row.TransactionId);
            var order = OrderOf(row) is { } id ? orders.GetValueOrDefault(id) : null;
            var owner = payment?.MerchantAccountId ?? order?.MerchantAccountId;
            var here = owner is { } known && sharing.Contains(known) ? known == account.Id : eldest;
            if (!here) continue;
            var foreign = owner is { } other && !sharing.Contains(other) || order is not null && !sharing.Contains(order.MerchantAccountId)
                || row.Mchid.Length > 0 && row.Mchid != account.MchId;
            own.Add(new OwnRow(row, payment, order?.Id, order?.Paid == true, foreign, RefundOf(row) is { } refund ? refunds.GetValueOrDefault(refund) : null));
        }
        return own;
    }

    static Guid? RefundOf(TradeBillRow row) => Guid.TryParseExact(row.OutRefundNo, "N", out var id) ? id : null;

    static Guid? OrderOf(TradeBillRow row) => Guid.TryParseExact(row.OutTradeNo, "N", out var id) ? id : null;
}
