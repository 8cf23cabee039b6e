using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OwnerPay.WeChat;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>What a Pay call answers: signed when 2xx, and an error body with <c>code</c> and <c>message</c> otherwise.</summary>
/// <param name="Body">Raw bytes; empty for 204.</param>
sealed record PayAnswer(int Status, byte[] Body, string ContentType = "application/json; charset=utf-8", bool Signed = true)
{
    public static PayAnswer Ok(JsonNode body) => new(200, Json.Bytes(body));

    public static PayAnswer Ok<T>(T body, JsonTypeInfo<T> type) => new(200, WireJson.Bytes(body, type));

    public static PayAnswer NoContent { get; } = new(204, []);

    public static PayAnswer Refuse(int status, string code, string message, JsonNode? detail = null)
    {
        var body = new JsonObject { ["code"] = code, ["message"] = message };
        if (detail is not null) body["detail"] = detail;
        return new(status, Json.Bytes(body));
    }

    /// <param name="field">JSON pointer or name of the query parameter.</param>
    /// <param name="value">What was sent, or null when nothing was.</param>
    public static PayAnswer ParamError(string field, JsonElement? value, string issue, string location = "body")
    {
        var detail = new JsonObject { ["field"] = field };
        if (value is { ValueKind: not JsonValueKind.Undefined } sent) detail["value"] = JsonNode.Parse(sent.GetRawText());
        detail["issue"] = issue;
        detail["location"] = location;
        return Refuse(400, "PARAM_ERROR", $"参数错误：{field} {issue}", detail);
    }

    public static PayAnswer OrderNotExist => Refuse(404, "ORDER_NOT_EXIST", "订单不存在");
    public static PayAnswer OrderPaid => Refuse(400, "ORDERPAID", "该订单已支付");
    public static PayAnswer OutTradeNoUsed => Refuse(403, "OUT_TRADE_NO_USED", "201 商户订单号重复");
    public static PayAnswer FrequencyLimited => Refuse(429, "FREQUENCY_LIMITED", "频率限制，请降低请求频率后重试");
    public static PayAnswer SystemError => Refuse(500, "SYSTEM_ERROR", "系统异常，请稍后重试");
}
