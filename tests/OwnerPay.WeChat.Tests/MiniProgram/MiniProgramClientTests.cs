using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>The mini-program client against a server that answers as api.weixin.qq.com does: HTTP 200, whatever happened.</summary>
public class MiniProgramClientTests
{
    static readonly MiniProgramCredentials App = new("wx1f2e3d4c5b6a7988", "secret&/+中");
    static readonly SubscribeMessage Message = new("oOwner", "tplBillIssued", "pages/bill/detail?id=1",
        new Dictionary<string, string> { ["thing1"] = "阳光花园3栋2单元1801", ["amount2"] = "286.50元" });

    static Answer Said(string json) => Answer.Json(json, Signing.None);

    static bool IsToken(Call call) => call.Target == "/cgi-bin/stable_token";

    /// <summary>Answers tokens as asked, numbered, and the rest by a script whose first call is 1.</summary>
    static Task<LocalServer> Serve(params Answer[] answers)
    {
        var (tokens, calls) = (0, 0);
        return LocalServer.Start(call => IsToken(call)
            ? Said($$"""{"access_token":"token-{{Interlocked.Increment(ref tokens)}}","expires_in":7200}""")
            : answers[Math.Min(Interlocked.Increment(ref calls), answers.Length) - 1]);
    }

    static ServiceProvider Kit(LocalServer server, TimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWeChatMiniProgram(options =>
        {
            options.BaseAddress = server.Address;
            options.Timeout = TimeSpan.FromSeconds(4);
            options.BusyDelay = TimeSpan.FromMilliseconds(5);
            options.Clock = clock ?? TimeProvider.System;
        });
        return services.BuildServiceProvider();
    }

    static MiniProgramClient Client(ServiceProvider kit) => kit.GetRequiredService<MiniProgramClient>();

    [Fact]
    public async Task An_owner_logs_in_though_the_answer_calls_itself_plain_text()
    {
        await using var server = await Serve(
            Said("""{"session_key":"tiihtNczf5v6AKRyjwEUhQ==","openid":"oOwner","unionid":"u1"}""") with { ContentType = "text/plain" });
        await using var kit = Kit(server);

        var session = (await Client(kit).LoginAsync(App, "code/1+")).Value!;

        Assert.Equal(("oOwner", "u1", "tiihtNczf5v6AKRyjwEUhQ=="), (session.Openid, session.Unionid, session.SessionKey));
        Assert.Equal("/sns/jscode2session?appid=wx1f2e3d4c5b6a7988&secret=secret%26%2F%2B%E4%B8%AD&js_code=code%2F1%2B&grant_type=authorization_code",
            server.Calls.Single().Target);
    }

    [Theory]
    [InlineData(40029, MiniProgramProblem.CodeInvalid)]
    [InlineData(40163, MiniProgramProblem.CodeUsed)]
    [InlineData(40226, MiniProgramProblem.HighRiskUser)]
    [InlineData(40013, MiniProgramProblem.Configuration)]
    [InlineData(40125, MiniProgramProblem.Configuration)]
    [InlineData(41008, MiniProgramProblem.BadRequest)]
    [InlineData(45011, MiniProgramProblem.Throttled)]
    [InlineData(99999, MiniProgramProblem.Unknown)]
    public async Task A_login_that_wechat_refuses_says_why_after_one_call(int errcode, MiniProgramProblem expected)
    {
        await using var server = await Serve(Said($$"""{"errcode":{{errcode}},"errmsg":"code been used, rid: 6004f3da-1529ba72-5c345f67"}"""));
        await using var kit = Kit(server);

        var failure = (await Client(kit).LoginAsync(App, "code")).Failure!;

        Assert.Equal((expected, errcode, "6004f3da-1529ba72-5c345f67"), (failure.Problem, failure.Errcode, failure.Rid));
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_busy_wechat_is_asked_three_times_and_then_left_alone()
    {
        await using var better = await Serve(Said("""{"errcode":-1,"errmsg":"system error"}"""), Said("""{"openid":"oOwner","session_key":"k"}"""));
        await using var busy = await Serve(Said("""{"errcode":-1,"errmsg":"system error"}"""));
        await using var betterKit = Kit(better);
        await using var busyKit = Kit(busy);

        Assert.True((await Client(betterKit).LoginAsync(App, "code")).IsSuccess);
        Assert.Equal(MiniProgramProblem.Busy, (await Client(busyKit).LoginAsync(App, "code")).Failure?.Problem);
        Assert.Equal(3, busy.Calls.Count);
    }

    [Fact]
    public async Task A_login_code_is_never_spent_twice_on_a_bad_line()
    {
        foreach (var bad in new[]
        {
            Said("{}") with { Delay = TimeSpan.FromSeconds(20) }, Said("{}") with { Abort = true },
            new Answer(502, "<html>"u8.ToArray(), Signing.None),
            Said("<html>"), Said("{}"), Said("""{"openid":""}"""),
        })
        {
            await using var server = await Serve(bad);
            await using var kit = Kit(server);
            Assert.Equal(MiniProgramProblem.Unreachable, (await Client(kit).LoginAsync(App, "code")).Failure?.Problem);
            Assert.Single(server.Calls);
        }
    }

    [Fact]
    public async Task Twenty_messages_at_once_fetch_one_token_and_a_day_of_messages_fetches_one_every_two_hours()
    {
        await using var server = await Serve(Said("""{"errcode":0,"errmsg":"ok"}"""));
        var clock = new FakeTimeProvider();
        await using var kit = Kit(server, clock);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Client(kit).SendAsync(App, Message)));
        Assert.All(results, result => Assert.True(result.IsSent));
        Assert.Equal(1, server.Calls.Count(IsToken));
        Assert.Equal("""{"grant_type":"client_credential","appid":"wx1f2e3d4c5b6a7988","secret":"secret&/+中"}""",
            Encoding.UTF8.GetString(server.Calls.First(IsToken).Body));

        clock.Advance(TimeSpan.FromSeconds(6899));
        await Client(kit).SendAsync(App, Message);
        Assert.Equal(1, server.Calls.Count(IsToken));
        clock.Advance(TimeSpan.FromSeconds(2));
        await Client(kit).SendAsync(App, Message);
        Assert.Equal(2, server.Calls.Count(IsToken));
    }

    [Theory]
    [InlineData(40001)]
    [InlineData(40014)]
    [InlineData(42001)]
    public async Task A_token_that_wechat_no_longer_takes_is_fetched_anew_and_the_message_goes_out(int errcode)
    {
        await using var server = await Serve(
            Said($$"""{"errcode":{{errcode}},"errmsg":"invalid credential"}"""), Said("""{"errcode":0,"errmsg":"ok"}"""));
        await using var kit = Kit(server);

        Assert.True((await Client(kit).SendAsync(App, Message)).IsSent);
        Assert.Equal(["/cgi-bin/message/subscribe/send?access_token=token-1", "/cgi-bin/message/subscribe/send?access_token=token-2"],
            server.Calls.Where(call => !IsToken(call)).Select(call => call.Target));
    }

    [Fact]
    public async Task A_token_that_is_refused_even_when_fresh_is_not_fetched_a_third_time()
    {
        await using var server = await Serve(Said("""{"errcode":40001,"errmsg":"invalid credential"}"""));
        await using var kit = Kit(server);

        Assert.Equal(SubscribeOutcome.TokenInvalid, (await Client(kit).SendAsync(App, Message)).Outcome);
        Assert.Equal((2, 4), (server.Calls.Count(IsToken), server.Calls.Count));
    }

    [Theory]
    [InlineData(40001, MiniProgramProblem.Configuration, SubscribeOutcome.Configuration)]
    [InlineData(40125, MiniProgramProblem.Configuration, SubscribeOutcome.Configuration)]
    [InlineData(40164, MiniProgramProblem.Configuration, SubscribeOutcome.Configuration)]
    [InlineData(45009, MiniProgramProblem.DailyLimit, SubscribeOutcome.DailyLimit)]
    [InlineData(-1, MiniProgramProblem.Busy, SubscribeOutcome.NotReached)]
    public async Task Without_a_token_nothing_is_sent_and_the_reason_is_told(int errcode, MiniProgramProblem problem, SubscribeOutcome outcome)
    {
        await using var server = await LocalServer.Start(Said($$"""{"errcode":{{errcode}},"errmsg":"invalid ip 1.2.3.4"}"""));
        await using var kit = Kit(server);

        Assert.Equal(problem, (await Client(kit).TokenAsync(App)).Failure?.Problem);
        Assert.Equal(outcome, (await Client(kit).SendAsync(App, Message)).Outcome);
        Assert.All(server.Calls, call => Assert.True(IsToken(call)));
    }

    [Fact]
    public async Task A_message_is_written_as_wechat_wants_it_with_chinese_unescaped()
    {
        await using var server = await Serve(
            Said("""{"errcode":0,"errmsg":"ok","msgid":1864323726461255680}"""), Said("""{"errcode":0,"errmsg":"ok","msgid":"77"}"""));
        await using var kit = Kit(server);

        Assert.Equal("1864323726461255680", (await Client(kit).SendAsync(App, Message)).MsgId);
        Assert.Equal("77", (await Client(kit).SendAsync(App, Message)).MsgId);
        Assert.Equal(
            """
            {"touser":"oOwner","template_id":"tplBillIssued","page":"pages/bill/detail?id=1","miniprogram_state":"formal","lang":"zh_CN",
            "data":{"thing1":{"value":"阳光花园3栋2单元1801"},"amount2":{"value":"286.50元"}}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(server.Calls.Last().Body));
    }

    [Theory]
    [InlineData(43101, "user refuse to accept the msg", SubscribeOutcome.NoGrant, null)]
    [InlineData(40003, "invalid openid", SubscribeOutcome.UserGone, null)]
    [InlineData(40037, "invalid template_id", SubscribeOutcome.TemplateBroken, null)]
    [InlineData(41030, "invalid page", SubscribeOutcome.PageMissing, null)]
    [InlineData(43107, "banned", SubscribeOutcome.Banned, null)]
    [InlineData(43108, "concurrent", SubscribeOutcome.Throttled, null)]
    [InlineData(45011, "too frequent", SubscribeOutcome.Throttled, null)]
    [InlineData(45009, "daily limit", SubscribeOutcome.DailyLimit, null)]
    [InlineData(45168, "keyword", SubscribeOutcome.SensitiveWords, null)]
    [InlineData(47001, "data format error", SubscribeOutcome.BadRequest, null)]
    [InlineData(47003, "argument invalid! data.thing3.value invalid rid: 6004f3da-1", SubscribeOutcome.BadData, "thing3")]
    [InlineData(47003, "argument invalid! data.character_string12.value is emtpy", SubscribeOutcome.BadData, "character_string12")]
    [InlineData(48001, "api unauthorized", SubscribeOutcome.Configuration, null)]
    [InlineData(-1, "system error", SubscribeOutcome.Busy, null)]
    [InlineData(88888, "something new", SubscribeOutcome.Unknown, null)]
    public async Task Each_refusal_of_a_message_says_whether_the_owner_the_template_or_we_must_act(
        int errcode, string errmsg, SubscribeOutcome expected, string? field)
    {
        await using var server = await Serve(Said($$"""{"errcode":{{errcode}},"errmsg":"{{errmsg}}"}"""));
        await using var kit = Kit(server);

        var result = await Client(kit).SendAsync(App, Message);

        Assert.Equal((expected, errcode, field, false), (result.Outcome, result.Errcode, result.Field, result.IsSent));
    }

    [Fact]
    public async Task A_value_against_its_rule_is_found_before_a_grant_is_spent_on_it()
    {
        await using var server = await Serve(Said("""{"errcode":0}"""));
        await using var kit = Kit(server);

        var result = await Client(kit).SendAsync(App, Message with { Values = new Dictionary<string, string> { ["phrase1"] = "待缴费3" } });

        Assert.Equal((SubscribeOutcome.BadData, "phrase1", "待缴费3"), (result.Outcome, result.Field, result.Fault?.Value));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_busy_answer_to_a_message_is_left_to_the_caller_and_told_apart_from_what_surely_did_not_leave()
    {
        await using var busy = await Serve(Said("""{"errcode":-1,"errmsg":"system error"}"""));
        await using var busyKit = Kit(busy);
        await using var refusing = await Serve(Said("""{"errcode":43101,"errmsg":"user refuse to accept the msg"}"""));
        await using var refusingKit = Kit(refusing);
        var gone = await Serve();
        await using var goneKit = Kit(gone);
        await Client(goneKit).TokenAsync(App);
        await gone.DisposeAsync();

        var unknown = await Client(busyKit).SendAsync(App, Message);
        var refused = await Client(refusingKit).SendAsync(App, Message);
        var unsent = await Client(goneKit).SendAsync(App, Message);

        Assert.Equal((SubscribeOutcome.Busy, false, 1), (unknown.Outcome, unknown.IsSurelyNotSent, busy.Calls.Count(call => !IsToken(call))));
        Assert.Equal((SubscribeOutcome.NoGrant, true), (refused.Outcome, refused.IsSurelyNotSent));
        Assert.Equal((SubscribeOutcome.NotReached, true), (unsent.Outcome, unsent.IsSurelyNotSent));
    }

    [Fact]
    public async Task A_message_without_an_answer_may_have_been_sent_and_is_not_sent_again()
    {
        foreach (var bad in new[]
        {
            Said("{}") with { Delay = TimeSpan.FromSeconds(20) }, Said("{}") with { Abort = true }, Said("<html>"), Said("""{"errcode":"zero"}"""),
        })
        {
            await using var server = await Serve(bad);
            await using var kit = Kit(server);
            Assert.Equal(SubscribeOutcome.MaybeSent, (await Client(kit).SendAsync(App, Message)).Outcome);
            Assert.Equal(1, server.Calls.Count(call => !IsToken(call)));
        }
    }

    [Theory]
    [InlineData("\"86\"")]
    [InlineData("86")]
    public async Task A_phone_number_is_read_whether_its_country_code_is_text_or_number(string countryCode)
    {
        await using var server = await Serve(Said($$"""
            {"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"13800138000","purePhoneNumber":"13800138000","countryCode":{{countryCode}},
             "watermark":{"timestamp":1637744274,"appid":"wx1f2e3d4c5b6a7988"} } }
            """));
        await using var kit = Kit(server);

        var phone = (await Client(kit).GetPhoneNumberAsync(App, "e31968a7")).Value!;

        Assert.Equal(("13800138000", "86"), (phone.PurePhoneNumber, phone.CountryCode));
        Assert.Equal("e31968a7", JsonDocument.Parse(server.Calls.Last().Body).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_phone_number_for_another_app_or_a_used_code_binds_nobody()
    {
        await using var server = await Serve(
            Said("""{"errcode":0,"phone_info":{"phoneNumber":"13800138000","watermark":{"timestamp":1,"appid":"wx0"}}}"""),
            Said("""{"errcode":40029,"errmsg":"invalid code"}"""), Said("""{"errcode":40013,"errmsg":"invalid appid"}"""));
        await using var kit = Kit(server);

        Assert.Equal(MiniProgramProblem.ForeignAppid, (await Client(kit).GetPhoneNumberAsync(App, "c")).Failure?.Problem);
        Assert.Equal(MiniProgramProblem.CodeInvalid, (await Client(kit).GetPhoneNumberAsync(App, "c")).Failure?.Problem);
        Assert.Equal(MiniProgramProblem.CodeInvalid, (await Client(kit).GetPhoneNumberAsync(App, "c")).Failure?.Problem);
    }
}
