using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay.Bills;

/// <summary>The refund's part of a trade bill line. Amounts in fen.</summary>
/// <param name="MerchantFen">退款金额: what was applied for without the coupons that the merchant bore.</param>
/// <param name="CouponFen">充值券退款金额: the part of WeChat's coupons in it.</param>
/// <param name="State">The bill's own word: SUCCESS, PROCESSING, FAIL or CHANGE.</param>
sealed record RefundPart(
    string RefundId, string OutRefundNo, long AppliedFen, long MerchantFen, long CouponFen, string Channel, string State,
    DateTimeOffset AppliedAt, DateTimeOffset? DoneAt);

/// <summary>One payment or refund as the trade bill lists it. Amounts in fen.</summary>
sealed record TradeRow(
    DateTimeOffset Time, string Appid, string Mchid, string? DeviceId, string TransactionId, string OutTradeNo, string Openid, string TradeType,
    string BankType, long TotalFen, long CouponFen, bool MerchantBearsCoupon, string Description, string? Attach, long FeeFen, int FeePerTenThousand)
{
    /// <summary>Set on a line that tells of a refund; then <see cref="TotalFen"/> is 0.</summary>
    public RefundPart? Refund { get; init; }

    /// <summary>应结订单金额: without the coupons that the merchant bears.</summary>
    public long SettlementFen => TotalFen - (MerchantBearsCoupon ? CouponFen : 0);

    public static TradeRow Of(PayOrder order, string mchid, int feePerTenThousand) => new(
        order.SuccessTime!.Value, order.Appid, mchid, order.DeviceId, order.TransactionId!, order.OutTradeNo, order.PayerOpenid!, order.TradeType,
        order.BankType!, order.PaidTotalFen, order.CouponFen, order.CouponType == PromotionDetail.NoCash, order.Description, order.Attach,
        order.FeeFen, feePerTenThousand);

    /// <summary>The line of a refund. Its state is that of the hour when the file was made and never changes afterwards.</summary>
    /// <param name="made">Business instant at which WeChat writes the file.</param>
    public static TradeRow Of(PayRefund refund, PayOrder order, string mchid, int feePerTenThousand, DateTimeOffset made)
    {
        var done = refund.FinalAt is { } final && final <= made ? refund.Status : RefundStatus.Processing;
        var coupons = refund.RefundFen - refund.PayerRefundFen;
        return Of(order, mchid, feePerTenThousand) with
        {
            Time = refund.CreatedAt,
            TotalFen = 0,
            CouponFen = 0,
            FeeFen = -refund.FeeBackFen,
            Refund = new(
                refund.RefundId, refund.OutRefundNo, refund.RefundFen, refund.SettlementRefundFen,
                order.CouponType == PromotionDetail.Cash ? coupons : 0, refund.Channel, Word(done), refund.CreatedAt,
                done == RefundStatus.Success ? refund.FinalAt : null),
        };
    }

    static string Word(RefundStatus status) => status switch
    {
        RefundStatus.Processing => "PROCESSING",
        RefundStatus.Success => "SUCCESS",
        RefundStatus.Closed => "FAIL",
        RefundStatus.Abnormal => "CHANGE",
    };

    /// <summary>The line of an invented refund of this payment, with the fee that goes back.</summary>
    public TradeRow WithRefund(long fen, int feePerTenThousand) => this with
    {
        TotalFen = 0,
        CouponFen = 0,
        FeeFen = -PayOrders.Fee(fen, feePerTenThousand),
        Refund = new($"5030{TransactionId[4..]}", $"R{OutTradeNo[1..]}", fen, fen, 0, "ORIGINAL", "PROCESSING", Time, null),
    };

    /// <summary>The same payment with another total, and the fee that goes with it.</summary>
    public TradeRow WithTotal(long fen, int feePerTenThousand)
    {
        var changed = this with { TotalFen = fen };
        return changed with { FeeFen = PayOrders.Fee(changed.SettlementFen, feePerTenThousand) };
    }

    /// <summary>A payment that only the bill knows, at noon of its day.</summary>
    public static TradeRow Extra(BillChange change, Keys keys, int feePerTenThousand)
    {
        var noon = new DateTimeOffset(change.Day.ToDateTime(new(12, 0)), BusinessClock.China);
        var transactionId = PayOrders.TransactionId(keys.Mchid, noon, 9_000_000_000 + change.Id);
        return new(noon, keys.Appid, keys.Mchid, null, transactionId, change.OutTradeNo, "oNobodyKnowsThisPayer0000000", "JSAPI",
            "OTHERS", change.Fen, 0, false, "物业费", null, PayOrders.Fee(change.Fen, feePerTenThousand), feePerTenThousand);
    }
}
