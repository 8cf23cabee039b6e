using System.Text.RegularExpressions;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>The error codes of api.weixin.qq.com as cases.</summary>
public static partial class MiniProgramErrors
{
    /// <summary>Codes after which the token is fetched anew and the call repeated once.</summary>
    public static bool IsToken(int errcode) => errcode is 40001 or 40014 or 42001;

    /// <summary>Codes that tell what a user wants and no fault of anybody: they come by the thousand and would hide the faults.</summary>
    public static bool IsUsersWish(int errcode) => errcode is 43101 or 43004 or 50005;

    /// <summary>For login and phone number.</summary>
    /// <param name="ofCode">True where 40013 means a client's code of another app, as for phone numbers.</param>
    public static MiniProgramProblem Problem(int errcode, bool ofCode = false) => errcode switch
    {
        -1 => MiniProgramProblem.Busy,
        40029 => MiniProgramProblem.CodeInvalid,
        40013 when ofCode => MiniProgramProblem.CodeInvalid,
        40163 => MiniProgramProblem.CodeUsed,
        40226 => MiniProgramProblem.HighRiskUser,
        45011 => MiniProgramProblem.Throttled,
        45009 => MiniProgramProblem.DailyLimit,
        40001 or 40014 or 42001 => MiniProgramProblem.TokenInvalid,
        40013 or 40125 or 40164 or 41002 or 41004 or 48001 or 50004 or 50007 or 89503 or 89506 or 89507 => MiniProgramProblem.Configuration,
        40002 or 41008 or 43002 or 47001 => MiniProgramProblem.BadRequest,
        _ => MiniProgramProblem.Unknown,
    };

    /// <summary>For fetching a token: 40001 there means a wrong secret.</summary>
    public static MiniProgramProblem TokenProblem(int errcode) =>
        errcode == 40001 ? MiniProgramProblem.Configuration : Problem(errcode);

    /// <summary>For mini-program codes, where the limit counts minutes and not days.</summary>
    public static MiniProgramProblem CodeProblem(int errcode) => errcode switch
    {
        40097 or 40129 or 40169 or 85096 => MiniProgramProblem.BadRequest,
        41030 => MiniProgramProblem.PageMissing,
        45009 => MiniProgramProblem.Throttled,
        _ => Problem(errcode),
    };

    /// <summary>For subscription messages.</summary>
    public static SubscribeOutcome Outcome(int errcode) => errcode switch
    {
        0 => SubscribeOutcome.Sent,
        43101 => SubscribeOutcome.NoGrant,
        40003 => SubscribeOutcome.UserGone,
        40037 => SubscribeOutcome.TemplateBroken,
        41030 => SubscribeOutcome.PageMissing,
        47003 => SubscribeOutcome.BadData,
        45168 => SubscribeOutcome.SensitiveWords,
        43107 => SubscribeOutcome.Banned,
        43108 or 45011 => SubscribeOutcome.Throttled,
        45009 => SubscribeOutcome.DailyLimit,
        -1 => SubscribeOutcome.Busy,
        40001 or 40014 or 42001 => SubscribeOutcome.TokenInvalid,
        48001 or 40013 or 40125 or 40164 or 41002 or 41004 or 50004 or 50007 or 89503 or 89506 or 89507 => SubscribeOutcome.Configuration,
        40002 or 43002 or 47001 => SubscribeOutcome.BadRequest,
        _ => SubscribeOutcome.Unknown,
    };

    /// <returns>The template key that the text of a 47003 names, such as <c>thing3</c>; null if it names none.</returns>
    public static string? Field(string? errmsg) =>
        DataField().Match(errmsg ?? "") is { Success: true } m ? m.Groups["field"].Value : null;

    /// <returns>The call's id for WeChat's diagnosis, found at the end of an error text.</returns>
    public static string? Rid(string? errmsg) =>
        RidText().Match(errmsg ?? "") is { Success: true } m ? m.Groups["rid"].Value : null;

    [GeneratedRegex(@"data\.(?<field>[A-Za-z_]+[0-9]+)")]
    private static partial Regex DataField();

    [GeneratedRegex(@"rid: ?(?<rid>[0-9A-Za-z-]+)")]
    private static partial Regex RidText();
}
