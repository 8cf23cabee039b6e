using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Service.Messaging.Sms;

/// <summary>The signature of Alibaba Cloud's API, version 3 (ACS3-HMAC-SHA256), for calls whose parameters stand in the query and whose body is
/// empty.</summary>
/// <remarks>Source: «V3版本请求体&amp;签名机制» of Alibaba Cloud's documents. Canonical request: method, path, query sorted by name with percent encoding of
/// RFC 3986, the signed headers sorted by name, their names, the hash of the body.</remarks>
public static class AliyunSignature
{
    const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>SHA-256 of nothing, in hex.</summary>
    public const string EmptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>All headers of a call but <c>Authorization</c>.</summary>
    /// <param name="host">Host as it is called, with a port that is not the usual one.</param>
    /// <param name="now">Alibaba refuses what is 15 minutes old.</param>
    public static SortedDictionary<string, string> Headers(string host, string action, string version, DateTimeOffset now, string nonce) =>
        new(StringComparer.Ordinal)
        {
            ["host"] = host, ["x-acs-action"] = action, ["x-acs-content-sha256"] = EmptyBody,
            ["x-acs-date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = nonce, ["x-acs-version"] = version,
        };

    /// <summary>The query as it is signed and sent.</summary>
    public static string Query(IEnumerable<KeyValuePair<string, string>> parameters) => string.Join('&',
        parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    /// <returns>The value of the header <c>Authorization</c>.</returns>
    public static string Authorization(string keyId, string secret, string method, string query, SortedDictionary<string, string> headers)
    {
        var names = string.Join(';', headers.Keys);
        var canonical = $"{method}\n/\n{query}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value.Trim()}\n"))}\n{names}\n{headers["x-acs-content-sha256"]}";
        var toSign = $"{Algorithm}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={keyId},SignedHeaders={names},Signature={signature}";
    }
}
