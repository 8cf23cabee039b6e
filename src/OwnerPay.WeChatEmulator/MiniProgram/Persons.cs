using System.Collections.Concurrent;
using System.Security.Cryptography;
using OwnerPay.WeChat;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary>Login and phone number: exchanges the one-time codes of a person's phone.</summary>
sealed class Persons(Store store, Keys keys)
{
    /// <summary>A person may log in 100 times a minute.</summary>
    readonly ConcurrentDictionary<string, Allowance> logins = new();

    /// <summary><c>GET /sns/jscode2session</c>; the answer says text/plain as WeChat's does.</summary>
    public async Task<ApiAnswer> Login(ApiRequest request)
    {
        var answer = await Session(request);
        return answer with { ContentType = "text/plain" };
    }

    async Task<ApiAnswer> Session(ApiRequest request)
    {
        if (request.Query("appid") is not { } appid) return ApiAnswer.Refuse(41002, "appid missing");
        if (request.Query("secret") is not { } secret) return ApiAnswer.Refuse(41004, "appsecret missing");
        if (request.Query("js_code") is not { } code) return ApiAnswer.Refuse(41008, "missing code");
        if (request.Query("grant_type") != "authorization_code") return ApiAnswer.Refuse(40002, "invalid grant_type");
        if (appid != keys.Appid) return ApiAnswer.InvalidAppid;
        if (secret != keys.Appsecret) return ApiAnswer.InvalidSecret;
        return await Redeem(code, UserCodeKind.Login, ApiAnswer.Refuse(40163, "code been used"), user => new(WireJson.Bytes(
            new Code2SessionAnswer
            {
                Openid = user.Openid, SessionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)), Unionid = user.Unionid,
            }, MiniProgramJson.Types.Code2SessionAnswer)));
    }

    /// <summary><c>POST /wxa/business/getuserphonenumber</c>.</summary>
    public async Task<ApiAnswer> PhoneNumber(ApiRequest request)
    {
        if (WireJson.TryRead(request.Body, MiniProgramJson.Types.PhoneNumberRequest) is not { Code: { } code }) return ApiAnswer.DataFormat;
        return await Redeem(code, UserCodeKind.Phone, ApiAnswer.InvalidCode, user => new(WireJson.Bytes(
            new PhoneNumberAnswer
            {
                Errcode = 0,
                Errmsg = "ok",
                PhoneInfo = new()
                {
                    PhoneNumber = user.Phone,
                    PurePhoneNumber = user.Phone,
                    CountryCode = "86",
                    Watermark = new(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), keys.Appid),
                },
            }, MiniProgramJson.Types.PhoneNumberAnswer)));
    }

    Task<ApiAnswer> Redeem(string code, UserCodeKind kind, ApiAnswer usedBefore, Func<WeChatUser, ApiAnswer> answer) => store.Write(async db =>
    {
        var known = await db.Codes.FindAsync(code);
        if (known is null || known.Kind != kind || TimeProvider.System.GetUtcNow() > known.IssuedAt + UserCode.Life) return ApiAnswer.InvalidCode;
        if (known.Used) return usedBefore;
        if (kind == UserCodeKind.Login && !logins.GetOrAdd(known.Openid, _ => new(100, seconds: 60)).Take()) return ApiAnswer.TooFrequent;
        known.Used = true;
        return answer((await db.Users.FindAsync(known.Openid))!);
    });
}
