namespace OwnerPay.WeChat.Pay;

/// <summary>A line of a trade bill while a reader stands on it: what most readers ask for, without a string made of it.</summary>
/// <inheritdoc cref="TradeBillRow" path="/remarks"/>
public sealed class TradeBillLine : BillLine<TradeBillRow>
{
    internal static readonly BillFormat<TradeBillLine> Format = new(
        ["交易时间", "微信订单号", "商户订单号", "交易状态"], "总交易单数",
        ["应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额", "订单总金额", "申请退款总金额"], columns => new(columns));

    readonly int tradeTime, appid, mchid, transactionId, outTradeNo, openid, tradeType, tradeState, bankType, currency, settlement, coupon, refundId,
        outRefundNo, refund, cashCouponRefund, refundType, refundState, refundAppliedAt, refundSucceededAt, description, attach, fee, rate, order,
        refundApplied;
    long couponFen, refundFen, cashCouponRefundFen, refundAppliedFen;
    DateTimeOffset? appliedAt, succeededAt;

    TradeBillLine(BillColumns columns) : base(columns)
    {
        (tradeTime, appid, mchid) = (columns.At("交易时间"), columns.At("公众账号ID"), columns.At("商户号"));
        (transactionId, outTradeNo, openid) = (columns.At("微信订单号"), columns.At("商户订单号"), columns.At("用户标识"));
        (tradeType, tradeState, bankType, currency) = (columns.At("交易类型"), columns.At("交易状态"), columns.At("付款银行"), columns.At("货币种类"));
        (settlement, coupon) = (columns.At("应结订单金额", "总金额"), columns.At("代金券金额", "企业红包金额"));
        (refundId, outRefundNo, refund) = (columns.At("微信退款单号"), columns.At("商户退款单号"), columns.At("退款金额"));
        (cashCouponRefund, refundType, refundState) = (columns.At("充值券退款金额"), columns.At("退款类型"), columns.At("退款状态"));
        (refundAppliedAt, refundSucceededAt) = (columns.At("退款申请时间"), columns.At("退款成功时间"));
        (description, attach, fee, rate) = (columns.At("商品名称"), columns.At("商户数据包"), columns.At("手续费"), columns.At("费率"));
        order = columns.Has("订单金额") ? columns.At("订单金额") : settlement;
        refundApplied = columns.Has("申请退款金额") ? columns.At("申请退款金额") : refund;
    }

    /// <inheritdoc cref="TradeBillRow.TradeTime"/>
    public DateTimeOffset TradeTime { get; private set; }

    /// <inheritdoc cref="TradeBillRow.SettlementFen"/>
    public long SettlementFen { get; private set; }

    /// <inheritdoc cref="TradeBillRow.FeeMilliFen"/>
    public long FeeMilliFen { get; private set; }

    /// <inheritdoc cref="TradeBillRow.OrderFen"/>
    public long OrderFen { get; private set; }

    public ReadOnlySpan<char> Mchid => Fields.Value(mchid);
    public ReadOnlySpan<char> TransactionId => Fields.Value(transactionId);
    public ReadOnlySpan<char> OutTradeNo => Fields.Value(outTradeNo);

    /// <inheritdoc cref="TradeBillRow.TradeState"/>
    public ReadOnlySpan<char> TradeState => Fields.Value(tradeState);

    /// <inheritdoc cref="TradeBillRow.Rate"/>
    public string Rate => Fields.Text(rate);

    public bool IsRefund => Fields.HasNumber(outRefundNo) || Fields.HasNumber(refundId);

    internal override void Read()
    {
        TradeTime = Fields.RequiredTime(tradeTime);
        (SettlementFen, couponFen, OrderFen) = (Fields.Fen(settlement), Fields.Fen(coupon), Fields.Fen(order));
        (refundFen, cashCouponRefundFen, refundAppliedFen) = (Fields.Fen(refund), Fields.Fen(cashCouponRefund), Fields.Fen(refundApplied));
        FeeMilliFen = Fields.MilliFen(fee);
        (appliedAt, succeededAt) = (Fields.Time(refundAppliedAt), Fields.Time(refundSucceededAt));
    }

    internal override void AddTo(Span<long> sums)
    {
        sums[0] += SettlementFen * 1000;
        sums[1] += refundFen * 1000;
        sums[2] += cashCouponRefundFen * 1000;
        sums[3] += FeeMilliFen;
        sums[4] += OrderFen * 1000;
        sums[5] += refundAppliedFen * 1000;
    }

    public override TradeBillRow ToRow() => new()
    {
        Line = Line,
        TradeTime = TradeTime,
        Appid = Fields.Text(appid),
        Mchid = Fields.Text(mchid),
        TransactionId = Fields.Text(transactionId),
        OutTradeNo = Fields.Text(outTradeNo),
        Openid = Fields.Text(openid),
        TradeType = Fields.Text(tradeType),
        TradeState = Fields.Text(tradeState),
        BankType = Fields.Text(bankType),
        Currency = Fields.Text(currency),
        SettlementFen = SettlementFen,
        CouponFen = couponFen,
        RefundId = Fields.Number(refundId),
        OutRefundNo = Fields.Number(outRefundNo),
        RefundFen = refundFen,
        CashCouponRefundFen = cashCouponRefundFen,
        RefundType = Fields.Text(refundType),
        RefundState = Fields.Text(refundState),
        RefundAppliedAt = appliedAt,
        RefundSucceededAt = succeededAt,
        Description = Fields.MerchantText(description),
        Attach = Fields.MerchantText(attach),
        FeeMilliFen = FeeMilliFen,
        Rate = Rate,
        OrderFen = OrderFen,
        RefundAppliedFen = refundAppliedFen,
    };
}
