namespace OwnerPay.WeChat.Pay;

/// <summary>Body of a callback to <c>notify_url</c>. What happened is inside the encrypted <see cref="Resource"/>.</summary>
public sealed record NotificationEnvelope
{
    /// <summary>At most 36 characters; the same in repeated deliveries.</summary>
    public required string Id { get; init; }
    public DateTimeOffset? CreateTime { get; init; }
    public string? ResourceType { get; init; }
    /// <summary>Such as <see cref="NotificationEvents.TransactionSuccess"/>; other products send others.</summary>
    public required string EventType { get; init; }
    public string? Summary { get; init; }
    public required EncryptedResource Resource { get; init; }
}

/// <summary>Something that WeChat encrypted with the merchant's APIv3 key.</summary>
public sealed record EncryptedResource
{
    /// <summary><c>transaction</c>, <c>refund</c>, …; absent for certificates.</summary>
    public string? OriginalType { get; init; }
    public required string Algorithm { get; init; }
    /// <summary>12 characters.</summary>
    public required string Nonce { get; init; }
    /// <summary>Used as sent, never assumed.</summary>
    public string? AssociatedData { get; init; }
    /// <summary>Base64 of ciphertext and tag.</summary>
    public required string Ciphertext { get; init; }
}

/// <summary>Values of <see cref="NotificationEnvelope.EventType"/> that this library understands.
/// Failed, expired or closed orders send none.</summary>
public static class NotificationEvents
{
    public const string TransactionSuccess = "TRANSACTION.SUCCESS";
    public const string RefundSuccess = "REFUND.SUCCESS";
    public const string RefundAbnormal = "REFUND.ABNORMAL";
    public const string RefundClosed = "REFUND.CLOSED";
}
