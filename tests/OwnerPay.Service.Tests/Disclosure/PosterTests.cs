using OwnerPay.Service.Disclosure;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;
using static OwnerPay.Service.Tests.Disclosure.BoardSteps;

namespace OwnerPay.Service.Tests.Disclosure;

/// <summary>The poster at the door of a building.</summary>
public sealed class PosterTests(Servers servers)
{
    const string Body = """
        尊敬的各位业主：

        为保障用水安全，定于**12月19日（周六）8:00–17:00**清洗二次供水水箱，届时 1 号楼停水。

        ## 请您提前
        1. 储好当日用水；
        2. 关好家中水龙头，**外出前再检查一次**；
        3. 恢复供水后先放水两分钟。

        > 行动不便的业主可致电服务中心，我们送水上门。
        """;

    [Theory, EachDatabase]
    public async Task A_poster_says_what_the_notice_says_its_code_leads_there_and_the_pdf_is_one_page(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var owner = await estate.SignIn(estate.Houses[0]);
        var id = await estate.Publish(Notice("清洗水箱停水通知<b>", Body, "works"));

        var page = (await estate.Fetch(estate.Clerk, estate.Print($"/notices/{id}/poster"))).Done();
        var pdf = (await estate.Fetch(estate.Clerk, estate.StaffApi($"/notices/{id}/poster.pdf"))).Done();

        Assert.Equal("text/html", page.MediaType);
        Assert.StartsWith("default-src 'none'", page.Policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|https?:| style=|通知<b>", page.Text);
        foreach (var words in new[] { "停水停电与维修", "二次供水水箱", "外出前再检查一次", "送水上门", "2026年12月10日", "微信扫一扫" }) Assert.Contains(words, page.Text,
            StringComparison.Ordinal);
        var text = await DocumentSteps.PdfText(pdf.Body);
        foreach (var words in new[] { "二次供水水箱", "储好当日用水", "2026年12月10日" }) Assert.Contains(words, text.Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain('\f', text.TrimEnd('\f', '\n'));    // one page
        Assert.Equal(id, (await owner.Api.Get($"{owner.Path}/notices/{PosterScene.Of(id)}")).Done()["noticeId"].GetValue<Guid>());
        var draft = (await estate.Clerk.Post(estate.Path + "/notices", Notice("草稿", "未发布。"))).Done()["noticeId"].GetValue<Guid>();
        Assert.Equal(409, (await estate.Fetch(estate.Clerk, estate.Print($"/notices/{draft}/poster"))).Status);
        await estate.Clean();
    }

    [Fact]
    public async Task A_poster_with_ratios_and_a_very_long_one_are_both_set_and_no_line_is_lost()
    {
        await using var estate = await servers.Estate(Database.Sqlite, houses: 11);
        await estate.BillAll();
        await (await estate.SignIn(estate.Houses[0])).PayAll();
        var progress = await estate.Publish(Notice("十二月物业费缴费进度", "感谢已缴费的业主。", "payment",
            progress: new { dueFrom = "2026-12-01", dueTo = "2026-12-31" }));
        var paragraphs = Enumerable.Range(1, 70).Select(n => $"第{n}条　本小区业主应当遵守管理规约，爱护共用部位和共用设施设备，保持环境整洁。");
        var longest = await estate.Publish(Notice("管理规约", string.Join("\n\n", paragraphs)));

        var ratios = await DocumentSteps.PdfText((await estate.Fetch(estate.Clerk, estate.StaffApi($"/notices/{progress}/poster.pdf"))).Done().Body);
        var rules = await DocumentSteps.PdfText((await estate.Fetch(estate.Clerk, estate.StaffApi($"/notices/{longest}/poster.pdf"))).Done().Body);

        foreach (var words in new[] { "应缴", "9%", "1号楼", "缴清率" }) Assert.Contains(words, ratios.Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.All(Enumerable.Range(1, 70), n => Assert.Contains($"第{n}条", rules.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }
}
