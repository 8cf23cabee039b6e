using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;

namespace OwnerPay.Demo;

/// <summary>A month in an estate: bills go out, phones buzz, owners pay early, earn points and fetch gifts; each morning finance sees that every fen agrees.</summary>
public sealed partial class Story(Stage stage, Random chance) : IDisposable
{
    public const string CommunityCode = "sunshine";
    const string CommunityName = "阳光花园";

    static readonly string[] FeeKinds = ["property", "parking"];
    static readonly int[] EarlyDays = [2, 4, 6], LateDays = [18, 22];

    readonly Narrator say = new(stage.Time);
    readonly HttpClient weChat = new() { BaseAddress = stage.Emulator.BaseAddress };
    readonly List<Phone> phones = [];
    readonly List<Phone> paid = [];
    readonly Dictionary<Phone, Guid> orders = [];
    readonly List<string> walkIns = [];
    Desk? office;

    /// <summary>The property office, once it is open.</summary>
    public Desk Desk => office ?? throw new InvalidOperationException("The office opens first.");

    public static string Files => Path.Combine(AppContext.BaseDirectory, "demo");

    public async Task Play()
    {
        await OpenEstate();
        await OwnersComeIn();
        await IssueBills();
        await EarlyBirds();
        await LostCallback();
        await TwoTaps();
        await AtTheCounter();
        await Reminder();
        await LastMinuteOfTheOffer();
        await DisputedBill();
        await PublishDraw();
        await FullPrice();
        await Gifts();
        await Refund();
        await Rush();
        await TakeTickets();
        await YearAhead();
        await NoticeOnBoard();
        await CloseDraw();
        await DrawWinners();
        await MonthEnd();
    }

    /// <summary>The first chapter alone: an office with its people, houses, prices, offers, gifts and templates.</summary>
    public async Task OpenEstate()
    {
        office = await OpenOffice();
        await ImportEverything();
    }

    public void Dispose()
    {
        foreach (var phone in phones) phone.Dispose();
        office?.Dispose();
        weChat.Dispose();
    }

    async Task<Desk> OpenOffice()
    {
        say.Chapter($"{CommunityName}启用");
        var opened = await Demo.Desk.Open(stage, CommunityCode, CommunityName);
        say.Tell("系统管理员首次登录，修改一次性密码；任命郑经理，再由两人共同任命客服周敏、财务吴会计、收银员孙丽。");
        var merchant = stage.Emulator.Merchant;
        var admin = opened.As(StaffRole.Admin);
        await admin.Post("/mini-programs", new { appId = merchant.Appid, secret = merchant.Appsecret });
        await admin.Put(opened.Community + "/merchant-accounts", new
        {
            mchid = merchant.Mchid, appid = merchant.Appid, merchantCertificateSerial = merchant.MerchantCertificateSerial, merchantPrivateKeyPem = merchant.MerchantPrivateKeyPem,
            apiV3Key = merchant.ApiV3Key, platformCertificateSerial = merchant.PlatformCertificateSerial, platformCertificatePem = merchant.PlatformCertificatePem,
            publicKeyId = merchant.PublicKeyId, publicKeyPem = merchant.PublicKeyPem,
        });
        say.Tell($"录入小程序与微信支付商户号 {merchant.Mchid}。");
        return opened;
    }

    async Task ImportEverything()
    {
        var report = await Desk.ImportRoster(Path.Combine(Files, "roster.xlsx"));
        if (report.Text("state") != "done") throw new StoryBrokenException($"花名册没有导入：{report}");
        say.Tell($"周敏导入花名册：读取 {report.Number("read")} 行，写入 {report.Number("written")} 行，有误 {report.Number("bad")} 行。");
        await Desk.Propose(StaffRole.Clerk, "/billing/tariffs", Path.Combine(Files, "tariffs.json"), StaffRole.Finance);
        await Desk.Propose(StaffRole.Manager, "/promotions/offers", Path.Combine(Files, "offers.json"), StaffRole.Finance);
        await Desk.Propose(StaffRole.Manager, "/rewards", Path.Combine(Files, "rewards.json"), StaffRole.Finance);
        await Desk.Propose(StaffRole.Clerk, "/messaging/templates", Path.Combine(Files, "templates.json"), StaffRole.Manager);
        await RegisterTemplates();
        say.Tell("收费标准由周敏提出、吴会计审批；早鸟优惠与礼品由郑经理提出、吴会计审批；消息模板由郑经理审批。");
    }

    /// <summary>The templates as WeChat's console knows them, with the titles that its dialogs and messages show.</summary>
    async Task RegisterTemplates()
    {
        var known = Templates().Select(template => new
        {
            templateId = template!.Text("templateId"), fields = template!["fields"]!.AsObject().Select(field => field.Key),
            title = template!.Text("kind") switch { "bill.issued" => "物业账单通知", "payment.receipt" => "缴费成功通知", var kind => kind },
        });
        using var registered = await weChat.PutAsJsonAsync("/admin/templates", known);
        registered.EnsureSuccessStatusCode();
    }

    static JsonArray Templates() => JsonNode.Parse(File.ReadAllText(Path.Combine(Files, "templates.json")))!.Items("templates");

    /// <summary>WeChat's id of the template of a message kind.</summary>
    static string TemplateOf(string kind) => Templates().First(template => template!.Text("kind") == kind)!.Text("templateId");

    async Task OwnersComeIn()
    {
        say.Chapter("业主扫码进来");
        var today = DateOnly.FromDateTime(stage.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        RosterFile roster;
        using (var file = File.OpenRead(Path.Combine(Files, "roster.xlsx"))) roster = RosterWorkbook.Read(file);
        var reachable = roster.Tenures.Where(t => t.Kind == TenureKind.Owner && t.From <= today && (t.To is null || today <= t.To) && t.Phones.Count > 0)
            .DistinctBy(t => t.House).DistinctBy(t => t.Phones[0]).ToArray();
        chance.Shuffle(reachable);
        foreach (var owner in reachable.Take(56 + chance.Next(16)))
        {
            var phone = await Phone.SignIn(stage, weChat, CommunityCode, owner.House, owner.Name, owner.Phones[0]);
            phones.Add(phone);
            if (chance.Next(10) < 9) await phone.AllowMessages();    // one in ten does not want messages
        }
        walkIns.AddRange(reachable.Skip(phones.Count).Take(2).Select(owner => owner.House));
        say.Tell($"{phones.Count} 位业主用微信手机号和房号完成绑定，多数同意接收账单和缴费通知。");
    }

    /// <summary>The bills of the quarter, issued on the first of December.</summary>
    public async Task IssueBills()
    {
        say.Chapter("第四季度账单");
        stage.Time.MoveTo(At(1, 10, 30));
        var run = await Desk.As(StaffRole.Clerk).Post(Desk.Community + "/billing/runs",
            new { periodFrom = "2026-10-01", periodTo = "2026-12-31", dueOn = "2026-12-31", feeKinds = FeeKinds });
        say.Tell($"周敏试算：{run.Number("bills")} 张账单，共 {Narrator.Yuan(run.Number("totalFen"))}；需要留意的 {run["odd"]!.Items().Count} 处已逐条列出。");
        await Desk.As(StaffRole.Finance).Post($"{Desk.Community}/billing/runs/{run.Id("runId")}/confirm");
        say.Tell("吴会计复核确认，账单发出。");
        await Quiet();
        var buzzed = 0;
        foreach (var phone in phones) buzzed += await phone.MessagesOnPhone();
        say.Tell($"{buzzed} 部手机收到微信账单通知；其余业主在小程序消息里看到。");
    }

    async Task EarlyBirds()
    {
        var early = phones.Take(phones.Count / 3).ToList();
        for (var round = 0; round < EarlyDays.Length; round++)
        {
            var day = EarlyDays[round];
            stage.Time.MoveTo(At(day, 9, 10));
            say.Chapter("早鸟优惠期内缴费");
            foreach (var phone in early.Skip(round * early.Count / 3).Take((early.Count + 2) / 3))
                await PayAndTell(phone, tellAlways: paid.Count < 3);
            say.Tell($"至此 {paid.Count} 户已缴清。");
            await NextMorning(day);
        }
    }

    async Task PayAndTell(Phone phone, bool tellAlways)
    {
        if (paid.Contains(phone)) return;
        if (await phone.PayAll() is not { } done) return;
        paid.Add(phone);
        orders[phone] = done.Order;
        if (!tellAlways) return;
        var saved = done.SavedFen > 0 ? $"，早鸟优惠省 {Narrator.Yuan(done.SavedFen)}" : "";
        var points = (await phone.Points()).Number("balance");
        say.Tell($"{phone.HouseCode} {phone.OwnerName} 微信支付 {Narrator.Yuan(done.PaidFen)}{saved}，得积分 {points}。");
    }

    async Task LostCallback()
    {
        stage.Time.MoveTo(At(8, 20, 15));
        say.Chapter("微信的通知丢了");
        var phone = phones.First(candidate => !paid.Contains(candidate));
        var bills = (await phone.OpenBills()).Select(bill => bill!.Id("billId")).ToList();
        var order = (await phone.Checkout(bills, await phone.Quote(bills))).Id("orderId");
        await phone.TypePassword(order, new { callback = "suppress" });
        say.Tell($"{phone.HouseCode} {phone.OwnerName} 付了款，但微信的通知没有到。");
        await phone.UntilPaid(order);
        paid.Add(phone);
        say.Tell("系统主动向微信查询，随即入账；业主没有看到“请重新支付”。");
        await NextMorning(8);
    }

    async Task TwoTaps()
    {
        stage.Time.MoveTo(At(10, 19, 40));
        say.Chapter("手指点了两下");
        var phone = phones.First(candidate => !paid.Contains(candidate));
        var bills = (await phone.OpenBills()).Select(bill => bill!.Id("billId")).ToList();
        var quote = await phone.Quote(bills);
        var first = (await phone.Checkout(bills, quote)).Id("orderId");
        var second = (await phone.Checkout(bills, quote)).Id("orderId");
        if (first != second) throw new StoryBrokenException("同一次选择得到了两张订单。");
        await phone.TypePassword(first, new { callback = "double" });
        await phone.UntilPaid(first);
        paid.Add(phone);
        say.Tell($"{phone.HouseCode} {phone.OwnerName} 连点两下“去支付”，得到同一张订单；微信把通知发了两遍，只入账一次。");
        await NextMorning(10);
    }

    async Task LastMinuteOfTheOffer()
    {
        stage.Time.MoveTo(At(15, 23, 55));
        say.Chapter("早鸟优惠的最后五分钟");
        var phone = phones.First(candidate => !paid.Contains(candidate));
        var bills = (await phone.OpenBills()).Select(bill => bill!.Id("billId")).ToList();
        var quote = await phone.Quote(bills);
        var order = (await phone.Checkout(bills, quote)).Id("orderId");
        say.Tell($"{phone.HouseCode} {phone.OwnerName} 下单 {Narrator.Yuan(quote.Number("payableFen"))}，已含优惠 {Narrator.Yuan(quote.Number("discountFen"))}。");
        stage.Time.MoveTo(At(16, 0, 5));
        await phone.TypePassword(order);
        await phone.UntilPaid(order);
        paid.Add(phone);
        say.Tell("零点已过才输完密码：订单在有效期内，价格不变。");
        await NextMorning(16);
    }

    async Task FullPrice()
    {
        foreach (var day in LateDays)
        {
            stage.Time.MoveTo(At(day, 12, 5));
            say.Chapter("优惠期过后缴费");
            var rest = phones.Where(candidate => !paid.Contains(candidate)).ToList();
            foreach (var phone in rest.Take(rest.Count / (day == 18 ? 3 : 2))) await PayAndTell(phone, tellAlways: false);
            say.Tell($"至此 {paid.Count} 户已缴清。");
            // One of these days WeChat's bill lacks a row, on another an amount is wrong; finance finds both the next morning.
            await NextMorning(day, planted: day == LateDays[0] ? "drop" : "amount");
        }
    }

    async Task MonthEnd()
    {
        stage.Time.MoveTo(At(31, 17, 30));
        say.Chapter("月末");
        await Quiet();
        say.Tell($"{phones.Count} 位绑定业主中 {paid.Count} 户已缴清，其余账单今天到期。");
    }

    /// <summary>The next morning after half past ten: WeChat's bill of the day has been fetched and compared; finance explains what differs and closes the day.</summary>
    async Task NextMorning(int day, string? planted = null)
    {
        await Quiet();
        var date = new DateOnly(2026, 12, day);
        if (planted is not null) await PlantDifference(date, planted);
        stage.Time.MoveTo(At(day + 1, 10, 31));
        say.Chapter("对账");
        var finance = Desk.As(StaffRole.Finance);
        var path = $"{Desk.Community}/reconciliation/days/{date:yyyy-MM-dd}";
        var found = await Wait.For(async () => (await finance.Try(HttpMethod.Get, path, null)) is { Code: null } answer && answer.Body.Items("accounts").Count > 0 ? answer.Body : null, $"{date} 的对账");
        var account = found.Items("accounts")[0]!;
        say.Tell($"{date:M月d日}：微信账单 {account.Number("billRows")} 笔、{Narrator.Yuan(account.Number("billFen"))}，一致 {account.Number("matchedRows")} 笔，"
            + $"手续费 {Narrator.Yuan(account.Number("feeFen"))}，差异 {found.Items("differences").Count} 笔。");
        foreach (var difference in found.Items("differences").Where(difference => difference!.Text("state") == "open"))
        {
            say.Tell($"差异：{difference!.Text("causeName")}；{difference!.Text("nextStep")}");
            await finance.Post($"{Desk.Community}/reconciliation/differences/{difference!.Id("id")}/explain", new { text = "已向微信客服核实，账单有误，对方出具说明。" });
            say.Tell("吴会计核实后写明原因。");
        }
        await finance.Post(path + "/close");
        say.Tell("吴会计关账，当日锁定。");
    }

    async Task PlantDifference(DateOnly day, string kind)
    {
        var orders = (await weChat.GetFromJsonAsync<JsonArray>("/admin/orders?state=success"))!;
        var ofDay = orders.Where(order => DateOnly.FromDateTime(order!["successTime"]!.GetValue<DateTimeOffset>().ToOffset(TimeSpan.FromHours(8)).DateTime) == day)
            .OrderBy(order => order!.Text("outTradeNo"), StringComparer.Ordinal).ToList();
        await Phone.Admin(weChat, $"/admin/bills/{day:yyyy-MM-dd}/changes", new { kind, outTradeNo = ofDay[0]!.Text("outTradeNo"), fen = ofDay[0]!.Number("totalFen") + 1 });
    }

    /// <summary>Waits until nothing is on its way: outbox, deliveries, numbering.</summary>
    async Task Quiet()
    {
        using var health = new Http(stage.Address, "");
        await Wait.Until(async () => (await health.Get("/health/work"))["idle"]!.GetValue<bool>(), "后台工作完成", seconds: 120);
    }

    static DateTimeOffset At(int day, int hour, int minute) => new(2026, 12, day, hour, minute, 0, TimeSpan.FromHours(8));
}
