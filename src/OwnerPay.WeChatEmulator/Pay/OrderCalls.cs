using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>Query by either number, and close (查询、关单).</summary>
sealed class OrderCalls(Store store, Keys keys)
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
        return order is null ? PayAnswer.OrderNotExist : PayAnswer.Ok(Resource(order, keys.Mchid));
    }

    public async Task<PayAnswer> Close(PayRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body) return PayAnswer.Refuse(400, "PARAM_ERROR", "请求体不是合法的JSON对象");
        var fields = Fields.Of(body);
        var mchid = fields.Text("mchid", 32, required: true);
        if (fields.Refusal is { } refusal) return refusal;
        if (mchid != keys.Mchid) return PayAnswer.Refuse(400, "PARAM_ERROR", "http header中的mchid与post payload中的mchid不匹配");
        return await store.Write(async db =>
        {
            var order = await db.Orders.FindAsync(request.Route("outTradeNo"));
            if (order is null) return PayAnswer.OrderNotExist;
            if (order.State == OrderState.Success) return PayAnswer.OrderPaid;
            order.State = OrderState.Closed;    // closing twice is fine
            return PayAnswer.NoContent;
        });
    }

    /// <summary>The order as queries answer it and as a payment notification encloses it.</summary>
    public static JsonObject Resource(PayOrder order, string mchid)
    {
        var (state, text) = order.State switch
        {
            OrderState.NotPaid => ("NOTPAY", "订单未支付"),
            OrderState.Success => ("SUCCESS", "支付成功"),
            OrderState.Closed => ("CLOSED", "订单已关闭"),
        };
        var body = new JsonObject
        {
            ["appid"] = order.Appid,
            ["mchid"] = mchid,
            ["out_trade_no"] = order.OutTradeNo,
            ["trade_state"] = state,
            ["trade_state_desc"] = text,
        };
        if (order.State != OrderState.Success)
        {
            body["amount"] = new JsonObject { ["total"] = order.TotalFen, ["currency"] = "CNY" };
            return body;
        }
        body["transaction_id"] = order.TransactionId;
        body["trade_type"] = order.TradeType;
        body["bank_type"] = order.BankType;
        body["attach"] = order.Attach ?? "";
        body["success_time"] = BusinessClock.Text(order.SuccessTime!.Value);
        body["payer"] = new JsonObject { ["openid"] = order.PayerOpenid };
        body["amount"] = new JsonObject
        {
            ["total"] = order.PaidTotalFen, ["payer_total"] = order.PayerTotalFen, ["currency"] = "CNY", ["payer_currency"] = "CNY",
        };
        if (order.DeviceId is { } device) body["scene_info"] = new JsonObject { ["device_id"] = device };
        if (order.CouponFen > 0) body["promotion_detail"] = new JsonArray(Promotion(order));
        return body;
    }

    static JsonObject Promotion(PayOrder order) => new()
    {
        ["coupon_id"] = order.CouponId,
        ["name"] = order.CouponName,
        ["scope"] = "GLOBAL",
        ["type"] = order.CouponType,
        ["amount"] = order.CouponFen,
        ["stock_id"] = "9836588",
        ["wechatpay_contribute"] = order.CouponType == "CASH" ? order.CouponFen : 0,
        ["merchant_contribute"] = order.CouponType == "NOCASH" ? order.CouponFen : 0,
        ["other_contribute"] = 0,
        ["currency"] = "CNY",
    };
}
