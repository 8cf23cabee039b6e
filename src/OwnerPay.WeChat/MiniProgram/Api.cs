using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>How far a call came.</summary>
enum Reach
{
    /// <summary>An answer came that could be read.</summary>
    Answered,
    /// <summary>It did not leave this machine: an open circuit, no name, no connection, or no token to send with. Surely nothing was done.</summary>
    NeverLeft,
    /// <summary>It left, and no usable answer came back. WeChat may have acted.</summary>
    Silent,
}

/// <param name="Answer">Success or error, as WeChat wrote it; null unless <see cref="Reach.Answered"/>.</param>
/// <param name="TokenFailure">Why there was no access token; the call was not made then.</param>
readonly record struct Reply<T>(Reach Reach, T? Answer, MiniProgramFailure? TokenFailure = null) where T : MiniProgramAnswer;

/// <summary>Whether a call is made again by itself when WeChat says it is busy (-1).</summary>
enum WhenBusy { Repeat, Tell }

/// <summary>Calls api.weixin.qq.com for any account: mini-programs and official accounts share host, token and error shape.</summary>
sealed class Api(IHttpClientFactory clients, AccessTokens tokens, IOptions<MiniProgramOptions> options, ILogger<Api> log)
{
    internal const string ClientName = "OwnerPay.WeChat.MiniProgram";
    const int BusyTries = 3;

    readonly MiniProgramOptions options = options.Value;

    /// <summary>A usable access token, kept or fetched by one caller while the others wait.</summary>
    /// <param name="replace">True to end the token in force at once and get another.</param>
    public async Task<MiniProgramResult<AccessToken>> TokenAsync(MiniProgramCredentials app, bool replace, CancellationToken cancel)
    {
        if (!replace && await UsableAsync(app, cancel) is { } kept) return kept;
        await using var turn = await tokens.LockAsync(app.Appid, cancel);
        if (!replace && await UsableAsync(app, cancel) is { } fetchedMeanwhile) return fetchedMeanwhile;
        var body = WireJson.Bytes(
            new StableTokenRequest { GrantType = "client_credential", Appid = app.Appid, Secret = app.Secret, ForceRefresh = replace ? true : null },
            MiniProgramJson.Types.StableTokenRequest);
        var asked = options.Clock.GetUtcNow();
        var reply = await CallAsync(
            "stable_token", app, "/cgi-bin/stable_token", body, MiniProgramJson.Types.StableTokenAnswer, WhenBusy.Repeat, cancel);
        if (reply.Answer is not { AccessToken: { Length: > 0 } value, ExpiresIn: { } seconds, Errcode: null or 0 })
            return Failed(reply, MiniProgramErrors.TokenProblem);
        var token = new AccessToken(value, asked.AddSeconds(seconds - 300));
        await tokens.PutAsync(app.Appid, token, cancel);
        return token;
    }

    async ValueTask<AccessToken?> UsableAsync(MiniProgramCredentials app, CancellationToken cancel) =>
        await tokens.GetAsync(app.Appid, cancel) is { } token && options.Clock.GetUtcNow() < token.UsableUntil ? token : null;

    /// <summary>A call that carries the access token; a token that WeChat refuses is fetched anew, once.</summary>
    public Task<Reply<T>> WithTokenAsync<T>(
        string call, MiniProgramCredentials app, string path, byte[] body, JsonTypeInfo<T> type, WhenBusy busy, CancellationToken cancel)
        where T : MiniProgramAnswer => WithTokenAsync(call, app, path, body, bytes => WireJson.TryRead(bytes, type), busy, cancel);

    /// <param name="read">Null for bytes that are no answer to this call.</param>
    public async Task<Reply<T>> WithTokenAsync<T>(
        string call, MiniProgramCredentials app, string path, byte[] body, Func<byte[], T?> read, WhenBusy busy, CancellationToken cancel)
        where T : MiniProgramAnswer
    {
        for (var again = true; ; again = false)
        {
            var token = await TokenAsync(app, replace: false, cancel);
            if (!token.IsSuccess) return new(Reach.NeverLeft, null, token.Failure);
            var reply = await CallAsync(call, app, $"{path}?access_token={Uri.EscapeDataString(token.Value.Value)}", body, read, busy, cancel);
            if (!again || reply.Answer is not { Errcode: { } errcode } || !MiniProgramErrors.IsToken(errcode)) return reply;
            await tokens.DropAsync(app.Appid, token.Value, cancel);
        }
    }

    /// <summary>A call without an access token.</summary>
    public Task<Reply<T>> CallAsync<T>(string call, MiniProgramCredentials app, string pathAndQuery, byte[]? body, JsonTypeInfo<T> type,
        WhenBusy busy, CancellationToken cancel) where T : MiniProgramAnswer =>
        CallAsync(call, app, pathAndQuery, body, bytes => WireJson.TryRead(bytes, type), busy, cancel);

    async Task<Reply<T>> CallAsync<T>(string call, MiniProgramCredentials app, string pathAndQuery, byte[]? body, Func<byte[], T?> read,
        WhenBusy busy, CancellationToken cancel) where T : MiniProgramAnswer
    {
        for (var tries = 1; ; tries++)
        {
            var reply = await OnceAsync(call, app, pathAndQuery, body, read, cancel);
            var mayBeRepeated = reply.Reach == Reach.NeverLeft || (busy == WhenBusy.Repeat && reply.Answer is { Errcode: -1 });
            if (!mayBeRepeated || tries == BusyTries) return reply;
            await Task.Delay(options.BusyDelay * tries, cancel);
        }
    }

    async Task<Reply<T>> OnceAsync<T>(
        string call, MiniProgramCredentials app, string pathAndQuery, byte[]? body, Func<byte[], T?> read, CancellationToken cancel)
        where T : MiniProgramAnswer
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Timeout);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(options.BaseAddress, pathAndQuery));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await response.Content.LoadIntoBufferAsync(1 << 20, limit.Token);
            // Parsed whatever the content type says: login answers come as text/plain.
            var bytes = await response.Content.ReadAsByteArrayAsync(limit.Token);
            var answer = response.IsSuccessStatusCode ? read(bytes) : null;
            if (answer is null) log.Unusable(call, app.Appid, (int)response.StatusCode);
            else if (answer.Errcode is { } errcode and not 0) Note(call, app, errcode, answer.Errmsg);
            return new(answer is null ? Reach.Silent : Reach.Answered, answer);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested
            && e is HttpRequestException or IOException or SocketException or OperationCanceledException or ExecutionRejectedException)
        {
            log.Unreachable(call, app.Appid, e.GetType().Name);
            return new(NeverLeft(e) ? Reach.NeverLeft : Reach.Silent, null);
        }
    }

    void Note(string call, MiniProgramCredentials app, int errcode, string? errmsg)
    {
        var level = MiniProgramErrors.IsUsersWish(errcode) ? LogLevel.Debug : LogLevel.Warning;
        if (!log.IsEnabled(level)) return;
        var rid = MiniProgramErrors.Rid(errmsg);
        log.Failed(level, call, app.Appid, errcode, rid);
    }

    static bool NeverLeft(Exception failure) => failure is BrokenCircuitException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    /// <summary>What a reply without success means for a call whose repetition does no harm.</summary>
    public static MiniProgramFailure Failed<T>(Reply<T> reply, Func<int, MiniProgramProblem> problem) where T : MiniProgramAnswer => reply switch
    {
        { TokenFailure: { } failure } => failure,
        { Answer: { Errcode: { } errcode and not 0 } answer } => new(problem(errcode), errcode, answer.Errmsg, MiniProgramErrors.Rid(answer.Errmsg)),
        { Reach: Reach.NeverLeft } => new(MiniProgramProblem.Busy, null, "not sent", null),
        _ => new(MiniProgramProblem.Unreachable, null, null, null),
    };
}
