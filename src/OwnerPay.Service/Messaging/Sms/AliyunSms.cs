using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging.Sms;

/// <summary>One text message for Alibaba Cloud's <c>SendSms</c>.</summary>
/// <param name="Phone">11 digits.</param>
/// <param name="Values">Variables of the approved text.</param>
/// <param name="OutId">Ours, told again in the delivery report.</param>
public sealed record SmsRequest(string Phone, string SignName, string TemplateCode, IReadOnlyDictionary<string, string> Values, string OutId);

/// <summary>How far it came.</summary>
public enum SmsOutcome
{
    /// <summary>Accepted: <c>BizId</c> names it in the report.</summary>
    Accepted,
    /// <summary>Too many to this number or of this account: later.</summary>
    Throttled,
    /// <summary>Account, key, balance, signature or template: people must act; later.</summary>
    Configuration,
    /// <summary>This number takes none.</summary>
    BadNumber,
    /// <summary>It did not leave this machine: later.</summary>
    NotReached,
    /// <summary>No clear answer: it may have been sent, and the provider knows no repeat.</summary>
    MaybeSent,
    /// <summary>Refused with another code.</summary>
    Refused,
}

/// <param name="Code">The provider's code: <c>isv.BUSINESS_LIMIT_CONTROL</c>.</param>
public sealed record SmsResult(SmsOutcome Outcome, string? Code, string? BizId = null);

/// <summary>Alibaba Cloud's short message service, API version 2017-05-25.</summary>
/// <remarks>Nothing is repeated here: the service offers no idempotency.</remarks>
public sealed partial class AliyunSms(IHttpClientFactory clients, ServiceSettings settings, ILogger<AliyunSms> log)
{
    public const string ClientName = "OwnerPay.Sms", Version = "2017-05-25";
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);
    static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    sealed record Answer([property: JsonPropertyName("Code")] string? Code, [property: JsonPropertyName("BizId")] string? BizId,
        [property: JsonPropertyName("RequestId")] string? RequestId);

    public async Task<SmsResult> Send(string keyId, string secret, SmsRequest sms, CancellationToken cancel)
    {
        var query = AliyunSignature.Query(new Dictionary<string, string>
        {
            ["PhoneNumbers"] = sms.Phone, ["SignName"] = sms.SignName, ["TemplateCode"] = sms.TemplateCode,
            ["TemplateParam"] = JsonSerializer.Serialize(sms.Values, Raw), ["OutId"] = sms.OutId,
        });
        var url = new Uri($"{settings.SmsUrl.TrimEnd('/')}/?{query}");
        var headers = AliyunSignature.Headers(url.Authority, "SendSms", Version, TimeProvider.System.GetUtcNow(), Guid.CreateVersion7()
            .ToString("N"));
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", AliyunSignature.Authorization(keyId, secret, "POST", query, headers));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Timeout);
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, limit.Token);
            await response.Content.LoadIntoBufferAsync(1 << 16, limit.Token);
            var answer = Read(await response.Content.ReadAsByteArrayAsync(limit.Token));
            var result = Judge(answer, response.StatusCode);
            if (result.Outcome != SmsOutcome.Accepted) NotAccepted(log, sms.OutId, result.Outcome, result.Code, answer?.RequestId);
            return result;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested
            && failure is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            var outcome = failure is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
            } ? SmsOutcome.NotReached : SmsOutcome.MaybeSent;
            NotAccepted(log, sms.OutId, outcome, failure.GetType().Name, null);
            return new(outcome, failure.GetType().Name);
        }
    }

    static Answer? Read(byte[] body)
    {
        try { return JsonSerializer.Deserialize<Answer>(body); }
        catch (JsonException) { return null; }
    }

    /// <summary>Codes by the service's own list; <c>isp.</c> is the provider's fault, which leaves open what happened.</summary>
    static SmsResult Judge(Answer? answer, HttpStatusCode status) => answer?.Code switch
    {
        "OK" when answer.BizId is { Length: > 0 } id => new(SmsOutcome.Accepted, null, id),
        null or "OK" => new(SmsOutcome.MaybeSent, $"HTTP {(int)status}"),
        "isv.BUSINESS_LIMIT_CONTROL" or "isv.DAY_LIMIT_CONTROL" => new(SmsOutcome.Throttled, answer.Code),
        "isv.MOBILE_NUMBER_ILLEGAL" or "isv.MOBILE_COUNT_OVER_LIMIT" or "isv.BLACK_KEY_CONTROL_LIMIT" => new(SmsOutcome.BadNumber, answer.Code),
        "isv.AMOUNT_NOT_ENOUGH" or "isv.OUT_OF_SERVICE" or "isv.ACCOUNT_NOT_EXISTS" or "isv.ACCOUNT_ABNORMAL" or "isv.PRODUCT_UN_SUBSCRIPT"
            or "isv.SMS_SIGNATURE_ILLEGAL" or "isv.DENY_IP_RANGE" or "isp.RAM_PERMISSION_DENY" or "SignatureDoesNotMatch"
            => new(SmsOutcome.Configuration, answer.Code),
        { } code when code.StartsWith("Throttling", StringComparison.Ordinal) => new(SmsOutcome.Throttled, code),
        { } code when code.StartsWith("InvalidAccessKey", StringComparison.Ordinal) || code.StartsWith("Forbidden", StringComparison.Ordinal)
            || code.StartsWith("InvalidTimeStamp", StringComparison.Ordinal) => new(SmsOutcome.Configuration, code),
        { } code when code.StartsWith("isp.", StringComparison.Ordinal) || code is "ServiceUnavailable" or "InternalError" =>
            new(SmsOutcome.MaybeSent, code),
        { } code => new(SmsOutcome.Refused, code),
    };

    [LoggerMessage(5021, LogLevel.Warning, "Text message {OutId} was not accepted: {Outcome}, code {Code}, request {RequestId}")]
    static partial void NotAccepted(ILogger log, string outId, SmsOutcome outcome, string? code, string? requestId);
}
