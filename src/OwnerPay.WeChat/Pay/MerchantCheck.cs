using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Pay;

/// <summary>Looks at a merchant's keys before anything is sent: mixed-up files and numbers are found at the start, not at the first
/// payment.</summary>
/// <remarks>What only WeChat knows, such as a serial without its certificate at hand, is found by <see cref="PayClient.ProbeAsync"/>.</remarks>
public sealed class MerchantCheck
{
    const string PublicKeyPrefix = "PUB_KEY_ID_";
    const int LeastBits = 2048;

    readonly MerchantSettings settings;
    readonly DateTimeOffset now;
    readonly List<MerchantFault> faults = [];
    readonly Dictionary<string, RsaPublicKey> wechats = new(StringComparer.Ordinal);

    MerchantCheck(MerchantSettings settings, DateTimeOffset now) => (this.settings, this.now) = (settings, now);

    /// <param name="now">For the dates of certificates.</param>
    public static MerchantReading Read(MerchantSettings settings, DateTimeOffset now) => new MerchantCheck(settings, now).Read();

    MerchantReading Read()
    {
        if (settings.Mchid is not { Length: >= 8 and <= 10 } mchid || !mchid.All(char.IsAsciiDigit))
            Fault(MerchantSetting.Mchid, "the merchant number is not 8 to 10 digits");
        var serial = Serial(MerchantSetting.CertificateSerial, "certificate serial", settings.MerchantCertificateSerial);
        var key = PrivateKey();
        CheckCertificate(serial, key);
        var apiV3 = ApiV3();
        CheckPublicKey(key);
        CheckPlatformCertificate(serial);
        if (wechats.Count == 0 && faults.Count == 0 && !settings.PlatformCertificates)
            Fault(MerchantSetting.PublicKeyId,
                "neither a WeChat Pay public key nor platform certificates are set: no answer of WeChat could be verified");
        if (faults.Count > 0 || key is null || apiV3 is null || serial is null) return new MerchantReading(null, faults);
        return new MerchantReading(new MerchantCredentials
        {
            Mchid = settings.Mchid!, SerialNo = serial, PrivateKey = key, ApiV3Key = apiV3, PublicKeys = wechats,
            PublicKeyId = Given(settings.PublicKeyId),
            PlatformCertificates = settings.PlatformCertificates || Given(settings.PlatformCertificatePem) is not null,
        }, faults);
    }

    RsaPrivateKey? PrivateKey()
    {
        if (Given(settings.MerchantPrivateKeyPem) is not { } pem)
        {
            Fault(MerchantSetting.PrivateKey, "the private key is missing");
            return null;
        }
        try
        {
            var key = RsaPrivateKey.FromPem(pem);
            if (key.Bits >= LeastBits) return key;
            Fault(MerchantSetting.PrivateKey, $"the private key has {key.Bits} bits, WeChat asks for {LeastBits}");
        }
        catch (CryptographicException)
        {
            Fault(MerchantSetting.PrivateKey,
                Has(pem, "BEGIN CERTIFICATE") ? "the private key's PEM is a certificate (apiclient_key.pem is wanted, not apiclient_cert.pem)"
                : Has(pem, "ENCRYPTED") ? "the private key's PEM is locked with a password"
                : Has(pem, "PUBLIC KEY") ? "the private key's PEM is a public key"
                : "the private key's PEM cannot be read");
        }
        return null;
    }

    void CheckCertificate(string? serial, RsaPrivateKey? key)
    {
        if (Given(settings.MerchantCertificatePem) is not { } pem) return;
        if (Certificate(MerchantSetting.Certificate, "certificate", pem) is not { } certificate) return;
        using (certificate)
        {
            if (serial is not null && !certificate.SerialNumber.Equals(serial, StringComparison.OrdinalIgnoreCase))
                Fault(MerchantSetting.CertificateSerial, $"certificate serial is not that of the certificate ({certificate.SerialNumber})");
            else if (key is not null && !key.Fits(RsaPublicKey.FromCertificate(certificate)))
                Fault(MerchantSetting.CertificateSerial, "certificate serial does not match the private key");
            var owner = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            if (owner.Length > 0 && owner.All(char.IsAsciiDigit) && owner != settings.Mchid)
                Fault(MerchantSetting.Certificate, $"the certificate belongs to merchant {owner}");
        }
    }

    ApiV3Key? ApiV3()
    {
        if (Given(settings.ApiV3Key) is { } text)
            try
            {
                return new ApiV3Key(text);
            }
            catch (ArgumentException)
            {
                Fault(MerchantSetting.ApiV3Key, $"the API v3 key is not 32 bytes long but {Encoding.UTF8.GetByteCount(text)}");
            }
        else Fault(MerchantSetting.ApiV3Key, "the API v3 key is missing");
        return null;
    }

    void CheckPublicKey(RsaPrivateKey? own)
    {
        var (id, pem) = (Given(settings.PublicKeyId), Given(settings.PublicKeyPem));
        if (id is null && pem is null) return;
        if (id is null) Fault(MerchantSetting.PublicKeyId, "a WeChat Pay public key is set without its id");
        else if (pem is null) Fault(MerchantSetting.PublicKey, "the public key id is set without the public key's PEM");
        else if (!id.StartsWith(PublicKeyPrefix, StringComparison.Ordinal))
            Fault(MerchantSetting.PublicKeyId, $"the public key id does not begin with {PublicKeyPrefix}");
        else if (Has(pem, "BEGIN CERTIFICATE")) Fault(MerchantSetting.PublicKey, "the public key's PEM is a certificate");
        else if (Has(pem, "PRIVATE KEY")) Fault(MerchantSetting.PublicKey, "the public key's PEM is a private key");
        else if (PublicKey(pem) is not { } key) Fault(MerchantSetting.PublicKey, "the public key's PEM cannot be read");
        else if (own?.Fits(key) == true) Fault(MerchantSetting.PublicKey, "the public key is the merchant's own, not WeChat Pay's");
        else wechats[id] = key;
    }

    void CheckPlatformCertificate(string? ownSerial)
    {
        var (text, pem) = (Given(settings.PlatformCertificateSerial), Given(settings.PlatformCertificatePem));
        if (text is null && pem is null) return;
        if (text is null) Fault(MerchantSetting.PlatformCertificateSerial, "a platform certificate is set without its serial");
        else if (pem is null) Fault(MerchantSetting.PlatformCertificate, "the platform certificate's serial is set without its PEM");
        else if (Serial(MerchantSetting.PlatformCertificateSerial, "platform certificate serial", text) is { } serial
            && Certificate(MerchantSetting.PlatformCertificate, "platform certificate", pem) is { } certificate)
            using (certificate)
            {
                if (!certificate.SerialNumber.Equals(serial, StringComparison.OrdinalIgnoreCase))
                    Fault(MerchantSetting.PlatformCertificateSerial,
                        $"platform certificate serial is not that of the certificate ({certificate.SerialNumber})");
                else if (serial == ownSerial)
                    Fault(MerchantSetting.CertificateSerial, "certificate serial is the platform certificate's, the merchant's own is wanted");
                else wechats[serial] = RsaPublicKey.FromCertificate(certificate);
            }
    }

    /// <returns>Upper case, as WeChat writes it; null if there is none or it is wrong.</returns>
    string? Serial(MerchantSetting setting, string name, string? text)
    {
        if (Given(text) is { } serial && serial.Length == 40 && serial.All(char.IsAsciiHexDigit)) return serial.ToUpperInvariant();
        Fault(setting, Given(text) is not { } wrong ? $"{name} is missing"
            : wrong.StartsWith(PublicKeyPrefix, StringComparison.Ordinal) ? $"{name} is a public key id" : $"{name} is not 40 hex digits");
        return null;
    }

    /// <returns>The caller's to dispose; null if it cannot be used.</returns>
    X509Certificate2? Certificate(MerchantSetting setting, string name, string pem)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem);
            if (Unusable(certificate) is not { } why) return certificate;
            certificate.Dispose();
            Fault(setting, $"the {name} {why}");
        }
        catch (CryptographicException)
        {
            Fault(setting, $"the {name}'s PEM cannot be read");
        }
        return null;
    }

    string? Unusable(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is null ? "holds no RSA key"
            : certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime ? $"expired on {Day(certificate.NotAfter)}"
            : certificate.NotBefore.ToUniversalTime() > now.UtcDateTime ? $"is valid only from {Day(certificate.NotBefore)}"
            : null;
    }

    static RsaPublicKey? PublicKey(string pem)
    {
        try
        {
            return RsaPublicKey.FromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    void Fault(MerchantSetting setting, string reason) => faults.Add(new MerchantFault(settings.Mchid, setting, reason));

    static string Day(DateTime date) => date.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    static bool Has(string pem, string words) => pem.Contains(words, StringComparison.Ordinal);
}
