using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Owners;

/// <param name="AppId">The mini-program in which the user is.</param>
/// <param name="Code">From <c>wx.login</c>: good for five minutes and one use.</param>
public sealed record SessionRequest([property: Required, MaxLength(32)] string AppId, [property: Required, MaxLength(128)] string Code);

/// <param name="Token">For <c>Authorization: Bearer</c>.</param>
/// <param name="ExpiresAt">Two hours ahead on the system clock; then log in again.</param>
public sealed record SessionAnswer(string Token, DateTimeOffset ExpiresAt);

/// <summary>Exchanges a login code of the mini-program for a session token.</summary>
/// <remarks>Errors: <c>app_unknown</c> 400, <c>login_code_invalid</c> 401 (WeChat's 40029 and 40163), <c>login_refused</c> 403 (40226),
/// <c>wechat_busy</c> 503. The session key is kept wrapped and goes into no log.</remarks>
public sealed partial class OpenSession(
    OwnerPayDb db, MiniProgramClient wechat, MiniPrograms programs, OwnerTokens tokens, MasterKey master, ILogger<OpenSession> log)
{
    public static readonly Error WeChatBusy = new(503, "wechat_busy", "微信服务繁忙，请稍后再试");
    static readonly Error AppUnknown = new(400, "app_unknown", "未开通的小程序") { Field = "appId" };
    static readonly Error CodeInvalid = new(401, "login_code_invalid", "登录凭证已失效，请重新登录") { Field = "code" };
    static readonly Error Refused = new(403, "login_refused", "微信提示该账号存在风险，暂时不能登录");

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/sessions", Post).WithName("openSession").BeforeSignIn(Door.Owner).CanFail(AppUnknown, CodeInvalid, Refused, WeChatBusy);

    static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> Post(SessionRequest request, OpenSession open, CancellationToken cancel) =>
        (await open.Run(request, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<SessionAnswer>> Run(SessionRequest request, CancellationToken cancel)
    {
        if (await programs.Find(request.AppId, cancel) is not { } app) return AppUnknown;
        var login = await wechat.LoginAsync(app, request.Code, cancel);
        if (!login.IsSuccess)
        {
            LoginFailed(log, request.AppId, login.Failure.Problem, login.Failure.Errcode, login.Failure.Rid);
            return login.Failure.Problem switch
            {
                MiniProgramProblem.CodeInvalid or MiniProgramProblem.CodeUsed => CodeInvalid,
                MiniProgramProblem.HighRiskUser => Refused,
                _ => WeChatBusy,
            };
        }
        var user = await Remember(request.AppId, login.Value, cancel);
        var (token, expiresAt) = await tokens.Issue(user, cancel);
        return new SessionAnswer(token, expiresAt);
    }

    async Task<Guid> Remember(string appId, Session session, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sessionKey = master.Wrap(WeChatUser.SessionKeyPurpose, session.SessionKey);
        for (var again = true; ; again = false)
        {
            var users = db.WeChatUsers;
            var user = await users.SingleOrDefaultAsync(u => u.AppId == appId && u.OpenId == session.Openid, cancel);
            if (user is null) db.Add(user = new WeChatUser { Id = Guid.CreateVersion7(), AppId = appId, OpenId = session.Openid, CreatedAt = now });
            (user.UnionId, user.SessionKeyWrapped, user.LastLoginAt) = (session.Unionid ?? user.UnionId, sessionKey, now);
            try
            {
                await db.SaveChangesAsync(cancel);
                return user.Id;
            }
            catch (DbUpdateException twin) when (again
                && WriteFailure.Violates(twin, "WeChatUsers", nameof(WeChatUser.AppId), nameof(WeChatUser.OpenId)))
            {
                db.ChangeTracker.Clear();    // the same person logged in twice at once for the first time
            }
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "Login through {AppId} failed: {Problem}, WeChat code {Errcode}, rid {Rid}")]
    static partial void LoginFailed(ILogger log, string appId, MiniProgramProblem problem, int? errcode, string? rid);
}
