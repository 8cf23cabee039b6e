using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>Codes, shipments, quotas and the service account.</summary>
public sealed class AccountTests
{
    [Fact]
    public async Task A_code_for_a_bill_is_a_picture_and_a_wrong_scene_or_page_is_an_error_in_JSON()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Admin(HttpMethod.Put, "pages", new[] { "pages/bill/index" });
        async Task<(string? Type, byte[] Body)> Code(object body)
        {
            using var answer = await emulator.Http.PostAsJsonAsync($"/wxa/getwxacodeunlimit?access_token={await Token(emulator)}", body);
            return (answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
        }
        async Task<int> Errcode(object body) => (int)JsonNode.Parse((await Code(body)).Body)!["errcode"]!;

        var picture = await Code(new { scene = "h=3-2-1801", page = "pages/bill/index", width = 430 });

        Assert.Equal("image/png", picture.Type);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture.Body[..4]);
        Assert.Equal(40129, await Errcode(new { page = "pages/bill/index" }));
        Assert.Equal(40169, await Errcode(new { scene = "户号=3-2-1801" }));
        Assert.Equal(40169, await Errcode(new { scene = new string('a', 33) }));
        Assert.Equal(41030, await Errcode(new { scene = "a", page = "/pages/bill/index" }));
        Assert.Equal(41030, await Errcode(new { scene = "a", page = "pages/none" }));
        Assert.Equal("image/png", (await Code(new { scene = "a", page = "pages/none", check_path = false })).Type);
        Assert.Equal(40097, await Errcode(new { scene = "a", width = 279 }));
    }

    [Fact]
    public async Task A_managed_account_reports_each_shipment_once_changes_it_once_and_never_for_money_that_went_back()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("SHIP00000001");
        var early = await Upload(emulator, "4200000000000000000000000000", "物业费");
        var id = (string)(await emulator.Pay("SHIP00000001"))["transactionId"]!;
        var unmanaged = await Upload(emulator, id, "物业费");
        await emulator.Admin(HttpMethod.Put, "shipping", new { managed = true });
        var managed = await Ask(emulator, "is_trade_managed", new { appid = emulator.Merchant.Appid });
        var before = await Ask(emulator, "get_order", new { transaction_id = id });

        var first = await Upload(emulator, id, "物业费");
        var same = await Upload(emulator, id, "物业费", "2026-11-23T10:00:06.120+08:00");
        var stale = await Upload(emulator, id, "物业费 2026年11月", "2026-11-23T10:00:01.120+08:00");
        var changed = await Upload(emulator, id, "物业费 2026年11月", "2026-11-23T10:00:07.120+08:00");
        var again = await Upload(emulator, id, "物业费 2026年12月", "2026-11-23T10:00:08.120+08:00");
        var shipped = await Ask(emulator, "get_order", new { merchant_id = emulator.Merchant.Mchid, merchant_trade_no = "SHIP00000001" });
        await emulator.Post("orders/SHIP00000001/confirm-receipt");
        var complete = await Upload(emulator, id, "物业费", "2026-11-23T10:00:09.120+08:00");
        await emulator.Refund("SHIP00000001", "R-SHIP");
        await emulator.Refunded("R-SHIP");
        var refunded = await Upload(emulator, id, "物业费", "2026-11-23T10:00:10.120+08:00");
        var after = await Ask(emulator, "get_order", new { transaction_id = id });

        Assert.Equal((10060001, 10060004), (Errcode(early), Errcode(unmanaged)));
        Assert.True((bool)managed["is_trade_managed"]!);
        Assert.Equal((0, 10060023, 47001, 0, 10060003), (Errcode(first), Errcode(same), Errcode(stale), Errcode(changed), Errcode(again)));
        Assert.Equal((10060002, 10060004), (Errcode(complete), Errcode(refunded)));
        Assert.Equal([1, 2, 5], new[] { before, shipped, after }.Select(answer => (int)answer["order"]!["order_state"]!));
    }

    [Theory]
    [InlineData("shipping_list", "{}")]
    [InlineData("shipping_list", "[]")]
    [InlineData("delivery_mode", "\"1\"")]
    [InlineData("logistics_type", "5")]
    [InlineData("upload_time", "\"2026-11-23T10:00:05+08:00\"")]
    [InlineData("payer", "null")]
    public async Task A_shipment_of_the_wrong_form_is_47001(string member, string value)
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Admin(HttpMethod.Put, "shipping", new { managed = true });
        await emulator.Order("SHIP00000002");
        var id = (string)(await emulator.Pay("SHIP00000002"))["transactionId"]!;
        var body = Shipment(id, "物业费", "2026-11-23T10:00:05.120+08:00");
        body[member] = JsonNode.Parse(value);

        Assert.Equal(47001, Errcode(await Ask(emulator, "upload_shipping_info", body)));
    }

    [Fact]
    public async Task A_follower_is_joined_by_the_unionid_gets_each_message_once_and_nothing_after_leaving()
    {
        await using var emulator = await RunningEmulator.Start();
        var official = await emulator.Get("official-account");
        await using var server = await PushServer.Start((string)official["appid"]!);
        await emulator.Admin(HttpMethod.Put, "official-account/push",
            new { url = server.Url, token = PushServer.Token, encodingAesKey = PushServer.AesKey, format = "xml" });
        await emulator.Admin(HttpMethod.Put, "official-account/templates",
            new[] { new { templateId = "OA1", title = "缴费提醒", fields = new[] { "thing1", "amount2" } } });
        var token = await OfficialToken(emulator, official);

        var follower = (await emulator.Post($"users/{RunningEmulator.Openid}/follow")).Json;
        var openid = (string)follower["openid"]!;
        await server.UntilArrivals(1);
        var info = (await emulator.Http.GetFromJsonAsync<JsonNode>($"/cgi-bin/user/info?access_token={token}&openid={openid}&lang=zh_CN"))!;
        var login = await Phone.Login(emulator, await Phone.Code(emulator, "login-code"));
        var sent = await Template(emulator, token, openid, "M1");
        var again = await Template(emulator, token, openid, "M1");
        await server.UntilArrivals(2);
        await emulator.Admin(HttpMethod.Delete, $"users/{RunningEmulator.Openid}/follow");
        var gone = await Template(emulator, token, openid, "M2");
        await server.UntilArrivals(3);

        Assert.Equal((string?)login["unionid"], (string?)info["unionid"]);
        Assert.NotEqual(RunningEmulator.Openid, openid);
        Assert.Equal(0, Errcode(sent));
        Assert.Equal(sent["msgid"]!.ToString(), again["msgid"]!.ToString());
        Assert.Single((await emulator.Get($"official-account/messages/{openid}")).AsArray());
        Assert.Equal(43004, Errcode(gone));
        var pushes = server.Arrivals.Select(arrival => arrival.Reading.Push!).ToArray();
        Assert.Equal(("subscribe", openid), (Assert.IsType<OtherPush>(pushes[0]).Event, pushes[0].FromUserName));
        Assert.Equal((sent["msgid"]!.ToString(), true),
            Assert.IsType<TemplateSentPush>(pushes[1]) is var finished ? (finished.MsgId, finished.IsDelivered) : default);
        Assert.Equal("unsubscribe", Assert.IsType<OtherPush>(pushes[2]).Event);
    }

    [Fact]
    public async Task A_template_message_that_breaks_a_rule_is_refused_with_the_code_that_names_it()
    {
        await using var emulator = await RunningEmulator.Start();
        var official = await emulator.Get("official-account");
        await emulator.Admin(
            HttpMethod.Put, "official-account/templates", new[] { new { templateId = "OA1", fields = new[] { "thing1", "amount2" } } });
        var token = await OfficialToken(emulator, official);
        var openid = (string)(await emulator.Post($"users/{RunningEmulator.Openid}/follow")).Json["openid"]!;

        var stranger = await Template(emulator, token, RunningEmulator.Openid, "M1");
        var foreignToken = await Template(emulator, await Token(emulator), openid, "M1");
        var unknown = await Template(emulator, token, openid, "M1", template: "OA2");
        var longText = await Template(emulator, token, openid, "M1", thing: new string('长', 21));
        var foreignApp = await Template(emulator, token, openid, "M1", jumpTo: "wx0000000000000000");
        var own = await Template(emulator, token, openid, "M1", jumpTo: emulator.Merchant.Appid);
        var list = (await emulator.Http.GetFromJsonAsync<JsonNode>($"/cgi-bin/template/get_all_private_template?access_token={token}"))!;

        Assert.Equal((40003, 40001, 40037, 47003, 40013, 0),
            (Errcode(stranger), Errcode(foreignToken), Errcode(unknown), Errcode(longText), Errcode(foreignApp), Errcode(own)));
        Assert.StartsWith("argument invalid! data.thing1.value invalid", (string?)longText["errmsg"], StringComparison.Ordinal);
        Assert.Contains("{{amount2.DATA}}", (string?)list["template_list"]![0]!["content"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_days_messages_are_counted_in_business_time_and_a_persons_logins_by_the_minute()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { MessagesPerDay = 2 });
        await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" }, times = 5 });
        var token = await Token(emulator);

        var today = new List<int>();
        for (var n = 0; n < 3; n++) today.Add(Errcode(await Phone.Send(emulator, "T1", token)));
        emulator.Clock.Advance(TimeSpan.FromDays(1));
        var tomorrow = Errcode(await Phone.Send(emulator, "T1", token));
        var logins = new List<int>();
        for (var n = 0; n < 205; n++) logins.Add(Errcode(await Phone.Login(emulator, await Phone.Code(emulator, "login-code"))));

        Assert.Equal([0, 0, 45009], today);
        Assert.Equal(0, tomorrow);
        Assert.Contains(45011, logins);
    }

    [Fact]
    public async Task The_plain_token_call_makes_a_new_one_each_time_and_the_old_lives_a_little_longer()
    {
        await using var emulator = await RunningEmulator.Start();
        async Task<string> Plain() => (string)(await emulator.Http.GetFromJsonAsync<JsonNode>(
            $"/cgi-bin/token?grant_type=client_credential&appid={emulator.Merchant.Appid}&secret={emulator.Merchant.Appsecret}"))!["access_token"]!;

        var (first, second) = (await Plain(), await Plain());

        Assert.NotEqual(first, second);
        Assert.Equal(43101, Errcode(await Phone.Send(emulator, "T1", first)));
        Assert.Equal(43101, Errcode(await Phone.Send(emulator, "T1", second)));
    }

    static int Errcode(JsonNode answer) => (int?)answer["errcode"] ?? 0;

    static async Task<string> Token(RunningEmulator emulator) => (string)(await Phone.Token(emulator))["access_token"]!;

    static async Task<string> OfficialToken(RunningEmulator emulator, JsonNode official)
    {
        var response = await emulator.Http.PostAsJsonAsync("/cgi-bin/stable_token",
            new { grant_type = "client_credential", appid = (string)official["appid"]!, secret = (string)official["secret"]! });
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!;
    }

    static async Task<JsonNode> Template(
        RunningEmulator emulator, string token, string openid, string id, string template = "OA1", string thing = "阳光花园3栋2单元1801",
        string? jumpTo = null)
    {
        var body = new JsonObject
        {
            ["touser"] = openid, ["template_id"] = template, ["client_msg_id"] = id,
            ["data"] = new JsonObject { ["thing1"] = new JsonObject { ["value"] = thing }, ["amount2"] = new JsonObject { ["value"] = "286.50元" } },
        };
        if (jumpTo is not null) body["miniprogram"] = new JsonObject { ["appid"] = jumpTo, ["pagepath"] = "pages/bill/detail?id=1" };
        var response = await emulator.Http.PostAsJsonAsync($"/cgi-bin/message/template/send?access_token={token}", body);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    static JsonObject Shipment(string transactionId, string item, string time) => new()
    {
        ["order_key"] = new JsonObject { ["order_number_type"] = 2, ["transaction_id"] = transactionId },
        ["logistics_type"] = 3, ["delivery_mode"] = 1,
        ["shipping_list"] = new JsonArray(new JsonObject { ["item_desc"] = item }),
        ["upload_time"] = time, ["payer"] = new JsonObject { ["openid"] = RunningEmulator.Openid },
    };

    static Task<JsonNode> Upload(RunningEmulator emulator, string transactionId, string item, string time = "2026-11-23T10:00:05.120+08:00") =>
        Ask(emulator, "upload_shipping_info", Shipment(transactionId, item, time));

    static async Task<JsonNode> Ask(RunningEmulator emulator, string call, object body)
    {
        var response = await emulator.Http.PostAsJsonAsync($"/wxa/sec/order/{call}?access_token={await Token(emulator)}", body);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
