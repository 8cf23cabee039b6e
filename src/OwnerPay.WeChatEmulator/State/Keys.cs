using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChatEmulator.MiniProgram;

namespace OwnerPay.WeChatEmulator.State;

/// <summary>A platform certificate (平台证书) with the private key that only WeChat has.</summary>
sealed record PlatformKey(string Serial, X509Certificate2 Certificate, RsaPrivateKey Private);

/// <summary>All secrets of both sides: the merchant's, which go into <c>merchant.json</c>, and WeChat's own. Made at the first start.</summary>
sealed class Keys
{
    const string FileName = "keys.json";

    sealed record Stored(
        string Mchid, string Appid, string Appsecret, string ApiV3Key, KeyPem Merchant, List<KeyPem> Platform,
        string PublicKeyId, string PublicKeyPrivatePem, string OfficialAppid, string OfficialSecret);

    sealed record KeyPem(string CertificatePem, string PrivateKeyPem);

    readonly string path;
    readonly Stored stored;
    readonly string publicKeyPem;

    Keys(string path, Stored stored)
    {
        this.path = path;
        this.stored = stored;
        MerchantCertificate = X509Certificate2.CreateFromPem(stored.Merchant.CertificatePem);
        MerchantPublic = RsaPublicKey.FromCertificate(MerchantCertificate);
        PublicKey = RsaPrivateKey.FromPem(stored.PublicKeyPrivatePem);
        using var publicKey = RSA.Create();
        publicKey.ImportFromPem(stored.PublicKeyPrivatePem);
        publicKeyPem = publicKey.ExportSubjectPublicKeyInfoPem();
        ApiV3 = new(stored.ApiV3Key);
        Platform = [.. stored.Platform.Select(Load)];
    }

    public string Mchid => stored.Mchid;
    public string Appid => stored.Appid;
    public string Appsecret => stored.Appsecret;

    public Account MiniProgram => new(Appid, Appsecret, $"gh_{Appid[^12..]}", SettingNames.MiniProgramPush, IsOfficial: false);

    /// <summary>The service account that is bound to the same Open Platform account (开放平台账号) as the mini-program.</summary>
    public Account OfficialAccount =>
        new(stored.OfficialAppid, stored.OfficialSecret, $"gh_{stored.OfficialAppid[^12..]}", SettingNames.OfficialAccountPush, IsOfficial: true);

    public ApiV3Key ApiV3 { get; }
    public X509Certificate2 MerchantCertificate { get; }
    public RsaPublicKey MerchantPublic { get; }
    public string PublicKeyId => stored.PublicKeyId;

    /// <summary>The WeChat Pay key pair of public key mode, with its private half.</summary>
    public RsaPrivateKey PublicKey { get; }

    /// <summary>Valid platform certificates, the newest last; the newest signs.</summary>
    public IReadOnlyList<PlatformKey> Platform { get; private set; }

    /// <exception cref="EmulatorStartException">The file was written by another version of the emulator.</exception>
    public static Keys OpenOrMake(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (File.Exists(path))
            return JsonSerializer.Deserialize<Stored>(File.ReadAllText(path)) is { OfficialAppid: not null } known
                ? new(path, known)
                : throw new EmulatorStartException($"{path}: written by another version; move it away");
        var mchid = "190" + RandomNumberGenerator.GetString("0123456789", 7);
        using var publicKey = RSA.Create(2048);
        var stored = new Stored(
            mchid, "wx" + RandomNumberGenerator.GetHexString(16, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true),
            RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32),
            Make(mchid), [Make("Tenpay.com sign")],
            $"PUB_KEY_ID_01{mchid}{RandomNumberGenerator.GetString("0123456789", 22)}", publicKey.ExportPkcs8PrivateKeyPem(),
            "wx" + RandomNumberGenerator.GetHexString(16, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));
        var keys = new Keys(path, stored);
        keys.Save();
        return keys;
    }

    /// <summary>A new platform certificate signs from now on; the older ones stay listed and valid.</summary>
    public void RotatePlatformCertificate()
    {
        var fresh = Make("Tenpay.com sign");
        lock (stored)
        {
            stored.Platform.Add(fresh);
            Save();
            Platform = [.. Platform, Load(fresh)];
        }
    }

    public Merchant For(string baseUrl) => new(
        baseUrl, Mchid, Appid, Appsecret, MerchantCertificate.SerialNumber, stored.Merchant.PrivateKeyPem, stored.ApiV3Key,
        Platform[^1].Serial, Platform[^1].Certificate.ExportCertificatePem(), PublicKeyId, publicKeyPem);

    /// <summary>Signs as WeChat does: with the public key pair, or with the newest platform certificate.</summary>
    /// <param name="probe">A signature that must not verify, as WeChat sends now and then to see who checks.</param>
    /// <param name="timestamp">Unix seconds; now when absent.</param>
    public SignatureHeaders Sign(bool publicKeyMode, ReadOnlySpan<byte> body, bool probe = false, long? timestamp = null)
    {
        var (key, serial) = publicKeyMode ? (PublicKey, PublicKeyId) : (Platform[^1].Private, Platform[^1].Serial);
        var seconds = timestamp ?? TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signed = AnswerSigning.Sign(key, serial, seconds, RequestSigning.NewNonce(), body);
        return probe ? signed with { Signature = $"WECHATPAY/SIGNTEST/{signed.Signature}" } : signed;
    }

    void Save() => OwnersFile.Write(path, JsonSerializer.Serialize(stored));

    static PlatformKey Load(KeyPem pem)
    {
        var certificate = X509Certificate2.CreateFromPem(pem.CertificatePem);
        return new(certificate.SerialNumber, certificate, RsaPrivateKey.FromPem(pem.PrivateKeyPem));
    }

    static KeyPem Make(string commonName)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={commonName}, O=Tenpay.com, C=CN", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)(0x40 | (serial[0] & 0x3F));    // positive, and without a leading zero: 40 hex digits
        var now = TimeProvider.System.GetUtcNow();
        // Signed by its own key under the name of WeChat's authority: a client can check issuer and dates, not the chain.
        using var certificate = request.Create(new X500DistinguishedName("CN=Tenpay.com Root CA, OU=Tenpay.com CA Center, O=Tenpay.com, C=CN"),
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), now.AddDays(-1), now.AddYears(5), serial);
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
