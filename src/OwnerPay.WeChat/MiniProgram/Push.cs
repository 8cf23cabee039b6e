namespace OwnerPay.WeChat.MiniProgram;

/// <summary>A message that WeChat pushed to us. It has no number: deduplicate by sender, time, event, template and message id.</summary>
/// <param name="ToUserName">The account's original id, <c>gh_…</c>.</param>
/// <param name="FromUserName">The user's openid.</param>
public abstract record Push(string ToUserName, string FromUserName, DateTimeOffset CreateTime);

/// <summary>The user answered the dialog that asks for subscription messages. The client reports the same: count it once.</summary>
public sealed record SubscribePopupPush(
    string ToUserName, string FromUserName, DateTimeOffset CreateTime, IReadOnlyList<SubscribeChoice> Choices)
    : Push(ToUserName, FromUserName, CreateTime);

/// <summary>The user changed a choice in the menu of a received notice; so far only rejections come.</summary>
public sealed record SubscribeChangePush(
    string ToUserName, string FromUserName, DateTimeOffset CreateTime, IReadOnlyList<SubscribeChoice> Choices)
    : Push(ToUserName, FromUserName, CreateTime);

/// <summary>Messages were delivered, or could not be.</summary>
public sealed record SubscribeSentPush(
    string ToUserName, string FromUserName, DateTimeOffset CreateTime, IReadOnlyList<SubscribeDelivery> Deliveries)
    : Push(ToUserName, FromUserName, CreateTime);

/// <summary>A template message of a service account arrived, or did not.</summary>
/// <param name="MsgId">As answered when it was sent.</param>
/// <param name="Status"><c>success</c>, or a reason such as <c>failed:user block</c>; WeChat's spelling varies.</param>
public sealed record TemplateSentPush(string ToUserName, string FromUserName, DateTimeOffset CreateTime, string MsgId, string Status)
    : Push(ToUserName, FromUserName, CreateTime)
{
    public bool IsDelivered => Status == "success";

    /// <summary>The user refuses messages of this account: use another channel.</summary>
    public bool IsBlocked => Status.StartsWith("failed", StringComparison.Ordinal) && Status.Contains("block", StringComparison.Ordinal);
}

/// <summary>Anything else: answer success.</summary>
/// <param name="Event">Null for messages that are no events.</param>
public sealed record OtherPush(
    string ToUserName, string FromUserName, DateTimeOffset CreateTime, string MsgType, string? Event)
    : Push(ToUserName, FromUserName, CreateTime);

/// <param name="Status"><c>accept</c> or <c>reject</c>, as WeChat writes it.</param>
public sealed record SubscribeChoice(string TemplateId, string Status)
{
    public bool IsAccepted => Status == "accept";
}

/// <param name="MsgId">As answered when it was sent.</param>
/// <param name="ErrorCode">0 when delivered.</param>
/// <param name="ErrorStatus"><c>success</c>, or a reason such as <c>failed:user block</c>.</param>
public sealed record SubscribeDelivery(string TemplateId, string MsgId, string ErrorCode, string ErrorStatus)
{
    public bool IsDelivered => ErrorCode == "0";
}

/// <summary>Query parameters of a push; null where absent.</summary>
public sealed record PushQuery(
    string? Signature, string? Timestamp, string? Nonce, string? EncryptType = null, string? MsgSignature = null, string? Echostr = null)
{
    /// <summary>Takes them from any look-up by WeChat's names.</summary>
    public static PushQuery From(Func<string, string?> query) => new(
        query("signature"), query("timestamp"), query("nonce"), query("encrypt_type"), query("msg_signature"), query("echostr"));
}

/// <summary>Why a push was refused.</summary>
public enum PushRefusal
{
    BadSignature,
    /// <summary>More than 5 minutes from now, or no number.</summary>
    TimestampOutOfRange,
    /// <summary>Sent in the clear where only secure mode is accepted.</summary>
    NotEncrypted,
    /// <summary>Rightly signed but not to be opened: the EncodingAESKey is wrong. An alarm.</summary>
    Undecipherable,
    ForeignAppid,
    TooLarge,
    /// <summary>No JSON or XML of a push.</summary>
    Unreadable,
}
