using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.OfficialAccount;

/// <summary>Template messages of a verified service account (服务号). Host and access token are those of mini-programs, the account is one of its
/// own.</summary>
public sealed class OfficialAccountClient
{
    readonly Api api;

    internal OfficialAccountClient(Api api) => this.api = api;

    /// <summary>Sends a template message, unless a value breaks its rule. Repeated under the same id when WeChat is busy, which cannot send it
    /// twice.</summary>
    public async Task<TemplateResult> SendAsync(MiniProgramCredentials account, TemplateMessage message, CancellationToken cancel = default)
    {
        if (message.ClientMsgId.Length is 0 or > 32)
            return new(TemplateOutcome.BadRequest, Errmsg: "client_msg_id: 1 to 32 characters", Field: "client_msg_id");
        if (TemplateData.Validate(message.Values) is [var fault, ..]) return new(TemplateOutcome.BadData, Field: fault.Field, Fault: fault);
        var body = WireJson.Bytes(new TemplateSendRequest
        {
            Touser = message.Openid,
            TemplateId = message.TemplateId,
            Url = message.Url,
            Miniprogram = message.MiniProgram is { } jump ? new(jump.Appid, jump.Pagepath) : null,
            ClientMsgId = message.ClientMsgId,
            Data = message.Values.ToDictionary(value => value.Key, value => new TemplateValue(value.Value)),
        }, MiniProgramJson.Types.TemplateSendRequest);
        var reply = await api.WithTokenAsync(
            "template.send", account, "/cgi-bin/message/template/send", body, MiniProgramJson.Types.TemplateSendAnswer, WhenBusy.Repeat, cancel);
        if (reply.TokenFailure is { } failure) return new(NoToken(failure.Problem), null, failure.Errcode, failure.Errmsg, failure.Rid);
        if (reply.Reach == Reach.NeverLeft) return new(TemplateOutcome.NotReached);
        if (reply.Answer is not { Errcode: { } errcode } answer) return new(TemplateOutcome.MaybeSent);
        var outcome = Outcome(errcode);
        return new(outcome, answer.Msgid, errcode, answer.Errmsg, MiniProgramErrors.Rid(answer.Errmsg),
            outcome == TemplateOutcome.BadData ? MiniProgramErrors.Field(answer.Errmsg) : null);
    }

    /// <summary>Asks who followers are (<c>user/info/batchget</c>), at most 100 in a call. Of somebody who stopped following WeChat tells
    /// nothing.</summary>
    public async Task<MiniProgramResult<FollowersAnswer>> GetFollowersAsync(
        MiniProgramCredentials account, IReadOnlyList<string> openids, CancellationToken cancel = default)
    {
        var body = WireJson.Bytes(new FollowersRequest([.. openids.Select(openid => new FollowerRequest(openid))]),
            MiniProgramJson.Types.FollowersRequest);
        var reply = await api.WithTokenAsync(
            "user.info.batchget", account, "/cgi-bin/user/info/batchget", body, MiniProgramJson.Types.FollowersAnswer, WhenBusy.Repeat, cancel);
        return reply.Answer is { UserInfoList: not null, Errcode: null or 0 } answer ? answer : Api.Failed(reply, code =>
            MiniProgramErrors.Problem(code));
    }

    static TemplateOutcome Outcome(int errcode) => errcode switch
    {
        0 => TemplateOutcome.Sent,
        43004 or 50005 => TemplateOutcome.NotFollowing,
        40003 => TemplateOutcome.UserGone,
        43101 or 43116 => TemplateOutcome.Refused,
        40037 => TemplateOutcome.TemplateBroken,
        40013 or 40165 => TemplateOutcome.JumpBroken,
        47003 => TemplateOutcome.BadData,
        47001 or 40002 or 43002 or (>= 41001 and <= 41999) => TemplateOutcome.BadRequest,
        45011 => TemplateOutcome.Throttled,
        45009 => TemplateOutcome.DailyLimit,
        -1 => TemplateOutcome.Busy,
        40001 or 40014 or 42001 => TemplateOutcome.TokenInvalid,
        48001 or 40125 or 40164 or 50004 or 50007 or 89503 or 89506 or 89507 => TemplateOutcome.Configuration,
        _ => TemplateOutcome.Unknown,
    };

    /// <summary>Nothing was sent in any case.</summary>
    static TemplateOutcome NoToken(MiniProgramProblem problem) => problem switch
    {
        MiniProgramProblem.Busy or MiniProgramProblem.Unreachable => TemplateOutcome.NotReached,
        MiniProgramProblem.Throttled => TemplateOutcome.Throttled,
        MiniProgramProblem.DailyLimit => TemplateOutcome.DailyLimit,
        MiniProgramProblem.Configuration => TemplateOutcome.Configuration,
        _ => TemplateOutcome.TokenInvalid,
    };
}
