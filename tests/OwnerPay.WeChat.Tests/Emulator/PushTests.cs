using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class PushTests
{
    static readonly string Person = $"users/{RunningEmulator.Openid}";

    [Theory]
    [InlineData("json", "secure")]
    [InlineData("xml", "secure")]
    [InlineData("json", "compatible")]
    [InlineData("xml", "compatible")]
    [InlineData("json", "plain")]
    public async Task What_a_person_agrees_to_gets_and_turns_off_is_pushed_in_every_form_that_the_console_offers(string format, string mode)
    {
        await using var emulator = await RunningEmulator.Start();
        await using var server = await PushServer.Start(emulator.Merchant.Appid, acceptPlain: mode == "plain");
        var saved = await Configure(emulator, server.Url, format, mode);

        await emulator.Post($"{Person}/subscriptions", new { accept = new[] { "T1", "T2" }, reject = new[] { "T3" } });
        await server.UntilArrivals(1);
        var message = await Phone.Send(emulator, "T1", await Token(emulator));
        await server.UntilArrivals(2);
        await emulator.Post($"{Person}/template-refusals", new { templateIds = new[] { "T2" } });
        await server.UntilArrivals(3);
        var refused = await Phone.Send(emulator, "T2", await Token(emulator));

        Assert.Equal(204, saved.Status);
        var pushes = server.Arrivals.Select(arrival => arrival.Reading.Push).ToArray();
        var popup = Assert.IsType<SubscribePopupPush>(pushes[0]);
        Assert.Equal([("T1", true), ("T2", true), ("T3", false)], popup.Choices.Select(choice => (choice.TemplateId, choice.IsAccepted)));
        Assert.Equal(RunningEmulator.Openid, popup.FromUserName);
        Assert.StartsWith("gh_", popup.ToUserName, StringComparison.Ordinal);
        var sent = Assert.Single(Assert.IsType<SubscribeSentPush>(pushes[1]).Deliveries);
        Assert.Equal(("T1", message["msgid"]!.ToString(), true), (sent.TemplateId, sent.MsgId, sent.IsDelivered));
        Assert.Equal("T2", Assert.Single(Assert.IsType<SubscribeChangePush>(pushes[2]).Choices).TemplateId);
        Assert.Equal(43101, (int)refused["errcode"]!);
        Assert.All(server.Arrivals, arrival => Assert.Equal(RunningEmulator.Openid, arrival.Query["openid"]));
        Assert.All(server.Arrivals, arrival => Assert.Equal(mode != "plain", arrival.Query.ContainsKey("msg_signature")));
    }

    [Fact]
    public async Task A_push_that_is_not_taken_comes_three_times_and_then_no_more()
    {
        await using var emulator = await RunningEmulator.Start();
        await using var server = await PushServer.Start(emulator.Merchant.Appid);
        await Configure(emulator, server.Url);
        server.Respond = number => number switch { 1 => (500, ""), 2 => (200, "\"success\""), _ => (403, "") };

        await emulator.Post($"{Person}/subscriptions", new { accept = new[] { "T1" } });
        await RunningEmulator.Until(async () => (string?)(await emulator.Get("pushes"))[0]!["state"] == "givenUp");

        Assert.Equal(3, server.Arrivals.Count);
        Assert.All(server.Arrivals, arrival => Assert.True(arrival.Reading.IsGenuine));
        Assert.Single(server.Arrivals.Select(arrival => arrival.Reading.Push!.CreateTime).Distinct());
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_token_is_not_saved_and_one_beyond_loopback_is_never_dialled()
    {
        await using var emulator = await RunningEmulator.Start();
        await using var server = await PushServer.Start(emulator.Merchant.Appid);

        var wrongToken = await Configure(emulator, server.Url, token: "Somebody");
        var shortKey = await emulator.Admin(HttpMethod.Put, "push", new { url = server.Url, token = "OwnerPayPush", encodingAesKey = "abc" });
        var plainHttp = await Configure(emulator, "http://pay.example.com/push");
        var elsewhere = await Configure(emulator, "https://pay.example.com/push");
        await emulator.Post($"{Person}/subscriptions", new { accept = new[] { "T1" } });

        Assert.Equal((409, "push_refused"), (wrongToken.Status, wrongToken.Code));
        Assert.Equal(409, shortKey.Status);
        Assert.Equal(409, plainHttp.Status);
        Assert.Equal(204, elsewhere.Status);
        Assert.Equal("recorded", (string?)(await emulator.Get("pushes"))[0]!["state"]);
        Assert.Empty(server.Arrivals);
    }

    [Fact]
    public async Task A_push_that_waits_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        PushServer server;
        await using (var before = await RunningEmulator.Start(folder, change: options => options with { RetrySpeed = 1 }))
        {
            server = await PushServer.Start(before.Merchant.Appid);
            server.Respond = number => number == 1 ? (500, "") : (200, "");
            await Configure(before, server.Url);
            await before.Post($"{Person}/subscriptions", new { accept = new[] { "T1" } });
            await RunningEmulator.Until(async () => (int)(await before.Get("pushes"))[0]!["attempts"]! == 1);
        }
        await using (var after = await RunningEmulator.Start(folder))
            await RunningEmulator.Until(async () => (string?)(await after.Get("pushes"))[0]!["state"] == "delivered");
        Assert.Equal(2, server.Arrivals.Count);
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_push_can_be_lost_or_doubled_and_a_message_accepted_but_never_delivered_is_told_as_such()
    {
        await using var emulator = await RunningEmulator.Start();
        await using var server = await PushServer.Start(emulator.Merchant.Appid);
        await Configure(emulator, server.Url);
        await emulator.Post("faults", new { kind = "pushLost" });
        await emulator.Post($"{Person}/subscriptions", new { accept = new[] { "T1" } });
        await emulator.Post("faults", new { kind = "pushDouble" });
        await emulator.Post($"{Person}/subscriptions", new { accept = new[] { "T1" } });
        await server.UntilArrivals(2);
        await emulator.Post("faults", new { kind = "messageUndelivered" });

        await Phone.Send(emulator, "T1", await Token(emulator));
        await server.UntilArrivals(3);

        Assert.Equal("lost", (string?)(await emulator.Get("pushes"))[0]!["state"]);
        var failed = Assert.Single(Assert.IsType<SubscribeSentPush>(server.Arrivals.Last().Reading.Push).Deliveries);
        Assert.Equal((false, "failed:user block"), (failed.IsDelivered, failed.ErrorStatus));
        Assert.Empty((await emulator.Get($"{Person}/messages")).AsArray());
    }

    [Fact]
    public async Task A_grant_that_the_person_took_back_or_that_ran_out_unseen_is_43101_and_the_first_is_pushed()
    {
        await using var emulator = await RunningEmulator.Start();
        await using var server = await PushServer.Start(emulator.Merchant.Appid);
        await Configure(emulator, server.Url);
        await emulator.Post($"{Person}/subscriptions", new { accept = new[] { "T1", "T2" } });
        await emulator.Post("faults", new { kind = "subscriptionRefused", scope = "T1" });
        await emulator.Post("faults", new { kind = "subscriptionQuotaEmpty", scope = "T2" });

        var refused = await Phone.Send(emulator, "T1", await Token(emulator));
        var empty = await Phone.Send(emulator, "T2", await Token(emulator));
        await server.UntilArrivals(2);

        Assert.Equal((43101, 43101), ((int)refused["errcode"]!, (int)empty["errcode"]!));
        Assert.Equal(["subscribe_msg_popup_event", "subscribe_msg_change_event"],
            (await emulator.Get("pushes")).AsArray().Select(push => (string?)push!["event"]));
    }

    static Task<Answer> Configure(
        RunningEmulator emulator, string url, string format = "json", string mode = "secure", string token = PushServer.Token) =>
        emulator.Admin(HttpMethod.Put, "push", new { url, token, encodingAesKey = PushServer.AesKey, format, mode });

    static async Task<string> Token(RunningEmulator emulator) => (string)(await Phone.Token(emulator))["access_token"]!;
}
