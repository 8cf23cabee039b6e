using System.Text.Json.Nodes;
using OwnerPay.Service.Staff;

namespace OwnerPay.Demo;

/// <summary>The chapters in which the office has a hand: money at the counter, a bill that an owner disputes, gifts, money that goes back, a year paid ahead.</summary>
public sealed partial class Story
{
    const int GiftTakers = 14;
    const long FloatFen = 50_000, RelieveFen = 3_000, TopUpFen = 50_000;

    /// <summary>Two owners without the mini-program pay at the counter, in cash and by card; the drawer is counted and handed over.</summary>
    async Task AtTheCounter()
    {
        stage.Time.MoveTo(At(12, 9, 30));
        say.Chapter("柜台收款");
        var (cashier, counter) = (Desk.As(StaffRole.Cashier), Desk.Community + "/counter");
        var shift = (await cashier.Post(counter + "/shifts", new { floatFen = FloatFen })).Id("shiftId");
        say.Tell($"孙丽开班，备用金 {Narrator.Yuan(FloatFen)}。");
        var cashFen = 0L;
        foreach (var code in walkIns)
        {
            var isCash = code == walkIns[0];
            var (house, bills, quote) = await AtCounter(code);
            var price = quote.Number("payableFen");
            var tendered = (price + 9_999) / 10_000 * 10_000;    // notes of 100
            var taken = await cashier.Post(counter + "/payments", isCash
                ? new { houseId = house, way = "cash", billIds = bills, quoteHash = quote.Text("quoteHash"), tenderedFen = tendered }
                : new { houseId = house, way = "pos", billIds = bills, quoteHash = quote.Text("quoteHash"), terminal = "POS-01", reference = "202612120001" });
            if (isCash) cashFen = price;
            var how = isCash ? $"收现金 {Narrator.Yuan(tendered)}，找零 {Narrator.Yuan(taken.Number("changeFen"))}" : "刷卡";
            say.Tell($"{code} 业主到柜台缴费，应缴 {Narrator.Yuan(price)}（同享早鸟优惠），{how}；当场开收据 {taken.Text("receiptNumber")}。");
        }
        stage.Time.MoveTo(At(12, 17, 30));
        await cashier.Post($"{counter}/shifts/{shift}/close", new { countedFen = FloatFen + cashFen });
        await Desk.As(StaffRole.Finance).Post($"{counter}/shifts/{shift}/confirm", new { countedFen = FloatFen + cashFen });
        say.Tell($"孙丽清点交班：钱箱 {Narrator.Yuan(FloatFen + cashFen)}，与账面一致；吴会计复点确认。");
        await Quiet();
    }

    async Task<(Guid House, List<Guid> Bills, JsonNode Quote)> AtCounter(string code)
    {
        var cashier = Desk.As(StaffRole.Cashier);
        var found = await Desk.As(StaffRole.Clerk).Get($"{Desk.Community}/houses?code={code}");
        var house = found.Items().First(one => one!.Text("code") == code)!.Id("houseId");
        var bills = (await cashier.Get($"{Desk.Community}/counter/houses/{house}")).Items("bills").Select(bill => bill!.Id("billId")).ToList();
        return (house, bills, await cashier.Post(Desk.Community + "/counter/quotes", new { houseId = house, billIds = bills }));
    }

    /// <summary>An owner does not accept a bill and says so on his phone. The office looks at it, two people correct it, the owner reads why and pays what
    /// is right.</summary>
    async Task DisputedBill()
    {
        stage.Time.MoveTo(At(17, 14, 0));
        say.Chapter("有异议的账单");
        var phone = phones.First(candidate => !paid.Contains(candidate));
        var bill = (await phone.OpenBills())[0]!;
        var line = (await phone.Bill(bill.Id("billId"))).Items("lines").MaxBy(one => one!.Number("amountFen"))!;
        var dispute = await phone.Dispute(bill.Id("billId"), "电梯 11 月停用五天，不应照收");
        say.Tell($"{phone.HouseCode} {phone.OwnerName} 在手机上对 {Narrator.Yuan(bill.Number("openFen"))} 的账单提出异议：电梯 11 月停用五天。核实期间不计违约金，也不催缴。");
        var proposed = await Desk.As(StaffRole.Clerk).Post($"{Desk.Community}/bills/{bill.Id("billId")}/adjustments", new
        {
            reason = "电梯停用五天，按服务约定减收", evidence = "维修单 WX-1118", lines = new[] { new { billLineId = line.Id("billLineId"), fen = -RelieveFen } },
        });
        await Desk.Approve(proposed.Id("approvalId"), "情况属实，同意减收");
        var answer = $"经核对维修单，已减收 {Narrator.Yuan(RelieveFen)}，给您带来不便，敬请谅解。";
        await Desk.As(StaffRole.Finance).Post($"{Desk.Community}/disputes/{dispute}/close", new { outcome = "upheld", answer });
        say.Tell($"周敏核对维修单后提出减收 {Narrator.Yuan(RelieveFen)}，郑经理批准；吴会计办结异议，业主读到答复。");
        await PayAndTell(phone, tellAlways: false);
        var changed = await phone.Bill(bill.Id("billId"));
        say.Tell($"{phone.OwnerName} 在账单上看到减收的原因，随即按更正后的金额缴清。");
        if (changed["bill"]!.Number("openFen") != 0) throw new StoryBrokenException("更正后的账单没有缴清。");
        await NextMorning(17);
    }

    async Task Gifts()
    {
        stage.Time.MoveTo(At(24, 15, 0));
        say.Chapter("积分换礼品");
        var redeemed = new List<(Phone Phone, JsonNode Answer)>();
        foreach (var phone in paid.Take(GiftTakers))
        {
            var balance = (await phone.Points()).Number("balance");
            var affordable = (await phone.Rewards()).Items()
                .Where(reward => reward!["open"]!.GetValue<bool>() && reward!.Number("costPoints") <= balance && reward!.Number("stockLeft") > 0).ToList();
            if (affordable.Count == 0) continue;
            var reward = affordable[chance.Next(affordable.Count)]!;
            var (answer, code) = await phone.Redeem(reward.Id("rewardId"));
            if (code is not null) throw new StoryBrokenException($"兑换：{code}");
            if (redeemed.Count < 3) say.Tell($"{phone.HouseCode} {phone.OwnerName} 用 {reward.Number("costPoints")} 积分兑换“{reward.Text("name")}”，领取码 {answer.Text("pickUpCode")}。");
            redeemed.Add((phone, answer));
        }
        if (redeemed.Count == 0) throw new StoryBrokenException("没有一位业主的积分够换礼品。");
        var (changed, cancelled) = redeemed[^1];
        await changed.CancelRedemption(cancelled.Id("redemptionId"));
        say.Tell($"{changed.HouseCode} {changed.OwnerName} 改了主意，取消兑换，积分原样退回。");
        foreach (var (_, answer) in redeemed.Take(redeemed.Count / 2))
            await Desk.As(StaffRole.Clerk).Post(Desk.Community + "/redemptions/fulfil", new { pickUpCode = answer.Text("pickUpCode") });
        say.Tell($"共兑换 {redeemed.Count - 1} 份，周敏已凭码发出 {redeemed.Count / 2} 份。");
    }

    /// <summary>An owner paid what the other owner had agreed to pay elsewhere: finance asks, the manager approves, WeChat pays back.</summary>
    async Task Refund()
    {
        stage.Time.MoveTo(At(25, 10, 40));
        say.Chapter("退款");
        var phone = paid.Skip(GiftTakers).First(orders.ContainsKey);
        var points = (await phone.Points()).Number("balance");
        var asked = await Desk.As(StaffRole.Finance).Post(Desk.Community + "/refunds", new { orderId = orders[phone], reason = "房屋已约定由单位统一缴费，退回个人已缴款" });
        await Desk.Approve(asked.Id("approvalId"), "同意退款");
        var path = $"{Desk.Community}/refunds/{asked.Id("refundId")}";
        await Wait.Until(async () => (await Desk.As(StaffRole.Finance).Get(path)).Text("state") == "done", $"{phone.HouseCode} 的退款");
        paid.Remove(phone);
        var left = (await phone.Points()).Number("balance");
        say.Tell($"{phone.HouseCode} {phone.OwnerName} 的费用约定由单位统一缴纳，吴会计申请退款，郑经理批准，微信原路退回 {Narrator.Yuan(asked.Number("amountFen"))}。");
        say.Tell($"账单恢复待缴 {Narrator.Yuan((await phone.OpenBills()).Sum(bill => bill!.Number("openFen")))}，当时发放的 {points - left} 积分同时收回。");
        await NextMorning(25);
    }

    /// <summary>One owner pays the whole of next year at once, another brings money for the bills to come.</summary>
    async Task YearAhead()
    {
        stage.Time.MoveTo(At(28, 19, 20));
        say.Chapter("预缴与预存");
        var (year, saver) = (paid[0], paid[1]);
        var done = await year.Pay(await year.MonthsAhead(new DateOnly(2027, 12, 31)));
        var saved = done.SavedFen > 0 ? $"，全年优惠省 {Narrator.Yuan(done.SavedFen)}" : "";
        say.Tell($"{year.HouseCode} {year.OwnerName} 一次预缴 2027 年全年，实付 {Narrator.Yuan(done.PaidFen)}{saved}；逐月提供服务后才计为收入。");
        await saver.TopUp(TopUpFen);
        say.Tell($"{saver.HouseCode} {saver.OwnerName} 预存 {Narrator.Yuan(TopUpFen)}，下期账单出账时自动抵扣。");
        await NextMorning(28);
    }
}
