using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OwnerPay.WeChat.Crypto;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace OwnerPay.WeChat.Pay;

/// <summary>An answer as it came, before anything in it is believed.</summary>
sealed record RawAnswer(int Status, SignatureHeaders Signature, string? RequestId, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Sends signed requests and brings answers back whole, or as an open stream. Judges nothing.</summary>
sealed class PayTransport(IHttpClientFactory clients, IOptions<PayOptions> options, ClockSkewMeter skew, ILogger<PayTransport> log)
{
    public const string ClientName = "OwnerPay.WeChat.Pay";
    const long MaxAnswerBytes = 1 << 20;

    public PayOptions Options => options.Value;

    public ClockSkewMeter Skew => skew;

    /// <summary>The whole answer, or why there is none.</summary>
    public async Task<(RawAnswer? Answer, PayFailure? Failure)> SendAsync(PayCall call, MerchantCredentials merchant, HttpMethod method,
        string pathAndQuery, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Options.TotalTimeout);
        var started = Stopwatch.GetTimestamp();
        var (response, failure) = await OpenAsync(call, merchant, method, new Uri(Options.BaseAddress, pathAndQuery), body, limit.Token, cancel);
        if (response is null) return (null, failure);
        using (response)
        {
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, limit.Token);
                var bytes = await response.Content.ReadAsByteArrayAsync(limit.Token);
                var answer = new RawAnswer((int)response.StatusCode, SignatureHeaders.From(response.Headers), RequestId(response), bytes);
                log.Answered(call, merchant.Mchid, answer.Status, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, answer.RequestId);
                return (answer, null);
            }
            catch (Exception e) when (Explain(call, e, response, cancel) is { } reason)
            {
                return (null, reason);
            }
        }
    }

    /// <summary>The answer with its body still to be read, or why there is none.</summary>
    /// <param name="limit">Ends the call when its time is up.</param>
    /// <param name="cancel">The caller's own wish to stop, which is no failure but an <see cref="OperationCanceledException"/>.</param>
    public async Task<(HttpResponseMessage? Response, PayFailure? Failure)> OpenAsync(PayCall call, MerchantCredentials merchant,
        HttpMethod method, Uri url, ReadOnlyMemory<byte> body, CancellationToken limit, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Options.Set(SigningHandler.Merchant, merchant);
        request.Options.Set(SigningHandler.Body, body);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.ParseAdd(Options.UserAgent);
        if (merchant.PublicKeyId is { } id) request.Headers.Add(SignatureHeaders.SerialName, id);
        if (method != HttpMethod.Get)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        try
        {
            var client = clients.CreateClient(ClientName);
            return (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), null);
        }
        catch (Exception e) when (Explain(call, e, null, cancel) is { } reason)
        {
            return (null, reason);
        }
    }

    /// <returns>The failure that an exception on the way means, or null if it is none of the network's doing.</returns>
    public static PayFailure? Explain(PayCall call, Exception e, HttpResponseMessage? response, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return null;
        var (status, requestId, remedy) = ((int?)response?.StatusCode, response is null ? null : RequestId(response), PayErrors.AfterSilence(call));
        return e switch
        {
            BrokenCircuitException or RateLimiterRejectedException =>
                new PayFailure(null, PayCodes.CircuitOpen, "Not sent: recent calls of this merchant failed.", null,
                     Remedy.Retry, OutcomeUnknown: false),
            TimeoutRejectedException or OperationCanceledException =>
                new PayFailure(status, PayCodes.Timeout, "No answer in time.", requestId, remedy, OutcomeUnknown: true),
            HttpRequestException or IOException or SocketException =>
                new PayFailure(status, PayCodes.Unreachable, "No connection, or it broke.", requestId, remedy, OutcomeUnknown: true),
            _ => null,
        };
    }

    public static string? RequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Request-ID", out var values) ? values.FirstOrDefault() : null;
}

/// <summary>Signs each try anew, for a repeated request must carry a fresh timestamp and nonce, and reads WeChat's clock off its answer.</summary>
sealed class SigningHandler(IOptions<PayOptions> options, ClockSkewMeter skew) : DelegatingHandler
{
    public static readonly HttpRequestOptionsKey<MerchantCredentials> Merchant = new("OwnerPay.WeChat.Merchant");
    public static readonly HttpRequestOptionsKey<ReadOnlyMemory<byte>> Body = new("OwnerPay.WeChat.Body");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = options.Value.Clock.GetUtcNow();
        if (request.Options.TryGetValue(Merchant, out var merchant) && request.Options.TryGetValue(Body, out var body))
        {
            var authorization = RequestSigning.Sign(merchant.PrivateKey, merchant.Mchid, merchant.SerialNo, request.Method.Method,
                request.RequestUri!.PathAndQuery, sent.ToUnixTimeSeconds(), RequestSigning.NewNonce(), body.Span);
            request.Headers.Authorization = new AuthenticationHeaderValue(RequestSigning.Scheme, authorization.Parameters);
        }
        var response = await base.SendAsync(request, cancellationToken);
        skew.Measure(response.Headers, sent);
        return response;
    }
}
