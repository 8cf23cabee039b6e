using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Owners;

public sealed class LoginTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_used_login_code_lets_nobody_in_a_second_time(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var openId = await Phone(estate);
        var code = await LoginCode(estate, openId);
        using var anonymous = Anonymous(estate);
        (await anonymous.Post("/sessions", new { appId = AppId(estate), code })).Done();

        var again = await anonymous.Post("/sessions", new { appId = AppId(estate), code });
        var invented = await anonymous.Post("/sessions", new { appId = AppId(estate), code = "0123456789abcdef" });

        Assert.Equal((401, "login_code_invalid"), (again.Status, again.Code));
        Assert.Equal((401, "login_code_invalid"), (invented.Status, invented.Code));
        Assert.Equal("登录凭证已失效，请重新登录", again["title"].GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task An_owner_who_logs_in_twice_is_the_same_user_and_the_session_key_is_nowhere_in_plain(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var openId = await Phone(estate);
        using var anonymous = Anonymous(estate);
        var first = (await anonymous.Post("/sessions", new { appId = AppId(estate), code = await LoginCode(estate, openId) })).Done();
        var second = (await anonymous.Post("/sessions", new { appId = AppId(estate), code = await LoginCode(estate, openId) })).Done();

        Assert.Equal(Payload(first)["sub"]!.GetValue<string>(), Payload(second)["sub"]!.GetValue<string>());
        Assert.Equal(["aud", "exp", "iat", "iss", "nbf", "sub"], Payload(first).Select(claim => claim.Key).Order());
        var user = await estate.Installation.Db(db => db.WeChatUsers.SingleAsync(u => u.OpenId == openId));
        // 24 characters of base64 under a nonce and a tag: never the key itself.
        Assert.Equal(24 + 12 + 16, user.SessionKeyWrapped!.Length);
    }

    [Theory, EachDatabase]
    public async Task Two_first_logins_at_once_make_one_user(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var openId = await Phone(estate);
        var codes = new[] { await LoginCode(estate, openId), await LoginCode(estate, openId), await LoginCode(estate, openId) };
        using var anonymous = Anonymous(estate);

        var answers = await Task.WhenAll(codes.Select(code => anonymous.Post("/sessions", new { appId = AppId(estate), code })));

        Assert.Single(answers.Select(answer => Payload(answer.Done())["sub"]!.GetValue<string>()).Distinct());
    }

    [Theory, EachDatabase]
    public async Task A_forged_changed_or_expired_token_opens_no_door(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        var parts = owner.Api.Token!.Split('.');
        var subject = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!["sub"]!.GetValue<string>();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kid = new JsonWebToken(owner.Api.Token).Kid;
        string[] forged =
        [
            "nonsense",
            $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{parts[0]}.{Encode(Base64UrlEncoder.Decode(parts[1]).Replace(subject, Guid.CreateVersion7().ToString("N"), StringComparison.Ordinal))}.{parts[2]}",
            Sign(new ECDsaSecurityKey(stranger) { KeyId = kid }, SecurityAlgorithms.EcdsaSha256, subject, minutes: 60),
            Sign(new ECDsaSecurityKey(stranger) { KeyId = Guid.CreateVersion7().ToString("N") }, SecurityAlgorithms.EcdsaSha256, subject,
                minutes: 60),
            Sign(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(kid + kid)) { KeyId = kid }, SecurityAlgorithms.HmacSha256, subject, minutes: 60),
            await Expired(estate, subject),
        ];

        foreach (var token in forged)
        {
            using var api = new Api(estate.Installation.Addresses[0], "/api/owner/v1", token);
            var answer = await api.Get("/me");
            Assert.Equal((401, "sign_in_needed"), (answer.Status, answer.Code));
        }
        (await owner.Api.Get("/me")).Done();
    }

    [Fact]
    public async Task A_token_of_one_instance_is_good_on_the_other()
    {
        await using var estate = await servers.Estate(Database.MariaDb, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0], instance: 0);
        using var other = new Api(estate.Installation.Addresses[1], "/api/owner/v1", owner.Api.Token);

        (await other.Get(owner.Path + "/home")).Done();
    }

    [Theory, EachDatabase]
    public async Task While_WeChat_is_too_busy_the_login_says_so_and_the_code_stays_good(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var openId = await Phone(estate);
        var code = await LoginCode(estate, openId);
        await estate.EmulatorPost("/admin/faults", new { kind = "frequencyLimited", count = 1, scope = code });
        using var anonymous = Anonymous(estate);

        var busy = await anonymous.Post("/sessions", new { appId = AppId(estate), code });
        var then = await anonymous.Post("/sessions", new { appId = AppId(estate), code });

        Assert.Equal((503, "wechat_busy"), (busy.Status, busy.Code));
        Assert.Equal(200, then.Status);
    }

    [Theory, EachDatabase]
    public async Task Unknown_fields_missing_fields_and_a_foreign_app_are_refused_by_name(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        using var anonymous = Anonymous(estate);

        var unknown = await anonymous.Post("/sessions", new { appId = AppId(estate), code = "0123456789", admin = true });
        var missing = await anonymous.Post("/sessions", new { appId = AppId(estate) });
        var number = await anonymous.Post("/sessions", new { appId = AppId(estate), code = 12 });
        var foreign = await anonymous.Post("/sessions", new { appId = "wx0000000000000000", code = "0123456789" });

        Assert.All(new[] { unknown, missing, number, foreign }, answer => Assert.Equal(400, answer.Status));
        Assert.Equal("app_unknown", foreign.Code);
        var endless = await anonymous.Post("/sessions", new { appId = AppId(estate), code = new string('x', 200) });
        Assert.Equal((400, "validation_failed", "code"), (endless.Status, endless.Code, endless["field"].GetValue<string>()));
    }

    [Theory, EachDatabase]
    public async Task A_body_of_ten_megabytes_is_not_even_read(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/owner/v1/sessions")
        {
            Content = new StringContent($$"""{"appId":"{{AppId(estate)}}","code":"{{new string('x', 10_000_000)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = true;    // as a client that asks first

        using var answer = await http.SendAsync(request);

        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Contains("body_too_large", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    static string AppId(Estate estate) => estate.Installation.Emulator.Merchant.Appid;

    static Api Anonymous(Estate estate) => new(estate.Installation.Addresses[0], "/api/owner/v1", null);

    static async Task<string> Phone(Estate estate)
    {
        var openId = "o" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 27);
        await estate.EmulatorPost("/admin/users", new { openid = openId, phone = "13800138000" });
        return openId;
    }

    static async Task<string> LoginCode(Estate estate, string openId) =>
        (await estate.EmulatorPost($"/admin/users/{openId}/login-code"))["code"]!.GetValue<string>();

    static JsonObject Payload(Answer session) =>
        JsonNode.Parse(Base64UrlEncoder.Decode(session["token"].GetValue<string>().Split('.')[1]))!.AsObject();

    static string Encode(string text) => Base64UrlEncoder.Encode(text);

    static string Sign(SecurityKey key, string algorithm, string subject, int minutes)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "ownerpay", Audience = "owner", IssuedAt = now.AddHours(-3), NotBefore = now.AddHours(-3), Expires = now.AddMinutes(minutes),
            Claims = new Dictionary<string, object> { ["sub"] = subject }, SigningCredentials = new SigningCredentials(key, algorithm),
        });
    }

    /// <summary>Signed by the installation's own key, two minutes over its time.</summary>
    static async Task<string> Expired(Estate estate, string subject)
    {
        var ring = (Platform.KeyRing)estate.Installation.Services.GetService(typeof(Platform.KeyRing))!;
        var (id, key) = (await ring.Keys("owner-token"))[0];
        return Sign(new ECDsaSecurityKey(key) { KeyId = id.ToString("N") }, SecurityAlgorithms.EcdsaSha256, subject, minutes: -2);
    }
}
