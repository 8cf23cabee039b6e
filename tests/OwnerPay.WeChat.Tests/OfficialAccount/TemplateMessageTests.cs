using System.Text;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChat.OfficialAccount;
using OwnerPay.WeChat.Tests.MiniProgram;

namespace OwnerPay.WeChat.Tests.OfficialAccount;

/// <summary>Template messages of a service account, the second channel of reminders.</summary>
public class TemplateMessageTests
{
    static readonly MiniProgramCredentials Account = new("wxba5fad812f8e6fb9", "secret");
    static readonly TemplateMessage Message = new("oFollower", "tplOverdue",
        new Dictionary<string, string> { ["thing1"] = "阳光花园3栋2单元1801", ["amount2"] = "286.50元", ["time3"] = "2026-11-30 10:00" },
        "reminder-BL20261100018-1", MiniProgram: new TemplateJump("wx1f2e3d4c5b6a7988", "pages/bill/detail?id=1"));

    static Answer Said(string json) => ApiKit.Said(json);

    [Fact]
    public async Task A_template_message_is_written_as_wechat_wants_it_and_carries_its_own_id()
    {
        await using var kit = await ApiKit.Start(Said("""{"errcode":0,"errmsg":"ok","msgid":4012345678901234567}"""));

        var result = await kit.Get<OfficialAccountClient>().SendAsync(Account, Message);

        Assert.Equal((true, "4012345678901234567"), (result.IsSent, result.MsgId));
        Assert.Equal("/cgi-bin/message/template/send?access_token=t", kit.Server.Calls.Last().Target);
        Assert.Equal(
            """
            {"touser":"oFollower","template_id":"tplOverdue","miniprogram":{"appid":"wx1f2e3d4c5b6a7988","pagepath":"pages/bill/detail?id=1"},
            "client_msg_id":"reminder-BL20261100018-1","data":{"thing1":{"value":"阳光花园3栋2单元1801"},
            "amount2":{"value":"286.50元"},"time3":{"value":"2026-11-30 10:00"}}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(kit.Server.Calls.Last().Body));
    }

    [Fact]
    public async Task Followers_are_asked_for_together_and_whoever_left_shows_nothing_but_that()
    {
        await using var kit = await ApiKit.Start(Said("""
            {"user_info_list":[{"subscribe":1,"openid":"oOne","language":"zh_CN","subscribe_time":1795399202,"unionid":"uOne","groupid":0,"tagid_list":[]},
            {"subscribe":0,"openid":"oTwo"}]}
            """));

        var told = await kit.Get<OfficialAccountClient>().GetFollowersAsync(Account, ["oOne", "oTwo"]);

        Assert.Equal([new("oOne", 1, "uOne"), new FollowerInfo("oTwo", 0)], told.Value!.UserInfoList!);
        Assert.Equal("""{"user_list":[{"openid":"oOne","lang":"zh_CN"},{"openid":"oTwo","lang":"zh_CN"}]}""",
            Encoding.UTF8.GetString(kit.Server.Calls.Last().Body));
    }

    [Theory]
    [InlineData(43004, TemplateOutcome.NotFollowing, 1)]
    [InlineData(50005, TemplateOutcome.NotFollowing, 1)]
    [InlineData(40003, TemplateOutcome.UserGone, 1)]
    [InlineData(43101, TemplateOutcome.Refused, 1)]
    [InlineData(43116, TemplateOutcome.Refused, 1)]
    [InlineData(40037, TemplateOutcome.TemplateBroken, 1)]
    [InlineData(40165, TemplateOutcome.JumpBroken, 1)]
    [InlineData(40013, TemplateOutcome.JumpBroken, 1)]
    [InlineData(41001, TemplateOutcome.BadRequest, 1)]
    [InlineData(41006, TemplateOutcome.BadRequest, 1)]
    [InlineData(47001, TemplateOutcome.BadRequest, 1)]
    [InlineData(47003, TemplateOutcome.BadData, 1)]
    [InlineData(45009, TemplateOutcome.DailyLimit, 1)]
    [InlineData(45011, TemplateOutcome.Throttled, 1)]
    [InlineData(48001, TemplateOutcome.Configuration, 1)]
    [InlineData(40001, TemplateOutcome.TokenInvalid, 2)]
    [InlineData(40014, TemplateOutcome.TokenInvalid, 2)]
    [InlineData(42001, TemplateOutcome.TokenInvalid, 2)]
    [InlineData(-1, TemplateOutcome.Busy, 3)]
    [InlineData(88888, TemplateOutcome.Unknown, 1)]
    public async Task Each_refusal_of_a_template_message_is_a_case_of_its_own(int errcode, TemplateOutcome expected, int calls)
    {
        await using var kit = await ApiKit.Start(Said($$"""{"errcode":{{errcode}},"errmsg":"argument invalid! data.thing1.value invalid"}"""));

        var result = await kit.Get<OfficialAccountClient>().SendAsync(Account, Message);

        Assert.Equal((expected, errcode, errcode == 47003 ? "thing1" : null), (result.Outcome, result.Errcode, result.Field));
        Assert.Equal(calls, kit.Made.Count);
    }

    [Fact]
    public async Task A_value_against_its_rule_or_a_message_without_an_id_is_not_sent_and_silence_is_not_taken_for_failure()
    {
        await using var kit = await ApiKit.Start(Said("{}") with { Abort = true });
        var client = kit.Get<OfficialAccountClient>();

        var bad = await client.SendAsync(Account, Message with { Values = new Dictionary<string, string> { ["thing1"] = "两行\n文字" } });
        var nameless = await client.SendAsync(Account, Message with { ClientMsgId = "" });
        Assert.Empty(kit.Server.Calls);
        Assert.Equal((TemplateOutcome.BadData, "thing1", "不能含换行或控制字符"), (bad.Outcome, bad.Field, bad.Fault?.Rule));
        Assert.Equal((TemplateOutcome.BadRequest, "client_msg_id"), (nameless.Outcome, nameless.Field));
        Assert.Equal(TemplateOutcome.MaybeSent, (await client.SendAsync(Account, Message)).Outcome);
    }

    [Fact]
    public async Task A_thousand_owners_who_refuse_messages_hide_no_fault_in_the_log_and_no_owner_is_named_there()
    {
        await using var kit = await ApiKit.Start(Said("""{"errcode":43101,"errmsg":"user refuse to accept the msg"}"""),
            Said("""{"errcode":43004,"errmsg":"require subscribe"}"""),
            Said("""{"errcode":40037,"errmsg":"invalid template_id"}"""));
        var wish = new SubscribeMessage("oFollower", "tpl", null, Message.Values);

        await kit.Get<MiniProgramClient>().SendAsync(Account, wish);
        await kit.Get<OfficialAccountClient>().SendAsync(Account, Message);
        Assert.DoesNotContain(kit.Log.All, line => line.StartsWith("Warning", StringComparison.Ordinal));

        await kit.Get<MiniProgramClient>().SendAsync(Account, wish);
        Assert.Contains("40037", Assert.Single(kit.Log.All, line => line.StartsWith("Warning", StringComparison.Ordinal)), StringComparison.Ordinal);
        foreach (var personal in new[] { "oFollower", "阳光花园", "286.50", "secret", "access_token=" })
            Assert.DoesNotContain(kit.Log.All, line => line.Contains(personal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("success", true, false)]
    [InlineData("failed:user block", false, true)]
    [InlineData("failed: system failed", false, false)]
    public void How_a_template_message_ended_is_read_from_its_xml_event(string status, bool delivered, bool blocked)
    {
        var (query, body) = PushVectorTests.Sealed(Encoding.UTF8.GetBytes($"""
            <xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName><FromUserName><![CDATA[oFollower]]></FromUserName>
            <CreateTime>1795399320</CreateTime><MsgType><![CDATA[event]]></MsgType>
            <Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>4012345678901234567</MsgID><Status><![CDATA[{status}]]></Status></xml>
            """));

        var push = Assert.IsType<TemplateSentPush>(new PushReader(PushVectorTests.Cipher, PushVectorTests.Clock).Read(query, body).Push);

        Assert.Equal(("4012345678901234567", delivered, blocked), (push.MsgId, push.IsDelivered, push.IsBlocked));
    }
}
