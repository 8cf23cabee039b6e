namespace OwnerPay.WeChatEmulator.State;

/// <summary><c>Processing</c> until the money arrived (<c>Success</c>), will never arrive (<c>Closed</c>) or found no account
/// (<c>Abnormal</c>).</summary>
enum RefundStatus { Processing, Success, Closed, Abnormal }

/// <summary>One refund as WeChat Pay keeps it. Amounts in fen.</summary>
sealed class PayRefund
{
    public required string OutRefundNo { get; init; }

    /// <summary>WeChat's number, 29 digits.</summary>
    public required string RefundId { get; init; }
    public required string OutTradeNo { get; init; }
    public required string TransactionId { get; init; }
    public required string Openid { get; init; }
    public string? Reason { get; init; }

    /// <summary>Absent: nobody is told.</summary>
    public string? NotifyUrl { get; init; }
    public required bool PublicKeyMode { get; init; }

    /// <summary>What was applied for.</summary>
    public required long RefundFen { get; init; }

    /// <summary>Total of the payment as the merchant named it.</summary>
    public required long TotalFen { get; init; }

    /// <summary>The payer's own money in it; the rest goes back into the coupon.</summary>
    public required long PayerRefundFen { get; init; }

    /// <summary>What leaves the merchant's account: without the coupons that the merchant bore.</summary>
    public required long SettlementRefundFen { get; init; }

    /// <summary>Fee given back to the merchant.</summary>
    public required long FeeBackFen { get; init; }

    /// <summary>The <c>amount.from</c> array as sent, or null.</summary>
    public string? From { get; init; }

    /// <summary>Business time, and its day: the day of the bill that lists the refund.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateOnly CreatedOn { get; init; }

    public RefundStatus Status { get; set; }
    public string Channel { get; set; } = "ORIGINAL";
    public required string ReceivedAccount { get; set; }

    /// <summary>Business instant of the last state.</summary>
    public DateTimeOffset? FinalAt { get; set; }

    /// <summary>System clock: when it becomes <see cref="SettleAs"/> by itself; null waits for a hand.</summary>
    public DateTimeOffset? SettleAt { get; set; }
    public RefundStatus SettleAs { get; set; }
}

/// <summary>One line of the merchant's basic account (基本账户): what the fund-flow bill shows.</summary>
sealed class FundMove
{
    public long Id { get; init; }

    /// <summary>Business time, and its day: the day of the bill.</summary>
    public required DateTimeOffset At { get; init; }
    public required DateOnly On { get; init; }

    /// <summary>业务名称, such as 交易.</summary>
    public required string Business { get; init; }

    /// <summary>业务类型, such as 扣除交易手续费.</summary>
    public required string Kind { get; init; }

    /// <summary>Fen; below 0 leaves the account.</summary>
    public required long Fen { get; init; }

    /// <summary>微信支付业务单号: a transaction_id, a refund_id, or WeChat's number of a withdrawal.</summary>
    public required string BusinessNo { get; init; }

    /// <summary>业务凭证号: an out_trade_no or out_refund_no.</summary>
    public required string VoucherNo { get; init; }
    public string Submitter { get; init; } = "system";
    public string Remark { get; init; } = "";
}

/// <summary>Something set once by hand at the merchant platform or in the mini-program's console.</summary>
sealed class Setting
{
    public required string Name { get; init; }
    public required string Value { get; set; }
}
