using CsCheck;
using Microsoft.AspNetCore.Http;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>How documents are drawn, whatever they are about.</summary>
public sealed class PaperTests
{
    static readonly PaperHead Head = new("安居物业服务有限公司", "阳光花园", "021-60001234", "1号楼一层", "每日 9:00–18:00");

    static Paper Long(int rows) => new("交费通知单", Head, [new("房屋", "1号楼 1-1-0001"), new("业主", "王*")],
        [
            new PaperTable([new("费用项目", 50), new("金额", 50, true)],
                [.. Enumerable.Range(1, rows).Select(n => new PaperRow([$"第{n}项费用", PaperWords.Yuan(n * 100)]) { Note = $"计算：{n} × 1.00元 = {n}.00元" })]),
            PaperWords.Amount("应缴合计", 398_640), new PaperText("缴费方式", ["扫码支付"]) { Code = new PaperCode(null, "https://pay.example/s/AbCdEf0123456789_-xyz", "微信扫码") },
        ]);

    [Fact]
    public async Task A_code_on_the_pdf_is_read_back_by_a_scanner_and_every_row_of_a_statement_of_many_pages_is_there()
    {
        using var fonts = new PaperFonts(new ServiceSettings());
        var pdf = new PaperPdf(fonts).Bytes("通知单", Long(120));

        var text = await DocumentSteps.PdfText(pdf);
        Assert.All(Enumerable.Range(1, 120), n => Assert.Contains($"第{n}项费用", text, StringComparison.Ordinal));
        Assert.Contains("叁仟玖佰捌拾陆元肆角", text, StringComparison.Ordinal);
        Assert.True(text.Split("费用项目").Length > 4);    // the column titles stand on every page
        Assert.Equal("https://pay.example/s/AbCdEf0123456789_-xyz", (await DocumentSteps.PdfCodes(new PaperPdf(fonts).Bytes("通知单", Long(3)))).Trim());
    }

    [Fact]
    public void A_server_without_a_chinese_font_says_which_setting_is_missing_instead_of_printing_boxes()
    {
        using var fonts = new PaperFonts(new ServiceSettings { PrintFont = Path.Combine(Path.GetTempPath(), "no-such-font.ttc") });

        var refusal = new PaperPdf(fonts).Refusal;

        Assert.Equal("print_font_missing", refusal?.Code);
        Assert.Contains("OwnerPay:PrintFont", refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_leaves_the_server_while_it_is_composed_so_that_memory_does_not_grow_with_the_estate()
    {
        using var sent = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Response.Body = sent;
        long held = 0;
        async IAsyncEnumerable<Paper> Papers()
        {
            for (var n = 0; n < 500; n++)
            {
                var sheets = (long)n * PaperHtml.Sheet(Long(5)).Length;
                held = Math.Max(held, sheets - sent.Length);    // characters; bytes are more
                await Task.Yield();
                yield return Long(5);
            }
        }

        await new PrintPages("通知单", Papers(), "").ExecuteAsync(http);

        Assert.True(held < 200_000, $"{held} characters were held back");
    }

    [Theory]
    [InlineData("物业费，公摊水费。", 4, new[] { "物业费，", "公摊水", "费。" })]
    [InlineData("（一）说明", 3, new[] { "（一）", "说明" })]
    [InlineData("a house of ten", 7, new[] { "a house", "of ten" })]
    public void Lines_break_where_chinese_readers_expect_it(string text, int room, string[] lines) =>
        Assert.Equal(lines, TextLines.Break(text, room, part => part.Length));

    [Fact]
    public void Breaking_a_text_into_lines_loses_no_character_and_no_line_is_too_wide() =>
        Gen.Select(Gen.String[Gen.OneOf(Gen.Char["物业费，。（）元"], Gen.Char["ab 12.-"]), 0, 80], Gen.Int[1, 20]).Sample((text, room) =>
        {
            var lines = TextLines.Break(text, room, part => part.Length);
            return string.Concat(lines).Replace(" ", "", StringComparison.Ordinal) == text.Replace(" ", "", StringComparison.Ordinal)
                && lines.All(line => line.Length <= room);
        });

    [Theory]
    [InlineData("王建国 & <b>子</b>", "王建国 &amp; &lt;b&gt;子&lt;/b&gt;")]
    [InlineData("\" onload=\"x", "&quot; onload=&quot;x")]
    public void What_is_put_into_a_page_is_text(string value, string written) => Assert.Equal($"<p>{written}</p>", new Html().Write($"<p>{value}</p>").ToString());
}
