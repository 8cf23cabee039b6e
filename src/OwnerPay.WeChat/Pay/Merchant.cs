using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Pay;

/// <summary>Everything needed to speak with WeChat Pay as one merchant. Replaced as a whole when a key is rotated.</summary>
/// <remarks>Which of WeChat's keys are trusted: <see cref="PublicKeys"/>, and the platform certificates too if
/// <see cref="PlatformCertificates"/> is set. Both at once while WeChat moves a merchant from one to the other.</remarks>
public sealed class MerchantCredentials
{
    /// <summary>8–10 digits.</summary>
    public required string Mchid { get; init; }

    /// <summary>Serial of the merchant's API certificate, 40 upper-case hex digits.</summary>
    public required string SerialNo { get; init; }

    public required RsaPrivateKey PrivateKey { get; init; }

    public required ApiV3Key ApiV3Key { get; init; }

    /// <summary>WeChat Pay public keys by id (<c>PUB_KEY_ID_…</c>).</summary>
    public IReadOnlyDictionary<string, RsaPublicKey> PublicKeys { get; init; } = new Dictionary<string, RsaPublicKey>();

    /// <summary>The id sent with each request, which makes WeChat sign its answer with that public key. Null in certificate mode.</summary>
    public string? PublicKeyId { get; init; }

    /// <summary>Whether to fetch and trust platform certificates. Merchants registered since late 2024 have none.</summary>
    public bool PlatformCertificates { get; init; }

    public override string ToString() => $"merchant {Mchid}";
}

/// <summary>Looks merchants up at each call, so that keys can change while the program runs.</summary>
public interface IMerchantCredentialsSource
{
    /// <returns>The credentials in force now, or null if no such merchant is ours.</returns>
    ValueTask<MerchantCredentials?> FindAsync(string mchid, CancellationToken cancel);
}

/// <summary>Names the merchant of a call: its credentials themselves, or a number for the registered
/// <see cref="IMerchantCredentialsSource"/> to look up.</summary>
public readonly record struct Merchant
{
    Merchant(string mchid, MerchantCredentials? credentials) => (Mchid, Credentials) = (mchid, credentials);

    public string Mchid { get; }

    public MerchantCredentials? Credentials { get; }

    public static implicit operator Merchant(string mchid) => new(mchid, null);

    public static implicit operator Merchant(MerchantCredentials credentials) => new(credentials.Mchid, credentials);

    public static Merchant FromString(string mchid) => mchid;

    public static Merchant FromMerchantCredentials(MerchantCredentials credentials) => credentials;
}
