namespace OwnerPay.WeChat.Pay;

/// <summary>Answer of <c>GET /v3/certificates</c>: usually one platform certificate, two during a change.</summary>
public sealed record CertificatesAnswer
{
    public required IReadOnlyList<EncryptedCertificate> Data { get; init; }
}

/// <summary>A platform certificate, its PEM text encrypted with the merchant's APIv3 key.</summary>
public sealed record EncryptedCertificate
{
    /// <summary>40 hex digits: the <c>Wechatpay-Serial</c> of what it signs.</summary>
    public required string SerialNo { get; init; }
    public DateTimeOffset? EffectiveTime { get; init; }
    public DateTimeOffset? ExpireTime { get; init; }
    public required EncryptedResource EncryptCertificate { get; init; }
}
