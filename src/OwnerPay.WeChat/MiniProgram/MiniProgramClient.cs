using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>The server calls of a mini-program: login, phone number, subscription messages, and the access token behind them.</summary>
/// <remarks>A code from the client works once and a message uses up a grant, so nothing here is repeated after a time-out.
/// «Busy» (-1) is answered before anything was done and is repeated a few times; a refused token is fetched anew, once.</remarks>
public sealed class MiniProgramClient
{
    internal const string ClientName = "OwnerPay.WeChat.MiniProgram";
    const int BusyTries = 3;

    readonly IHttpClientFactory clients;
    readonly IAccessTokenStore tokens;
    readonly MiniProgramOptions options;
    readonly ILogger log;

    internal MiniProgramClient(
        IHttpClientFactory clients, IAccessTokenStore tokens, IOptions<MiniProgramOptions> options, ILogger<MiniProgramClient> log) =>
        (this.clients, this.tokens, this.options, this.log) = (clients, tokens, options.Value, log);

    /// <summary>Turns the client's login code into the user (<c>jscode2session</c>).</summary>
    /// <param name="jsCode">From <c>wx.login</c>: 5 minutes, one use.</param>
    public async Task<MiniProgramResult<Session>> LoginAsync(MiniProgramCredentials app, string jsCode, CancellationToken cancel = default)
    {
        var path = $"/sns/jscode2session?appid={Uri.EscapeDataString(app.Appid)}&secret={Uri.EscapeDataString(app.Secret)}"
            + $"&js_code={Uri.EscapeDataString(jsCode)}&grant_type=authorization_code";
        var answer = await CallAsync("jscode2session", app, path, null, MiniProgramJson.Types.Code2SessionAnswer, cancel);
        if (answer is { Openid: { Length: > 0 } openid, SessionKey: { Length: > 0 } key } && answer.Errcode is null or 0)
            return new Session(openid, answer.Unionid, key);
        return Failed(answer, code => MiniProgramErrors.Problem(code));
    }

    /// <summary>Asks for the phone number behind the client's code. Each success is charged.</summary>
    /// <param name="code">From the phone number button, not the login code: 5 minutes, one use.</param>
    public async Task<MiniProgramResult<PhoneInfo>> GetPhoneNumberAsync(MiniProgramCredentials app, string code, CancellationToken cancel = default)
    {
        var body = MiniProgramJson.Bytes(new PhoneNumberRequest(code), MiniProgramJson.Types.PhoneNumberRequest);
        var (answer, tokenFailure) = await WithTokenAsync(
            "getuserphonenumber", app, "/wxa/business/getuserphonenumber", body, MiniProgramJson.Types.PhoneNumberAnswer, cancel);
        if (tokenFailure is not null) return tokenFailure;
        if (answer is not { PhoneInfo: { } phone, Errcode: null or 0 })
            return Failed(answer, errcode => MiniProgramErrors.Problem(errcode, ofCode: true));
        return phone.Watermark?.Appid == app.Appid
            ? phone
            : new MiniProgramFailure(MiniProgramProblem.ForeignAppid, 0, "watermark.appid", null);
    }

    /// <summary>Sends a subscription message, unless a value breaks its rule.</summary>
    public async Task<SubscribeResult> SendAsync(MiniProgramCredentials app, SubscribeMessage message, CancellationToken cancel = default)
    {
        if (TemplateData.Validate(message.Values) is [var fault, ..])
            return new SubscribeResult(SubscribeOutcome.BadData, Field: fault.Field, Fault: fault);
        var body = MiniProgramJson.Bytes(new SubscribeSendRequest
        {
            Touser = message.Openid,
            TemplateId = message.TemplateId,
            Page = message.Page,
            MiniprogramState = message.State,
            Lang = message.Lang,
            Data = message.Values.ToDictionary(value => value.Key, value => new TemplateValue(value.Value)),
        }, MiniProgramJson.Types.SubscribeSendRequest);
        var (answer, tokenFailure) = await WithTokenAsync(
            "subscribe.send", app, "/cgi-bin/message/subscribe/send", body, MiniProgramJson.Types.SubscribeSendAnswer, cancel);
        if (tokenFailure is not null)
            return new SubscribeResult(NotSent(tokenFailure.Problem), null, tokenFailure.Errcode, tokenFailure.Errmsg, tokenFailure.Rid);
        if (answer is not { Errcode: { } errcode }) return new SubscribeResult(SubscribeOutcome.MaybeSent);
        var outcome = MiniProgramErrors.Outcome(errcode);
        return new SubscribeResult(outcome, answer.Msgid, errcode, answer.Errmsg, MiniProgramErrors.Rid(answer.Errmsg),
            outcome == SubscribeOutcome.BadData ? MiniProgramErrors.Field(answer.Errmsg) : null);
    }

    /// <summary>A usable access token, from the store or fetched by one caller while the others wait.</summary>
    public async Task<MiniProgramResult<AccessToken>> TokenAsync(MiniProgramCredentials app, CancellationToken cancel = default)
    {
        if (await UsableAsync(app, cancel) is { } kept) return kept;
        await using var turn = await tokens.LockAsync(app.Appid, cancel);
        if (await UsableAsync(app, cancel) is { } fetchedMeanwhile) return fetchedMeanwhile;
        var body = MiniProgramJson.Bytes(new StableTokenRequest { GrantType = "client_credential", Appid = app.Appid, Secret = app.Secret },
            MiniProgramJson.Types.StableTokenRequest);
        var asked = options.Clock.GetUtcNow();
        var answer = await CallAsync("stable_token", app, "/cgi-bin/stable_token", body, MiniProgramJson.Types.StableTokenAnswer, cancel);
        if (answer is not { AccessToken: { Length: > 0 } value, ExpiresIn: { } seconds, Errcode: null or 0 })
            return Failed(answer, MiniProgramErrors.TokenProblem);
        var token = new AccessToken(value, asked.AddSeconds(seconds - 300));
        await tokens.PutAsync(app.Appid, token, cancel);
        return token;
    }

    async ValueTask<AccessToken?> UsableAsync(MiniProgramCredentials app, CancellationToken cancel) =>
        await tokens.GetAsync(app.Appid, cancel) is { } token && options.Clock.GetUtcNow() < token.UsableUntil ? token : null;

    async Task<(TAnswer? Answer, MiniProgramFailure? TokenFailure)> WithTokenAsync<TAnswer>(
        string call, MiniProgramCredentials app, string path, byte[] body, JsonTypeInfo<TAnswer> type, CancellationToken cancel)
        where TAnswer : MiniProgramAnswer
    {
        for (var again = true; ; again = false)
        {
            var token = await TokenAsync(app, cancel);
            if (!token.IsSuccess) return (null, token.Failure);
            var answer = await CallAsync(call, app, $"{path}?access_token={Uri.EscapeDataString(token.Value.Value)}", body, type, cancel);
            if (!again || answer is not { Errcode: { } errcode } || !MiniProgramErrors.IsToken(errcode)) return (answer, null);
            await tokens.DropAsync(app.Appid, token.Value, cancel);
        }
    }

    /// <returns>The parsed answer, success or not; null if none came that could be read.</returns>
    async Task<TAnswer?> CallAsync<TAnswer>(
        string call, MiniProgramCredentials app, string pathAndQuery, byte[]? body, JsonTypeInfo<TAnswer> type, CancellationToken cancel)
        where TAnswer : MiniProgramAnswer
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await OnceAsync(call, app, pathAndQuery, body, type, cancel);
            if (answer is not { Errcode: -1 } || tries == BusyTries) return answer;
            await Task.Delay(options.BusyDelay * tries, cancel);
        }
    }

    async Task<TAnswer?> OnceAsync<TAnswer>(
        string call, MiniProgramCredentials app, string pathAndQuery, byte[]? body, JsonTypeInfo<TAnswer> type, CancellationToken cancel)
        where TAnswer : MiniProgramAnswer
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
            var answer = response.IsSuccessStatusCode ? MiniProgramJson.TryRead(bytes, type) : null;
            if (answer is null) log.Unusable(call, app.Appid, (int)response.StatusCode);
            else if (answer.Errcode is { } errcode and not 0) log.Failed(call, app.Appid, errcode, MiniProgramErrors.Rid(answer.Errmsg));
            return answer;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested
            && e is HttpRequestException or IOException or OperationCanceledException or ExecutionRejectedException)
        {
            log.Unreachable(call, app.Appid, e.GetType().Name);
            return NeverLeft(e) ? MiniProgramJson.TryRead(BusyAnswer, type) : null;
        }
    }

    static readonly byte[] BusyAnswer = """{"errcode":-1,"errmsg":"no connection"}"""u8.ToArray();

    /// <summary>True when the request did not leave this machine, so that it counts as busy and not as perhaps done: an open circuit, no name, no connection.</summary>
    static bool NeverLeft(Exception failure) => failure is BrokenCircuitException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    static MiniProgramFailure Failed(MiniProgramAnswer? answer, Func<int, MiniProgramProblem> problem) => answer switch
    {
        { Errcode: { } errcode and not 0 } => new(problem(errcode), errcode, answer.Errmsg, MiniProgramErrors.Rid(answer.Errmsg)),
        _ => new(MiniProgramProblem.Unreachable, null, null, null),
    };

    /// <summary>What a missing token means for a message: nothing was sent in any case.</summary>
    static SubscribeOutcome NotSent(MiniProgramProblem problem) => problem switch
    {
        MiniProgramProblem.Busy or MiniProgramProblem.Unreachable => SubscribeOutcome.Busy,
        MiniProgramProblem.Throttled => SubscribeOutcome.Throttled,
        MiniProgramProblem.DailyLimit => SubscribeOutcome.DailyLimit,
        MiniProgramProblem.Configuration => SubscribeOutcome.Configuration,
        _ => SubscribeOutcome.TokenInvalid,
    };
}
