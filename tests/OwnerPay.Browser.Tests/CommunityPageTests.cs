using System.Net.Http.Headers;
using Microsoft.Playwright;
using OwnerPay.Demo;
using OwnerPay.Service.Staff;

namespace OwnerPay.Browser.Tests;

/// <summary>The page on which the company and the neighbours speak to an owner, and he to them.</summary>
public sealed class CommunityPageTests(PhoneStage stage)
{
    Http Clerk => stage.Office.As(StaffRole.Clerk);

    static ILocator Unread(OwnersPhone phone) => phone.Page.Locator(".tabs button", new() { HasText = "社区" }).Locator(".badge");

    string Community => stage.Office.Community;

    [Fact]
    public async Task A_notice_that_an_owner_opened_is_read_for_the_staff_and_no_longer_unread_for_him()
    {
        var notice = (await Clerk.Post(Community + "/notices", new
        {
            category = "works", title = "12月4日二次供水水箱清洗", pinned = true,
            body = "各位业主：\n\n**12月4日 9:00 至 15:00** 清洗水箱，期间停水。\n\n## 请您留意\n\n- 提前储水\n- 来水后先放水 5 分钟\n\n> 如有疑问请致电服务中心。",
        })).Id("noticeId");
        using (var form = new MultipartFormDataContent())
        {
            var file = new ByteArrayContent("%PDF-1.4\n%%EOF"u8.ToArray());
            file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
            form.Add(file, "file", "水箱清洗检测报告.pdf");
            await Clerk.Post($"{Community}/notices/{notice}/files", form);
        }
        await Clerk.Post($"{Community}/notices/{notice}/publish", new { tell = false });
        var phone = await stage.OpenBound("郭雨辉", "19900003034", "1-2-502");
        await phone.Sees("12月4日二次供水水箱清洗");    // on the first page, as long as it is unread
        await phone.Look("phone-home");
        await phone.Tab("社区");
        await Assertions.Expect(Unread(phone)).ToHaveTextAsync("1");
        Assert.Equal(0, (await Clerk.Get($"{Community}/notices/{notice}"))["reach"]!.Number("read"));

        await phone.Tap("12月4日二次供水水箱清洗");
        await phone.Sees("已读，物业已收到阅读回执");
        await Assertions.Expect(phone.Page.Locator(".rich strong")).ToHaveTextAsync("12月4日 9:00 至 15:00");
        await phone.Look("phone-notice");
        Assert.Equal(1, (await Clerk.Get($"{Community}/notices/{notice}"))["reach"]!.Number("read"));
        var opened = phone.Page.Context.WaitForPageAsync();
        await phone.Tap("水箱清洗检测报告.pdf");
        await (await opened).CloseAsync();
        await phone.Back();
        await Assertions.Expect(Unread(phone)).ToHaveCountAsync(0);
        await phone.Page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_owner_signs_up_for_an_event_answers_a_survey_once_and_can_take_back_what_may_be_taken_back()
    {
        var (event_, survey) = (await OpenEvent(), await OpenSurvey());
        await stage.Office.As(StaffRole.Manager).Post(Community + "/model-payer-lists",
            new { title = "2026年缴费模范户", from = "2026-01-01", to = "2026-12-31" });
        var phone = await stage.OpenBound("胡子峰", "19900003071", "1-2-503");
        await phone.Tab("社区");
        await phone.Sees("业主恳谈会");
        await phone.Look("phone-community");
        await phone.Tap("业主恳谈会");
        await phone.Tap("增加");
        await phone.Tap("我要报名");
        await phone.Answer("允许");    // reminder, a place given, called off
        await phone.Sees("已报名 2 人");
        await phone.Look("phone-event");
        Assert.Equal(2, (await Clerk.Get($"{Community}/events/{event_}")).Number("placesTaken"));
        await phone.Tap("取消报名");
        await phone.Answer("确认取消");
        await phone.Sees("我要报名");

        await phone.Back();
        await phone.Tap("物业服务满意度");
        await phone.Tap("提交问卷");
        await phone.SeesDialog("第 1 题必须回答");
        await phone.Answer("知道了");
        await phone.Page.GetByLabel("好", new() { Exact = true }).CheckAsync();
        await phone.Page.GetByLabel("5", new() { Exact = true }).CheckAsync();
        await phone.Look("phone-survey");
        await phone.Tap("提交问卷");
        await phone.Sees("感谢您的填写");
        var sheets = (await Clerk.Get(Community + "/surveys")).Items().Single(one => one!.Id("surveyId") == survey)!;
        Assert.Equal(1, sheets.Number("answered"));

        await phone.Back();
        await phone.Tap("2026年缴费模范户");
        await phone.Sees("我可以随时撤回同意");
        await phone.Look("phone-model-payers");
        await phone.Tap("同意展示");
        await phone.Tap("撤回同意");
        await phone.Answer("撤回");
        await phone.Sees("是否愿意展示");
        await phone.Page.Context.CloseAsync();
    }

    async Task<Guid> OpenEvent()
    {
        var id = (await Clerk.Post(Community + "/events", new
        {
            title = "业主恳谈会", body = "欢迎各位业主提出建议，现场备有茶点。", place = "社区活动中心二楼", startsAt = "2026-12-11T19:00:00+08:00",
            endsAt = "2026-12-11T21:00:00+08:00", signUpUntil = "2026-12-10T18:00:00+08:00", places = 40, perHouse = 2,
        })).Id("eventId");
        await Clerk.Post($"{Community}/events/{id}/publish");
        return id;
    }

    async Task<Guid> OpenSurvey()
    {
        var id = (await Clerk.Post(Community + "/surveys", new
        {
            title = "物业服务满意度", intro = "请您花一分钟告诉我们。", anonymous = true, unit = "house", to = "2026-12-31",
            questions = new object[]
            {
                new { kind = "one", text = "保洁做得怎么样？", options = new[] { "好", "一般", "差" } },
                new { kind = "several", text = "哪些方面要改进？", options = new[] { "绿化", "电梯", "安保" }, required = false },
                new { kind = "scale", text = "总体打几分？" },
                new { kind = "text", text = "还有什么建议？", required = false },
            },
        })).Id("surveyId");
        await Clerk.Post($"{Community}/surveys/{id}/publish");
        return id;
    }
}
