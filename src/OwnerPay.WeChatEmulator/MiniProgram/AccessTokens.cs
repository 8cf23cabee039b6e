using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary><c>POST /cgi-bin/stable_token</c>: the same token until 5 minutes before its end, then a new one beside the old.</summary>
/// <remarks>All of it on the system clock. <c>force_refresh</c> kills the older tokens at once: 20 a day (45009), 30 s apart (45011).</remarks>
sealed class AccessTokens(Store store, Keys keys)
{
    static readonly TimeSpan Life = TimeSpan.FromHours(2), Overlap = TimeSpan.FromMinutes(5), BetweenForced = TimeSpan.FromSeconds(30);
    const int ForcedPerDay = 20;

    readonly List<(string Appid, DateTimeOffset At)> forcedSoFar = [];

    public async Task<ApiAnswer> Stable(ApiRequest request)
    {
        if (request.Http.Request.Method != "POST") return ApiAnswer.Refuse(43002, "require POST method");
        if (WireJson.TryRead(request.Body, MiniProgramJson.Types.StableTokenRequest) is not { } asked)
            return Json.TryObject(request.Body) is { } partial ? Missing(partial) : ApiAnswer.DataFormat;
        if (asked.GrantType != "client_credential") return ApiAnswer.Refuse(40002, "invalid grant_type");
        if (AccountOf(asked.Appid) is not { } account) return ApiAnswer.InvalidAppid;
        if (asked.Secret != account.Secret) return ApiAnswer.InvalidSecret;
        var now = TimeProvider.System.GetUtcNow();
        return await store.Write(async db =>
        {
            if (asked.ForceRefresh == true && ForcedTooOften(account, now) is { } refusal) return refusal;
            var live = await db.Tokens.Where(token => token.Appid == account.Appid).OrderByDescending(token => token.IssuedAt).ToListAsync();
            db.RemoveRange(live.Where(token => asked.ForceRefresh == true || token.ExpiresAt <= now));
            var current = asked.ForceRefresh == true ? null : live.FirstOrDefault(token => token.ExpiresAt > now + Overlap);
            if (current is null) db.Add(current = New(account, now));
            var answer = new StableTokenAnswer { AccessToken = current.Token, ExpiresIn = (int)(current.ExpiresAt - now).TotalSeconds };
            return new ApiAnswer(WireJson.Bytes(answer, MiniProgramJson.Types.StableTokenAnswer));
        });
    }

    /// <summary><c>GET /cgi-bin/token</c>: a new token with every call, the old ones live 5 more minutes.</summary>
    public async Task<ApiAnswer> Plain(ApiRequest request)
    {
        if (request.Query("grant_type") != "client_credential") return ApiAnswer.Refuse(40002, "invalid grant_type");
        if (request.Query("appid") is not { } appid) return ApiAnswer.Refuse(41002, "appid missing");
        if (request.Query("secret") is not { } secret) return ApiAnswer.Refuse(41004, "appsecret missing");
        if (AccountOf(appid) is not { } account) return ApiAnswer.InvalidAppid;
        if (secret != account.Secret) return ApiAnswer.InvalidSecret;
        var now = TimeProvider.System.GetUtcNow();
        return await store.Write(async db =>
        {
            var until = now + Overlap;
            await db.Tokens.Where(token => token.Appid == appid && token.ExpiresAt > until)
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.ExpiresAt, until));
            var fresh = New(account, now);
            db.Add(fresh);
            var answer = new StableTokenAnswer { AccessToken = fresh.Token, ExpiresIn = (int)Life.TotalSeconds };
            return new ApiAnswer(WireJson.Bytes(answer, MiniProgramJson.Types.StableTokenAnswer));
        });
    }

    Account? AccountOf(string appid) =>
        appid == keys.MiniProgram.Appid ? keys.MiniProgram : appid == keys.OfficialAccount.Appid ? keys.OfficialAccount : null;

    static TokenRow New(Account account, DateTimeOffset now) => new()
    {
        Token = $"99_{RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", 133)}",
        Appid = account.Appid, IssuedAt = now, ExpiresAt = now + Life,
    };

    static ApiAnswer Missing(JsonElement body) =>
        !body.TryGetProperty("grant_type", out _) ? ApiAnswer.Refuse(40002, "invalid grant_type")
        : !body.TryGetProperty("appid", out _) ? ApiAnswer.Refuse(41002, "appid missing")
        : !body.TryGetProperty("secret", out _) ? ApiAnswer.Refuse(41004, "appsecret missing")
        : ApiAnswer.DataFormat;

    ApiAnswer? ForcedTooOften(Account account, DateTimeOffset now)
    {
        forcedSoFar.RemoveAll(forced => forced.At < now.AddDays(-1));
        var own = forcedSoFar.Where(forced => forced.Appid == account.Appid).ToList();
        if (own.Count >= ForcedPerDay) return ApiAnswer.Refuse(45009, "reach max api daily quota limit");
        if (own.Count > 0 && now - own[^1].At < BetweenForced) return ApiAnswer.TooFrequent;
        forcedSoFar.Add((account.Appid, now));
        return null;
    }

    /// <returns>40001 for an unknown token, 42001 for one past its end, null for a good one.</returns>
    /// <param name="account">Whose calls are made with it; another's token is none here.</param>
    public async Task<ApiAnswer?> Refusal(string token, Account account)
    {
        var known = await store.Read(db => db.Tokens.SingleOrDefaultAsync(row => row.Token == token && row.Appid == account.Appid));
        if (known is null) return ApiAnswer.InvalidCredential;
        return known.ExpiresAt > TimeProvider.System.GetUtcNow() ? null : ApiAnswer.Refuse(42001, "access_token expired");
    }

    /// <summary>The token dies before its time.</summary>
    public Task Kill(string token) => store.Write(db => db.Tokens.Where(row => row.Token == token).ExecuteDeleteAsync());
}
