using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>A request whose signature held.</summary>
/// <param name="PublicKeyMode">The merchant asked for answers signed with the WeChat Pay public key.</param>
sealed record PayRequest(HttpContext Http, ReadOnlyMemory<byte> Body, bool PublicKeyMode)
{
    public string Route(string name) => (string)Http.GetRouteValue(name)!;

    /// <returns>The parameter, or null when it is absent or empty.</returns>
    public string? Query(string name) => Http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
}

/// <summary>Checks every Pay call in WeChat's order: User-Agent and Accept, Authorization, clock, merchant and serial, signature, and only then
/// the body. Answers of 2xx are signed; errors are not, as seen live.</summary>
sealed class PayDoor(Keys keys, EmulatorOptions options, FaultList faults, Probes probes, Action rotate)
{
    const int MaximumBody = 1 << 20;
    const string MalformedText = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》";

    public RequestDelegate Checked(Func<PayRequest, Task<PayAnswer>> call) => async http =>
    {
        var body = await ReadBody(http);
        string Where() => $"{http.Request.Method} {PathAndQuery(http)}\n{Encoding.UTF8.GetString(body)}";
        var publicKeyMode = options.PublicKeyOnly || http.Request.Headers[SignatureHeaders.SerialName].ToString() == keys.PublicKeyId;
        var answer = Refusal(http, body);
        if (answer is null)
        {
            if (faults.Strike(FaultKind.FrequencyLimited, Where) is not null) answer = PayAnswer.FrequencyLimited;
            else if (faults.Strike(FaultKind.Refused, Where) is { } refused) answer = PayAnswer.Refuse(refused.Status, refused.Code!, "请求被拒绝");
            else
            {
                answer = await call(new(http, body, publicKeyMode));
                if (faults.Strike(FaultKind.CertificateRotated, Where) is not null) rotate();
                if (faults.Strike(FaultKind.SystemErrorAfterDoing, Where) is not null) answer = PayAnswer.SystemError;
                if (faults.Strike(FaultKind.Slow, Where) is { } slow) await Task.Delay(TimeSpan.FromSeconds(slow.Seconds), http.RequestAborted);
                if (faults.Strike(FaultKind.ConnectionReset, Where) is not null)
                {
                    http.Abort();
                    return;
                }
            }
        }
        await Write(http, answer, publicKeyMode, probe: answer.Status < 300 && (probes.Next() | faults.Strike(FaultKind.BadSignature, Where) is not null));
    };

    async Task Write(HttpContext http, PayAnswer answer, bool publicKeyMode, bool probe)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.Headers["Request-ID"] = Guid.CreateVersion7().ToString("N").ToUpperInvariant();
        http.Response.Headers.CacheControl = "no-cache, must-revalidate";
        if (answer.Signed && answer.Status < 300)
            foreach (var (name, value) in keys.Sign(publicKeyMode, answer.Body, probe).Pairs())
                http.Response.Headers[name] = value;
        if (answer.Status == 204) return;
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.Body.WriteAsync(answer.Body);
    }

    PayAnswer? Refusal(HttpContext http, byte[] body)
    {
        var headers = http.Request.Headers;
        if (string.IsNullOrWhiteSpace(headers.UserAgent) || !Accepts(headers.Accept.ToString()))
            return PayAnswer.Refuse(400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent");
        var authorization = Authorization.TryParse(headers.Authorization, out var fault);
        if (authorization is null) return Unreadable(http, fault);
        if (Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - authorization.UnixSeconds) > 300)
            return SignError("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟");
        if (authorization.Mchid != keys.Mchid
            || !string.Equals(authorization.SerialNo, keys.MerchantCertificate.SerialNumber, StringComparison.OrdinalIgnoreCase))
            return SignError("商户证书序列号有误。请使用签名私钥匹配的证书序列号");
        if (!authorization.Verifies(keys.MerchantPublic, http.Request.Method, PathAndQuery(http), body))
            return SignError("签名错误", SignDetail(http, authorization, body));
        var serial = headers[SignatureHeaders.SerialName].ToString();
        if (serial.Length > 0 && serial != keys.PublicKeyId && keys.Platform.All(key => key.Serial != serial))
            return PayAnswer.Refuse(400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial错误");
        if (body.Length > 0 && !IsJson(http.Request.ContentType))
            return PayAnswer.Refuse(400, "INVALID_REQUEST", "Http头Content-Type应为application/json");
        return null;
    }

    static bool Accepts(string accept) =>
        accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) || accept.Contains("*/*", StringComparison.Ordinal);

    static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    static PayAnswer Unreadable(HttpContext http, AuthorizationFault fault)
    {
        var bearer = http.Request.Headers.Authorization.ToString().StartsWith("Bearer", StringComparison.OrdinalIgnoreCase);
        if (fault == AuthorizationFault.WrongScheme && !bearer) return SignError("HTTP头Authorization认证类型不正确");
        var hidden = fault != AuthorizationFault.Malformed && http.Request.Path.StartsWithSegments("/v3/pay/transactions");
        return SignError(hidden ? "签名信息错误，验签失败" : MalformedText);
    }

    static PayAnswer SignError(string message, JsonNode? detail = null) => PayAnswer.Refuse(401, "SIGN_ERROR", message, detail);

    /// <summary>Shows the merchant what should have been signed, with the body cut to 8 characters.</summary>
    static JsonObject SignDetail(HttpContext http, Authorization authorization, byte[] body)
    {
        var (method, url) = (http.Request.Method, PathAndQuery(http));
        var message = RequestSigning.Message(method, url, authorization.Timestamp, authorization.NonceStr, body);
        var text = Encoding.UTF8.GetString(body);
        var start = text.Length > 8 ? text[..8] : text;
        return new()
        {
            ["detail"] = new JsonObject { ["issue"] = "sign not match" },
            ["field"] = "signature",
            ["location"] = "authorization",
            ["sign_information"] = new JsonObject
            {
                ["method"] = method,
                ["sign_message_length"] = message.Length,
                ["truncated_sign_message"] = $"{method}\n{url}\n{authorization.Timestamp}\n{authorization.NonceStr}\n{start}\n",
                ["url"] = url,
            },
        };
    }

    /// <summary>Path and query exactly as they came over the wire; only these bytes were signed.</summary>
    static string PathAndQuery(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    static async Task<byte[]> ReadBody(HttpContext http)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk)) > 0 && buffer.Length <= MaximumBody) buffer.Write(chunk, 0, read);
        return buffer.ToArray();
    }
}
