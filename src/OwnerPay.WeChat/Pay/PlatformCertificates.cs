using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Pay;

/// <summary>A platform certificate that was decrypted and whose answer verified.</summary>
/// <param name="SerialNo">The <c>Wechatpay-Serial</c> of what it signs.</param>
public sealed record PlatformCertificate(string SerialNo, DateTimeOffset EffectiveTime, DateTimeOffset ExpireTime, RsaPublicKey PublicKey);

/// <summary>WeChat's keys per merchant: the configured public keys and, where a merchant uses them, the platform certificates,
/// fetched when first needed, again after 12 hours, and when an unknown serial appears, then at most once a minute.</summary>
public sealed class PlatformCertificates
{
    const long MaxAgeSeconds = 12 * 3600, MinPauseSeconds = 60;

    readonly ConcurrentDictionary<string, Shelf> shelves = new(StringComparer.Ordinal);
    readonly PayTransport transport;
    readonly AnswerVerifier verifier;
    readonly ILogger log;

    internal PlatformCertificates(PayTransport transport, ILogger<PlatformCertificates> log)
    {
        (this.transport, this.log) = (transport, log);
        verifier = new AnswerVerifier(transport.Options.Clock);
    }

    /// <summary>Checks an answer's or callback's signature with the merchant's keys, fetching certificates where that may help.</summary>
    public ValueTask<Verification> VerifyAsync(
        MerchantCredentials merchant, SignatureHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        // A key that was configured needs no certificates, whatever else the merchant trusts.
        !merchant.PlatformCertificates || headers.Serial is not { } serial || merchant.PublicKeys.ContainsKey(serial)
            ? ValueTask.FromResult(verifier.Verify(headers, body.Span, merchant.PublicKeys))
            : new(FetchedAsync(merchant, headers, body, cancel));

    async Task<Verification> FetchedAsync(
        MerchantCredentials merchant, SignatureHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var shelf = shelves.GetOrAdd(merchant.Mchid, static _ => new Shelf());
        if (Now() - shelf.FetchedAt > MaxAgeSeconds) await RefreshAsync(merchant, shelf, cancel);
        var verification = verifier.Verify(headers, body.Span, shelf.Keys);
        if (verification != Verification.UnknownSerial) return verification;
        await RefreshAsync(merchant, shelf, cancel);
        return verifier.Verify(headers, body.Span, shelf.Keys);
    }

    /// <summary>Fetches the certificates now: decrypts them, then verifies the answer with what it carries.</summary>
    public async Task<PayResult<IReadOnlyList<PlatformCertificate>>> FetchAsync(MerchantCredentials merchant, CancellationToken cancel)
    {
        var (answer, failure) = await transport.SendAsync(PayCall.Certificates, merchant, HttpMethod.Get, "/v3/certificates", default, cancel);
        if (answer is null) return Logged(merchant, failure!);
        if (!answer.IsSuccess)
            return Logged(merchant, PayClient.ErrorAnswer(PayCall.Certificates, answer,
                verifier.Verify(answer.Signature, answer.Body, Known(merchant))));
        if (WireJson.TryRead(answer.Body, PayJson.Types.CertificatesAnswer) is not { } list)
            return Logged(merchant, Refused(answer, PayCodes.Unreadable, "The certificates could not be read.", Remedy.Retry));
        var certificates = new List<PlatformCertificate>();
        foreach (var item in list.Data)
        {
            var box = item.EncryptCertificate;
            if (ResourceCipher.Decrypt(merchant.ApiV3Key, box.Algorithm, box.Nonce, box.AssociatedData, box.Ciphertext) is not { } pem)
                return Logged(merchant, Refused(answer, PayCodes.DecryptFailed, "The APIv3 key does not open the certificates.", Remedy.AskStaff));
            if (Read(item.SerialNo, Encoding.UTF8.GetString(pem)) is { } certificate) certificates.Add(certificate);
        }
        var keys = new Dictionary<string, RsaPublicKey>(Known(merchant), StringComparer.Ordinal);
        foreach (var certificate in certificates) keys[certificate.SerialNo] = certificate.PublicKey;
        if (verifier.Verify(answer.Signature, answer.Body, keys) != Verification.Accepted)
            return Logged(merchant, Refused(answer, PayCodes.BadSignature, "The certificates are signed by no key known or carried.", Remedy.Retry));
        log.CertificatesFetched(certificates.Count, merchant.Mchid);
        return certificates;
    }

    PayFailure Logged(MerchantCredentials merchant, PayFailure failure)
    {
        log.Failed(PayCall.Certificates, merchant.Mchid, failure.HttpStatus, failure.Code, failure.RequestId, failure.Remedy, failure.OutcomeUnknown);
        return failure;
    }

    static PayFailure Refused(RawAnswer answer, string code, string message, Remedy remedy) =>
        new(answer.Status, code, message, answer.RequestId, remedy, OutcomeUnknown: true);

    /// <returns>Null for a certificate that is expired, of another issuer or not what its serial says. One that is valid only from
    /// tomorrow is kept: WeChat announces a successor before it signs with it.</returns>
    PlatformCertificate? Read(string serialNo, string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            var issuer = transport.Options.CertificateIssuer;
            if (!string.Equals(certificate.SerialNumber, serialNo, StringComparison.OrdinalIgnoreCase)
                || new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds() <= Now()
                || (issuer is not null && transport.Options.IsWeChatsOwnHost
                    && !certificate.IssuerName.Name.Contains(issuer, StringComparison.Ordinal)))
                return null;
            return new PlatformCertificate(serialNo, certificate.NotBefore, certificate.NotAfter, RsaPublicKey.FromCertificate(certificate));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    IReadOnlyDictionary<string, RsaPublicKey> Known(MerchantCredentials merchant) =>
        shelves.TryGetValue(merchant.Mchid, out var shelf) ? Both(merchant, shelf) : merchant.PublicKeys;

    static Dictionary<string, RsaPublicKey> Both(MerchantCredentials merchant, Shelf shelf)
    {
        var keys = new Dictionary<string, RsaPublicKey>(shelf.Keys, StringComparer.Ordinal);
        foreach (var (id, key) in merchant.PublicKeys) keys[id] = key;
        return keys;
    }

    async Task RefreshAsync(MerchantCredentials merchant, Shelf shelf, CancellationToken cancel)
    {
        if (Now() - shelf.TriedAt < MinPauseSeconds) return;
        await shelf.Gate.WaitAsync(cancel);
        try
        {
            if (Now() - shelf.TriedAt < MinPauseSeconds) return;    // somebody else fetched while we waited
            shelf.TriedAt = Now();
            var fetched = await FetchAsync(merchant, cancel);
            if (!fetched.IsSuccess) return;    // the old ones go on
            shelf.Keys = fetched.Value.ToDictionary(c => c.SerialNo, c => c.PublicKey, StringComparer.Ordinal);
            shelf.FetchedAt = Now();
        }
        finally
        {
            shelf.Gate.Release();
        }
    }

    long Now() => transport.Options.Clock.GetUtcNow().ToUnixTimeSeconds();

    sealed class Shelf
    {
        public SemaphoreSlim Gate { get; } = new(1);
        public volatile Dictionary<string, RsaPublicKey> Keys = [];
        public long FetchedAt = long.MinValue / 2;    // Unix seconds, as TriedAt
        public long TriedAt = long.MinValue / 2;
    }
}
