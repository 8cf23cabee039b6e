using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

/// <summary>What arrived at the provider.</summary>
public sealed record ArrivedSms(string Phone, string SignName, string TemplateCode, JsonNode Values, string OutId, string BizId);

/// <summary>The SMS provider as its public documents describe it: it checks the signature by itself, answers like <c>SendSms</c> and reports to the
/// address that was entered in its console.</summary>
public sealed class SmsProvider : IDisposable
{
    readonly HttpListener listener = new();
    readonly Dictionary<string, string> secrets;
    readonly ConcurrentQueue<string> refusals = new();
    readonly ConcurrentDictionary<string, byte> nonces = new();
    readonly Task serving;

    public SmsProvider(string keyId, string secret)
    {
        secrets = new() { [keyId] = secret };
        Url = $"http://127.0.0.1:{Ports.Free()}";
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = Serve();
    }

    public string Url { get; }

    public ConcurrentQueue<ArrivedSms> Arrived { get; } = new();

    /// <summary>The next message is refused with this code; <c>silent</c> takes it and breaks the line.</summary>
    public void Refuse(string code) => refusals.Enqueue(code);

    async Task Serve()
    {
        while (listener.IsListening)
        {
            HttpListenerContext call;
            try { call = await listener.GetContextAsync(); }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException) { return; }
            Answer(call);
        }
    }

    void Answer(HttpListenerContext call)
    {
        var query = HttpUtility.ParseQueryString(call.Request.Url!.Query, Encoding.UTF8);
        var code = Fault(call.Request, query) ?? (refusals.TryDequeue(out var wanted) ? wanted : "OK");
        var bizId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9)) + "^0";
        if (code is "OK" or "silent")
            Arrived.Enqueue(new(query["PhoneNumbers"]!, query["SignName"]!, query["TemplateCode"]!, JsonNode.Parse(query["TemplateParam"]!)!,
                query["OutId"]!, bizId));
        if (code == "silent")
        {
            call.Response.Abort();
            return;
        }
        var body = new JsonObject { ["Code"] = code, ["Message"] = code, ["RequestId"] = Guid.CreateVersion7().ToString() };
        if (code == "OK") body["BizId"] = bizId;
        call.Response.StatusCode = code == "SignatureDoesNotMatch" ? 400 : 200;
        call.Response.Close(Encoding.UTF8.GetBytes(body.ToJsonString()), willBlock: false);
    }

    /// <summary>The documents' own check of a call: every named header is signed, the nonce is new, the time is near, the body is what its hash
    /// says.</summary>
    string? Fault(HttpListenerRequest request, System.Collections.Specialized.NameValueCollection query)
    {
        if (request.Headers["x-acs-action"] != "SendSms" || request.Headers["x-acs-version"] != "2017-05-25") return "InvalidAction.NotFound";
        if (!DateTimeOffset.TryParse(request.Headers["x-acs-date"], out var at) || (TimeProvider.System.GetUtcNow() - at)
            .Duration() > TimeSpan.FromMinutes(15))
            return "InvalidTimeStamp.Expired";
        if (!nonces.TryAdd(request.Headers["x-acs-signature-nonce"]!, 0)) return "SignatureNonceUsed";
        var parts = request.Headers["Authorization"]!["ACS3-HMAC-SHA256 ".Length..].Split(',').Select(part => part.Split('=', 2))
            .ToDictionary(p => p[0], p => p[1]);
        if (!secrets.TryGetValue(parts["Credential"], out var secret)) return "InvalidAccessKeyId.NotFound";
        var canonicalQuery = string.Join('&', query.AllKeys.Order(StringComparer.Ordinal).Select(key =>
            $"{Uri.EscapeDataString(key!)}={Uri.EscapeDataString(query[key]!)}"));
        var headers = string.Concat(parts["SignedHeaders"].Split(';').Select(name =>
            $"{name}:{(name == "host" ? request.UserHostName : request.Headers[name])}\n"));
        var canonical = $"{request.HttpMethod}\n/\n{canonicalQuery}\n{headers}\n{parts["SignedHeaders"]}\n{Hash([])}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret),
            Encoding.UTF8.GetBytes($"ACS3-HMAC-SHA256\n{Hash(Encoding.UTF8.GetBytes(canonical))}")));
        return signature == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A delivery report, as the provider posts it.</summary>
    public static JsonArray Report(ArrivedSms sms, bool success, string code = "DELIVERED") =>
    [
        new JsonObject
        {
            ["phone_number"] = sms.Phone, ["send_time"] = "2026-12-10 10:00:00", ["report_time"] = "2026-12-10 10:00:05", ["success"] = success,
            ["err_code"] = code,
            ["err_msg"] = code, ["sms_size"] = "1", ["biz_id"] = sms.BizId, ["out_id"] = sms.OutId,
        },
    ];

    public void Dispose()
    {
        listener.Close();
        serving.Wait(TimeSpan.FromSeconds(5));
    }
}
