using System.Text.Json;

namespace OwnerPay.WeChatEmulator;

/// <summary>Everything a client needs to talk to one emulator as its merchant and mini-program; the content of <c>merchant.json</c>.</summary>
/// <param name="BaseUrl">Where both api.mch.weixin.qq.com and api.weixin.qq.com are played, without a final slash.</param>
/// <param name="Mchid">Merchant number, 10 digits.</param>
/// <param name="Appid">The one mini-program that is bound to the merchant.</param>
/// <param name="Appsecret">Secret of the mini-program.</param>
/// <param name="MerchantCertificateSerial">40 upper-case hex digits; goes into <c>serial_no</c> of the Authorization header.</param>
/// <param name="MerchantPrivateKeyPem">PKCS#8, signs requests and pay parameters.</param>
/// <param name="ApiV3Key">32 letters and digits; decrypts callbacks and certificates.</param>
/// <param name="PlatformCertificateSerial">The platform certificate that signs now.</param>
/// <param name="PlatformCertificatePem">The same certificate, without its private key.</param>
/// <param name="PublicKeyId">Id of the WeChat Pay public key (公钥模式).</param>
/// <param name="PublicKeyPem">SubjectPublicKeyInfo of that key.</param>
public sealed record Merchant(
    string BaseUrl, string Mchid, string Appid, string Appsecret, string MerchantCertificateSerial, string MerchantPrivateKeyPem, string ApiV3Key,
    string PlatformCertificateSerial, string PlatformCertificatePem, string PublicKeyId, string PublicKeyPem)
{
    static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Name of the file in the data directory; readable by its owner only, for it holds a private key.</summary>
    public const string FileName = "merchant.json";

    internal void WriteTo(string directory) =>
        OwnersFile.Write(Path.Combine(directory, FileName), JsonSerializer.Serialize(this, Layout));

    public override string ToString() => $"{Mchid} at {BaseUrl}";    // never the keys
}

/// <summary>Files that only their owner may read.</summary>
static class OwnersFile
{
    /// <summary>Makes an empty file unless it is there.</summary>
    public static void Make(string path)
    {
        if (!File.Exists(path)) using (File.Open(path, Fresh)) { }
    }

    static FileStreamOptions Fresh
    {
        get
        {
            var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return mode;
        }
    }

    /// <summary>Replaces the file in one step; the mode is 0600 before the first byte is written.</summary>
    public static void Write(string path, string text)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        using (var writer = new StreamWriter(fresh, Fresh)) writer.Write(text);
        File.Move(fresh, path, overwrite: true);
    }
}
