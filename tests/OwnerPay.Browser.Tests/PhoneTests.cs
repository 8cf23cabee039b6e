using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OwnerPay.Browser.Tests;

/// <summary>Owners with their phones in front of the real service and the emulated WeChat.</summary>
public sealed class PhoneTests(PhoneStage stage)
{
    [Fact]
    public async Task An_owner_binds_pays_early_keeps_a_receipt_and_turns_the_points_into_a_gift()
    {
        var phone = await stage.OpenBound("杜若艳", "19900000037", "1-1-102");
        await phone.Sees("待缴金额");
        await phone.Sees("早鸟九五折");

        await phone.Tap("去缴费");
        await phone.Sees("优惠说明");
        await phone.Sees("12月15日前缴费可省");    // what a better or a worse day would cost
        await phone.Tap("去支付");
        await phone.SeesDialog("缴费成功通知");
        await phone.SeesDialog("总是保持以上选择，不再询问");
        await phone.Answer("允许");
        await phone.SeesDialog("¥927.75");    // 976.58 less 5 %
        await phone.Pay();

        await phone.Sees("缴费成功");
        await phone.SeesBanner("缴费成功通知");
        await phone.SeesBanner("927.75元");
        await phone.Tap("查看收据");
        await phone.Sees("物业缴费收据");
        await phone.Sees("玖佰贰拾柒元柒角伍分");
        await phone.Back();
        await phone.Tap("完成");
        await phone.SeesDialog("物业账单通知");
        await phone.Answer("取消");
        await phone.Sees("费用已全部缴清");
        await phone.Sees("927 积分");

        await phone.Tab("礼品");
        await phone.Tap("兑换2027 年台历");
        await phone.Answer("确认兑换");
        await phone.Sees("领取码");
        Assert.Matches(@"^\d{4} \d{4}$", await phone.Page.Locator(".code").TextContentAsync());
        await phone.Back();
        await phone.Sees("727");

        await phone.Tab("消息");
        await phone.Sees("住宅物业费账单已出");
        await phone.Tap("缴费成功");
        await phone.SeesTitle("缴费记录");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task Who_closes_the_password_pad_owes_as_before_and_can_go_on_paying()
    {
        var phone = await stage.OpenBound("邱泽军", "19900000222", "1-1-202");
        await phone.GoToPad();
        await phone.Answer("关闭");
        await phone.Sees("等待支付");
        await phone.Tap("稍后再付");
        await phone.Sees("待缴金额");

        await phone.Tap("缴费记录");
        await phone.Tap("待支付");
        await phone.Tap("继续支付");
        await phone.Pay();
        await phone.Sees("缴费成功");
    }

    [Fact]
    public async Task While_one_joint_owner_holds_the_pad_the_other_is_told_to_wait_and_nobody_pays_twice()
    {
        var one = await stage.OpenBound("蔡海波", "19900000592", "1-1-401");
        var other = await stage.OpenBound("陆雨军", "19900000629", "1-1-401", one.Page.Context);    // two phones of one browser stay apart
        await one.GoToPad();
        await other.Tap("去缴费");
        await other.Tap("去支付");
        await other.Answer("允许");
        await other.SeesDialog("账单正在支付中，请稍后再试");
        await other.SeesDialog("分钟后可以再试");
        await other.Answer("知道了");

        await one.Pay();
        await one.Sees("缴费成功");
        await other.Back();
        await other.Sees("费用已全部缴清");
    }

    [Fact]
    public async Task While_a_payment_is_unclear_the_owner_reads_that_it_is_being_checked_and_is_not_asked_for_money_again()
    {
        var phone = await stage.OpenBound("彭红航", "19900000740", "1-1-403");
        await phone.GoToPad();
        await Fault("callbackLost", 1, "CALLBACK");
        await Fault("frequencyLimited", 1000, "/v3/pay/transactions/out-trade-no");
        try
        {
            await phone.Pay();
            await phone.Sees("您已完成付款，请勿重复支付");
            await phone.DoesNotSee("继续支付");
        }
        finally
        {
            using var _ = await stage.WeChat.DeleteAsync("/admin/faults");
        }
        await phone.Sees("查看收据");
    }

    [Fact]
    public async Task An_answer_that_is_lost_on_the_way_makes_no_second_order()
    {
        var phone = await stage.OpenBound("胡明远", "19900001628", "1-1-804");
        var keys = new List<string>();
        await phone.Page.RouteAsync("**/payments", async route =>
        {
            if (route.Request.Method != "POST")
            {
                await route.ContinueAsync();
                return;
            }
            keys.Add(await route.Request.HeaderValueAsync("Idempotency-Key") ?? "");
            if (keys.Count > 1) await route.ContinueAsync();
            else
            {
                await route.FetchAsync();    // the service did it; the phone never hears
                await route.AbortAsync();
            }
        });
        await phone.GoToPad();
        await phone.Answer("关闭");
        await phone.Sees("等待支付");
        await phone.Tap("稍后再付");
        await phone.Tap("缴费记录");
        await phone.Sees("待支付");
        Assert.Equal(1, await phone.Page.Locator(".list > li").CountAsync());
        Assert.Equal(2, keys.Count);
        Assert.Equal(keys[0], keys[1]);
    }

    [Fact]
    public async Task While_WeChat_cannot_be_reached_the_owner_reads_so_keeps_the_bill_and_pays_at_the_next_try()
    {
        var phone = await stage.OpenBound("雷志鑫", "19900000962", "1-1-502");
        await Fault("connectionReset", 3, "/v3/pay/transactions/jsapi");    // as often as the client tries by itself
        await phone.Tap("去缴费");
        await phone.Tap("去支付");
        await phone.Answer("允许");
        await phone.SeesDialog("暂时连不上微信支付，请稍后重试");
        await phone.SeesDialog("没有扣款，账单仍为待缴");
        await phone.Answer("取消");
        await phone.Back();
        await phone.Sees("待缴金额");

        await Fault("connectionReset", 3, "/v3/pay/transactions/jsapi");
        await phone.Tap("去缴费");
        await phone.Tap("去支付");
        await phone.SeesDialog("暂时连不上微信支付，请稍后重试");
        await phone.Answer("重试");
        await phone.Pay();
        await phone.Sees("缴费成功");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task An_owner_of_three_homes_changes_between_them_and_is_not_asked_again_after_saying_so()
    {
        var phone = await stage.OpenBound("林晓梅", "19900008888", "1-1-101");
        await phone.Tap("去缴费");
        await phone.Tap("去支付");
        await phone.Page.GetByLabel("总是保持以上选择，不再询问").CheckAsync();
        await phone.Answer("允许");
        await phone.Pay();
        await phone.SeesBanner("缴费成功通知");    // the one message is spent
        await phone.Tap("完成");
        await phone.Answer("允许");

        await phone.Page.GetByLabel("切换房屋").SelectOptionAsync(new SelectOptionValue { Label = "3-2-802 阳光花园" });
        await phone.Sees("3-2-802");
        await phone.GoToPad(asked: false);
        await phone.Pay();
        await phone.Sees("缴费成功");
    }

    [Fact]
    public async Task A_phone_whose_number_is_not_in_the_roster_is_told_so_and_learns_nothing_else()
    {
        var phone = await stage.Open("路人", "13800000001");
        await phone.Page.GetByLabel("房号").FillAsync("1-1-102");
        await phone.Tap("授权手机号并绑定");
        await phone.SeesDialog("138****0001");
        await phone.Answer("允许");
        await phone.SeesDialog("信息与登记不符，请核对后重试，或联系物业服务中心");
    }

    [Fact]
    public async Task A_phone_without_network_says_so_in_Chinese_and_goes_on_when_it_is_back()
    {
        var phone = await stage.OpenBound("曾书鹏", "19900001665", "1-1-804");
        await phone.Page.Context.SetOfflineAsync(true);
        await phone.Tab("账单");
        await phone.Sees("网络不太顺畅，请检查网络后重试");
        await phone.Page.Context.SetOfflineAsync(false);
        await phone.Tap("重试");
        await phone.Sees("住宅物业费");
    }

    [Fact]
    public async Task The_story_of_two_phones_plays_to_its_end()
    {
        var desk = await stage.Desk(1280, 900);
        var page = await desk.NewPageAsync();
        await page.GotoAsync($"{stage.Page}?story=phone-story&pace=0");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-story", new Regex("done|failed"), new() { Timeout = 150_000 });
        Assert.Equal([], await page.Locator(".story-steps .failed").AllTextContentsAsync());
        Assert.Equal(2, await page.Locator("iframe").CountAsync());
    }

    [Fact]
    public async Task A_new_phone_is_made_on_the_first_page_and_then_found_there()
    {
        var page = await (await stage.Desk()).NewPageAsync();
        await page.GotoAsync(stage.Page.ToString());
        await page.GetByLabel("称呼").FillAsync("何平");
        await page.GetByLabel("手机号").FillAsync("13800000002");
        await page.GetByRole(AriaRole.Button, new() { Name = "打开" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "绑定我的房屋" })).ToBeVisibleAsync();
        await page.GotoAsync(stage.Page.ToString());
        await Assertions.Expect(page.GetByText("13800000002")).ToBeVisibleAsync();
    }

    async Task Fault(string kind, int count, string scope)
    {
        using var answer = await stage.WeChat.PostAsJsonAsync("/admin/faults", new JsonObject { ["kind"] = kind, ["count"] = count, ["scope"] = scope });
        answer.EnsureSuccessStatusCode();
    }
}
