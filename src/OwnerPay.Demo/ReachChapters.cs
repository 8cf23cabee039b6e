using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OwnerPay.Domain.Rewards;
using OwnerPay.Service.Staff;

namespace OwnerPay.Demo;

/// <summary>The chapters in which the office reaches its owners and rewards them: a reminder whose reach is known before it leaves, a rush for few
/// gifts, a draw that the reader recomputes, a notice on the board.</summary>
public sealed partial class Story
{
    /// <summary>The reward that opens at ten in the morning, and how many more want it than can have it.</summary>
    const string RushReward = "new-year-orchid";
    const int TooMany = 7;

    /// <summary>Points that a ticket costs, and tickets that are taken for points.</summary>
    const long TicketPoints = 50;
    const int TicketsForPoints = 12;

    const int EveningPayers = 4, NoticeReaders = 9;

    /// <summary>The draw of the month, once it is published.</summary>
    public Guid? Draw { get; private set; }

    /// <summary>Where the service leaves what is published of the draw.</summary>
    public string DrawFile => Path.Combine(stage.Data, "draws", $"{Draw}.json");

    /// <summary>How anybody checks it without database or key.</summary>
    public string DrawCommand => $"dotnet run --project src/OwnerPay.Service -- verify-draw {DrawFile}";

    /// <summary>Who has not paid is reminded once before the early-bird offer ends: the office sees whom it reaches and at what cost, another person
    /// agrees, and who pays meanwhile hears nothing.</summary>
    async Task Reminder()
    {
        stage.Time.MoveTo(At(14, 9, 20));
        say.Chapter("发送之前先看清");
        var (clerk, at) = (Desk.As(StaffRole.Clerk), Desk.Community + "/campaigns");
        var audience = new { feeKind = "property", minOpenFen = 1 };
        var seen = await clerk.Post(at + "/preview", new { kind = "bills", audience });
        TellReach(seen);
        object Words(string body) => new { kind = "bills", title = "第四季度账单提示", body, audience, startAt = "2026-12-14T14:00:00+08:00" };
        var (refused, code) = await clerk.Try(HttpMethod.Post, at, Words("早鸟优惠明天截止，早缴更省。"));
        if (code != "promotional_text") throw new StoryBrokenException($"营销内容没有被拦下：{refused}");
        say.Tell($"第一稿写了“优惠”，系统不收：{refused.Text("title")}。");
        var campaign = await clerk.Post(at, Words("第四季度账单将于12月31日到期，请您抽空在小程序核对明细。"));
        await Desk.Approve(campaign.Id("approvalId"), "范围与文字无误");
        say.Tell($"周敏改为只写账单和到期日，定在 14:00 发送；超过 100 人须由另一人审批，郑经理核对这 {campaign.Number("persons")} 人后批准。");

        stage.Time.MoveTo(At(14, 11, 15));
        var quick = phones.First(phone => phone.AllowsMessages && !paid.Contains(phone));
        await PayAndTell(quick, tellAlways: true);
        stage.Time.MoveTo(At(14, 14, 0));
        at += "/" + campaign.Id("campaignId");
        var progress = await Wait.For(async () => (await clerk.Get(at))["progress"] is { } now && now.Text("state") == "done" ? now : null, "群通知发完");
        var template = TemplateOf("campaign.bills");
        if (await quick.MessagesOnPhone(template) > 0) throw new StoryBrokenException("已缴清的业主收到了提醒。");
        say.Tell($"准时发出 {progress.Number("persons")} 条，名下有几套房的业主每套一条：微信送达 {progress.Number("sent")} 条，"
            + $"未同意接收的 {progress.Number("noPermission")} 条、未绑定微信的 {progress.Number("inboxOnly")} 条留在小程序消息里。");
        say.Tell($"{quick.HouseCode} 上午已缴清，没有被打扰。");

        stage.Time.MoveTo(At(14, 19, 30));
        var answered = 0;
        foreach (var phone in phones.Where(phone => !paid.Contains(phone)).ToList())
        {
            if (answered == EveningPayers) break;
            if (await phone.MessagesOnPhone(template) == 0) continue;
            await PayAndTell(phone, tellAlways: false);
            answered++;
        }
        var told = (await clerk.Get(at + "/effect"))["told"]!;
        say.Tell($"晚饭后 {answered} 户看到提醒，缴清了账单。效果报告：{told.Number("houses")} 户中当天缴清 {told.Number("paid")} 户"
            + $"（95% 区间 {Percent(told.Number("paidLow"))}–{Percent(told.Number("paidHigh"))}）；这次没有留对照组，报告不断言是提醒的功劳。");
        await NextMorning(14);
    }

    void TellReach(JsonNode seen)
    {
        var (reach, samples) = (seen["reach"]!, seen.Items("sample").Take(3).Select(one => $"{one!.Text("house")} {one!.Text("name")}"));
        var ways = reach.Items("channels").Where(way => way!.Number("possible") > 0).Select(way => $"{way!.Text("name")}先到 {way!.Number("first")} 人");
        say.Tell($"早鸟优惠明天截止。周敏圈定物业费未缴清的业主，发送前先看：{seen.Number("houses")} 户、{seen.Number("persons")} 人；"
            + $"{string.Join("，", ways)}，只能在小程序里看到的 {reach.Number("inboxOnly")} 人；费用 {Narrator.Yuan(reach.Number("costFen"))}。");
        say.Tell($"抽样核对：{string.Join("、", samples)}……");
    }

    static string Percent(long tenThousandths) => (tenThousandths / 100m).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A few orchids open at ten, and more owners tap at the same moment than there are pieces.</summary>
    async Task Rush()
    {
        stage.Time.MoveTo(At(27, 9, 59));
        say.Chapter("十点抢兑");
        var (clerk, rewards) = (Desk.As(StaffRole.Clerk), Desk.Community + "/rewards");
        async Task<JsonNode> Orchid() => (await clerk.Get(rewards)).Items().First(one => one!.Text("code") == RushReward)!;
        var reward = await Orchid();
        var (stock, cost) = ((int)reward.Number("stockLeft"), reward.Number("costPoints"));
        var before = new Dictionary<Phone, long>();
        foreach (var phone in paid.Skip(GiftTakers))
            if (before.Count < stock + TooMany && (await phone.Points()).Number("balance") is var points && points >= cost + TicketPoints)
                before[phone] = points;
        if (before.Count <= stock) throw new StoryBrokenException($"只有 {before.Count} 位业主积分够，抢不起来。");
        var rushing = before.Keys.ToList();
        var (early, tooEarly) = await rushing[0].Redeem(reward.Id("rewardId"));
        if (tooEarly != "reward_not_open") throw new StoryBrokenException($"没到十点就能兑换：{early}");
        say.Tell($"“{reward.Text("name")}”{cost} 积分一份，共 {stock} 份，上午十点开放。{rushing[0].OwnerName} 早点了一分钟：{early.Text("title")}，{early.Text("detail")}。");

        stage.Time.MoveTo(At(27, 10, 0));
        var taps = await Task.WhenAll(rushing.Select(async phone => (Phone: phone, Answer: await phone.Redeem(reward.Id("rewardId")))));
        var (won, lost) = (taps.Where(tap => tap.Answer.Code is null).ToList(), taps.Where(tap => tap.Answer.Code is not null).ToList());
        if (won.Count != stock || lost.Exists(tap => tap.Answer.Code != "reward_out_of_stock") || (await Orchid()).Number("stockLeft") != 0)
            throw new StoryBrokenException($"{stock} 份礼品被 {won.Count} 人抢到。");
        foreach (var (phone, answer) in taps)
            if ((await phone.Points()).Number("balance") != before[phone] - (answer.Code is null ? cost : 0))
                throw new StoryBrokenException($"{phone.HouseCode} 的积分不对。");
        say.Tell($"{taps.Length} 位业主同时点“兑换”：{won.Count} 人抢到，另外 {lost.Count} 人看到“{lost[0].Answer.Body.Text("title")}”；"
            + $"抢到的各扣 {cost} 积分，没抢到的一分不少。");

        stage.Time.MoveTo(At(27, 10, 20));
        var (first, redeemed) = won[0];
        await clerk.Post(Desk.Community + "/redemptions/fulfil", new { pickUpCode = redeemed.Body.Text("pickUpCode") });
        say.Tell($"{first.HouseCode} {first.OwnerName} 到前台出示领取码 {redeemed.Body.Text("pickUpCode")}，周敏核对后发出一盆。");
    }

    /// <summary>A draw is proposed and approved; with that its rules and the hash of its secret are public, before anybody has a ticket.</summary>
    async Task PublishDraw()
    {
        stage.Time.MoveTo(At(18, 11, 0));
        say.Chapter("公布抽奖规则");
        var proposed = await Desk.As(StaffRole.Manager).Post(Desk.Community + "/draws", new
        {
            title = "迎新年抽奖", text = "活动期内按时缴费满 100 元得一张抽奖券，也可用 50 积分换一张；每人限一张，机会均等。",
            opens = At(18, 12, 0), closes = At(29, 18, 0), beacon = "上证指数 2026-12-30 收盘点位，保留两位小数", beaconOn = "2026-12-30",
            ticketPoints = TicketPoints, ticketFen = 10_000, maxTickets = 1, pickUpDays = 30,
            prizes = new[] { new { name = "空气炸锅", valueFen = 39_900, count = 1 }, new { name = "洗衣液", valueFen = 4_990, count = 3 } },
        });
        await Desk.ApproveAll(StaffRole.Finance, "draw", "奖品已列入预算");
        Draw = proposed.Id("drawId");
        var published = await Published();
        if (published.Text("commitHex").Length != 64 || published.Items("tickets").Count > 0 || published["secretHex"] is not null)
            throw new StoryBrokenException("抽奖的承诺没有先于抽奖券公布。");
        say.Tell("郑经理提出“迎新年抽奖”：空气炸锅一台、洗衣液三瓶；吴会计审批后，规则即公布，不能再改。");
        say.Tell($"系统同时公布一个密钥的哈希 {published.Text("commitHex")[..16]}……：密钥已定，此时还没有一张抽奖券，谁也挑不了中奖人。");
    }

    async Task<JsonNode> Published()
    {
        using var anybody = new Http(stage.Address, "");
        return await anybody.Get($"/draws/{Draw}.json");
    }

    /// <summary>Who has not paid within the time takes a ticket for points.</summary>
    async Task TakeTickets()
    {
        stage.Time.MoveTo(At(27, 11, 0));
        say.Chapter("领抽奖券");
        var (taken, draw) = (0, Draw!.Value);
        foreach (var phone in paid.Skip(GiftTakers))
        {
            if (taken == TicketsForPoints) break;
            if ((await phone.Points()).Number("balance") < TicketPoints) continue;
            if ((await phone.TicketsAndPrizes(draw)).Items("myTickets").Count > 0) continue;
            await phone.TakeTicket(draw);
            taken++;
        }
        say.Tell($"{taken} 位早已缴清的业主各用 {TicketPoints} 积分换了一张抽奖券；18 日以后缴费的，抽奖券随缴费自动发放。");
    }

    /// <summary>The list of tickets is fixed and published before the public number exists that decides among them.</summary>
    async Task CloseDraw()
    {
        stage.Time.MoveTo(At(29, 18, 2));
        say.Chapter("抽奖截止");
        var (path, draw) = ($"{Desk.Community}/draws/{Draw}", Draw!.Value);
        await Wait.Until(async () => (await Desk.As(StaffRole.Clerk).Get(path)).Text("state") == "closed", "抽奖截止");
        var published = await Published();
        var holders = 0;
        foreach (var phone in phones)
        {
            if ((await phone.TicketsAndPrizes(draw)).Items("myTickets").Count == 0) continue;
            await phone.AllowMessages("draw.won");
            holders++;
        }
        var listed = published.Items("tickets").Count;
        if (listed != holders) throw new StoryBrokenException($"{holders} 位业主有券，名单上却有 {listed} 张。");
        say.Tell($"{holders} 张抽奖券的名单公布，一张也不能再增减；名单哈希 {published.Text("rootHex")[..16]}……。决定结果的收盘点位要明天下午才有。");
    }

    /// <summary>The public number decides, the secret is opened, and the published file proves all of it to whoever has it.</summary>
    async Task DrawWinners()
    {
        stage.Time.MoveTo(At(30, 15, 40));
        say.Chapter("开奖");
        await Desk.As(StaffRole.Clerk).Post($"{Desk.Community}/draws/{Draw}/beacon", new { value = "3127.45", source = "上海证券交易所网站，2026-12-30 收盘" });
        await Desk.ApproveAll(StaffRole.Finance, "draw-beacon", "与交易所网站一致");
        say.Tell("周敏录入收盘点位 3127.45，吴会计对照交易所网站确认；四位中奖人由规则算出，密钥随即公开。");
        await Wait.Until(() => Task.FromResult(File.Exists(DrawFile)), "抽奖公示文件");
        var file = await File.ReadAllBytesAsync(DrawFile);
        if (PublishedDraw.Check(file) is { Count: > 0 } faults) throw new StoryBrokenException($"抽奖公示核对不通过：{string.Join("、", faults)}");
        var forged = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file).Replace("3127.45", "3127.46", StringComparison.Ordinal));
        if (PublishedDraw.Check(forged).Count == 0) throw new StoryBrokenException("改动过的抽奖公示也通过了核对。");
        say.Tell($"公示文件 draws/{Draw}.json 核对通过；把收盘点位改动一个数字，便不再通过。您也可以自己核对：");
        say.Tell(DrawCommand);
        say.Tell($"或在浏览器里打开 {stage.Address}draws/{Draw}");
        await HandOutPrize();
    }

    async Task HandOutPrize()
    {
        stage.Time.MoveTo(At(30, 17, 0));
        foreach (var phone in phones)
        {
            var prize = (await phone.TicketsAndPrizes(Draw!.Value)).Items("myPrizes").FirstOrDefault(one => one!.Text("prize") == "空气炸锅");
            if (prize is null) continue;
            await Desk.As(StaffRole.Clerk).Post(Desk.Community + "/redemptions/fulfil", new { pickUpCode = prize.Text("pickUpCode") });
            say.Tell($"{phone.HouseCode} {phone.OwnerName} 中了头奖，凭领取码 {prize.Text("pickUpCode")} 领走空气炸锅；"
                + $"价值 {Narrator.Yuan(prize.Number("valueFen"))}，应缴个人所得税 {Narrator.Yuan(prize.Number("taxFen"))}。");
            return;
        }
        throw new StoryBrokenException("头奖没有中奖人。");
    }

    /// <summary>A notice on the board, read on phones and printed for the doors.</summary>
    async Task NoticeOnBoard()
    {
        stage.Time.MoveTo(At(29, 10, 45));
        say.Chapter("公告栏");
        var (clerk, at) = (Desk.As(StaffRole.Clerk), Desk.Community + "/notices");
        var notice = (await clerk.Post(at, new
        {
            category = "general", title = "元旦假期服务安排", validTo = "2027-01-03",
            body = "1月1日至3日服务中心值班时间为**9:00–17:00**，报修电话照常接听。\n\n- 生活垃圾照常清运\n- 装修施工暂停",
        })).Id("noticeId");
        await clerk.Post($"{at}/{notice}/publish", new { tell = true });
        await Quiet();    // who reads it first would not be told any more
        foreach (var phone in phones.Take(NoticeReaders)) await phone.ReadNotice(notice);
        var reach = (await clerk.Get($"{at}/{notice}"))["reach"]!;
        var poster = await clerk.Page($"/print{at}/{notice}/poster");
        if (!poster.Contains("元旦假期服务安排", StringComparison.Ordinal)) throw new StoryBrokenException("海报上没有公告。");
        say.Tell($"周敏发布“元旦假期服务安排”，面向 {reach.Number("persons")} 人，其中 {reach.Number("bound")} 人已绑定微信，{reach.Number("read")} 人很快读过。");
        say.Tell("同一则公告排成 A4 海报，印上小程序码，贴到各单元门口。");
    }
}
