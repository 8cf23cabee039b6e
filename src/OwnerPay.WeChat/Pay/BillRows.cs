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

    internal static readonly BillFormat<TradeBillRow> Format = new(
        ["交易时间", "微信订单号", "商户订单号", "交易状态"], Read, "总交易单数",
        [
            ("应结订单总金额", row => row.SettlementFen * 1000),
            ("退款总金额", row => row.RefundFen * 1000),
            ("充值券退款总金额", row => row.CashCouponRefundFen * 1000),
            ("手续费总金额", row => row.FeeMilliFen),
            ("订单总金额", row => row.OrderFen * 1000),
            ("申请退款总金额", row => row.RefundAppliedFen * 1000),
        ]);

    static TradeBillRow Read(BillFields f)
    {
        var settlement = f.Either("应结订单金额", "总金额");
        return new TradeBillRow
        {
            Line = f.Line,
            TradeTime = f.RequiredTime("交易时间"),
            Appid = f.Text("公众账号ID"),
            Mchid = f.Text("商户号"),
            TransactionId = f.Text("微信订单号"),
            OutTradeNo = f.Text("商户订单号"),
            Openid = f.Text("用户标识"),
            TradeType = f.Text("交易类型"),
            TradeState = f.Text("交易状态"),
            BankType = f.Text("付款银行"),
            Currency = f.Text("货币种类"),
            SettlementFen = f.Fen(settlement),
            CouponFen = f.Fen(f.Either("代金券金额", "企业红包金额")),
            RefundId = f.Number("微信退款单号"),
            OutRefundNo = f.Number("商户退款单号"),
            RefundFen = f.Fen("退款金额"),
            CashCouponRefundFen = f.Fen("充值券退款金额"),
            RefundType = f.Text("退款类型"),
            RefundState = f.Text("退款状态"),
            RefundAppliedAt = f.Time("退款申请时间"),
            RefundSucceededAt = f.Time("退款成功时间"),
            Description = f.MerchantText("商品名称"),
            Attach = f.MerchantText("商户数据包"),
            FeeMilliFen = f.MilliFen("手续费"),
            Rate = f.Text("费率"),
            OrderFen = f.Fen(f.Either("订单金额", settlement)),
            RefundAppliedFen = f.Fen(f.Either("申请退款金额", "退款金额")),
        };
    }
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

    internal static readonly BillFormat<FundFlowRow> Format = new(
        ["记账时间", "资金流水单号", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)"], Read, "资金流水总笔数",
        [
            // Counts ride along: a thousandth of a fen is written with five decimals, a count with none.
            ("收入笔数", row => row.IsIncome ? 100_000 : 0),
            ("收入金额", row => row.IsIncome ? row.AmountFen * 1000 : 0),
            ("支出笔数", row => row.IsIncome ? 0 : 100_000),
            ("支出金额", row => row.IsIncome ? 0 : row.AmountFen * 1000),
        ]);

    static FundFlowRow Read(BillFields f) => new()
    {
        Line = f.Line,
        BookedAt = f.RequiredTime("记账时间"),
        BusinessNo = f.Text("微信支付业务单号"),
        FlowNo = f.Text("资金流水单号"),
        BusinessName = f.Text("业务名称"),
        BusinessKind = f.Text("业务类型"),
        IsIncome = f.OneOf("收支类型", "收入", "支出"),
        AmountFen = f.Fen("收支金额(元)"),
        BalanceFen = f.Fen("账户结余(元)"),
        Applicant = f.Text("资金变更提交申请人"),
        Remark = f.MerchantText("备注"),
        VoucherNo = f.Text("业务凭证号"),
    };
}
