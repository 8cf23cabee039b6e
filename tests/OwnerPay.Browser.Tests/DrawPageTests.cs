using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OwnerPay.Domain.Rewards;

namespace OwnerPay.Browser.Tests;

/// <summary>The public page on which anybody recomputes a draw, in the browser itself.</summary>
public sealed class DrawPageTests(PhoneStage stage)
{
    static readonly DateTimeOffset Opens = new(2026, 12, 1, 0, 0, 0, TimeSpan.FromHours(8));

    /// <summary>A drawn draw with a winner that was replaced, made by the rule of the service.</summary>
    static PublishedDraw Drawn()
    {
        var rules = new DrawRules("0190aa", "阳光花园", "新年按时缴费抽奖", "按时缴费即可参加。\n“人人”机会均等。", Opens, Opens.AddDays(20), "上证指数 2026-12-22 收盘点位",
            new(2026, 12, 22), 50, 10_000, 5, 30, [new("扫地机器人", 199_900, 1), new("洗衣液", 4_990, 3)]).ToText();
        var secret = Enumerable.Range(7, 32).Select(number => (byte)number).ToArray();
        string[] tickets = [.. Enumerable.Range(0, 60).Select(number => $"T{number * 7919 % 100_000:D6}").Order(StringComparer.Ordinal)];
        var run = VerifiableDraw.Run(secret, "3127.45", 5, tickets);
        return new(rules, PublishedDraw.HashOf(rules), run.Commit, run.Root, tickets, "3127.45", run.Seed, Convert.ToHexStringLower(secret),
            run.Winners, [run.Winners[1]]);
    }

    async Task<IPage> Open(byte[] file, string id = "0190aaaa-0000-7000-8000-000000000001")
    {
        var page = await (await stage.Desk(820, 1_180)).NewPageAsync();
        await page.RouteAsync($"**/draws/{id}.json", route => route.FulfillAsync(new() { ContentType = "application/json", BodyBytes = file }));
        await page.GotoAsync(new Uri(stage.Service, $"draws/{id}").ToString());
        return page;
    }

    static Task Sees(IPage page, string text) => Assertions.Expect(page.GetByText(text).First).ToBeVisibleAsync();

    static async Task Look(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("OWNERPAY_PICTURES") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    [Fact]
    public async Task A_visitor_sees_every_step_recomputed_and_a_byte_that_somebody_changed_turns_it_red()
    {
        var draw = Drawn();
        var page = await Open(draw.ToBytes());
        await Sees(page, "核对通过：结果可以完整重算");
        await Assertions.Expect(page.Locator("#checks li.good")).ToHaveCountAsync(7);
        await Assertions.Expect(page.Locator("#winners tr")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#winners tr.replaced")).ToHaveTextAsync(new Regex(Regex.Escape(draw.Winners[1])));
        await Look(page, "draw-drawn");

        // A few of the places at which somebody might help himself; the rest is tried in the tests of the rule.
        var swapped = draw with { Winners = [draw.Winners[2], draw.Winners[1], draw.Winners[0], .. draw.Winners.Skip(3)] };
        foreach (var (forged, says) in new[]
        {
            (swapped.ToBytes(), "中奖券与重算结果逐一相同"),
            ((draw with { Beacon = "3127.46" }).ToBytes(), "种子由秘密数、名单、公开数字得出"),
            ((draw with { Tickets = [.. draw.Tickets.Skip(1)] }).ToBytes(), "抽奖券名单与截止时公布的哈希一致"),
            ((draw with { Rules = draw.Rules.Replace("199900", "99900", StringComparison.Ordinal) }).ToBytes(), "规则与发券前公布的哈希一致"),
            ((draw with { Replaced = [] }).ToBytes(), "中奖人数与奖品份数、递补人数相符"),
            ([.. draw.ToBytes(), (byte)'\n'], "公示文件的格式完整，没有改动"),
        })
        {
            await page.GetByLabel("核对另一个文件").SetInputFilesAsync(new FilePayload
            {
                Name = "forged.json", MimeType = "application/json", Buffer =
                forged
            });
            await Sees(page, "核对不通过：公示内容被改动过");
            await Assertions.Expect(page.Locator("#checks li.bad").First).ToHaveTextAsync(says);
            await page.GetByLabel("核对另一个文件").SetInputFilesAsync(new FilePayload
            {
                Name = "good.json", MimeType = "application/json", Buffer =
                draw.ToBytes()
            });
            await Sees(page, "核对通过：结果可以完整重算");
        }
        await page.GetByLabel("核对另一个文件").SetInputFilesAsync(new FilePayload
        {
            Name = "forged.json", MimeType = "application/json", Buffer =
            swapped.ToBytes()
        });
        await Sees(page, "核对不通过：公示内容被改动过");
        await Look(page, "draw-forged");
        await page.CloseAsync();
    }

    [Fact]
    public async Task While_a_draw_is_open_the_page_shows_its_rules_and_what_is_fixed_already()
    {
        var page = await (await stage.Desk()).NewPageAsync();
        List<string> foreign = [];
        page.Request += (_, request) => { if (new Uri(request.Url).Authority != stage.Service.Authority) foreign.Add(request.Url); };
        await page.GotoAsync(new Uri(stage.Service, $"draws/{stage.Draw}").ToString());
        await Sees(page, "正在进行，尚未截止");
        await Sees(page, "扫地机器人");
        await Assertions.Expect(page.Locator("#checks li.good")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#checks li.later")).ToHaveCountAsync(5);
        await Look(page, "draw-open");
        Assert.Empty(foreign);
        await page.GotoAsync(new Uri(stage.Service, $"draws/{Guid.CreateVersion7()}").ToString());
        await Sees(page, "没有找到该抽奖");
        await page.CloseAsync();
    }
}
