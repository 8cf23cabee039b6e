using System.Diagnostics.CodeAnalysis;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>An account of api.weixin.qq.com. Given with each call, so that a secret can change while the program runs.</summary>
public sealed class MiniProgramCredentials(string appid, string secret)
{
    public string Appid { get; } = appid;

    internal string Secret { get; } = secret;

    public override string ToString() => $"mini-program {Appid}";
}

/// <summary>What kept a call from succeeding, as a case to switch on.</summary>
public enum MiniProgramProblem
{
    /// <summary>A code not known here: staff should look at it.</summary>
    Unknown,
    /// <summary>No usable answer came: time-out, broken connection, HTTP error. WeChat may have acted.</summary>
    Unreachable,
    /// <summary>WeChat is busy (-1), also after repeats: later.</summary>
    Busy,
    /// <summary>Too many calls in a short time: back off.</summary>
    Throttled,
    /// <summary>The day's quota is used up: tomorrow.</summary>
    DailyLimit,
    /// <summary>The client's code is wrong, expired or another app's: the client gets a new one.</summary>
    CodeInvalid,
    /// <summary>The client's code was used before: the client gets a new one.</summary>
    CodeUsed,
    /// <summary>WeChat blocks this user as high risk: refuse, and say so.</summary>
    HighRiskUser,
    /// <summary>The access token is refused even when fresh.</summary>
    TokenInvalid,
    /// <summary>Appid, secret, permission or our address list: people must act.</summary>
    Configuration,
    /// <summary>Our request is malformed; found before sending where it can be.</summary>
    BadRequest,
    /// <summary>The page is not in the published version.</summary>
    PageMissing,
    /// <summary>A genuine answer that names another appid than ours.</summary>
    ForeignAppid,
}

/// <summary>A call that brought nothing.</summary>
/// <param name="Errcode">WeChat's code; null if none came.</param>
/// <param name="Rid">By which WeChat finds the call again.</param>
public sealed record MiniProgramFailure(MiniProgramProblem Problem, int? Errcode, string? Errmsg, string? Rid);

/// <summary>What came of a call: a value or a failure.</summary>
public sealed class MiniProgramResult<T> where T : class
{
    MiniProgramResult(T? value, MiniProgramFailure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public MiniProgramFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value)), MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Value is not null;

#pragma warning disable CA1000, CA2225 // The conversions below are the constructors of this type.
    public static implicit operator MiniProgramResult<T>(T value) => new(value, null);

    public static implicit operator MiniProgramResult<T>(MiniProgramFailure failure) => new(null, failure);
#pragma warning restore CA1000, CA2225

    public override string ToString() => IsSuccess ? "success" : $"{Failure.Problem} {Failure.Errcode} {Failure.Rid}";
}

/// <summary>Who logged in.</summary>
public sealed class Session(string openid, string? unionid, string sessionKey)
{
    public string Openid { get; } = openid;

    public string? Unionid { get; } = unionid;

    /// <summary>Base64 of 16 bytes; stays on the server.</summary>
    public string SessionKey { get; } = sessionKey;
}

/// <summary>A subscription message to one user.</summary>
/// <param name="Page">Where a tap leads, with query if wanted.</param>
/// <param name="Values">By the template's own keys; all of them.</param>
/// <param name="State"><c>developer</c>, <c>trial</c> or <c>formal</c>.</param>
public sealed record SubscribeMessage(
    string Openid, string TemplateId, string? Page, IReadOnlyDictionary<string, string> Values, string State = "formal", string Lang = "zh_CN")
{
    /// <summary>Without user and texts.</summary>
    public override string ToString() => $"subscription message of template {TemplateId}";
}

/// <summary>What became of a subscription message.</summary>
public enum SubscribeOutcome
{
    /// <summary>Accepted, one grant used; a later event may still tell a failure.</summary>
    Sent,
    /// <summary>43101: refused by the user or no grant left. Set the count to 0, use another channel, do not repeat.</summary>
    NoGrant,
    /// <summary>40003: no user of this appid. Stop for this user.</summary>
    UserGone,
    /// <summary>40037: the template is wrong, deleted or another account's. Stop this template.</summary>
    TemplateBroken,
    /// <summary>41030: the page is not published.</summary>
    PageMissing,
    /// <summary>47003, or found before sending: a value breaks its rule; <see cref="SubscribeResult.Field"/> names it.</summary>
    BadData,
    /// <summary>45168: sensitive words in the text.</summary>
    SensitiveWords,
    /// <summary>43107: the account may not send subscription messages: alarm.</summary>
    Banned,
    /// <summary>45011 or 43108: too many at once; later.</summary>
    Throttled,
    /// <summary>45009: stop until tomorrow.</summary>
    DailyLimit,
    /// <summary>-1. WeChat's table says to repeat it, yet no page promises that nothing left; there is no idempotency key, so the caller
    /// decides.</summary>
    Busy,
    /// <summary>The request did not leave this machine, or there was no token for it: later, for nothing was sent.</summary>
    NotReached,
    /// <summary>The access token is refused even when fresh, or none could be had.</summary>
    TokenInvalid,
    /// <summary>Permission or account settings: people must act.</summary>
    Configuration,
    /// <summary>47001 and the like: our bug.</summary>
    BadRequest,
    /// <summary>No usable answer. The message may have been sent: a second try may use a second grant.</summary>
    MaybeSent,
    /// <summary>A code not known here.</summary>
    Unknown,
}

/// <param name="MsgId">WeChat's number of the message, for its later event; may be absent even when sent.</param>
/// <param name="Field">The template key that broke its rule, if known.</param>
/// <param name="Fault">The rule it broke, if found before sending.</param>
public sealed record SubscribeResult(
    SubscribeOutcome Outcome, string? MsgId = null, int? Errcode = null, string? Errmsg = null, string? Rid = null,
    string? Field = null, TemplateFault? Fault = null)
{
    public bool IsSent => Outcome == SubscribeOutcome.Sent;

    /// <summary>True if a known refusal or our own side proves that no message left and no grant was used. False when sent, and when nobody
    /// knows.</summary>
    public bool IsSurelyNotSent =>
        Outcome is not (SubscribeOutcome.Sent or SubscribeOutcome.MaybeSent or SubscribeOutcome.Busy or SubscribeOutcome.Unknown);
}
