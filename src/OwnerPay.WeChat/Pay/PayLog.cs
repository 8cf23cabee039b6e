using Microsoft.Extensions.Logging;

namespace OwnerPay.WeChat.Pay;

/// <summary>What the payment clients log: merchants, codes and WeChat's request ids, never bodies, payers or keys.</summary>
static partial class PayLog
{
    [LoggerMessage(1001, LogLevel.Debug, "WeChat Pay {Call} of merchant {Mchid} answered {Status} in {Milliseconds} ms, request {RequestId}")]
    public static partial void Answered(this ILogger log, PayCall call, string mchid, int status, long milliseconds, string? requestId);

    [LoggerMessage(1002, LogLevel.Warning,
        "WeChat Pay {Call} of merchant {Mchid} failed: {Status} {Code}, request {RequestId}, remedy {Remedy}, outcome unknown: {Unknown}")]
    public static partial void Failed(
        this ILogger log, PayCall call, string mchid, int? status, string code, string? requestId, Remedy remedy, bool unknown);

    [LoggerMessage(1003, LogLevel.Information, "WeChat Pay {Call} of merchant {Mchid}: signature {Verification}, serial {Serial}; asked again")]
    public static partial void AskedAgain(this ILogger log, PayCall call, string mchid, Crypto.Verification verification, string? serial);

    [LoggerMessage(1004, LogLevel.Information, "Fetched {Count} platform certificates for merchant {Mchid}")]
    public static partial void CertificatesFetched(this ILogger log, int count, string mchid);

    [LoggerMessage(1005, LogLevel.Information, "Refused a WeChat Pay callback for merchant {Mchid}: {Reason}")]
    public static partial void CallbackRefused(this ILogger log, string mchid, NotificationRefusal reason);

    [LoggerMessage(1006, LogLevel.Warning, "WeChat Pay's clock is {Seconds} s from ours: keep the time by NTP, at 300 s every call is refused")]
    public static partial void ClockIsOff(this ILogger log, long seconds);
}
