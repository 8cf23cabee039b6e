using System.Globalization;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Payments;

/// <summary>How we know that money arrived.</summary>
public enum Proof
{
    /// <summary>WeChat called us, rightly signed.</summary>
    Callback,

    /// <summary>We asked and WeChat answered, rightly signed: enough also for money of an order that we do not know.</summary>
    Query,
}

/// <summary>A payment as WeChat tells it, the same whether it called or was asked.</summary>
/// <param name="Merchant">Whose money it is.</param>
/// <param name="AppId">As told; compared with the order's.</param>
/// <param name="OpenId">The payer as told; compared with the order's.</param>
/// <param name="TotalFen"><c>amount.total</c>.</param>
/// <param name="OwnCouponFen">Coupons of type NOCASH, which the merchant bears; coupons that WeChat bears are received in full.</param>
/// <param name="PaidAt"><c>success_time</c>.</param>
public sealed record ArrivedMoney(
    MerchantInForce Merchant, string? AppId, string OutTradeNo, string TransactionId, string? OpenId, long TotalFen, string? Currency, long OwnCouponFen,
    DateTimeOffset PaidAt)
{
    /// <summary>The operation under which money of a known order is booked.</summary>
    public const string Settle = "settle";

    /// <summary>The act of booking this transaction number: callback, query and chase share it.</summary>
    public IdempotencyKey Key(string operation) => new("wechat", Merchant.MchId, operation, TransactionId);

    /// <summary>The way by which it came, as payments keep it.</summary>
    public ArrivedBy By => new(Payment.WeChat, TransactionId, Accounts.WeChatClearing(Merchant.MchId), TotalFen, OwnCouponFen, PaidAt);

    /// <summary>What counts as received, fen.</summary>
    public long ReceivedFen => TotalFen - OwnCouponFen;

    /// <summary>The order that the number names, if it can be one of ours.</summary>
    public Guid? OrderId => Guid.TryParseExact(OutTradeNo, "N", out var id) ? id : null;

    /// <returns>Null when the transaction is not paid, or lacks what every paid one has.</returns>
    public static ArrivedMoney? From(MerchantInForce merchant, Transaction told)
    {
        if (!told.IsPaid || told.TransactionId is not { Length: > 0 and <= 64 } || told.Amount is not { Total: >= 0 } amount || told.SuccessTime is not { } paidAt) return null;
        var coupons = (told.PromotionDetail ?? []).Where(detail => detail.Type == PromotionDetail.NoCash).Sum(detail => Math.Max(0, detail.Amount));
        return new ArrivedMoney(merchant, told.Appid, told.OutTradeNo, told.TransactionId, told.Payer?.Openid, amount.Total, amount.Currency,
            Math.Min(coupons, amount.Total), paidAt.ToOffset(Clock.ShanghaiOffset));
    }

    /// <summary>Why this is not what the order asked for, in Chinese; null when it is.</summary>
    public string? FaultAgainst(PaymentOrder order, string orderAppId)
    {
        if (TotalFen != order.PayableFen) return string.Create(CultureInfo.InvariantCulture, $"金额不符：订单 {order.PayableFen} 分，到账 {TotalFen} 分");
        if (Currency is not (null or "CNY")) return $"币种不符：{Currency}";
        if (AppId != orderAppId) return "支付应用（appid）与订单不符";
        return order.OpenId.Length > 0 && OpenId != order.OpenId ? "付款人（openid）与订单不符" : null;
    }
}
