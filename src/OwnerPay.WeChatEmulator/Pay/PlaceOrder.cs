using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>JSAPI and Native orders (下单). The same number with the same content is answered again with a fresh prepay_id.</summary>
/// <remarks>Other text, amount, payer or kind under a used number: 403 <c>OUT_TRADE_NO_USED</c>; another attach, URL or detail: 400
/// <c>PARAM_ERROR</c>; a paid order: 400 <c>ORDERPAID</c>; a closed one: 400 <c>ORDER_CLOSED</c>.</remarks>
sealed class PlaceOrder(Store store, Keys keys, BusinessClock clock, EmulatorOptions options, FaultList faults, PayOrders payments)
{
    static readonly TimeSpan Default = TimeSpan.FromDays(7), Longest = TimeSpan.FromDays(15), Shortest = TimeSpan.FromMinutes(1);

    public Task<PayAnswer> Jsapi(PayRequest request) => Place(request, "JSAPI");

    public Task<PayAnswer> Native(PayRequest request) => Place(request, "NATIVE");

    async Task<PayAnswer> Place(PayRequest request, string tradeType)
    {
        var (order, refusal) = OrderRequest.Read(request.Body, withPayer: tradeType == "JSAPI");
        if (order is null) return refusal!;
        if (order.Mchid != keys.Mchid) return PayAnswer.Refuse(400, "PARAM_ERROR", "http header中的mchid与post payload中的mchid不匹配");
        if (order.Appid != keys.Appid) return PayAnswer.Refuse(400, "APPID_MCHID_NOT_MATCH", "appid和mchid不匹配，请检查后再试");
        var answer = await store.Write(async db =>
        {
            if (options.StrictOpenids && order.Openid is { } openid && !await db.Users.AnyAsync(user => user.Openid == openid))
                return PayAnswer.Refuse(400, "PARAM_ERROR", "appid和openid不匹配");
            var existing = await db.Orders.FindAsync(order.OutTradeNo);
            if (existing is null) db.Add(existing = New(order, tradeType, request.PublicKeyMode));
            else if (ReentryRefusal(existing, order, tradeType) is { } no) return no;
            else (existing.PrepayId, existing.PrepaidAt) = (Handle(tradeType), clock.Now());
            return PayAnswer.Ok(new JsonObject { [tradeType == "JSAPI" ? "prepay_id" : "code_url"] = existing.PrepayId });
        });
        string Where() => $"POST /v3/pay/transactions/{tradeType.ToLowerInvariant()}\n{order.OutTradeNo}";
        if (answer.Status == 200 && faults.Strike(FaultKind.CallbackBeforeAnswer, Where) is not null)
            await payments.Pay(order.OutTradeNo, new() { Callback = CallbackWish.BeforeAnswering });
        return answer;
    }

    PayOrder New(OrderRequest order, string tradeType, bool publicKeyMode)
    {
        var now = clock.Now();
        var expire = order.TimeExpire ?? now + Default;
        if (expire < now + Shortest) expire = now + Shortest;
        if (expire > now + Longest) expire = now + Longest;
        return new()
        {
            OutTradeNo = order.OutTradeNo,
            TradeType = tradeType,
            Appid = order.Appid,
            Description = order.Description,
            Attach = order.Attach,
            NotifyUrl = order.NotifyUrl,
            GoodsTag = order.GoodsTag,
            TotalFen = order.TotalFen,
            Openid = order.Openid,
            DeviceId = order.DeviceId,
            Extras = order.Extras,
            TimeExpire = expire,
            CreatedAt = now,
            PublicKeyMode = publicKeyMode,
            PrepayId = Handle(tradeType),
            PrepaidAt = now,
        };
    }

    PayAnswer? ReentryRefusal(PayOrder known, OrderRequest again, string tradeType)
    {
        if (known.TradeType != tradeType || known.Appid != again.Appid || known.Description != again.Description
            || known.TotalFen != again.TotalFen || known.Openid != again.Openid) return PayAnswer.OutTradeNoUsed;
        if (known.State == OrderState.Success) return PayAnswer.OrderPaid;
        if (known.State == OrderState.Closed || clock.Now() > known.TimeExpire) return PayAnswer.Refuse(400, "ORDER_CLOSED", "订单已关闭");
        // time_expire is fixed by the first call; what a later one says about it is not compared.
        return known.Attach != again.Attach || known.NotifyUrl != again.NotifyUrl || known.GoodsTag != again.GoodsTag || known.Extras != again.Extras
            ? PayAnswer.Refuse(400, "PARAM_ERROR", "订单重入参数校验失败")
            : null;
    }

    string Handle(string tradeType)
    {
        var random = RandomNumberGenerator.GetHexString(20, lowercase: true);
        return tradeType == "JSAPI"
            ? string.Create(CultureInfo.InvariantCulture, $"wx{clock.Now():yyyyMMddHHmmss}{random}")
            : $"weixin://wxpay/bizpayurl?pr={random[..9]}";
    }
}
