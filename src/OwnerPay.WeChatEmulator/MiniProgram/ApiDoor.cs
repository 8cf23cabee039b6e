using System.Security.Cryptography;
using System.Text;
using OwnerPay.WeChat;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary>A call of api.weixin.qq.com as received.</summary>
sealed record ApiRequest(HttpContext Http, byte[] Body)
{
    /// <returns>The parameter, or null when it is absent or empty.</returns>
    public string? Query(string name) => Http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
}

/// <summary>What a mini-program call answers: always HTTP 200; success or <c>errcode</c>.</summary>
sealed record ApiAnswer(byte[] Body, string ContentType = "application/json; encoding=utf-8")
{
    public static ApiAnswer Refuse(int errcode, string errmsg) => new(WireJson.Bytes(
        new MiniProgramAnswer { Errcode = errcode, Errmsg = $"{errmsg} rid: {Rid()}" }, MiniProgramJson.Types.MiniProgramAnswer));

    public static ApiAnswer InvalidCredential => Refuse(40001, "invalid credential, access_token is invalid or not latest");
    public static ApiAnswer InvalidCode => Refuse(40029, "invalid code");
    public static ApiAnswer InvalidAppid => Refuse(40013, "invalid appid");
    public static ApiAnswer InvalidSecret => Refuse(40125, "invalid appsecret");
    public static ApiAnswer DataFormat => Refuse(47001, "data format error");
    public static ApiAnswer TooFrequent => Refuse(45011, "api minute-quota reach limit, must slower, retry next minute");

    static string Rid()
    {
        var hex = RandomNumberGenerator.GetHexString(24, lowercase: true);
        return $"{hex[..8]}-{hex[8..16]}-{hex[16..]}";
    }
}

/// <summary>Around every mini-program call: reads the body, lets faults strike, writes the answer.</summary>
sealed class ApiDoor(FaultList faults, AccessTokens tokens)
{
    const int MaximumBody = 1 << 20;

    public RequestDelegate Open(Func<ApiRequest, Task<ApiAnswer>> call) => async http =>
    {
        var body = await ReadBody(http);
        string Where() => $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n{Encoding.UTF8.GetString(body)}";
        ApiAnswer answer;
        if (faults.Strike(FaultKind.FrequencyLimited, Where) is not null) answer = ApiAnswer.TooFrequent;
        else if (faults.Strike(FaultKind.Refused, Where) is { } refused) answer = ApiAnswer.Refuse(refused.Errcode, "refused");
        else
        {
            answer = await call(new(http, body));
            if (faults.Strike(FaultKind.SystemErrorAfterDoing, Where) is not null) answer = ApiAnswer.Refuse(-1, "system error");
            if (faults.Strike(FaultKind.Slow, Where) is { } slow) await Task.Delay(TimeSpan.FromSeconds(slow.Seconds), http.RequestAborted);
            if (faults.Strike(FaultKind.ConnectionReset, Where) is not null)
            {
                http.Abort();
                return;
            }
        }
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.Body.WriteAsync(answer.Body);
    };

    /// <summary>As <see cref="Open"/>, for calls that carry <c>access_token</c> in the query.</summary>
    public RequestDelegate WithToken(Account account, Func<ApiRequest, Task<ApiAnswer>> call) => Open(async request =>
    {
        string Where() => $"{request.Http.Request.Method} {request.Http.Request.Path}\n{Encoding.UTF8.GetString(request.Body)}";
        if (request.Query("access_token") is not { } token) return ApiAnswer.Refuse(41001, "access_token missing");
        if (faults.Strike(FaultKind.TokenInvalid, Where) is not null) await tokens.Kill(token);
        return await tokens.Refusal(token, account) ?? await call(request);
    });

    static async Task<byte[]> ReadBody(HttpContext http)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk)) > 0 && buffer.Length <= MaximumBody) buffer.Write(chunk, 0, read);
        return buffer.ToArray();
    }
}
