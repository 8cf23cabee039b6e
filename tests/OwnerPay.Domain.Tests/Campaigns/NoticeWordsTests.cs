using OwnerPay.Domain.Campaigns;

namespace OwnerPay.Domain.Tests.Campaigns;

public sealed class NoticeWordsTests
{
    [Theory]
    [InlineData("逾期未缴者，物业将采取停水、停电措施", NoticeFault.CutSupply, "停水")]
    [InlineData("欠费业主将断 电 处理", NoticeFault.CutSupply, "断电")]
    [InlineData("拖欠物业费的，门禁卡停用，限制车辆进入", NoticeFault.KeepOut, "停用限制车辆进入")]
    [InlineData("逾期不交将在公告栏公布欠费业主名单", NoticeFault.ShowDebtors, "公布欠费业主名单")]
    [InlineData("未缴清物业费不予办理装修手续", NoticeFault.HoldBack, "不予办理装修")]
    [InlineData("欠费业主将列入黑名单", NoticeFault.Blacklist, "黑名单")]
    [InlineData("本月缴费享九折优惠", NoticeFault.Promotion, "九折")]
    [InlineData("缴费抽奖活动开始啦", NoticeFault.Promotion, "抽奖")]
    public void A_threat_that_the_law_forbids_or_an_advertisement_is_found_before_it_reaches_anybody(string text, NoticeFault fault, string words) =>
        Assert.Equal((fault, words), NoticeWords.Fault(text, aboutMoney: false));

    [Theory]
    [InlineData("因管网检修，12月12日9:00至17:00停水，请提前储水")]
    [InlineData("供电公司通知：今晚22点起停电两小时")]
    [InlineData("请勿让儿童进入施工区域")]
    [InlineData("您的房屋有未缴物业费，请在小程序查看账单，如有疑问请联系物业服务中心")]
    [InlineData("物业费收支情况已公示，欢迎业主监督")]
    public void A_lawful_notice_goes_through(string text) => Assert.Null(NoticeWords.Fault(text, aboutMoney: false));

    [Fact]
    public void In_a_notice_about_bills_a_cut_of_water_is_a_threat_without_any_further_word()
    {
        const string Text = "请尽快处理，否则停水";

        Assert.Null(NoticeWords.Fault(Text, aboutMoney: false));
        Assert.Equal(NoticeFault.CutSupply, NoticeWords.Fault(Text, aboutMoney: true)?.Fault);
    }
}
