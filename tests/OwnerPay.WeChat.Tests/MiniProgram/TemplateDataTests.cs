using CsCheck;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>Values of subscription messages, checked before WeChat answers 47003.</summary>
public class TemplateDataTests
{
    [Theory]
    [InlineData("thing1", "阳光花园3栋2单元1801")]
    [InlineData("thing12", "一二三四五六七八九十一二三四五六七八九十")]
    [InlineData("number1", "286.5")]
    [InlineData("number1", "12345678901234567890123456789012")]
    [InlineData("letter2", "abcXYZ")]
    [InlineData("symbol3", "!?#")]
    [InlineData("character_string4", "OP202611230001-A#")]
    [InlineData("time5", "15:01")]
    [InlineData("time5", "9:05")]
    [InlineData("time5", "2026年10月1日 15:01")]
    [InlineData("time5", "2026-10-01 15:01")]
    [InlineData("time5", "2026-10-01 15:01:05")]
    [InlineData("time5", "15:01~16:30")]
    [InlineData("date6", "2026年11月30日")]
    [InlineData("date6", "2026年11月30日 15:01")]
    [InlineData("date6", "2026-11-30")]
    [InlineData("date6", "2026年11月1日~2026年11月30日")]
    [InlineData("amount7", "286.50元")]
    [InlineData("amount7", "¥286.50")]
    [InlineData("amount7", "￥12345678.90")]
    [InlineData("phone_number8", "+86-0766-66888866")]
    [InlineData("car_number9", "粤A8Z888挂")]
    [InlineData("name10", "欧阳建国")]
    [InlineData("name10", "John Smith-Miller")]
    [InlineData("phrase11", "待缴费")]
    [InlineData("const12", "物业通知")]
    [InlineData("enum13", "进行中")]
    public void A_value_that_wechat_takes_is_taken(string field, string value) =>
        Assert.Empty(TemplateData.Validate(new Dictionary<string, string> { [field] = value }));

    [Theory]
    [InlineData("thing1", "")]
    [InlineData("thing1", "  ")]
    [InlineData("thing1", "一二三四五六七八九十一二三四五六七八九十一")]
    [InlineData("thing1", "两行\n文字")]
    [InlineData("number1", "1,000")]
    [InlineData("number1", "123456789012345678901234567890123")]
    [InlineData("number1", "１２")]
    [InlineData("letter2", "abc1")]
    [InlineData("letter2", "字母")]
    [InlineData("symbol3", "a")]
    [InlineData("symbol3", "!!!!!!")]
    [InlineData("character_string4", "订单1")]
    [InlineData("character_string4", "123456789012345678901234567890123")]
    [InlineData("time5", "25:01")]
    [InlineData("time5", "下午三点")]
    [InlineData("time5", "2026年10月1日")]
    [InlineData("date6", "2026年2月30日")]
    [InlineData("date6", "11月30日")]
    [InlineData("date6", "2026/11/30")]
    [InlineData("amount7", "286.50人民币")]
    [InlineData("amount7", "12345678901")]
    [InlineData("amount7", "-5.00")]
    [InlineData("amount7", "1,286.50")]
    [InlineData("phone_number8", "138 0013 8000 转 5")]
    [InlineData("phone_number8", "+86-0766-668888666")]
    [InlineData("car_number9", "粤A8Z8888挂挂")]
    [InlineData("car_number9", "粤A中888")]
    [InlineData("name10", "一二三四五六七八九十一")]
    [InlineData("name10", "Wang 五六七八九十一二三")]
    [InlineData("name10", "abcdefghijklmnopqrstu")]
    [InlineData("name10", "张3")]
    [InlineData("phrase11", "待缴费用通知")]
    [InlineData("phrase11", "缴费1")]
    [InlineData("phrase11", "缴费。")]
    [InlineData("const12", "")]
    [InlineData("gift14", "礼品")]
    [InlineData("thing", "没有序号")]
    [InlineData("Thing1", "大写")]
    public void A_value_that_wechat_refuses_is_named_with_field_rule_and_value(string field, string value)
    {
        var fault = Assert.Single(TemplateData.Validate(new Dictionary<string, string> { [field] = value, ["phrase99"] = "待缴费" }));

        Assert.Equal((field, value), (fault.Field, fault.Value));
        Assert.NotEmpty(fault.Rule);
    }

    [Fact]
    public void Half_an_emoji_is_not_sent() =>
        Assert.Single(TemplateData.Validate(new Dictionary<string, string> { ["thing1"] = "半个\ud83d" }));

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(["date3", "phrase2", "thing1"], TemplateData.Validate(new Dictionary<string, string>
        {
            ["thing1"] = "", ["phrase2"] = "123", ["amount9"] = "1元", ["date3"] = "明天",
        }).Select(fault => fault.Field));

    [Theory]
    [InlineData("阳光花园3栋", "阳光花园3栋")]
    [InlineData("一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十")]
    [InlineData("一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…")]
    [InlineData("一二三四五六七八九十一二三四五六七八😀二三", "一二三四五六七八九十一二三四五六七八…")]
    [InlineData(" 两行\r\n文字 ", "两行 文字")]
    public void A_long_address_is_cut_on_a_whole_character(string text, string expected) => Assert.Equal(expected, TemplateData.Fit(text));

    [Fact]
    public void What_was_cut_always_fits() => Gen.String.Sample(text =>
    {
        var cut = TemplateData.Fit(text);
        return cut.Length <= TemplateData.ThingLength
            && (text.Trim().Length > TemplateData.ThingLength || !cut.EndsWith('…') || text.Contains('…', StringComparison.Ordinal));
    }, iter: 5_000);

    [Fact]
    public void Any_value_of_any_key_is_judged_and_never_thrown_at() => Gen.Select(
        Gen.OneOf(new[] { "thing1", "number1", "letter1", "symbol1", "character_string1", "time1", "date1", "amount1", "phone_number1", "car_number1",
            "name1", "phrase1", "const1", "gift1", "", "1" }.Select(key => Gen.Const(key)).ToArray()), Gen.String)
        .Sample((field, value) =>
            TemplateData.Validate(new Dictionary<string, string> { [field] = value }).All(fault => fault.Value == value), iter: 20_000);
}
