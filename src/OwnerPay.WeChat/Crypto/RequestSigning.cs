using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.WeChat.Crypto;

/// <summary>The signature that a merchant puts on each API v3 request (scheme <c>WECHATPAY2-SHA256-RSA2048</c>).</summary>
public static class RequestSigning
{
    /// <summary>Scheme of the <c>Authorization</c> header, and the value of <c>Wechatpay-Signature-Type</c>.</summary>
    public const string Scheme = "WECHATPAY2-SHA256-RSA2048";

    /// <summary>A fresh nonce: 32 upper-case hex digits, the longest that API v3 takes.</summary>
    public static string NewNonce() => RandomNumberGenerator.GetHexString(32);

    /// <summary>The bytes that are signed: method, URL, timestamp, nonce and body, each ended by a line feed.</summary>
    /// <param name="method">Upper case.</param>
    /// <param name="pathAndQuery">Exactly as on the wire, percent-encoded, without host and fragment.</param>
    /// <param name="timestamp">Unix seconds.</param>
    /// <param name="body">The very bytes sent; empty for GET.</param>
    public static byte[] Message(string method, string pathAndQuery, string timestamp, string nonce, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{method}\n{pathAndQuery}\n{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];

    /// <summary>Signs a request with the merchant's key.</summary>
    /// <param name="serialNo">Serial of the merchant's own API certificate (40 hex digits), never one of WeChat's.</param>
    /// <param name="timestamp">Unix seconds; WeChat refuses a difference above 5 minutes.</param>
    public static Authorization Sign(RsaPrivateKey key, string mchid, string serialNo, string method, string pathAndQuery,
        long timestamp, string nonce, ReadOnlySpan<byte> body)
    {
        var seconds = timestamp.ToString(CultureInfo.InvariantCulture);
        return new Authorization(mchid, serialNo, seconds, nonce, key.Sign(Message(method, pathAndQuery, seconds, nonce, body)));
    }
}

/// <summary>Why an <c>Authorization</c> header could not be read.</summary>
public enum AuthorizationFault { None, Missing, WrongScheme, Malformed }

/// <summary>The five parts of a request's <c>Authorization</c> header.</summary>
/// <param name="Timestamp">Unix seconds as text, because the text is what is signed.</param>
/// <param name="Signature">Base64.</param>
public sealed record Authorization(string Mchid, string SerialNo, string Timestamp, string NonceStr, string Signature)
{
    /// <summary>Everything behind the scheme and one blank.</summary>
    public string Parameters =>
        $"mchid=\"{Mchid}\",nonce_str=\"{NonceStr}\",signature=\"{Signature}\",timestamp=\"{Timestamp}\",serial_no=\"{SerialNo}\"";

    /// <summary>The whole header value.</summary>
    public override string ToString() => $"{RequestSigning.Scheme} {Parameters}";

    /// <summary>Unix seconds; <see cref="TryParse"/> accepts digits only, so this cannot fail on what it returned.</summary>
    public long UnixSeconds => long.Parse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads a header value as WeChat's servers do: the five pairs in any order, each once, nothing else.</summary>
    public static Authorization? TryParse(string? header, out AuthorizationFault fault)
    {
        fault = AuthorizationFault.Missing;
        if (string.IsNullOrWhiteSpace(header)) return null;
        fault = AuthorizationFault.WrongScheme;
        if (!header.StartsWith(RequestSigning.Scheme + " ", StringComparison.Ordinal)) return null;
        fault = AuthorizationFault.Malformed;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header[(RequestSigning.Scheme.Length + 1)..].Split(','))
        {
            var at = pair.IndexOf("=\"", StringComparison.Ordinal);
            if (at < 1 || !pair.EndsWith('"') || pair.Length < at + 3) return null;
            if (!parts.TryAdd(pair[..at], pair[(at + 2)..^1])) return null;
        }
        if (parts.Count != 5
            || !parts.TryGetValue("mchid", out var mchid) || !parts.TryGetValue("serial_no", out var serial)
            || !parts.TryGetValue("timestamp", out var timestamp) || !parts.TryGetValue("nonce_str", out var nonce)
            || !parts.TryGetValue("signature", out var signature)
            || mchid == "" || serial == "" || signature == "" || nonce is "" or { Length: > 32 }
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return null;
        fault = AuthorizationFault.None;
        return new Authorization(mchid, serial, timestamp, nonce, signature);
    }

    /// <summary>Whether the signature covers this request. The clock is the caller's to check.</summary>
    public bool Verifies(RsaPublicKey merchant, string method, string pathAndQuery, ReadOnlySpan<byte> body) =>
        merchant.Verifies(RequestSigning.Message(method, pathAndQuery, Timestamp, NonceStr, body), Signature);
}
