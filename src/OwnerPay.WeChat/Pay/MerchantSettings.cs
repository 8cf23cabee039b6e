using System.Diagnostics.CodeAnalysis;

namespace OwnerPay.WeChat.Pay;

/// <summary>A merchant's keys as texts, the way the merchant platform shows them and a settings file holds them, in camel case as JSON.
/// Judged by <see cref="MerchantCheck"/>.</summary>
public sealed class MerchantSettings
{
    /// <summary>8–10 digits.</summary>
    public string? Mchid { get; init; }

    /// <summary>Serial of the merchant's own API certificate: 40 hex digits.</summary>
    public string? MerchantCertificateSerial { get; init; }

    /// <summary>PKCS#8 or PKCS#1.</summary>
    public string? MerchantPrivateKeyPem { get; init; }

    /// <summary>The certificate itself. Not needed to speak with WeChat, but with it a serial that belongs to another key is found without
    /// asking.</summary>
    public string? MerchantCertificatePem { get; init; }

    /// <summary>32 letters and digits.</summary>
    public string? ApiV3Key { get; init; }

    /// <summary><c>PUB_KEY_ID_…</c>, together with <see cref="PublicKeyPem"/>.</summary>
    public string? PublicKeyId { get; init; }

    public string? PublicKeyPem { get; init; }

    /// <summary>Whether platform certificates are fetched and trusted; also true if one is given here.</summary>
    public bool PlatformCertificates { get; init; }

    /// <summary>One of WeChat's platform certificates, trusted from the start, together with its PEM.</summary>
    public string? PlatformCertificateSerial { get; init; }

    public string? PlatformCertificatePem { get; init; }

    public override string ToString() => $"merchant {Mchid}";
}

/// <summary>The setting that is wrong.</summary>
public enum MerchantSetting
{
    Mchid, CertificateSerial, PrivateKey, Certificate, ApiV3Key, PublicKeyId, PublicKey, PlatformCertificateSerial, PlatformCertificate,
    /// <summary>None of ours: the clock of this machine.</summary>
    Clock,
    /// <summary>None of ours: what the merchant may do, set at the merchant platform.</summary>
    Permission,
}

/// <summary>Why a merchant cannot work as set.</summary>
/// <param name="Reason">In plain words, without any secret.</param>
public sealed record MerchantFault(string? Mchid, MerchantSetting Setting, string Reason)
{
    /// <summary><c>merchant 1900000109: certificate serial does not match the private key</c></summary>
    public override string ToString() => $"merchant {(string.IsNullOrWhiteSpace(Mchid) ? "(without number)" : Mchid)}: {Reason}";
}

/// <summary>Settings as judged: credentials to work with, or every fault found.</summary>
public sealed class MerchantReading
{
    internal MerchantReading(MerchantCredentials? credentials, IReadOnlyList<MerchantFault> faults) => (Credentials, Faults) = (credentials, faults);

    /// <summary>Null if there is any fault.</summary>
    public MerchantCredentials? Credentials { get; }

    [MemberNotNullWhen(true, nameof(Credentials)), MemberNotNullWhen(false, nameof(Line))]
    public bool IsUsable => Credentials is not null;

    public IReadOnlyList<MerchantFault> Faults { get; }

    /// <summary>The first fault as one line; null if there is none.</summary>
    public string? Line => Faults is [var first, ..] ? first.ToString() : null;
}
