using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChatEmulator.MiniProgram.Pushing;

enum PushFormat { Json, Xml }

enum PushMode { Secure, Compatible, Plain }

/// <summary>The server that was entered in an account's console (消息推送).</summary>
/// <param name="Token">3–32 letters and digits.</param>
/// <param name="EncodingAesKey">43 letters and digits.</param>
/// <param name="Mode">安全, 兼容 or 明文.</param>
sealed record PushSettings(string Url, string Token, string EncodingAesKey, PushFormat Format = PushFormat.Json, PushMode Mode = PushMode.Secure)
{
    /// <summary>What the console would say about it, or null.</summary>
    public string? Fault =>
        !Uri.TryCreate(Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") ? "请输入合法的URL"
        : uri.Scheme == "http" && !uri.IsLoopback ? "URL须为https"
        : Token.Length is < 3 or > 32 || !Token.All(char.IsAsciiLetterOrDigit) ? "Token须为3到32位英文或数字"
        : EncodingAesKey.Length != 43 || !EncodingAesKey.All(char.IsAsciiLetterOrDigit) ? "EncodingAESKey须为43位英文或数字"
        : null;

    /// <summary>One signed request: address with query, and body.</summary>
    public (Uri Url, byte[] Body) Sealed(Account account, string openid, string message, long unixSeconds)
    {
        var (seconds, nonce) = (unixSeconds.ToString(CultureInfo.InvariantCulture), Nonce());
        var query = $"signature={PushCipher.Signature(Token, seconds, nonce)}&timestamp={seconds}&nonce={nonce}&openid={openid}";
        if (Mode == PushMode.Plain) return (With(query), Encoding.UTF8.GetBytes(message));
        var encrypt = new PushCipher(Token, EncodingAesKey, account.Appid).Encrypt(Encoding.UTF8.GetBytes(message));
        query += $"&encrypt_type=aes&msg_signature={PushCipher.Signature(Token, seconds, nonce, encrypt)}";
        return (With(query), Encoding.UTF8.GetBytes(Format == PushFormat.Json ? Json(account, encrypt, message) : Xml(account, encrypt, message)));
    }

    string Json(Account account, string encrypt, string message)
    {
        var body = Mode == PushMode.Compatible ? JsonNode.Parse(message)!.AsObject() : new JsonObject { ["ToUserName"] = account.OriginalId };
        body["Encrypt"] = encrypt;
        return WeChatEmulator.Json.Text(body);
    }

    string Xml(Account account, string encrypt, string message)
    {
        var body = Mode == PushMode.Compatible
            ? XElement.Parse(message)
            : new XElement("xml", new XElement("ToUserName", new XCData(account.OriginalId)));
        body.Add(new XElement("Encrypt", new XCData(encrypt)));
        return body.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>The check that is made once, when the settings are saved: the server must answer the text itself.</summary>
    public (Uri Url, string Echo) Check(long unixSeconds)
    {
        var (seconds, nonce, echo) = (unixSeconds.ToString(CultureInfo.InvariantCulture), Nonce(), RandomNumberGenerator.GetString("0123456789", 19));
        return (With($"signature={PushCipher.Signature(Token, seconds, nonce)}&echostr={echo}&timestamp={seconds}&nonce={nonce}"), echo);
    }

    Uri With(string query) => new(Url + (Url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query);

    static string Nonce() => RandomNumberGenerator.GetString("0123456789", 10);

    public override string ToString() => Url;    // never the keys
}
