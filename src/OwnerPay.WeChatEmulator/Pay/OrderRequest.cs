using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>The body of an order call after all its rules held.</summary>
/// <param name="Extras">The parts that only matter on re-entry: detail, scene and settlement, as sent.</param>
sealed partial record OrderRequest(
    string Appid, string Mchid, string Description, string OutTradeNo, DateTimeOffset? TimeExpire, string? Attach, string NotifyUrl, string? GoodsTag,
    long TotalFen, string? Openid, string? DeviceId, string Extras)
{
    /// <returns>The request, or the answer for the first rule it breaks.</returns>
    public static (OrderRequest? Request, PayAnswer? Refusal) Read(ReadOnlyMemory<byte> body, bool withPayer)
    {
        if (Json.TryObject(body) is not { } root) return (null, PayAnswer.Refuse(400, "PARAM_ERROR", "请求体不是合法的JSON对象"));
        var fields = Fields.Of(root);
        var appid = fields.Text("appid", 32, required: true);
        var mchid = fields.Text("mchid", 32, required: true);
        var description = fields.Text("description", 127, required: true);
        var number = fields.Text("out_trade_no", 32, required: true, min: 6, form: TradeNumber, formText: "只能是数字、大小写字母_-*|");
        var expire = fields.Text("time_expire", 64);
        var attach = fields.Text("attach", 128);
        var notifyUrl = fields.Text("notify_url", 255, required: true);
        var tag = fields.Text("goods_tag", 32);
        fields.Flag("support_fapiao");
        var amount = fields.Object("amount", required: true);
        var total = amount?.Whole("total", 1, required: true);
        if (amount?.Text("currency", 16) is { } currency && currency != "CNY") amount.Refuse("currency", "只支持CNY");
        var payer = withPayer ? fields.Object("payer", required: true) : null;
        var openid = payer?.Text("openid", 128, required: true, form: Openids, formText: "openid格式不正确");
        CheckDetail(fields.Object("detail"));
        var deviceId = CheckScene(fields.Object("scene_info"));
        fields.Object("settle_info")?.Flag("profit_sharing");
        DateTimeOffset? expires = null;
        if (expire is not null && !TryTime(expire, out expires)) fields.Refuse("time_expire", "应为RFC 3339格式，如2026-11-23T10:30:00+08:00");
        if (notifyUrl is not null && NotifyUrlFault(notifyUrl) is { } fault) fields.Refuse("notify_url", fault);
        if (fields.Refusal is { } refusal) return (null, refusal);
        return (new(appid!, mchid!, description!, number!, expires, attach, notifyUrl!, tag, total!.Value, openid, deviceId, ExtrasOf(root)), null);
    }

    static void CheckDetail(Fields? detail)
    {
        if (detail is null) return;
        detail.Whole("cost_price", 0);
        detail.Text("invoice_id", 32);
        foreach (var goods in detail.List("goods_detail", 6000))
        {
            goods.Text("merchant_goods_id", 32, required: true, form: GoodsId);
            goods.Text("wechatpay_goods_id", 32);
            goods.Text("goods_name", 256);
            goods.Whole("quantity", 1, required: true);
            goods.Whole("unit_price", 0, required: true);
        }
    }

    static string? CheckScene(Fields? scene)
    {
        if (scene is null) return null;
        if (scene.Text("payer_client_ip", 45, required: true) is { } ip && !IPAddress.TryParse(ip, out _)) scene.Refuse("payer_client_ip", "不是IP地址");
        var deviceId = scene.Text("device_id", 32);
        if (scene.Object("store_info") is { } store)
        {
            store.Text("id", 32, required: true);
            store.Text("name", 256);
            store.Text("area_code", 32);
            store.Text("address", 512);
        }
        return deviceId;
    }

    /// <summary>Where notifications may go: HTTPS, a full path, no query. On loopback plain HTTP is taken as well.</summary>
    public static string? NotifyUrlFault(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return "不是完整的URL";
        if (uri.Scheme == "http" && !uri.IsLoopback) return "必须为https";
        if (uri.Query.Length > 0 || url.Contains('?', StringComparison.Ordinal) || uri.Fragment.Length > 0) return "不能携带参数";
        return uri.AbsolutePath == "/" ? "必须包含完整路径" : null;
    }

    static bool TryTime(string text, out DateTimeOffset? time)
    {
        time = null;
        if (!Rfc3339.IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)) return false;
        time = parsed;
        return true;
    }

    static string ExtrasOf(JsonElement root)
    {
        var extras = new JsonObject();
        foreach (var name in (string[])["detail", "scene_info", "settle_info", "support_fapiao"])
            if (root.TryGetProperty(name, out var value)) extras[name] = JsonNode.Parse(value.GetRawText());
        return Json.Text(extras);
    }

    [GeneratedRegex(@"\A[0-9A-Za-z_\-*|]+\z")]
    public static partial Regex TradeNumber { get; }

    [GeneratedRegex(@"\A[0-9A-Za-z_\-]{1,128}\z")]
    public static partial Regex Openids { get; }

    [GeneratedRegex(@"\A[0-9A-Za-z_\-]+\z")]
    static partial Regex GoodsId { get; }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\z")]
    static partial Regex Rfc3339 { get; }
}
