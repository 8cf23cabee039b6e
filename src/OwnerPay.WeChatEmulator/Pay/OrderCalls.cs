using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>Query by either number, and close (查询、关单).</summary>
sealed class OrderCalls(Store store, Keys keys, FaultList faults, PayOrders payments)
{
    public Task<PayAnswer> ByOutTradeNo(PayRequest request)
    {
        var number = request.Route("outTradeNo");
        return Query(request, orders => orders.SingleOrDefaultAsync(order => order.OutTradeNo == number));
    }

    public Task<PayAnswer> ByTransactionId(PayRequest request)
    {
        var id = request.Route("transactionId");
        return Query(request, orders => orders.SingleOrDefaultAsync(order => order.TransactionId == id));
    }

    async Task<PayAnswer> Query(PayRequest request, Func<IQueryable<PayOrder>, Task<PayOrder?>> find)
    {
        if (request.Query("mchid") is not { } mchid) return PayAnswer.ParamError("mchid", null, "必填项缺失", "query");
        if (mchid != keys.Mchid) return PayAnswer.Refuse(400, "PARAM_ERROR", "http header中的mchid与query中的mchid不匹配");
        var order = await store.Read(db => find(db.Orders));
        return order is null ? PayAnswer.OrderNotExist : PayAnswer.Ok(Resource(order, keys.Mchid), PayJson.Types.Transaction);
    }

    public async Task<PayAnswer> Close(PayRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body) return PayAnswer.Refuse(400, "PARAM_ERROR", "请求体不是合法的JSON对象");
        var fields = Fields.Of(body);
        var mchid = fields.Text("mchid", 32, required: true);
        if (fields.Refusal is { } refusal) return refusal;
        if (mchid != keys.Mchid) return PayAnswer.Refuse(400, "PARAM_ERROR", "http header中的mchid与post payload中的mchid不匹配");
        var number = request.Route("outTradeNo");
        if (faults.Strike(FaultKind.PayWhileClosing, () => $"CLOSE {number}") is not null) await payments.Pay(number, new());
        return await store.Write(async db =>
        {
            var order = await db.Orders.FindAsync(number);
            if (order is null) return PayAnswer.OrderNotExist;
            if (order.State == OrderState.Success) return PayAnswer.OrderPaid;
            order.State = OrderState.Closed;    // closing twice is fine
            return PayAnswer.NoContent;
        });
    }

    /// <summary>The order as queries answer it and as a payment notification encloses it.</summary>
    public static Transaction Resource(PayOrder order, string mchid)
    {
        var (state, text) = order.State switch
        {
            OrderState.NotPaid => ("NOTPAY", "订单未支付"),
            OrderState.Success when order.RefundedParts > 0 => ("REFUND", "转入退款"),
            OrderState.Success => ("SUCCESS", "支付成功"),
            OrderState.Closed => ("CLOSED", "订单已关闭"),
        };
        var unpaid = new Transaction
        {
            Appid = order.Appid,
            Mchid = mchid,
            OutTradeNo = order.OutTradeNo,
            TradeState = state,
            TradeStateDesc = text,
            Amount = new() { Total = order.TotalFen, Currency = "CNY" },
        };
        return order.State != OrderState.Success ? unpaid : unpaid with
        {
            TransactionId = order.TransactionId,
            TradeType = order.TradeType,
            BankType = order.BankType,
            Attach = order.Attach ?? "",
            SuccessTime = order.SuccessTime,
            Payer = new(order.PayerOpenid),
            Amount = new() { Total = order.PaidTotalFen, PayerTotal = order.PayerTotalFen, Currency = "CNY", PayerCurrency = "CNY" },
            SceneInfo = order.DeviceId is { } device ? new(DeviceId: device) : null,
            PromotionDetail = order.CouponFen > 0 ? [Promotion(order)] : null,
        };
    }

    static PromotionDetail Promotion(PayOrder order) => new()
    {
        CouponId = order.CouponId,
        Name = order.CouponName,
        Scope = "GLOBAL",
        Type = order.CouponType,
        Amount = order.CouponFen,
        StockId = "9836588",
        WechatpayContribute = order.CouponType == PromotionDetail.Cash ? order.CouponFen : 0,
        MerchantContribute = order.CouponType == PromotionDetail.NoCash ? order.CouponFen : 0,
        OtherContribute = 0,
        Currency = "CNY",
    };
}
