using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary>Shipping management (发货信息管理) under <c>/wxa/sec/order/</c>: accounts that are managed must report what was sent for a payment.</summary>
/// <remarks>Whether the account is managed is set by <c>PUT /admin/shipping</c>; at first it is not.</remarks>
sealed class Shipping(Store store, Keys keys)
{
    const int Unified = 1, Split = 2, ByMerchant = 1, ByTransaction = 2;

    public async Task<ApiAnswer> IsManaged(ApiRequest request) =>
        WrongAppid(request) ?? Ok(new() { ["is_trade_managed"] = await store.Read(Managed) });

    public Task<ApiAnswer> IsConfirmed(ApiRequest request) => Task.FromResult(WrongAppid(request) ?? Ok(new() { ["completed"] = true }));

    public static Task<ApiAnswer> JumpPath(ApiRequest request) => Task.FromResult(
        Json.TryObject(request.Body) is { } body && body.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
            ? Ok([]) : ApiAnswer.DataFormat);

    public static async Task<bool> Managed(EmulatorDb db) =>
        await db.Settings.AnyAsync(setting => setting.Name == SettingNames.TradeManaged);

    ApiAnswer? WrongAppid(ApiRequest request) =>
        Json.TryObject(request.Body) is not { } body || !body.TryGetProperty("appid", out var appid) ? ApiAnswer.DataFormat
        : appid.ValueKind == JsonValueKind.String && appid.GetString() == keys.Appid ? null : ApiAnswer.InvalidAppid;

    public async Task<ApiAnswer> Upload(ApiRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body || Read(body) is not { } upload) return ApiAnswer.DataFormat;
        return await store.Write(async db =>
        {
            if (await Payment(db, upload.Key) is not { State: OrderState.Success } order) return ApiAnswer.Refuse(10060001, "支付单不存在");
            if (order.PayerOpenid != upload.Openid) return ApiAnswer.Refuse(40003, "invalid openid");
            var refunded = await db.Refunds.Where(refund => refund.OutTradeNo == order.OutTradeNo && refund.Status != RefundStatus.Closed)
                .SumAsync(refund => refund.RefundFen);
            if (refunded >= order.PaidTotalFen || !await Managed(db)) return ApiAnswer.Refuse(10060004, "支付单处于不可发货的状态");
            var known = await db.Shipments.FindAsync(order.TransactionId);
            if (known is null)
            {
                db.Add(new Shipment
                {
                    TransactionId = order.TransactionId!, OutTradeNo = order.OutTradeNo, Content = upload.Content, ItemDesc = upload.ItemDesc,
                    LogisticsType = upload.LogisticsType, UploadTime = upload.Time,
                });
                return Ok([]);
            }
            if (known.Confirmed) return ApiAnswer.Refuse(10060002, "支付单已完成发货，无法继续发货");
            if (known.Content == upload.Content) return ApiAnswer.Refuse(10060023, "发货信息未更新");
            if (known.Redelivered) return ApiAnswer.Refuse(10060003, "支付单已使用重新发货机会");
            if (upload.Time <= known.UploadTime) return ApiAnswer.DataFormat;
            (known.Content, known.ItemDesc, known.LogisticsType) = (upload.Content, upload.ItemDesc, upload.LogisticsType);
            (known.UploadTime, known.Redelivered) = (upload.Time, true);
            return Ok([]);
        });
    }

    sealed record OrderKey(string? TransactionId, string? OutTradeNo);

    sealed record UploadInfo(OrderKey Key, int LogisticsType, string ItemDesc, string Content, DateTimeOffset Time, string Openid);

    UploadInfo? Read(JsonElement body)
    {
        if (Member(body, "order_key", JsonValueKind.Object) is not { } key || Number(body, "logistics_type") is not { } logistics
            || Number(body, "delivery_mode") is not { } mode || Member(body, "shipping_list", JsonValueKind.Array) is not { } list
            || Text(body, "upload_time") is not { } time || Member(body, "payer", JsonValueKind.Object) is not { } payer
            || Text(payer, "openid") is not { } openid) return null;
        var items = list.EnumerateArray().ToArray();
        if (logistics is < 1 or > 4 || mode is not (Unified or Split) || items.Length == 0 || (mode == Unified && items.Length != 1)) return null;
        if (mode == Split && !body.TryGetProperty("is_all_delivered", out _)) return null;
        if (items.Any(item => Text(item, "item_desc") is not { } text || text.EnumerateRunes().Count() is 0 or > 120)) return null;
        if (logistics == 1 && items.Any(item => Text(item, "tracking_no") is null || Text(item, "express_company") is null)) return null;
        if (time.Length < 23 || time[19] != '.') return null;
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return null;
        var order = Number(key, "order_number_type") switch
        {
            ByMerchant when Text(key, "mchid") == keys.Mchid => new OrderKey(null, Text(key, "out_trade_no")),
            ByMerchant => new OrderKey("", null),    // a payment of somebody else: there is none
            ByTransaction => new OrderKey(Text(key, "transaction_id"), null),
            _ => null,
        };
        return order is null ? null : new(order, logistics, Text(items[0], "item_desc")!, $"{logistics} {mode} {list.GetRawText()}", at, openid);
    }

    static JsonElement? Member(JsonElement from, string name, JsonValueKind kind) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    static string? Text(JsonElement from, string name) => Member(from, name, JsonValueKind.String)?.GetString();

    static int? Number(JsonElement from, string name) =>
        Member(from, name, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    static Task<PayOrder?> Payment(EmulatorDb db, OrderKey key) =>
        db.Orders.SingleOrDefaultAsync(order =>
            key.TransactionId != null ? order.TransactionId == key.TransactionId : order.OutTradeNo == key.OutTradeNo);

    /// <summary><c>get_order</c>: 1 to ship, 2 shipped, 3 receipt confirmed, 5 refunded.</summary>
    public async Task<ApiAnswer> GetOrder(ApiRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body) return ApiAnswer.DataFormat;
        var key = new OrderKey(Text(body, "transaction_id"), Text(body, "merchant_id") == keys.Mchid ? Text(body, "merchant_trade_no") : null);
        if (key is { TransactionId: null, OutTradeNo: null }) return ApiAnswer.DataFormat;
        return await store.Read(async db =>
        {
            if (await Payment(db, key) is not { State: OrderState.Success } order) return ApiAnswer.Refuse(10060001, "支付单不存在");
            var shipment = await db.Shipments.SingleOrDefaultAsync(one => one.TransactionId == order.TransactionId);
            var refunded = await db.Refunds.Where(refund => refund.OutTradeNo == order.OutTradeNo && refund.Status == RefundStatus.Success)
                .SumAsync(refund => refund.RefundFen);
            var state = refunded >= order.PaidTotalFen ? 5 : shipment switch { null => 1, { Confirmed: true } => 3, _ => 2 };
            return Ok(new() { ["order"] = Shown(order, shipment, state) });
        });
    }

    JsonObject Shown(PayOrder order, Shipment? shipment, int state) => new()
    {
        ["transaction_id"] = order.TransactionId,
        ["merchant_id"] = keys.Mchid,
        ["merchant_trade_no"] = order.OutTradeNo,
        ["description"] = order.Description,
        ["paid_amount"] = order.PayerTotalFen,
        ["openid"] = order.PayerOpenid,
        ["trade_create_time"] = order.CreatedAt.ToUnixTimeSeconds(),
        ["pay_time"] = order.SuccessTime!.Value.ToUnixTimeSeconds(),
        ["order_state"] = state,
        ["in_complaint"] = false,
        ["shipping"] = shipment is null ? null : new JsonObject
        {
            ["delivery_mode"] = Unified,
            ["logistics_type"] = shipment.LogisticsType,
            ["finish_shipping"] = true,
            ["finish_shipping_count"] = shipment.Redelivered ? 2 : 1,
            ["goods_desc"] = shipment.ItemDesc,
            ["shipping_list"] = new JsonArray(new JsonObject
            {
                ["goods_desc"] = shipment.ItemDesc, ["upload_time"] = shipment.UploadTime.ToUnixTimeSeconds(),
            }),
        },
    };

    static ApiAnswer Ok(JsonObject more)
    {
        more["errcode"] = 0;
        more["errmsg"] = "ok";
        return new(Json.Bytes(more));
    }
}
