using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary><c>POST /cgi-bin/stable_token</c>: the same token until 5 minutes before its end, then a new one beside the old.</summary>
/// <remarks>All of it on the system clock. <c>force_refresh</c> kills the older tokens at once: 20 a day (45009), 30 s apart (45011).</remarks>
sealed class AccessTokens(Store store, Keys keys)
{
    static readonly TimeSpan Life = TimeSpan.FromHours(2), Overlap = TimeSpan.FromMinutes(5), BetweenForced = TimeSpan.FromSeconds(30);
    const int ForcedPerDay = 20;

    readonly List<DateTimeOffset> forced = [];

    public async Task<ApiAnswer> Stable(ApiRequest request)
    {
        if (request.Http.Request.Method != "POST") return ApiAnswer.Refuse(43002, "require POST method");
        if (MiniProgramJson.TryRead(request.Body, MiniProgramJson.Types.StableTokenRequest) is not { } asked)
            return Json.TryObject(request.Body) is { } partial ? Missing(partial) : ApiAnswer.DataFormat;
        if (asked.GrantType != "client_credential") return ApiAnswer.Refuse(40002, "invalid grant_type");
        if (asked.Appid != keys.Appid) return ApiAnswer.InvalidAppid;
        if (asked.Secret != keys.Appsecret) return ApiAnswer.InvalidSecret;
        var now = TimeProvider.System.GetUtcNow();
        return await store.Write(async db =>
        {
            if (asked.ForceRefresh == true && ForcedTooOften(now) is { } refusal) return refusal;
            var live = await db.Tokens.OrderByDescending(token => token.IssuedAt).ToListAsync();
            db.RemoveRange(live.Where(token => asked.ForceRefresh == true || token.ExpiresAt <= now));
            var current = asked.ForceRefresh == true ? null : live.FirstOrDefault(token => token.ExpiresAt > now + Overlap);
            if (current is null)
            {
                var random = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", 133);
                current = new() { Token = $"99_{random}", IssuedAt = now, ExpiresAt = now + Life };
                db.Add(current);
            }
            var answer = new StableTokenAnswer { AccessToken = current.Token, ExpiresIn = (int)(current.ExpiresAt - now).TotalSeconds };
            return new ApiAnswer(MiniProgramJson.Bytes(answer, MiniProgramJson.Types.StableTokenAnswer));
        });
    }

    static ApiAnswer Missing(JsonElement body) =>
        !body.TryGetProperty("grant_type", out _) ? ApiAnswer.Refuse(40002, "invalid grant_type")
        : !body.TryGetProperty("appid", out _) ? ApiAnswer.Refuse(41002, "appid missing")
        : !body.TryGetProperty("secret", out _) ? ApiAnswer.Refuse(41004, "appsecret missing")
        : ApiAnswer.DataFormat;

    ApiAnswer? ForcedTooOften(DateTimeOffset now)
    {
        forced.RemoveAll(at => at < now.AddDays(-1));
        if (forced.Count >= ForcedPerDay) return ApiAnswer.Refuse(45009, "reach max api daily quota limit");
        if (forced.Count > 0 && now - forced[^1] < BetweenForced) return ApiAnswer.TooFrequent;
        forced.Add(now);
        return null;
    }

    /// <returns>40001 for an unknown token, 42001 for one past its end, null for a good one.</returns>
    public async Task<ApiAnswer?> Refusal(string token)
    {
        var known = await store.Read(db => db.Tokens.SingleOrDefaultAsync(row => row.Token == token));
        if (known is null) return ApiAnswer.InvalidCredential;
        return known.ExpiresAt > TimeProvider.System.GetUtcNow() ? null : ApiAnswer.Refuse(42001, "access_token expired");
    }

    /// <summary>The token dies before its time.</summary>
    public Task Kill(string token) => store.Write(db => db.Tokens.Where(row => row.Token == token).ExecuteDeleteAsync());
}
