using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using OwnerPay.Demo;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

[assembly: AssemblyFixture(typeof(OwnerPay.Browser.Tests.PhoneStage))]

namespace OwnerPay.Browser.Tests;

/// <summary>The demo's estate on the morning after the bills went out, and one Chromium for all phones. Each test uses houses of its own.</summary>
public sealed class PhoneStage : IAsyncLifetime
{
    static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    Stage? stage;
    Story? story;
    IPlaywright? playwright;
    IBrowser? browser;
    HttpClient? weChat;

    public Uri Page => stage!.PhonePage;

    /// <summary>The emulator, as somebody with a hand on its levers reaches it.</summary>
    public HttpClient WeChat => weChat!;

    public Uri Service => stage!.Address;

    /// <summary>The property office, with its people.</summary>
    public Desk Office => story!.Desk;

    /// <summary>A draw whose rules are published and in which tickets can be taken.</summary>
    public Guid Draw { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var starting = Microsoft.Playwright.Playwright.CreateAsync();
        stage = await Stage.Open(new DemoOptions(Exit: true, Json: false, Database: null, Seed: 1, Data: null));
        story = new Story(stage, new Random(1));
        await story.OpenEstate();
        await story.IssueBills();
        Draw = await ProposeDraw(Office);
        await Allow(Office);
        stage.Time.MoveTo(new DateTimeOffset(2026, 12, 2, 9, 40, 0, TimeSpan.FromHours(8)));
        weChat = new HttpClient { BaseAddress = stage.Emulator.BaseAddress };
        playwright = await starting;
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        Assertions.SetDefaultExpectTimeout(30_000);
    }

    static async Task<Guid> ProposeDraw(Desk desk) => (await desk.As(StaffRole.Manager).Post(desk.Community + "/draws", new
    {
        title = "新年按时缴费抽奖", text = "在活动时间内按时缴费，每满 100 元得一张抽奖券；也可用 50 积分换一张。\n人人机会均等。", opens = "2026-12-01T00:00:00+08:00",
        closes = "2027-01-10T18:00:00+08:00", beacon = "上证指数 2027-01-12 收盘点位", beaconOn = "2027-01-12", ticketPoints = 50, ticketFen = 10_000, maxTickets = 5,
        prizes = new[] { new { name = "扫地机器人", valueFen = 199_900, count = 1 }, new { name = "洗衣液", valueFen = 4_990, count = 3 } },
    })).Id("drawId");

    /// <summary>What a community may allow besides: parts of bills, a coupon for whoever knows its code, a better price for months to come.</summary>
    static async Task Allow(Desk desk)
    {
        await desk.As(StaffRole.Admin).Put(desk.Community, new { name = "阳光花园", contactPhone = "021-60001234", allowsPartPayment = true, partPaymentMinFen = 10_000 });
        var (start, end) = ("2026-12-01T00:00:00+08:00", "2027-12-01T00:00:00+08:00");
        await desk.As(StaffRole.Manager).Post(desk.Community + "/promotions/offers", new
        {
            offers = new object[]
            {
                new
                {
                    code = "welcome", name = "新业主立减券", kind = "coupon", feeKinds = new[] { "property" }, start, end, stackingGroup = "coupon", priority = 30,
                    amountYuan = "20", couponDays = 60, claimable = true, limitPerPerson = 1,
                },
                new
                {
                    code = "ahead", name = "预缴优惠", kind = "prepay", feeKinds = new[] { "property" }, start, end, stackingGroup = "ahead", priority = 40,
                    tiers = new[] { new { months = 3, percent = "1" }, new { months = 12, percent = "3" } },
                },
            },
        });
        await Approve(desk);
    }

    /// <summary>Finance agrees to all that waits for it.</summary>
    public static async Task Approve(Desk desk)
    {
        foreach (var approval in (await desk.As(StaffRole.Finance).Get(desk.Community + "/approvals?state=proposed")).Items())
            await desk.As(StaffRole.Finance).Post($"{desk.Community}/approvals/{approval!.Id("id")}/approve", new { note = "同意" });
    }

    /// <summary>A browser with its own storage: somebody's desk, on which any number of phones may lie.</summary>
    public async Task<IBrowserContext> Desk(int width = 390, int height = 844)
    {
        var desk = await browser!.NewContextAsync(new() { Locale = "zh-CN", ViewportSize = new() { Width = width, Height = height } });
        desk.SetDefaultTimeout(30_000);
        return desk;
    }

    /// <summary>A person who has WeChat and has never opened the mini-program.</summary>
    public async Task<string> AddPerson(string name, string number)
    {
        using var answer = await WeChat.PostAsJsonAsync("/admin/users", new { nickname = name, phone = number });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["openid"]!.GetValue<string>();
    }

    /// <summary>That person's phone, with the mini-program open.</summary>
    public async Task<OwnersPhone> Open(string name, string number, IBrowserContext? desk = null)
    {
        var openid = await AddPerson(name, number);
        var page = await (desk ?? await Desk()).NewPageAsync();
        await page.GotoAsync($"{Page}?id={openid}");
        return new OwnersPhone(page, openid);
    }

    /// <summary>The same for somebody of the roster, who has bound his house.</summary>
    public async Task<OwnersPhone> OpenBound(string name, string number, string house, IBrowserContext? desk = null)
    {
        var phone = await Open(name, number, desk);
        await phone.Bind(house);
        return phone;
    }

    /// <summary>What <c>verify</c> finds wrong anywhere in the books.</summary>
    public async Task<IReadOnlyList<string>> Verify()
    {
        await using var scope = stage!.Service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().BeginReadSnapshot(default);
        var findings = await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(null, default);
        return [.. findings.Select(finding => $"[{finding.Check}] {finding.Subject} {finding.Message}")];
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        weChat?.Dispose();
        story?.Dispose();
        if (stage is null) return;
        await stage.DisposeAsync();
        Directory.Delete(stage.Data, recursive: true);
    }
}
