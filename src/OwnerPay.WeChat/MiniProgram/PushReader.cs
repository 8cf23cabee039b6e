using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>A push as read: the message, or why it is refused. Answer a message with a bare <c>success</c>, a refusal with 403.</summary>
public sealed class PushReading
{
    PushReading(Push? push, PushRefusal? refusal) => (Push, Refusal) = (push, refusal);

    public Push? Push { get; }

    public PushRefusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Push)), MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGenuine => Push is not null;

    internal static PushReading Of(Push push) => new(push, null);

    internal static PushReading Of(PushRefusal refusal) => new(null, refusal);
}

/// <summary>Reads WeChat's message push, JSON or XML, for one mini-program.</summary>
/// <param name="clock">The system's clock; a push more than 5 minutes off is refused.</param>
/// <param name="acceptPlain">Whether to take plain mode too, whose signature does not cover the body. Off unless there is no choice.</param>
public sealed class PushReader(PushCipher cipher, TimeProvider clock, bool acceptPlain = false)
{
    /// <summary>Bytes above which a push is refused unread.</summary>
    public const int MaxBytes = 64 * 1024;

    const long ToleranceSeconds = 300;

    /// <summary>The check that WeChat makes once when the address is saved.</summary>
    /// <returns>The text to answer, bare; null means 403.</returns>
    public string? AnswerUrlCheck(PushQuery query) =>
        query.Echostr is { } echo && IsFresh(query) && cipher.SignatureFits(query.Signature, query.Timestamp, query.Nonce) ? echo : null;

    public PushReading Read(PushQuery query, ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaxBytes) return PushReading.Of(PushRefusal.TooLarge);
        if (!IsFresh(query)) return PushReading.Of(PushRefusal.TimestampOutOfRange);
        if (PushFields.TryRead(body.Span) is not { } outer) return PushReading.Of(PushRefusal.Unreadable);
        if (outer.Text("Encrypt") is not { Length: > 0 } encrypt)
        {
            if (!acceptPlain) return PushReading.Of(PushRefusal.NotEncrypted);
            if (!cipher.SignatureFits(query.Signature, query.Timestamp, query.Nonce)) return PushReading.Of(PushRefusal.BadSignature);
            return Typed(outer) is { } plain ? PushReading.Of(plain) : PushReading.Of(PushRefusal.Unreadable);
        }
        if (!cipher.MsgSignatureFits(query.MsgSignature, query.Timestamp, query.Nonce, encrypt)) return PushReading.Of(PushRefusal.BadSignature);
        if (cipher.Decrypt(encrypt, out var fault) is not { } message)
            return PushReading.Of(fault == PushCipherFault.ForeignAppid ? PushRefusal.ForeignAppid : PushRefusal.Undecipherable);
        return PushFields.TryRead(message) is { } inner && Typed(inner) is { } push
            ? PushReading.Of(push)
            : PushReading.Of(PushRefusal.Unreadable);
    }

    /// <summary>An encrypted reply in JSON or XML, where an event wants one; most want a bare <c>success</c>.</summary>
    /// <param name="timestamp">Unix seconds.</param>
    public static string Reply(PushCipher cipher, string encrypt, long timestamp, string nonce, bool xml)
    {
        var seconds = timestamp.ToString(CultureInfo.InvariantCulture);
        var signature = PushCipher.Signature(cipher.Token, seconds, nonce, encrypt);
        return xml
            ? $"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
                + $"<TimeStamp>{seconds}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
            : $$"""{"Encrypt":"{{encrypt}}","MsgSignature":"{{signature}}","TimeStamp":{{seconds}},"Nonce":"{{nonce}}"}""";
    }

    bool IsFresh(PushQuery query) =>
        long.TryParse(query.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= ToleranceSeconds;

    static Push? Typed(PushFields fields)
    {
        if (fields.Text("ToUserName") is not { } to || fields.Text("FromUserName") is not { } from || fields.Text("MsgType") is not { } type
            || !long.TryParse(fields.Text("CreateTime"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 253402300799) return null;
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var name = type == "event" ? fields.Text("Event") : null;
        return name switch
        {
            "subscribe_msg_popup_event" => Choices(fields.Entries("SubscribeMsgPopupEvent")) is { } choices
                ? new SubscribePopupPush(to, from, time, choices) : null,
            "subscribe_msg_change_event" => Choices(fields.Entries("SubscribeMsgChangeEvent")) is { } choices
                ? new SubscribeChangePush(to, from, time, choices) : null,
            "subscribe_msg_sent_event" => Deliveries(fields.Entries("SubscribeMsgSentEvent")) is { } deliveries
                ? new SubscribeSentPush(to, from, time, deliveries) : null,
            "TEMPLATESENDJOBFINISH" => fields.Text("MsgID") is { } id && fields.Text("Status") is { } status
                ? new TemplateSentPush(to, from, time, id, status) : null,
            _ => new OtherPush(to, from, time, type, name),
        };
    }

    static List<SubscribeChoice>? Choices(IReadOnlyList<PushFields> entries)
    {
        var choices = new List<SubscribeChoice>();
        foreach (var entry in entries)
        {
            if (entry.Text("TemplateId") is not { } template || entry.Text("SubscribeStatusString") is not { } status) return null;
            choices.Add(new(template, status));
        }
        return choices.Count > 0 ? choices : null;
    }

    static List<SubscribeDelivery>? Deliveries(IReadOnlyList<PushFields> entries)
    {
        var deliveries = new List<SubscribeDelivery>();
        foreach (var entry in entries)
        {
            if (entry.Text("TemplateId") is not { } template || entry.Text("MsgID") is not { } id
                || entry.Text("ErrorCode") is not { } code) return null;
            deliveries.Add(new(template, id, code, entry.Text("ErrorStatus") ?? ""));
        }
        return deliveries.Count > 0 ? deliveries : null;
    }
}
