using System.Text.Json.Serialization;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.OfficialAccount;

/// <summary>A template message (模板消息) to one follower of a service account.</summary>
/// <param name="Openid">Of the service account, not of the mini-program.</param>
/// <param name="Values">By the template's own keys; each value at most 20 characters, on one line.</param>
/// <param name="ClientMsgId">Names this message, at most 32 characters: repeated within 10 minutes it goes out once. After a time-out there is no
/// other protection.</param>
/// <param name="Url">Where a tap leads, unless <paramref name="MiniProgram"/> says it.</param>
public sealed record TemplateMessage(
    string Openid, string TemplateId, IReadOnlyDictionary<string, string> Values, string ClientMsgId, string? Url = null,
    TemplateJump? MiniProgram = null)
{
    /// <summary>Without user and texts.</summary>
    public override string ToString() => $"template message {ClientMsgId}";
}

/// <summary>A tap opens a mini-program that belongs to the account.</summary>
/// <param name="Pagepath">A published page, with query if wanted.</param>
public sealed record TemplateJump(string Appid, string? Pagepath = null);

/// <summary>What became of a template message.</summary>
public enum TemplateOutcome
{
    /// <summary>Accepted; a later event tells whether it arrived.</summary>
    Sent,
    /// <summary>43004, 50005: the user does not follow the account: use another channel and forget this one.</summary>
    NotFollowing,
    /// <summary>40003: no user of this account: forget this channel.</summary>
    UserGone,
    /// <summary>43101, 43116: refused by the user, or the template is restricted: stop.</summary>
    Refused,
    /// <summary>40037: the template is wrong or deleted.</summary>
    TemplateBroken,
    /// <summary>40013, 40165: the mini-program or its page is wrong or not associated.</summary>
    JumpBroken,
    /// <summary>47003, or found before sending: a value breaks its rule.</summary>
    BadData,
    /// <summary>47001, 41001, 41006 and the like: our bug.</summary>
    BadRequest,
    /// <summary>45011: later.</summary>
    Throttled,
    /// <summary>45009: tomorrow.</summary>
    DailyLimit,
    /// <summary>-1, also after repeats under the same id: later, with that id.</summary>
    Busy,
    /// <summary>The access token is refused even when fresh, or none could be had.</summary>
    TokenInvalid,
    /// <summary>48001 and the like: people must act.</summary>
    Configuration,
    /// <summary>The request did not leave this machine: later.</summary>
    NotReached,
    /// <summary>No usable answer: the same message with the same id may be sent again within 10 minutes.</summary>
    MaybeSent,
    /// <summary>A code not known here.</summary>
    Unknown,
}

/// <param name="MsgId">WeChat's number of the message, for its later event.</param>
/// <param name="Field">The template key that broke its rule, if known.</param>
/// <param name="Fault">The rule it broke, if found before sending.</param>
public sealed record TemplateResult(
    TemplateOutcome Outcome, string? MsgId = null, int? Errcode = null, string? Errmsg = null, string? Rid = null, string? Field = null,
    TemplateFault? Fault = null)
{
    public bool IsSent => Outcome == TemplateOutcome.Sent;
}

/// <summary>Body of <c>POST /cgi-bin/message/template/send</c>.</summary>
public sealed record TemplateSendRequest
{
    public required string Touser { get; init; }
    public required string TemplateId { get; init; }
    public string? Url { get; init; }
    public TemplateMiniProgram? Miniprogram { get; init; }
    public required string ClientMsgId { get; init; }
    public required IReadOnlyDictionary<string, TemplateValue> Data { get; init; }
}

public sealed record TemplateMiniProgram(string Appid, string? Pagepath = null);

public sealed record TemplateSendAnswer : MiniProgramAnswer
{
    /// <summary>May exceed 2^53.</summary>
    [JsonConverter(typeof(TextOrNumberConverter))] public string? Msgid { get; init; }
}
