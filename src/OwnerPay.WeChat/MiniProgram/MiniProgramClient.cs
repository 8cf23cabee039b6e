namespace OwnerPay.WeChat.MiniProgram;

/// <summary>The server calls of a mini-program: login, phone number, subscription messages, and the access token behind them.</summary>
/// <remarks>A code from the client works once and a message uses up a grant, so nothing is repeated after a time-out. When WeChat says that it is
/// busy (-1), all but messages are repeated a few times. A refused token is fetched anew, once.</remarks>
public sealed class MiniProgramClient
{
    readonly Api api;

    internal MiniProgramClient(Api api) => this.api = api;

    /// <summary>Turns the client's login code into the user (<c>jscode2session</c>).</summary>
    /// <param name="jsCode">From <c>wx.login</c>: 5 minutes, one use.</param>
    public async Task<MiniProgramResult<Session>> LoginAsync(MiniProgramCredentials app, string jsCode, CancellationToken cancel = default)
    {
        var path = $"/sns/jscode2session?appid={Uri.EscapeDataString(app.Appid)}&secret={Uri.EscapeDataString(app.Secret)}"
            + $"&js_code={Uri.EscapeDataString(jsCode)}&grant_type=authorization_code";
        var reply = await api.CallAsync("jscode2session", app, path, null, MiniProgramJson.Types.Code2SessionAnswer, WhenBusy.Repeat, cancel);
        if (reply.Answer is { Openid: { Length: > 0 } openid, SessionKey: { Length: > 0 } key, Errcode: null or 0 } answer)
            return new Session(openid, answer.Unionid, key);
        return Api.Failed(reply, code => MiniProgramErrors.Problem(code));
    }

    /// <summary>Asks for the phone number behind the client's code. Each success is charged.</summary>
    /// <param name="code">From the phone number button, not the login code: 5 minutes, one use.</param>
    public async Task<MiniProgramResult<PhoneInfo>> GetPhoneNumberAsync(MiniProgramCredentials app, string code, CancellationToken cancel = default)
    {
        var body = WireJson.Bytes(new PhoneNumberRequest(code), MiniProgramJson.Types.PhoneNumberRequest);
        var reply = await api.WithTokenAsync(
            "getuserphonenumber", app, "/wxa/business/getuserphonenumber", body, MiniProgramJson.Types.PhoneNumberAnswer, WhenBusy.Repeat, cancel);
        if (reply.Answer is not { PhoneInfo: { } phone, Errcode: null or 0 })
            return Api.Failed(reply, errcode => MiniProgramErrors.Problem(errcode, ofCode: true));
        return phone.Watermark?.Appid == app.Appid
            ? phone
            : new MiniProgramFailure(MiniProgramProblem.ForeignAppid, 0, "watermark.appid", null);
    }

    /// <summary>Sends a subscription message, unless a value breaks its rule.</summary>
    public async Task<SubscribeResult> SendAsync(MiniProgramCredentials app, SubscribeMessage message, CancellationToken cancel = default)
    {
        if (TemplateData.Validate(message.Values) is [var fault, ..])
            return new SubscribeResult(SubscribeOutcome.BadData, Field: fault.Field, Fault: fault);
        var body = WireJson.Bytes(new SubscribeSendRequest
        {
            Touser = message.Openid,
            TemplateId = message.TemplateId,
            Page = message.Page,
            MiniprogramState = message.State,
            Lang = message.Lang,
            Data = message.Values.ToDictionary(value => value.Key, value => new TemplateValue(value.Value)),
        }, MiniProgramJson.Types.SubscribeSendRequest);
        var reply = await api.WithTokenAsync(
            "subscribe.send", app, "/cgi-bin/message/subscribe/send", body, MiniProgramJson.Types.SubscribeSendAnswer, WhenBusy.Tell, cancel);
        if (reply.TokenFailure is { } failure) return new(NotSent(failure.Problem), null, failure.Errcode, failure.Errmsg, failure.Rid);
        if (reply.Reach == Reach.NeverLeft) return new(SubscribeOutcome.NotReached);
        if (reply.Answer is not { Errcode: { } errcode } answer) return new(SubscribeOutcome.MaybeSent);
        var outcome = MiniProgramErrors.Outcome(errcode);
        return new SubscribeResult(outcome, answer.Msgid, errcode, answer.Errmsg, MiniProgramErrors.Rid(answer.Errmsg),
            outcome == SubscribeOutcome.BadData ? MiniProgramErrors.Field(answer.Errmsg) : null);
    }

    /// <summary>What a missing token means for a message: nothing was sent in any case.</summary>
    static SubscribeOutcome NotSent(MiniProgramProblem problem) => problem switch
    {
        MiniProgramProblem.Busy or MiniProgramProblem.Unreachable => SubscribeOutcome.NotReached,
        MiniProgramProblem.Throttled => SubscribeOutcome.Throttled,
        MiniProgramProblem.DailyLimit => SubscribeOutcome.DailyLimit,
        MiniProgramProblem.Configuration => SubscribeOutcome.Configuration,
        _ => SubscribeOutcome.TokenInvalid,
    };

    /// <summary>Makes a mini-program code that leads to a page (<c>getwxacodeunlimit</c>). Codes are permanent and without number limit; 5,000 a
    /// minute.</summary>
    public async Task<MiniProgramResult<MiniProgramCode>> CreateCodeAsync(
        MiniProgramCredentials app, MiniProgramCodeRequest code, CancellationToken cancel = default)
    {
        if (code.Fault() is { } fault) return new MiniProgramFailure(MiniProgramProblem.BadRequest, null, fault, null);
        var reply = await api.WithTokenAsync("getwxacodeunlimit", app, "/wxa/getwxacodeunlimit",
            WireJson.Bytes(code, MiniProgramJson.Types.MiniProgramCodeRequest), MiniProgramCodeAnswer.Read, WhenBusy.Repeat, cancel);
        return reply.Answer is { Code: { } image } ? image : Api.Failed(reply, MiniProgramErrors.CodeProblem);
    }

    /// <summary>A usable access token, from the store or fetched by one caller while the others wait.</summary>
    public Task<MiniProgramResult<AccessToken>> TokenAsync(MiniProgramCredentials app, CancellationToken cancel = default) =>
        api.TokenAsync(app, replace: false, cancel);

    /// <summary>Ends the token in force at once and fetches another: only after a leak, at most 20 times a day and 30 s apart. A token that WeChat
    /// merely refuses is replaced by itself.</summary>
    public Task<MiniProgramResult<AccessToken>> ReplaceTokenAsync(MiniProgramCredentials app, CancellationToken cancel = default) =>
        api.TokenAsync(app, replace: true, cancel);
}
