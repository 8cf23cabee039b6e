using System.Text.Json.Serialization;

namespace OwnerPay.WeChat.Pay;

/// <summary>Body of <c>POST /v3/refund/domestic/refunds</c>. A repeat keeps number and content: a new number could pay back twice.</summary>
/// <remarks>Within 365 days of the payment, at most 50 parts a payment, at least 1 minute apart, never two at once for one payer.</remarks>
public sealed record RefundRequest
{
    /// <summary>WeChat's number of the payment; preferred. One of this and <see cref="OutTradeNo"/>.</summary>
    public string? TransactionId { get; init; }
    public string? OutTradeNo { get; init; }
    /// <summary>1–64 of <c>0-9 A-Z a-z _ - | * @</c>, unique per merchant for ever. Numbers with <c>|</c> cannot be asked for here.</summary>
    public required string OutRefundNo { get; init; }
    /// <summary>Shown to the payer; at most 80 bytes as UTF-8, which is 26 Chinese characters.</summary>
    public string? Reason { get; init; }
    /// <summary>Public HTTPS address without a query, at most 256 characters; absent means the one set at the merchant platform.</summary>
    public string? NotifyUrl { get; init; }
    /// <summary>Only for merchants of the old settlement kind; left out otherwise.</summary>
    public string? FundsAccount { get; init; }
    public required RefundRequestAmount Amount { get; init; }
    public IReadOnlyList<RefundGoods>? GoodsDetail { get; init; }

    /// <summary>The body to store before the first call and to repeat on every further one. Chinese stays unescaped.</summary>
    public byte[] ToBytes() => WireJson.Bytes(this, PayJson.Types.RefundRequest);

    /// <summary>Without reason and amounts.</summary>
    public override string ToString() => $"refund request {OutRefundNo}";
}

/// <param name="Refund">Fen to pay back, at least 1; all refunds of a payment together at most its total.</param>
/// <param name="Total">Fen of the whole original payment.</param>
/// <param name="From">Which of the merchant's accounts bear it; together <paramref name="Refund"/>.</param>
public sealed record RefundRequestAmount(long Refund, long Total, string Currency = "CNY", IReadOnlyList<RefundFrom>? From = null);

/// <param name="Account"><c>AVAILABLE</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Amount">Fen.</param>
public sealed record RefundFrom(string Account, long Amount);

/// <param name="UnitPrice">Fen.</param>
/// <param name="RefundAmount">Fen.</param>
public sealed record RefundGoods(
    string MerchantGoodsId, long UnitPrice, long RefundAmount, int RefundQuantity, string? WechatpayGoodsId = null, string? GoodsName = null);

/// <summary>What WeChat says about a refund when it is applied for and when it is asked for. An answer to the application means accepted, not paid
/// out.</summary>
public sealed record Refund
{
    public required string RefundId { get; init; }
    public required string OutRefundNo { get; init; }
    public string? TransactionId { get; init; }
    public string? OutTradeNo { get; init; }
    /// <summary><c>ORIGINAL</c>, <c>BALANCE</c>, <c>OTHER_BALANCE</c> or <c>OTHER_BANKCARD</c>.</summary>
    public string? Channel { get; init; }
    /// <summary>For display only, such as a bank's name with four digits. Personal data: not for logs.</summary>
    public string? UserReceivedAccount { get; init; }
    /// <summary>Only when paid out.</summary>
    public DateTimeOffset? SuccessTime { get; init; }
    public DateTimeOffset? CreateTime { get; init; }
    /// <summary>WeChat's word; see <see cref="State"/>. The notification calls it otherwise.</summary>
    public required string Status { get; init; }
    /// <summary><c>UNSETTLED</c>, <c>AVAILABLE</c>, <c>UNAVAILABLE</c>, <c>OPERATION</c>, <c>BASIC</c>, …</summary>
    public string? FundsAccount { get; init; }
    public required RefundAmount Amount { get; init; }
    public IReadOnlyList<RefundPromotion>? PromotionDetail { get; init; }

    /// <summary><see cref="Status"/> as a case to switch on.</summary>
    [JsonIgnore]
    public RefundState State => RefundStates.Of(Status);

    /// <summary>Without account and amounts.</summary>
    public override string ToString() => $"refund {OutRefundNo}: {Status}";
}

/// <summary>The part of a refund that goes back into a coupon. Amounts in fen.</summary>
public sealed record RefundPromotion
{
    public string? PromotionId { get; init; }
    /// <summary><c>GLOBAL</c> or <c>SINGLE</c>.</summary>
    public string? Scope { get; init; }
    /// <summary><c>COUPON</c> or <c>DISCOUNT</c>.</summary>
    public string? Type { get; init; }
    public required long Amount { get; init; }
    public required long RefundAmount { get; init; }
    public IReadOnlyList<RefundGoods>? GoodsDetail { get; init; }
}
