using Microsoft.Playwright;

namespace OwnerPay.Browser.Tests;

/// <summary>The pages around a payment: coupons, parts of bills, prepaid money, months to come, pay links, papers.</summary>
public sealed class MoneyPageTests(PhoneStage stage)
{
    [Fact]
    public async Task A_coupon_that_an_owner_claims_is_used_where_he_pays_and_the_price_says_so()
    {
        var phone = await stage.OpenBound("雷静莉", "19900004033", "1-2-1002");
        await phone.Look("home");
        await phone.Tap("优惠券");
        await phone.Sees("还没有优惠券");
        await phone.Page.GetByLabel("领取优惠券").FillAsync("welcome");
        await phone.Tap("领取");
        await phone.Sees("新业主立减券");
        await phone.Sees("无门槛");
        await phone.Look("coupons");
        await phone.Back();

        await phone.Tap("去缴费");
        await phone.Sees("新业主立减券");
        await phone.Look("quote-coupon");
        await phone.Tap("去支付");
        await phone.Answer("允许");
        await phone.SeesDialog("¥926.59");    // 996.41 less 5 %, less 20.00
        await phone.Pay();
        await phone.Sees("缴费成功");
        await phone.Look("paid");
        await phone.Tap("查看收据");
        await phone.Sees("物业缴费收据");
        await phone.Look("receipt");
        await phone.Back();
        await phone.Tap("完成");
        await phone.Answer("取消");
        await phone.Tap("优惠券");
        await phone.Sees("已使用");
        await phone.Look("coupons-used");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task Who_pays_a_part_reads_that_offers_are_for_whole_bills_and_owes_the_rest()
    {
        var phone = await stage.OpenBound("高海刚", "19900004070", "1-2-1003");
        await phone.Tap("去缴费");
        await phone.Look("quote-whole");
        await phone.Page.GetByLabel("只缴一部分（元）").FillAsync("50");
        await phone.Tap("按此金额缴纳");
        await phone.SeesDialog("至少 100.00 元");
        await phone.Answer("知道了");
        await phone.Page.GetByLabel("只缴一部分（元）").FillAsync("400");
        await phone.Tap("按此金额缴纳");
        await phone.Sees("部分缴纳不享受优惠");
        await phone.Look("quote-part");
        await phone.Tap("去支付");
        await phone.Answer("允许");
        await phone.SeesDialog("¥400.00");
        await phone.Pay();
        await phone.Sees("缴费成功");
        await phone.Tap("完成");
        await phone.Answer("取消");
        await phone.Sees("596.41");
        await phone.Look("home-part");
        await phone.Tab("账单");
        await phone.Look("bills-part");
        await phone.Tap("物业费");
        await phone.Sees("尚欠");
        await phone.Look("bill-part");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task A_pay_link_opened_by_somebody_else_shows_the_amount_and_no_name_and_is_paid_there()
    {
        var owner = await stage.OpenBound("王宇远", "19900002368", "1-2-202");
        await owner.Tab("账单");
        await owner.Tap("物业费");
        var copied = owner.Page.WaitForResponseAsync(answer => answer.Url.EndsWith("/pay-links", StringComparison.Ordinal) && answer.Request.Method == "POST");
        await owner.Tap("请家人代付");
        var path = (await (await copied).JsonAsync())!.Value.GetProperty("path").GetString();
        await owner.SeesDialog("代付链接已复制");
        await owner.Look("pay-link-made");

        var friend = await stage.Open("热心亲戚", "13800000009");
        await friend.Page.EvaluateAsync("path => { location.hash = '#/' + path; }", path);
        await friend.SeesTitle("代付账单");
        await friend.Sees("物业费");
        await friend.DoesNotSee("王宇远");
        await friend.DoesNotSee("1-2-202");
        await friend.Look("pay-link");
        await friend.Tap("代为支付");
        await friend.TypePassword();
        await friend.SeesDialog("支付成功");
        await friend.Answer("完成");
        await friend.Sees("代付成功");
        await friend.Look("pay-link-paid");

        await owner.Answer("知道了");
        await owner.Back();
        await owner.Tab("首页");
        await owner.Sees("费用已全部缴清");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task Money_brought_in_advance_is_seen_at_once_and_pays_the_bill_when_the_owner_says_so()
    {
        var phone = await stage.OpenBound("尹晓远", "19900002405", "1-2-203");
        await phone.Tap("预存预缴");
        await phone.Sees("还没有预存记录");
        await phone.Look("prepaid-empty");
        await phone.Page.GetByLabel("预存金额（元）").FillAsync("0.5");
        await phone.Tap("去预存");
        await phone.SeesDialog("预存金额至少为 1 元");
        await phone.Answer("知道了");
        await phone.Page.GetByLabel("预存金额（元）").FillAsync("300");
        await phone.Tap("去预存");
        await phone.Pay();
        await phone.Sees("预存金额");
        await phone.Look("top-up-paid");
        await phone.Tap("完成");
        await phone.Answer("取消");
        await phone.Tap("预存预缴");
        await phone.Sees("300.00");
        await phone.Look("prepaid");
        await phone.Back();

        await phone.Tap("去缴费");
        await phone.Page.GetByLabel("使用预存余额").CheckAsync();
        await phone.Look("quote-prepaid");
        await phone.Tap("去支付");
        await phone.Answer("允许");
        await phone.SeesDialog("¥646.59");    // 996.41 less 5 %, less 300.00
        await phone.Pay();
        await phone.Sees("预存抵扣");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task Months_to_come_are_paid_in_advance_at_the_better_price()
    {
        var phone = await stage.OpenBound("江刚", "19900002590", "1-2-303");
        await phone.Tap("预存预缴");
        await phone.Tap("3 个月");
        await phone.SeesTitle("确认缴费");
        await phone.Sees("预缴优惠");
        await phone.Sees("2027年3月");
        await phone.Look("quote-ahead");
        await phone.Back();
        await phone.SeesTitle("预存预缴");
        await phone.Tap("3 个月");    // the same months, not three more
        await phone.Sees("2027年3月");
        await phone.DoesNotSee("2027年4月");
        await phone.Tap("去支付");
        await phone.Answer("允许");
        await phone.Pay();
        await phone.Sees("缴费成功");
        Assert.Empty(await stage.Verify());
    }

    [Fact]
    public async Task A_paid_owner_opens_the_receipt_as_PDF_and_asks_for_an_invoice()
    {
        var phone = await stage.OpenBound("范玉博", "19900002553", "1-2-302");
        await phone.GoToPad();
        await phone.Pay();
        await phone.Tap("查看收据");
        await Assertions.Expect(phone.Page.GetByRole(AriaRole.Button, new() { Name = "查看收据 PDF" })).ToBeVisibleAsync();
        var paper = await phone.Page.Context.RunAndWaitForPageAsync(() => phone.Tap("查看收据 PDF"));
        Assert.StartsWith("blob:", paper.Url, StringComparison.Ordinal);
        await paper.CloseAsync();

        await phone.Tap("申请电子发票");
        await phone.SeesTitle("电子发票");
        await phone.Look("invoice-form");
        await phone.Tap("提交申请");
        await phone.SeesDialog("请填写发票抬头");
        await phone.Answer("知道了");
        await phone.Page.GetByLabel("抬头").FillAsync("范玉博");
        await phone.Tap("提交申请");
        await phone.Sees("开票金额");
        await phone.Look("invoice");
        Assert.Empty(await stage.Verify());
    }
}
