using System.Text.Json.Nodes;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class MiniProgramTests
{
    [Fact]
    public async Task A_login_code_names_the_person_once_and_only_to_its_mini_program()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Post("users", new { openid = RunningEmulator.Openid, nickname = "王芳", phone = "13800138000", unionid = "uA1" });
        var code = await Phone.Code(emulator, "login-code");

        var wrongApp = await Phone.Login(emulator, code, appid: "wx0000000000000000");
        var first = await Phone.Login(emulator, code);
        var second = await Phone.Login(emulator, code);
        var invented = await Phone.Login(emulator, "0a1b2c");
        var phoneCode = await Phone.Login(emulator, await Phone.Code(emulator, "phone-code"));

        Assert.Equal((RunningEmulator.Openid, "uA1"), ((string?)first["openid"], (string?)first["unionid"]));
        Assert.Equal(16, Convert.FromBase64String((string)first["session_key"]!).Length);
        Assert.Equal([40013, 40163, 40029, 40029], Codes(wrongApp, second, invented, phoneCode));
        Assert.Contains("rid: ", (string)second["errmsg"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stable_token_is_the_same_until_forced_and_a_killed_one_is_refused()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" }, times = 5 });
        var first = await Phone.Token(emulator);
        var same = await Phone.Token(emulator);
        var forced = await Phone.Token(emulator, force: true);
        var tooSoon = await Phone.Token(emulator, force: true);
        string Text(JsonNode answer) => (string)answer["access_token"]!;

        Assert.Equal(Text(first), Text(same));
        Assert.InRange((int)first["expires_in"]!, 7_190, 7_200);
        Assert.NotEqual(Text(first), Text(forced));
        Assert.Equal(45011, (int)tooSoon["errcode"]!);
        Assert.Equal(40125, (int)(await Phone.Token(emulator, secret: "wrong"))["errcode"]!);
        Assert.Equal(40001, (int)(await Phone.Send(emulator, "T1", Text(first)))["errcode"]!);
        Assert.Equal(0, (int)(await Phone.Send(emulator, "T1", Text(forced)))["errcode"]!);

        await emulator.Post("faults", new { kind = "tokenInvalid" });
        Assert.Equal(40001, (int)(await Phone.Send(emulator, "T1", Text(forced)))["errcode"]!);
        Assert.Equal(40001, (int)(await Phone.Send(emulator, "T1", Text(forced)))["errcode"]!);
        var renewed = Text(await Phone.Token(emulator));
        Assert.NotEqual(Text(forced), renewed);
        Assert.Equal(0, (int)(await Phone.Send(emulator, "T1", renewed))["errcode"]!);
    }

    [Fact]
    public async Task A_phone_number_is_told_once_for_its_code()
    {
        await using var emulator = await RunningEmulator.Start();
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        await emulator.Post("users", new { openid = RunningEmulator.Openid, phone = "13800138000" });
        var code = await Phone.Code(emulator, "phone-code");

        var told = await Phone.Number(emulator, code, token);
        var again = await Phone.Number(emulator, code, token);
        var numberless = await emulator.Post("users/oWithoutNumber/phone-code");

        Assert.Equal("13800138000", (string?)told["phone_info"]!["purePhoneNumber"]);
        Assert.Equal(emulator.Merchant.Appid, (string?)told["phone_info"]!["watermark"]!["appid"]);
        Assert.Equal(40029, (int)again["errcode"]!);
        Assert.Equal((409, "no_phone"), (numberless.Status, numberless.Code));
    }

    [Fact]
    public async Task Each_accept_is_worth_one_message_and_then_43101()
    {
        await using var emulator = await RunningEmulator.Start();
        var token = (string)(await Phone.Token(emulator))["access_token"]!;

        var never = await Phone.Send(emulator, "T1", token);
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" }, reject = new[] { "T2" } });
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" } });
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { refuseAll = true });
        var refused = await Phone.Send(emulator, "T1", token);
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { refuseAll = false });
        var first = await Phone.Send(emulator, "T1", token);
        var second = await Phone.Send(emulator, "T1", token);
        var third = await Phone.Send(emulator, "T1", token);
        var other = await Phone.Send(emulator, "T2", token);

        Assert.Equal([43101, 43101, 0, 0, 43101, 43101], Codes(never, refused, first, second, third, other));
        var arrived = (await emulator.Get($"users/{RunningEmulator.Openid}/messages")).AsArray();
        Assert.Equal(2, arrived.Count);
        Assert.Equal((long)first["msgid"]!, (long)arrived[0]!["msgid"]!);
        Assert.Equal("286.50元", (string?)arrived[0]!["data"]!["amount2"]);
        Assert.Equal(2, (int)(await emulator.Get("statistics"))["messagesAccepted"]!);
    }

    [Fact]
    public async Task Once_templates_are_registered_their_fields_must_be_filled_exactly()
    {
        await using var emulator = await RunningEmulator.Start();
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        object[] templates = [new { templateId = "T1", title = "缴费通知", fields = new[] { "thing1", "amount2" } }];
        await emulator.Admin(HttpMethod.Put, "templates", templates);
        await emulator.Admin(HttpMethod.Put, "pages", new[] { "pages/bill/detail" });
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1", "T2" } });
        JsonObject Values(params (string Key, string Value)[] values) =>
            new(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

        var unknown = await Phone.Send(emulator, "T2", token, Values(("thing1", "费")));
        var missing = await Phone.Send(emulator, "T1", token, Values(("thing1", "费")));
        var superfluous = await Phone.Send(emulator, "T1", token, Values(("thing1", "费"), ("amount2", "1.00元"), ("date3", "2026年11月30日")));
        var page = await Phone.Send(emulator, "T1", token, Values(("thing1", "费"), ("amount2", "1.00元")), page: "pages/other");
        var good = await Phone.Send(emulator, "T1", token, Values(("thing1", "费"), ("amount2", "1.00元")));

        Assert.Equal([40037, 47003, 47003, 41030, 0], Codes(unknown, missing, superfluous, page, good));
        Assert.StartsWith("argument invalid! data.amount2.value is emtpy", (string)missing["errmsg"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thing1", "一二三四五六七八九十一二三四五六七八九十", true)]
    [InlineData("thing1", "一二三四五六七八九十一二三四五六七八九十一", false)]
    [InlineData("amount2", "¥1234567890", true)]
    [InlineData("amount2", "286.50元", true)]
    [InlineData("amount2", "两百元", false)]
    [InlineData("phrase3", "待缴费", true)]
    [InlineData("phrase3", "待缴费3", false)]
    [InlineData("phrase3", "一二三四五六", false)]
    [InlineData("date4", "2026年11月30日", true)]
    [InlineData("date4", "2026-11-01~2026-11-30", true)]
    [InlineData("date4", "十一月三十日", false)]
    [InlineData("time5", "2026年11月30日 15:01", true)]
    [InlineData("time5", "25:01", false)]
    [InlineData("character_string6", "OP20261123-0001", true)]
    [InlineData("character_string6", "单号1", false)]
    [InlineData("number7", "12.5", true)]
    [InlineData("number7", "12元", false)]
    [InlineData("name8", "欧阳娜娜", true)]
    [InlineData("name8", "一二三四五六七八九十一", false)]
    [InlineData("phone_number9", "+86-0766-66888866", true)]
    [InlineData("car_number10", "粤A8Z888挂", true)]
    [InlineData("car_number10", "粤A8Z88888挂", false)]
    [InlineData("unknown1", "x", false)]
    public async Task A_field_that_breaks_its_kinds_rule_is_named(string key, string value, bool holds)
    {
        await using var emulator = await RunningEmulator.Start();
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" } });

        var answer = await Phone.Send(emulator, "T1", token, new JsonObject { [key] = value });

        Assert.Equal(holds ? 0 : 47003, (int)answer["errcode"]!);
        if (!holds) Assert.StartsWith($"argument invalid! data.{key}.value invalid", (string)answer["errmsg"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_and_a_busy_WeChat_are_told_as_such()
    {
        await using var emulator = await RunningEmulator.Start();
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" }, times = 2 });
        await emulator.Post("faults", new { kind = "messageRateLimit" });
        var limited = await Phone.Send(emulator, "T1", token);
        await emulator.Post("faults", new { kind = "systemErrorAfterDoing", scope = "subscribe/send" });
        var busy = await Phone.Send(emulator, "T1", token);
        var missingToken = await emulator.Http.PostAsync("/cgi-bin/message/subscribe/send", null);

        Assert.Equal(45011, (int)limited["errcode"]!);
        Assert.Equal(-1, (int)busy["errcode"]!);
        Assert.Single((await emulator.Get($"users/{RunningEmulator.Openid}/messages")).AsArray());
        Assert.Equal(41001, (int)JsonNode.Parse(await missingToken.Content.ReadAsStringAsync())!["errcode"]!);
    }

    [Fact]
    public async Task Messages_beyond_the_allowance_of_a_second_are_refused_and_spend_no_grant()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { MessagesPerSecond = 3 });
        var token = (string)(await Phone.Token(emulator))["access_token"]!;
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" }, times = 20 });

        var codes = Codes(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Phone.Send(emulator, "T1", token)))).ToArray();

        Assert.All(codes, code => Assert.Contains(code, (int[])[0, 45011]));
        Assert.Contains(45011, codes);
        var left = (await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { refuseAll = false })).Json["grants"]!["T1"];
        Assert.Equal(20 - codes.Count(code => code == 0), (int)left!);
    }

    static IEnumerable<int> Codes(params JsonNode[] answers) => answers.Select(answer => (int)answer["errcode"]!);
}
