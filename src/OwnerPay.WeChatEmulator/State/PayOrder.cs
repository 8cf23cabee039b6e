namespace OwnerPay.WeChatEmulator.State;

enum OrderState { NotPaid, Success, Closed }

/// <summary>One merchant order as WeChat Pay keeps it.</summary>
sealed class PayOrder
{
    public required string OutTradeNo { get; init; }

    /// <summary>JSAPI or NATIVE.</summary>
    public required string TradeType { get; init; }
    public required string Appid { get; init; }
    public required string Description { get; init; }
    public string? Attach { get; init; }
    public required string NotifyUrl { get; init; }
    public string? GoodsTag { get; init; }

    /// <summary>Fen the merchant asked for.</summary>
    public required long TotalFen { get; init; }

    /// <summary>Payer named by the merchant; absent for Native.</summary>
    public string? Openid { get; init; }
    public string? DeviceId { get; init; }

    /// <summary>The raw <c>detail</c>, <c>scene_info</c> and <c>settle_info</c> of the first request, compared on re-entry.</summary>
    public required string Extras { get; init; }

    /// <summary>Last business instant at which it can be paid; passing it does not close the order.</summary>
    public required DateTimeOffset TimeExpire { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Callbacks are signed the way the answer to the order was.</summary>
    public required bool PublicKeyMode { get; init; }

    /// <summary>The newest prepay_id or code_url and its business instant; good for 2 hours.</summary>
    public required string PrepayId { get; set; }
    public required DateTimeOffset PrepaidAt { get; set; }

    public OrderState State { get; set; }

    // From here on: set by the payment.
    public string? TransactionId { get; set; }
    public long? PaidSequence { get; set; }
    public DateTimeOffset? SuccessTime { get; set; }

    /// <summary>Business day of the payment, the day of its bill.</summary>
    public DateOnly? PaidOn { get; set; }

    /// <summary>What WeChat says the order's total was; differs from <see cref="TotalFen"/> only when a wrong amount was planted.</summary>
    public long PaidTotalFen { get; set; }

    /// <summary>What the payer spent after coupons, fen.</summary>
    public long PayerTotalFen { get; set; }
    public string? PayerOpenid { get; set; }
    public string? BankType { get; set; }

    /// <summary>CASH (充值型, settled in full) or NOCASH (免充值型, the merchant bears it).</summary>
    public string? CouponType { get; set; }
    public string? CouponId { get; set; }
    public string? CouponName { get; set; }
    public long CouponFen { get; set; }

    /// <summary>Fee taken from the merchant, fen.</summary>
    public long FeeFen { get; set; }

    /// <summary>Refunds begun; from the first on the order's state reads REFUND.</summary>
    public int RefundedParts { get; set; }

    /// <summary>What the merchant gets before the fee: the total without the coupons that the merchant bears.</summary>
    public long SettlementFen => PaidTotalFen - (CouponType == "NOCASH" ? CouponFen : 0);
}

enum CallbackState { Waiting, Delivered, GivenUp, Recorded, Lost }

/// <summary>One notification to the merchant and what became of it.</summary>
sealed class Callback
{
    public required Guid Id { get; init; }
    public required string OutTradeNo { get; init; }

    /// <summary>Only when it tells of a refund.</summary>
    public string? OutRefundNo { get; init; }
    public required string EventType { get; init; }
    public required string NotifyUrl { get; init; }
    public required bool PublicKeyMode { get; init; }

    /// <summary>The bytes that every attempt sends; only nonce, time stamp and signature are fresh.</summary>
    public required string Body { get; init; }
    public required CallbackState State { get; set; }
    public int Attempts { get; set; }

    /// <summary>System clock.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>HTTP status of the last attempt; 0 when none came.</summary>
    public int LastStatus { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// <c>Drop</c>: the row is missing. <c>Amount</c>: another total. <c>Extra</c>: a payment that only the bill knows. <c>Fee</c>: another fee.
/// <c>Twice</c>: the row stands there again. <c>NextDay</c>: the row stands in the next day's bill. <c>OtherMerchant</c>: the row names another
/// merchant number. <c>Refund</c>: an invented refund was accepted on that day.
/// </summary>
enum BillChangeKind { Drop, Amount, Extra, Fee, Twice, NextDay, OtherMerchant, Refund }

/// <summary>A planted difference in the trade bill of one day.</summary>
sealed class BillChange
{
    public int Id { get; init; }
    public required DateOnly Day { get; init; }
    public required BillChangeKind Kind { get; init; }
    public required string OutTradeNo { get; init; }

    /// <summary>The amount or fee shown instead, or that of the extra or refund row; fen.</summary>
    public long Fen { get; init; }
}
