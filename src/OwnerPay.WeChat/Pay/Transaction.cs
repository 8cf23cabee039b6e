using System.Text.Json.Serialization;

namespace OwnerPay.WeChat.Pay;

/// <summary>What WeChat says about an order, both when asked and, decrypted, in a payment notification.</summary>
/// <remarks>Members that WeChat fills only once the order is paid are null before. Whoever books must compare merchant, appid,
/// number, <see cref="TransactionAmount.Total"/> and currency with the own order.</remarks>
public sealed record Transaction
{
    public required string Mchid { get; init; }
    public string? Appid { get; init; }
    public required string OutTradeNo { get; init; }
    /// <summary>WeChat's own number, up to 32 characters; names the payment for ever.</summary>
    public string? TransactionId { get; init; }
    /// <summary><c>JSAPI</c>, <c>NATIVE</c>, …; the list grows.</summary>
    public string? TradeType { get; init; }
    /// <summary>WeChat's word; see <see cref="State"/>.</summary>
    public required string TradeState { get; init; }
    public string? TradeStateDesc { get; init; }
    /// <summary><c>CMB_DEBIT</c>, <c>OTHERS</c> for the wallet, …; the list grows.</summary>
    public string? BankType { get; init; }
    public string? Attach { get; init; }
    public DateTimeOffset? SuccessTime { get; init; }
    public Payer? Payer { get; init; }
    public TransactionAmount? Amount { get; init; }
    public SceneInfo? SceneInfo { get; init; }
    public IReadOnlyList<PromotionDetail>? PromotionDetail { get; init; }

    /// <summary><see cref="TradeState"/> as a case to switch on.</summary>
    [JsonIgnore]
    public TransactionState State => TradeState switch
    {
        "SUCCESS" => TransactionState.Success,
        "REFUND" => TransactionState.Refund,
        "NOTPAY" => TransactionState.NotPay,
        "CLOSED" => TransactionState.Closed,
        "REVOKED" => TransactionState.Revoked,
        "USERPAYING" => TransactionState.UserPaying,
        "PAYERROR" => TransactionState.PayError,
        _ => TransactionState.Unknown,
    };

    /// <summary>True when the money was paid; a refund begun later does not change that.</summary>
    [JsonIgnore]
    public bool IsPaid => State is TransactionState.Success or TransactionState.Refund;

    /// <summary>Without payer and amounts: whatever prints a value may print it into a log.</summary>
    public override string ToString() => $"transaction of order {OutTradeNo}: {TradeState}";
}

public enum TransactionState
{
    /// <summary>A word not known here: keep the order pending and raise an alarm.</summary>
    Unknown,
    Success,
    /// <summary>Was paid; some refund was begun, in part or whole.</summary>
    Refund,
    NotPay,
    /// <summary>Final, and the only proof that nothing will be paid any more.</summary>
    Closed,
    /// <summary>Payment by scanned code only.</summary>
    Revoked,
    /// <summary>Payment by scanned code only.</summary>
    UserPaying,
    /// <summary>Payment by scanned code only; not final by itself.</summary>
    PayError,
}

/// <summary>Amounts in fen.</summary>
public sealed record TransactionAmount
{
    /// <summary>What was ordered: the amount to compare and to book.</summary>
    public required long Total { get; init; }
    /// <summary>What the payer spent after coupons; for display.</summary>
    public long? PayerTotal { get; init; }
    public string? Currency { get; init; }
    public string? PayerCurrency { get; init; }
}

/// <summary>A coupon used in a payment. Amounts in fen.</summary>
public sealed record PromotionDetail
{
    /// <summary><see cref="Type"/> of a coupon that WeChat settles in full.</summary>
    public const string Cash = "CASH";
    /// <summary><see cref="Type"/> of a coupon that the merchant bears itself.</summary>
    public const string NoCash = "NOCASH";

    public string? CouponId { get; init; }
    public string? Name { get; init; }
    /// <summary><c>GLOBAL</c> or <c>SINGLE</c>.</summary>
    public string? Scope { get; init; }
    public string? Type { get; init; }
    public required long Amount { get; init; }
    public string? StockId { get; init; }
    public long? WechatpayContribute { get; init; }
    public long? MerchantContribute { get; init; }
    public long? OtherContribute { get; init; }
    public string? Currency { get; init; }
    public IReadOnlyList<PromotionGoods>? GoodsDetail { get; init; }
}

/// <summary>Goods that a coupon was used for. Prices in fen.</summary>
public sealed record PromotionGoods
{
    public string? GoodsId { get; init; }
    public long? Quantity { get; init; }
    public long? UnitPrice { get; init; }
    public long? DiscountAmount { get; init; }
    public string? GoodsRemark { get; init; }
}
