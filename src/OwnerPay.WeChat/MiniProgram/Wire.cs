using System.Text.Json.Serialization;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>What every answer of api.weixin.qq.com may carry; errors come with HTTP 200 too.</summary>
public record MiniProgramAnswer
{
    /// <summary>Absent or 0 on success.</summary>
    public int? Errcode { get; init; }
    /// <summary>Ends with <c>rid: …</c>, by which WeChat finds the call again.</summary>
    public string? Errmsg { get; init; }
}

/// <summary>Answer of <c>GET /sns/jscode2session</c>.</summary>
public sealed record Code2SessionAnswer : MiniProgramAnswer
{
    /// <summary>The user under this appid; up to 128 characters.</summary>
    public string? Openid { get; init; }
    /// <summary>Base64 of 16 bytes. Stays on the server; not for logs.</summary>
    public string? SessionKey { get; init; }
    /// <summary>The user over all apps of one Open Platform account, where there is one.</summary>
    public string? Unionid { get; init; }
}

/// <summary>Body of <c>POST /cgi-bin/stable_token</c>.</summary>
public sealed record StableTokenRequest
{
    public required string GrantType { get; init; }
    public required string Appid { get; init; }
    public required string Secret { get; init; }
    /// <summary>True kills the old token at once: only after a leak, 20 times a day.</summary>
    public bool? ForceRefresh { get; init; }
}

public sealed record StableTokenAnswer : MiniProgramAnswer
{
    public string? AccessToken { get; init; }
    /// <summary>Seconds, at least 300.</summary>
    public int? ExpiresIn { get; init; }
}

/// <summary>Body of <c>POST /wxa/business/getuserphonenumber</c>.</summary>
/// <param name="Code">From the client's phone number button: 5 minutes, one use, charged.</param>
public sealed record PhoneNumberRequest(string Code, string? Openid = null);

public sealed record PhoneNumberAnswer : MiniProgramAnswer
{
    public PhoneInfo? PhoneInfo { get; init; }
}

/// <summary>A user's phone number as WeChat knows it.</summary>
public sealed record PhoneInfo
{
    /// <summary>With the country code for foreign numbers.</summary>
    [JsonPropertyName("phoneNumber")] public required string PhoneNumber { get; init; }
    /// <summary>Without the country code.</summary>
    [JsonPropertyName("purePhoneNumber")] public string? PurePhoneNumber { get; init; }
    /// <summary>WeChat sends a text or a number.</summary>
    [JsonPropertyName("countryCode"), JsonConverter(typeof(TextOrNumberConverter))] public string? CountryCode { get; init; }
    public Watermark? Watermark { get; init; }

    public override string ToString() => "phone number";
}

/// <param name="Timestamp">Unix seconds.</param>
/// <param name="Appid">Must be ours.</param>
public sealed record Watermark(long? Timestamp = null, string? Appid = null);

/// <summary>Body of <c>POST /cgi-bin/message/subscribe/send</c>.</summary>
public sealed record SubscribeSendRequest
{
    /// <summary>Openid.</summary>
    public required string Touser { get; init; }
    public required string TemplateId { get; init; }
    /// <summary>Where a tap leads: a published page, with query if wanted. Without it a tap does nothing.</summary>
    public string? Page { get; init; }
    /// <summary><c>developer</c>, <c>trial</c> or <c>formal</c>.</summary>
    public string? MiniprogramState { get; init; }
    /// <summary><c>zh_CN</c>, <c>en_US</c>, <c>zh_HK</c> or <c>zh_TW</c>.</summary>
    public string? Lang { get; init; }
    /// <summary>By the template's own keys; all of them.</summary>
    public required IReadOnlyDictionary<string, TemplateValue> Data { get; init; }
}

public sealed record TemplateValue(string Value);

public sealed record SubscribeSendAnswer : MiniProgramAnswer
{
    /// <summary>Comes as a number beyond 2^53 or as text, not always; the later event names it as text.</summary>
    [JsonConverter(typeof(TextOrNumberConverter))] public string? Msgid { get; init; }
}
