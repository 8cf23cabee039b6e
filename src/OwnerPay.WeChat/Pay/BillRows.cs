namespace OwnerPay.WeChat.Pay;

/// <summary>One line of a trade bill: a payment, or a refund accepted on that day. Amounts in fen.</summary>
/// <remarks>Reconcile <see cref="OrderFen"/> with our payment and <see cref="RefundAppliedFen"/> with our refund; the settlement
/// amounts leave out coupons that the merchant bears. State words differ from the API's. A refund's state is never updated later.</remarks>
public sealed record TradeBillRow
{
    /// <summary>Line in the file, the header being 1.</summary>
    public required int Line { get; init; }
    /// <summary>When paid, or when the refund was accepted.</summary>
    public required DateTimeOffset TradeTime { get; init; }
    public required string Appid { get; init; }
    public required string Mchid { get; init; }
    public required string TransactionId { get; init; }
    public required string OutTradeNo { get; init; }
    public required string Openid { get; init; }
    public required string TradeType { get; init; }
    /// <summary><c>SUCCESS</c>, <c>REFUND</c> or <c>REVOKED</c>.</summary>
    public required string TradeState { get; init; }
    public required string BankType { get; init; }
    public required string Currency { get; init; }
    /// <summary>Order less coupons that the merchant bears; 0 on refund lines.</summary>
    public required long SettlementFen { get; init; }
    /// <summary>All coupons of the payment.</summary>
    public required long CouponFen { get; init; }
    /// <summary>Null on payment lines.</summary>
    public required string? RefundId { get; init; }
    /// <summary>Null on payment lines.</summary>
    public required string? OutRefundNo { get; init; }
    /// <summary>Applied less coupons that the merchant bears.</summary>
    public required long RefundFen { get; init; }
    public required long CashCouponRefundFen { get; init; }
    public required string RefundType { get; init; }
    /// <summary><c>SUCCESS</c>, <c>PROCESSING</c>, <c>FAIL</c>, <c>CHANGE</c>; empty on payment lines.</summary>
    public required string RefundState { get; init; }
    /// <summary>Only in bills of kind REFUND.</summary>
    public required DateTimeOffset? RefundAppliedAt { get; init; }
    /// <summary>Only in bills of kind REFUND, once it succeeded.</summary>
    public required DateTimeOffset? RefundSucceededAt { get; init; }
    public required string Description { get; init; }
    public required string Attach { get; init; }
    /// <summary>WeChat's fee in thousandths of a fen, for bills write five decimals of a yuan; negative where a refund gives it back.</summary>
    public required long FeeMilliFen { get; init; }
    /// <summary>As written, <c>0.60%</c>.</summary>
    public required string Rate { get; init; }
    /// <summary>What was ordered; 0 on refund lines.</summary>
    public required long OrderFen { get; init; }
    /// <summary>What was applied for as refund; 0 on payment lines.</summary>
    public required long RefundAppliedFen { get; init; }

    public bool IsRefund => OutRefundNo is not null || RefundId is not null;

    /// <summary>The fee if it is a whole number of fen, as it always was so far; otherwise null: nothing is rounded here.</summary>
    public long? FeeFen => FeeMilliFen % 1000 == 0 ? FeeMilliFen / 1000 : null;
}

/// <summary>One movement of the merchant's balance. Amounts in fen, always positive; <see cref="IsIncome"/> gives the sign.</summary>
public sealed record FundFlowRow
{
    /// <summary>Line in the file, the header being 1.</summary>
    public required int Line { get; init; }
    public required DateTimeOffset BookedAt { get; init; }
    /// <summary>The transaction id or refund id.</summary>
    public required string BusinessNo { get; init; }
    /// <summary>Names this movement.</summary>
    public required string FlowNo { get; init; }
    /// <summary>交易, 退款, 充值/提现, …; the list grows.</summary>
    public required string BusinessName { get; init; }
    /// <summary>交易, 扣除交易手续费, 退款, …; the list grows.</summary>
    public required string BusinessKind { get; init; }
    /// <summary>收入 (true) or 支出 (false).</summary>
    public required bool IsIncome { get; init; }
    public required long AmountFen { get; init; }
    public required long BalanceFen { get; init; }
    public required string Applicant { get; init; }
    public required string Remark { get; init; }
    /// <summary>The out_trade_no or out_refund_no.</summary>
    public required string VoucherNo { get; init; }
}
