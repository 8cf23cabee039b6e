using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>The body of a refund call after the rules of its form held. Amounts in fen.</summary>
sealed partial record RefundApplication(
    string? TransactionId, string? OutTradeNo, string OutRefundNo, string? Reason, string? NotifyUrl, long RefundFen, long TotalFen, string? From)
{
    /// <returns>The application, or the answer for the first rule it breaks.</returns>
    public static (RefundApplication? Application, PayAnswer? Refusal) Read(ReadOnlyMemory<byte> body)
    {
        if (Json.TryObject(body) is not { } root) return (null, PayAnswer.Refuse(400, "PARAM_ERROR", "请求体不是合法的JSON对象"));
        var fields = Fields.Of(root);
        var transactionId = fields.Text("transaction_id", 32);
        var outTradeNo = fields.Text("out_trade_no", 32, min: 6, form: OrderRequest.TradeNumber, formText: "只能是数字、大小写字母_-*|");
        var outRefundNo = fields.Text("out_refund_no", 64, required: true, form: RefundNumber, formText: "只能是数字、大小写字母_-|*@");
        var reason = fields.Text("reason", 80);
        if (reason is not null && Encoding.UTF8.GetByteCount(reason) > 80) fields.Refuse("reason", "不能超过80字节");
        var notifyUrl = fields.Text("notify_url", 256);
        if (notifyUrl is not null && OrderRequest.NotifyUrlFault(notifyUrl) is { } fault) fields.Refuse("notify_url", fault);
        if (fields.Text("funds_account", 32) is { } account && account is not ("AVAILABLE" or "UNSETTLED"))
            fields.Refuse("funds_account", "只能是AVAILABLE或UNSETTLED");
        var amount = fields.Object("amount", required: true);
        var refund = amount?.Whole("refund", 1, required: true);
        var total = amount?.Whole("total", 1, required: true);
        if (amount?.Text("currency", 16, required: true) is { } currency && currency != "CNY") amount.Refuse("currency", "只支持CNY");
        if (amount is not null) CheckFrom(amount, refund);
        CheckGoods(fields);
        if (transactionId is null && outTradeNo is null) fields.Refuse("transaction_id", "transaction_id和out_trade_no不能同时为空");
        if (fields.Refusal is { } refusal) return (null, refusal);
        var from = root.GetProperty("amount").TryGetProperty("from", out var sources) ? sources.GetRawText() : null;
        return (new(transactionId, outTradeNo, outRefundNo!, reason, notifyUrl, refund!.Value, total!.Value, from), null);
    }

    static void CheckFrom(Fields amount, long? refund)
    {
        var from = amount.List("from", 2);
        if (from.Count == 0) return;
        var sum = 0L;
        foreach (var source in from)
        {
            if (source.Text("account", 32, required: true) is { } account && account is not ("AVAILABLE" or "UNAVAILABLE"))
                source.Refuse("account", "只能是AVAILABLE或UNAVAILABLE");
            sum += source.Whole("amount", 1, required: true) ?? 0;
        }
        if (sum != refund) amount.Refuse("from", "各账户出资金额之和应等于退款金额");
    }

    static void CheckGoods(Fields fields)
    {
        foreach (var goods in fields.List("goods_detail", 6000))
        {
            goods.Text("merchant_goods_id", 32, required: true);
            goods.Text("wechatpay_goods_id", 32);
            goods.Text("goods_name", 256);
            goods.Whole("unit_price", 0, required: true);
            goods.Whole("refund_amount", 0, required: true);
            goods.Whole("refund_quantity", 1, required: true);
        }
    }

    [GeneratedRegex(@"\A[0-9A-Za-z_\-|*@]+\z")]
    private static partial Regex RefundNumber { get; }
}

/// <summary>What an order still allows, and how a refund splits between payer, coupon and fee.</summary>
static class RefundRules
{
    public const int MostParts = 50;
    public static readonly TimeSpan Window = TimeSpan.FromDays(365);

    /// <param name="earlier">All refunds of the order, oldest first.</param>
    /// <param name="spacing">Least time between two parts of one order.</param>
    /// <returns>The answer that refuses it, or null.</returns>
    public static PayAnswer? Refusal(
        PayOrder order, IReadOnlyList<PayRefund> earlier, RefundApplication asked, DateTimeOffset now, TimeSpan spacing)
    {
        if (asked.TotalFen != order.PaidTotalFen) return Invalid("订单总金额与原支付订单不一致");
        if (now > order.SuccessTime!.Value + Window) return Invalid("订单已超过可退款的最大期限");
        if (earlier.Count >= MostParts) return Invalid("该订单的部分退款次数已达上限");
        if (Standing(earlier).Sum(refund => refund.RefundFen) + asked.RefundFen > order.PaidTotalFen) return Invalid("申请退款金额大于订单可退金额");
        return earlier.Count > 0 && now - earlier[^1].CreatedAt < spacing
            ? PayAnswer.Refuse(429, "FREQUENCY_LIMITED", "同一笔订单的部分退款需间隔1分钟以上，请稍后用原退款单号重试")
            : null;
    }

    static PayAnswer Invalid(string message) => PayAnswer.Refuse(400, "INVALID_REQUEST", message);

    /// <summary>Refunds whose money left; a closed one gave its amount free again.</summary>
    static IEnumerable<PayRefund> Standing(IEnumerable<PayRefund> refunds) => refunds.Where(refund => refund.Status != RefundStatus.Closed);

    /// <summary>
    /// The share of this part in something that belongs to the whole order. Shares are cut from the running sum, so that all parts of a fully
    /// refunded order together give exactly the whole.
    /// </summary>
    /// <param name="roundUp">Half up to whole fen; else down.</param>
    public static long Share(long whole, long before, long part, long total, bool roundUp)
    {
        if (total == 0) return 0;
        long Of(long fen) => roundUp ? (whole * fen * 2 + total) / (total * 2) : whole * fen / total;
        return Of(before + part) - Of(before);
    }

    public static long Before(IEnumerable<PayRefund> earlier) => Standing(earlier).Sum(refund => refund.RefundFen);

    /// <summary>The refund as applications and queries answer it.</summary>
    public static Refund Answer(PayRefund refund, PayOrder order) => new()
    {
        RefundId = refund.RefundId,
        OutRefundNo = refund.OutRefundNo,
        TransactionId = refund.TransactionId,
        OutTradeNo = refund.OutTradeNo,
        Channel = refund.Channel,
        UserReceivedAccount = refund.ReceivedAccount,
        SuccessTime = refund.Status == RefundStatus.Success ? refund.FinalAt : null,
        CreateTime = refund.CreatedAt,
        Status = Word(refund.Status),
        FundsAccount = "AVAILABLE",
        Amount = Amounts(refund, order) with
        {
            From = refund.From is { } from ? [.. FromOf(from)] : [],
            SettlementRefund = refund.SettlementRefundFen,
            SettlementTotal = order.SettlementFen,
            DiscountRefund = refund.RefundFen - refund.PayerRefundFen,
            Currency = "CNY",
            RefundFee = refund.FeeBackFen,
        },
        PromotionDetail = order.CouponFen == 0 ? [] : [new()
        {
            PromotionId = order.CouponId,
            Scope = "GLOBAL",
            Type = order.CouponType == PromotionDetail.NoCash ? "DISCOUNT" : "COUPON",
            Amount = order.CouponFen,
            RefundAmount = refund.RefundFen - refund.PayerRefundFen,
        }],
    };

    /// <summary>The refund as a notification encloses it; there the state has another name.</summary>
    public static RefundNotice Notice(PayRefund refund, PayOrder order, string mchid) => new()
    {
        Mchid = mchid,
        OutTradeNo = refund.OutTradeNo,
        TransactionId = refund.TransactionId,
        OutRefundNo = refund.OutRefundNo,
        RefundId = refund.RefundId,
        RefundStatus = Word(refund.Status),
        SuccessTime = refund.Status == RefundStatus.Success ? refund.FinalAt : null,
        UserReceivedAccount = refund.ReceivedAccount,
        Amount = Amounts(refund, order),
    };

    static RefundAmount Amounts(PayRefund refund, PayOrder order) => new()
    {
        Total = order.PaidTotalFen, Refund = refund.RefundFen, PayerTotal = order.PayerTotalFen, PayerRefund = refund.PayerRefundFen,
    };

    static IEnumerable<RefundFrom> FromOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var source in document.RootElement.EnumerateArray())
            yield return new(source.GetProperty("account").GetString()!, source.GetProperty("amount").GetInt64());
    }

    public static string Word(RefundStatus status) => status switch
    {
        RefundStatus.Processing => "PROCESSING",
        RefundStatus.Success => "SUCCESS",
        RefundStatus.Closed => "CLOSED",
        RefundStatus.Abnormal => "ABNORMAL",
    };

    /// <summary>Where the money goes back to, as WeChat words it.</summary>
    public static string ReceivedAccount(string bankType) => bankType.Split('_') switch
    {
        ["LQT"] => "支付用户零钱通",
        [var bank, "DEBIT"] => $"{Bank(bank)}借记卡0403",
        [var bank, "CREDIT"] => $"{Bank(bank)}信用卡0403",
        _ => "支付用户零钱",
    };

    static string Bank(string code) => code switch
    {
        "CMB" => "招商银行",
        "ICBC" => "工商银行",
        "CCB" => "建设银行",
        "ABC" => "农业银行",
        "BOC" => "中国银行",
        "COMM" => "交通银行",
        "PSBC" => "邮储银行",
        _ => "银行",
    };
}
