using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace OwnerPay.WeChat.Crypto;

/// <summary>The <c>Wechatpay-*</c> headers of an answer or a callback; null where a header was absent.</summary>
/// <param name="Serial">Names the key: a platform certificate's serial or a <c>PUB_KEY_ID_…</c>.</param>
/// <param name="Timestamp">Unix seconds as text.</param>
/// <param name="Signature">Base64, or whatever a probe carries.</param>
public sealed record SignatureHeaders(string? Serial, string? Timestamp, string? Nonce, string? Signature, string? SignatureType = null)
{
    public const string SerialName = "Wechatpay-Serial";
    public const string TimestampName = "Wechatpay-Timestamp";
    public const string NonceName = "Wechatpay-Nonce";
    public const string SignatureName = "Wechatpay-Signature";
    public const string SignatureTypeName = "Wechatpay-Signature-Type";

    /// <summary>Takes the headers from any look-up that ignores case, such as a web framework's header collection.</summary>
    public static SignatureHeaders From(Func<string, string?> header) =>
        new(header(SerialName), header(TimestampName), header(NonceName), header(SignatureName), header(SignatureTypeName));

    public static SignatureHeaders From(HttpResponseHeaders headers) =>
        From(name => headers.TryGetValues(name, out var values) ? string.Join(",", values) : null);

    /// <summary>Takes the headers from pairs; names are compared without case.</summary>
    public static SignatureHeaders From(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers) byName[name] = value;
        return From(byName.GetValueOrDefault);
    }

    /// <summary>True if none of the headers came: WeChat sends error answers so.</summary>
    public bool IsEmpty => Serial is null && Timestamp is null && Nonce is null && Signature is null;

    /// <summary>The headers to put on the wire.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs()
    {
        if (Serial is not null) yield return new(SerialName, Serial);
        if (Timestamp is not null) yield return new(TimestampName, Timestamp);
        if (Nonce is not null) yield return new(NonceName, Nonce);
        if (Signature is not null) yield return new(SignatureName, Signature);
        if (SignatureType is not null) yield return new(SignatureTypeName, SignatureType);
    }
}

/// <summary>The signature that WeChat Pay puts on answers and callbacks; made here for whoever plays WeChat's part.</summary>
public static class AnswerSigning
{
    /// <summary>The bytes that are signed: timestamp, nonce and raw body, each ended by a line feed.</summary>
    public static byte[] Message(string timestamp, string nonce, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];

    /// <param name="serial">Name under which the receiver knows <paramref name="key"/>'s public half.</param>
    /// <param name="timestamp">Unix seconds.</param>
    /// <param name="body">Raw bytes as sent; empty for 204.</param>
    public static SignatureHeaders Sign(RsaPrivateKey key, string serial, long timestamp, string nonce, ReadOnlySpan<byte> body)
    {
        var seconds = timestamp.ToString(CultureInfo.InvariantCulture);
        return new SignatureHeaders(serial, seconds, nonce, key.Sign(Message(seconds, nonce, body)), RequestSigning.Scheme);
    }
}

/// <summary>What became of the check of an answer's or callback's signature.</summary>
public enum Verification
{
    /// <summary>A header is absent, or its timestamp is no number.</summary>
    MissingHeader,
    /// <summary>Sent 5 minutes or more before or after now by our clock.</summary>
    TimestampOutOfRange,
    /// <summary>No key goes by this serial. With platform certificates: fetch them anew once, then refuse.</summary>
    UnknownSerial,
    /// <summary>Not signed by that key over these bytes. WeChat's probes end here too and deserve no special case.</summary>
    BadSignature,
    /// <summary>Genuine.</summary>
    Accepted,
}

/// <summary>Checks signatures of answers and callbacks against a map of keys: certificate serials and public key ids side by side.</summary>
/// <param name="clock">The system's clock, kept by NTP; story clocks have no place here.</param>
public sealed class AnswerVerifier(TimeProvider clock)
{
    /// <summary>Replays older than this are refused, as the official SDKs do.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <param name="body">The raw bytes as received; a body parsed and written again does not verify.</param>
    /// <param name="keys">By the whole value of <c>Wechatpay-Serial</c>; no other key is ever tried.</param>
    public Verification Verify(SignatureHeaders headers, ReadOnlySpan<byte> body, IReadOnlyDictionary<string, RsaPublicKey> keys)
    {
        if (headers is not
            {
                Serial: { Length: > 0 } serial, Timestamp: { Length: > 0 } timestamp, Nonce: { Length: > 0 } nonce,
                Signature: { Length: > 0 } signature
            }
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Verification.MissingHeader;
        if (Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) >= (long)Tolerance.TotalSeconds)
            return Verification.TimestampOutOfRange;
        if (!keys.TryGetValue(serial, out var key)) return Verification.UnknownSerial;
        if (headers.SignatureType is { Length: > 0 } type && type != RequestSigning.Scheme) return Verification.BadSignature;
        return IsSigned(timestamp, nonce, body, key, signature) ? Verification.Accepted : Verification.BadSignature;
    }

    /// <summary>The same bytes as <see cref="AnswerSigning.Message"/>, in a borrowed buffer: this runs for every callback, also for forged
    /// ones.</summary>
    static bool IsSigned(string timestamp, string nonce, ReadOnlySpan<byte> body, RsaPublicKey key, string signature)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(timestamp.Length + nonce.Length) + body.Length + 3);
        try
        {
            var at = Encoding.UTF8.GetBytes(timestamp, buffer);
            buffer[at++] = (byte)'\n';
            at += Encoding.UTF8.GetBytes(nonce, buffer.AsSpan(at));
            buffer[at++] = (byte)'\n';
            body.CopyTo(buffer.AsSpan(at));
            at += body.Length;
            buffer[at++] = (byte)'\n';
            return key.Verifies(buffer.AsSpan(0, at), signature);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
