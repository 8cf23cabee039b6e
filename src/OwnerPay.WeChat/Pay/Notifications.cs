using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Pay;

/// <summary>A callback that was verified and decrypted. Store it, answer within 5 seconds, then do the slow work.</summary>
/// <param name="Envelope">Its <see cref="NotificationEnvelope.Id"/> is the same in repeated deliveries, which are normal.</param>
public abstract record Notification(NotificationEnvelope Envelope);

/// <summary>An order was paid.</summary>
public sealed record TransactionNotification(NotificationEnvelope Envelope, Transaction Transaction) : Notification(Envelope);

/// <summary>A refund ended: paid out, closed or abnormal. May come before the payment's own notification was handled.</summary>
public sealed record RefundNotification(NotificationEnvelope Envelope, RefundNotice Refund) : Notification(Envelope);

/// <summary>Something else of WeChat's: log its event type and answer success.</summary>
/// <param name="Plaintext">The decrypted resource, JSON of a shape unknown here.</param>
public sealed record UnknownNotification(NotificationEnvelope Envelope, byte[] Plaintext) : Notification(Envelope);

/// <summary>Why a callback was refused.</summary>
public enum NotificationRefusal
{
    MissingHeader,
    TimestampOutOfRange,
    UnknownSerial,
    /// <summary>Also WeChat's probes: it then sends the same again, rightly signed. No alarm per case.</summary>
    BadSignature,
    UnknownMerchant,
    TooLarge,
    /// <summary>Genuine, but no JSON of a callback.</summary>
    Unreadable,
    /// <summary>Genuine, but the APIv3 key does not open it: an alarm.</summary>
    DecryptFailed,
}

/// <summary>A callback as read: the notification, or why it is refused.</summary>
public sealed class NotificationReading
{
    NotificationReading(Notification? notification, NotificationRefusal? refusal) => (Notification, Refusal) = (notification, refusal);

    public Notification? Notification { get; }

    public NotificationRefusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Notification)), MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGenuine => Notification is not null;

    /// <summary>The HTTP status to answer a refusal with: 401 for what is not proved to be WeChat's, 500 where we are at fault.</summary>
    public int RefusalStatus => Refusal switch
    {
        NotificationRefusal.TooLarge => 413,
        NotificationRefusal.Unreadable => 400,
        NotificationRefusal.DecryptFailed or NotificationRefusal.UnknownMerchant => 500,
        _ => 401,
    };

    internal static NotificationReading Of(Notification notification) => new(notification, null);

    internal static NotificationReading Of(NotificationRefusal refusal) => new(null, refusal);
}

/// <summary>Reads WeChat Pay's callbacks: signature first, then the envelope, then the encrypted resource.</summary>
public sealed class NotificationReader
{
    /// <summary>Bytes above which a callback is refused unread.</summary>
    public const int MaxBytes = 64 * 1024;

    readonly PayClient client;
    readonly PlatformCertificates certificates;
    readonly ILogger log;

    internal NotificationReader(PayClient client, PlatformCertificates certificates, ILogger<NotificationReader> log) =>
        (this.client, this.certificates, this.log) = (client, certificates, log);

    /// <param name="merchant">Whose callback this is; its <c>notify_url</c> should tell.</param>
    /// <param name="body">The raw bytes, read before any framework touched them.</param>
    public async Task<NotificationReading> ReadAsync(
        Merchant merchant, SignatureHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancel = default)
    {
        if (body.Length > MaxBytes) return Refuse(merchant, NotificationRefusal.TooLarge);
        if (await client.FindAsync(merchant, cancel) is not { } found) return Refuse(merchant, NotificationRefusal.UnknownMerchant);
        var verification = await certificates.VerifyAsync(found, headers, body, cancel);
        if (verification != Verification.Accepted) return Refuse(merchant, Reason(verification));
        if (WireJson.TryRead(body.Span, PayJson.IncomingEnvelope) is not { } envelope)
            return Refuse(merchant, NotificationRefusal.Unreadable);
        var box = envelope.Resource;
        if (ResourceCipher.Decrypt(found.ApiV3Key, box.Algorithm, box.Nonce, box.AssociatedData, box.Ciphertext) is not { } plaintext)
            return Refuse(merchant, NotificationRefusal.DecryptFailed);
        return Open(envelope, plaintext) is { } notification
            ? NotificationReading.Of(notification)
            : Refuse(merchant, NotificationRefusal.Unreadable);
    }

    static Notification? Open(NotificationEnvelope envelope, byte[] plaintext) => envelope.EventType switch
    {
        NotificationEvents.TransactionSuccess =>
            WireJson.TryRead(plaintext, PayJson.IncomingTransaction) is { } transaction ? new TransactionNotification(envelope, transaction) : null,
        NotificationEvents.RefundSuccess or NotificationEvents.RefundAbnormal or NotificationEvents.RefundClosed =>
            WireJson.TryRead(plaintext, PayJson.IncomingRefund) is { } refund ? new RefundNotification(envelope, refund) : null,
        _ => new UnknownNotification(envelope, plaintext),
    };

    NotificationReading Refuse(Merchant merchant, NotificationRefusal reason)
    {
        log.CallbackRefused(merchant.Mchid, reason);
        return NotificationReading.Of(reason);
    }

    static NotificationRefusal Reason(Verification verification) => verification switch
    {
        Verification.MissingHeader => NotificationRefusal.MissingHeader,
        Verification.TimestampOutOfRange => NotificationRefusal.TimestampOutOfRange,
        Verification.UnknownSerial => NotificationRefusal.UnknownSerial,
        _ => NotificationRefusal.BadSignature,
    };
}
