using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>What becomes of the notification of one payment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallbackWish>))]
enum CallbackWish
{
    [JsonStringEnumMemberName("send")] Send,
    [JsonStringEnumMemberName("suppress")] Suppress,
    [JsonStringEnumMemberName("double")] Double,
    [JsonStringEnumMemberName("beforeAnswering")] BeforeAnswering,
}

/// <param name="Type">CASH or NOCASH.</param>
/// <param name="Fen">At least 1 and less than the total.</param>
sealed record PayCoupon(string Type, long Fen, string? Name = null);

/// <summary>How the payer pays. Everything may be left out.</summary>
sealed record PayWish
{
    /// <summary>Total that WeChat reports instead of the order's; plants a wrong amount.</summary>
    public long? TotalFen { get; init; }

    /// <summary>Who pays; the order's payer, or somebody for a scanned code, when absent.</summary>
    public string? Openid { get; init; }
    public PayCoupon? Coupon { get; init; }
    public string? BankType { get; init; }

    /// <summary>Business instant of the payment; now when absent.</summary>
    public DateTimeOffset? At { get; init; }
    public CallbackWish Callback { get; init; }

    /// <summary>Seconds of the system clock before the first attempt.</summary>
    public double CallbackDelaySeconds { get; init; }

    /// <summary>What the mini-program passed to <c>wx.requestPayment</c>; checked as the WeChat client does when given.</summary>
    public PayParameters? Parameters { get; init; }
}

/// <summary>A refusal the payer would see, or null with the paid order.</summary>
sealed record PayOutcome(PayOrder? Order, string? Code = null, string? Message = null)
{
    public static PayOutcome Cancelled { get; } = new(null, "user_cancelled", "用户取消支付");
}

/// <summary>The payer's side: confirms the payment sheet, whereupon WeChat books the money and notifies the merchant.</summary>
sealed class PayOrders(Store store, Keys keys, BusinessClock clock, EmulatorOptions options, FaultList faults, Callbacks callbacks,
    PhoneFeed feed)
{
    static readonly TimeSpan PrepayLife = TimeSpan.FromHours(2);

    public async Task<PayOutcome> Pay(string outTradeNo, PayWish wish)
    {
        if (faults.Strike(FaultKind.UserCancels, () => $"PAYER {outTradeNo} {wish.Openid}") is not null) return PayOutcome.Cancelled;
        PlannedCallback? news = null;
        var outcome = await store.Write(async db =>
        {
            var order = await db.Orders.FindAsync(outTradeNo);
            if (order is null) return new(null, "order_unknown", "没有这个订单");
            var at = (wish.At ?? clock.Now()).ToOffset(BusinessClock.China);
            if (Refusal(order, wish, at) is { } refusal) return refusal;
            var sequence = (await db.Orders.MaxAsync(o => o.PaidSequence) ?? 0) + 1;
            Book(order, wish, at, sequence);
            MerchantAccount.Paid(db, order);
            news = callbacks.Plan(db, News(order), new(wish.Callback, wish.CallbackDelaySeconds));
            return new PayOutcome(order);
        });
        if (outcome.Order is not { } paid) return outcome;
        feed.Tell(paid.PayerOpenid!, "payment", new
        {
            paid.OutTradeNo, paid.TransactionId, paid.Description, totalFen = paid.PaidTotalFen, paid.PayerTotalFen, paid.SuccessTime,
        });
        await callbacks.Send(news!);
        return outcome;
    }

    Announcement News(PayOrder order) => new(
        order.OutTradeNo, null, order.NotifyUrl, order.PublicKeyMode, NotificationEvents.TransactionSuccess, "支付成功", "transaction",
        WireJson.Bytes(OrderCalls.Resource(order, keys.Mchid), PayJson.Types.Transaction), order.SuccessTime!.Value);

    /// <summary>Why the payment sheet would not open for this person, or null.</summary>
    public PayOutcome? Refusal(PayOrder order, string? openid) => Refusal(order, new PayWish { Openid = openid }, clock.Now());

    PayOutcome? Refusal(PayOrder order, PayWish wish, DateTimeOffset at)
    {
        if (order.State == OrderState.Success) return new(null, "already_paid", "该订单已支付，请勿重复支付");
        if (order.State == OrderState.Closed) return new(null, "order_closed", "订单已关闭，请重新下单");
        if (at > order.TimeExpire) return new(null, "order_expired", "订单已过期，请重新下单");
        if (at > order.PrepaidAt + PrepayLife) return new(null, "prepay_expired", "支付会话已过期，请重新发起支付");
        if (wish.TotalFen is < 1 or > int.MaxValue) return new(null, "amount_invalid", "金额不正确");
        var total = wish.TotalFen ?? order.TotalFen;
        if (wish.Coupon is { } coupon && (coupon.Type is not ("CASH" or "NOCASH") || coupon.Fen < 1 || coupon.Fen >= total))
            return new(null, "coupon_invalid", "优惠券不可用");
        if (wish.Openid is { } openid && !OrderRequest.Openids.IsMatch(openid)) return new(null, "openid_invalid", "openid不正确");
        if (order.Openid is { } payer && wish.Openid is { } other && other != payer) return new(null, "other_payer", "该订单只能由下单用户支付");
        if (wish.Parameters is { } parameters)
        {
            if (parameters.Package != $"prepay_id={order.PrepayId}") return new(null, "package_wrong", "支付参数package不正确");
            if (!PaySigning.Verifies(keys.MerchantPublic, order.Appid, parameters)) return new(null, "pay_sign_wrong", "支付验证签名失败");
        }
        return null;
    }

    void Book(PayOrder order, PayWish wish, DateTimeOffset at, long sequence)
    {
        order.State = OrderState.Success;
        order.PaidSequence = sequence;
        order.TransactionId = TransactionId(keys.Mchid, at, sequence);
        order.SuccessTime = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
        order.PaidOn = DateOnly.FromDateTime(at.DateTime);
        order.PaidTotalFen = wish.TotalFen ?? order.TotalFen;
        order.PayerOpenid = wish.Openid ?? order.Openid ?? $"oScan{sequence:D23}";
        order.BankType = wish.BankType ?? "OTHERS";
        if (wish.Coupon is { } coupon)
        {
            order.CouponType = coupon.Type;
            order.CouponFen = coupon.Fen;
            order.CouponId = sequence.ToString("D11", CultureInfo.InvariantCulture);
            order.CouponName = coupon.Name ?? "微信支付代金券";
        }
        order.PayerTotalFen = order.PaidTotalFen - order.CouponFen;
        order.FeeFen = Fee(order.SettlementFen, options.FeePerTenThousand);
    }

    /// <summary>Half up to whole fen.</summary>
    public static long Fee(long settlementFen, int perTenThousand) => (settlementFen * perTenThousand + 5_000) / 10_000;

    /// <summary>28 digits: 4200, six of the merchant number, the business day, ten of a sequence.</summary>
    public static string TransactionId(string mchid, DateTimeOffset at, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"4200{mchid[^6..]}{at:yyyyMMdd}{sequence:D10}");
}
