using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChatEmulator.MiniProgram;
using OwnerPay.WeChatEmulator.MiniProgram.Pushing;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.OfficialAccount;

/// <summary>Who follows the service account, and <c>/cgi-bin/user/</c>, by which it learns their unionids.</summary>
sealed class Followers(Store store, Keys keys, Pushes pushes)
{
    const int Batch = 100, Page = 10_000;

    /// <summary>The person follows; the account gets an openid of its own and the unionid that joins both.</summary>
    public async Task<Follower> Follow(string userOpenid)
    {
        var follower = await store.Write(async db =>
        {
            var user = await db.Users.FindAsync(userOpenid);
            if (user is null) db.Add(user = new() { Openid = userOpenid });
            user.Unionid ??= $"o{Random(27)}";
            var follower = await db.Followers.SingleOrDefaultAsync(one => one.UserOpenid == userOpenid);
            if (follower is null) db.Add(follower = new() { Openid = $"o{Random(27)}", Unionid = user.Unionid, UserOpenid = userOpenid });
            follower.Follows = true;
            follower.FollowedAt = TimeProvider.System.GetUtcNow();
            return follower;
        });
        await pushes.Tell(keys.OfficialAccount, follower.Openid, PushEvent.Follow(true));
        return follower;
    }

    /// <returns>Null when the person never followed.</returns>
    public async Task<Follower?> Unfollow(string userOpenid)
    {
        var follower = await Change(userOpenid, one => one.Follows = false);
        if (follower is not null) await pushes.Tell(keys.OfficialAccount, follower.Openid, PushEvent.Follow(false));
        return follower;
    }

    public Task<Follower?> Change(string userOpenid, Action<Follower> change) => store.Write(async db =>
    {
        var follower = await db.Followers.SingleOrDefaultAsync(one => one.UserOpenid == userOpenid);
        if (follower is not null) change(follower);
        return follower;
    });

    static string Random(int length) =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", length);

    /// <summary><c>GET /cgi-bin/user/info</c>.</summary>
    public async Task<ApiAnswer> Info(ApiRequest request)
    {
        if (request.Query("openid") is not { } openid) return ApiAnswer.Refuse(40003, "invalid openid");
        var follower = await store.Read(db => db.Followers.SingleOrDefaultAsync(one => one.Openid == openid));
        return follower is null ? ApiAnswer.Refuse(40003, "invalid openid") : new(Json.Bytes(Shown(follower)));
    }

    /// <summary><c>POST /cgi-bin/user/info/batchget</c>, at most 100.</summary>
    public async Task<ApiAnswer> Infos(ApiRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body || !body.TryGetProperty("user_list", out var list)
            || list.ValueKind != JsonValueKind.Array) return ApiAnswer.DataFormat;
        if (list.GetArrayLength() is 0 or > Batch) return ApiAnswer.Refuse(40032, "invalid openid list size");
        var openids = list.EnumerateArray().Select(one =>
            one.ValueKind == JsonValueKind.Object && one.TryGetProperty("openid", out var id) ? id.ToString() : "").ToArray();
        var found = await store.Read(db => db.Followers.Where(one => openids.Contains(one.Openid)).ToListAsync());
        if (openids.Any(openid => found.TrueForAll(one => one.Openid != openid))) return ApiAnswer.Refuse(40003, "invalid openid");
        var shown = openids.Select(openid => Shown(found.Find(one => one.Openid == openid)!));
        return new(Json.Bytes(new JsonObject { ["user_info_list"] = new JsonArray([.. shown]) }));
    }

    /// <summary><c>GET /cgi-bin/user/get</c>: 10,000 openids a page.</summary>
    public async Task<ApiAnswer> List(ApiRequest request)
    {
        var next = request.Query("next_openid") ?? "";
        var following = await store.Read(db => db.Followers.Where(one => one.Follows).Select(one => one.Openid).ToListAsync());
        var page = following.Where(openid => string.CompareOrdinal(openid, next) > 0).Order(StringComparer.Ordinal).Take(Page).ToList();
        var answer = new JsonObject { ["total"] = following.Count, ["count"] = page.Count };
        if (page.Count > 0) answer["data"] = new JsonObject { ["openid"] = new JsonArray([.. page.Select(openid => JsonValue.Create(openid))]) };
        answer["next_openid"] = page.Count > 0 ? page[^1] : "";
        return new(Json.Bytes(answer));
    }

    /// <summary>Of somebody who does not follow any more, WeChat tells nothing.</summary>
    static JsonObject Shown(Follower follower) => !follower.Follows
        ? new() { ["subscribe"] = 0, ["openid"] = follower.Openid }
        : new()
        {
            ["subscribe"] = 1,
            ["openid"] = follower.Openid,
            ["language"] = "zh_CN",
            ["subscribe_time"] = follower.FollowedAt.ToUnixTimeSeconds(),
            ["unionid"] = follower.Unionid,
            ["remark"] = "",
            ["groupid"] = 0,
            ["tagid_list"] = new JsonArray(),
            ["subscribe_scene"] = "ADD_SCENE_QR_CODE",
            ["qr_scene"] = 0,
            ["qr_scene_str"] = "",
        };
}
