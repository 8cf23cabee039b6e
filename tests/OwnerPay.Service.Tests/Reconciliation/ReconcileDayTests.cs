using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Service.Tests.Reconciliation;

public sealed class ReconcileDayTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_day_of_payments_agrees_to_the_fen_next_morning_its_fees_are_booked_and_finance_closes_it(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsHurry);
        var estate = await installation.BilledEstate(houses: 3);
        var orders = await (await estate.SignInAll()).EachPays();
        long paid = 0, fees = 0;
        foreach (var order in orders)
        {
            var there = await estate.AtWeChat(order);
            (paid, fees) = (paid + there.Fen("totalFen"), fees + there.Fen("feeFen"));
        }

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await estate.UntilReconciled("2026-12-10");

        var day = await estate.Day("2026-12-10");
        var account = day["accounts"].AsArray().Single()!;
        Assert.Equal([3L, 3, paid, paid, fees, 0],
            [account.Fen("billRows"), account.Fen("matchedRows"), account.Fen("billFen"), account.Fen("ourFen"), account.Fen("feeFen"),
                account.Fen("differences")]);
        Assert.True(fees > 0);
        Assert.Equal(fees, await installation.Db(db => db.Postings.Where(p => p.Account == Accounts.ChannelFees).SumAsync(p => p.Amount)));
        Assert.Equal(paid - fees, await installation.Db(db => db.Postings.Where(p => p.Account.StartsWith("1012/")).SumAsync(p => p.Amount)));
        Assert.Empty(await estate.OpenWork());

        (await estate.Run("2026-12-10")).Done();    // a second run changes nothing
        Assert.Equal(1, await installation.Db(db => db.Journals.CountAsync(j => j.SourceKind == ReconcileDay.FeesSource)));
        Assert.Equal(403, (await estate.Clerk.Post($"{estate.Path}/reconciliation/days/2026-12-10/close")).Status);
        var closed = (await estate.Close("2026-12-10")).Done();
        Assert.Equal("closed", closed["accounts"].AsArray().Single()!["state"]!.GetValue<string>());
        var again = (await estate.Close("2026-12-10")).Done();
        Assert.Equal(closed["accounts"].ToJsonString(), again["accounts"].ToJsonString());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Every_planted_difference_is_named_and_nothing_else_is_and_the_day_stays_open_until_each_is_explained(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 7);
        var orders = await (await estate.SignInAll()).EachPays();
        var numbers = new List<string>();
        foreach (var order in orders) numbers.Add(await estate.TransactionOf(order));
        const string day = "2026-12-10";
        await estate.Plant(day, "drop", $"{orders[0]:N}");
        await estate.Plant(day, "amount", $"{orders[1]:N}", 12_345);
        await estate.Plant(day, "fee", $"{orders[2]:N}", 999);
        await estate.Plant(day, "twice", $"{orders[3]:N}");
        await estate.Plant(day, "otherMerchant", $"{orders[4]:N}");
        await estate.Plant(day, "refund", $"{orders[5]:N}", 100);
        await estate.Plant(day, "extra", "NOBODYS0001", 777);

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        (await estate.Run(day)).Done();

        var found = await estate.Day(day);
        var unknown = found["differences"].AsArray().Single(d => d!["cause"]!.GetValue<string>() == "unknownOrder")!;
        var repeated = numbers[3];
        string[] expected =
        [
            $"paidHereMissingThere {numbers[0]} open", $"amount {numbers[1]} open", $"fee {numbers[2]} open", $"twice {repeated} open",
                $"otherMerchant {numbers[4]} open",
            $"unknownRefund 5030{numbers[5][4..]} open", $"unknownOrder {unknown["reference"]} open",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Named());
        Assert.Equal(777, unknown.Fen("theirFen"));
        Assert.All(found["differences"].AsArray(), d => Assert.NotEmpty(d!["nextStep"]!.GetValue<string>()));
        Assert.Equal([9L, 4], [found["accounts"][0]!.Fen("billRows"), found["accounts"][0]!.Fen("matchedRows")]);
        Assert.Equal([ReconcileDay.DifferencesKind], await estate.OpenWork());
        Assert.Empty(await estate.Verify());

        await ExplainAll(estate, day, found);
        Assert.Empty(await estate.Verify());
    }

    static async Task ExplainAll(Estate estate, string day, Answer found)
    {
        var refused = await estate.Close(day);
        Assert.Equal((409, "day_has_differences", 7), (refused.Status, refused.Code, refused["open"].GetValue<int>()));
        var ids = found["differences"].AsArray().Select(d => d!["id"]!.GetValue<Guid>()).ToList();
        var path = estate.Path + "/reconciliation/differences/";
        Assert.Equal("validation_failed", (await estate.Finance.Post($"{path}{ids[0]}/explain", new { text = "" })).Code);
        Assert.Equal(403, (await estate.Manager.Post($"{path}{ids[0]}/explain", new { text = "不归我管" })).Status);
        (await estate.Finance.Post($"{path}{ids[0]}/resolve", new { text = "已在商户平台核实并更正" })).Done();
        Assert.Equal("difference_solved", (await estate.Finance.Post($"{path}{ids[0]}/explain", new { text = "再说一遍" })).Code);
        foreach (var id in ids.Skip(1)) (await estate.Finance.Post($"{path}{id}/explain", new { text = "测试账单中的差异，已核实" })).Done();
        var closed = (await estate.Close(day)).Done();
        Assert.Equal(0, closed["accounts"][0]!.Fen("openDifferences"));
        Assert.Empty(await estate.OpenWork());
        Assert.Equal("closed", (await estate.Day(day))["state"].GetValue<string>());
        Assert.Equal("day_closed", (await estate.Finance.Post($"{path}{ids[1]}/explain", new { text = "关闭之后" })).Code);
        Assert.Equal(404, (await estate.Finance.Post($"{path}{Guid.CreateVersion7()}/explain", new { text = "没有这一条" })).Status);
    }

    // Double collection that nobody names is found by the owner, months later.
    [Theory, EachDatabase]
    public async Task An_owner_whose_order_WeChat_took_money_for_twice_is_brought_before_finance_whether_the_second_was_booked_or_not(Database database)
    {
        const string day = "2026-12-10";
        await using var installation = await servers.Own(database, 1, Mornings.At(day, "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 2);
        var owners = await estate.SignInAll();
        var orders = new List<Guid>();
        foreach (var owner in owners)
        {
            var order = await owner.Order();
            await estate.Plant(day, "extra", $"{order:N}", (await estate.AtWeChat(order)).Fen("totalFen"));
            await owner.TypePassword(order);
            await owner.UntilPaid(order);
            orders.Add(order);
        }
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        var second = await SecondNumbers(estate, orders);
        var told = owners[0].Told(orders[0], 25_088, second[orders[0]], Mornings.At(day, "12:00"));
        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), told));
        Assert.Equal(25_088, await estate.Prepaid(owners[0].House));

        (await estate.Run(day)).Done();

        var found = await estate.Day(day);
        Assert.Equal(orders.Select(order => $"twice {second[order]} open").Order(StringComparer.Ordinal), found.Named());
        var byNumber = found["differences"].AsArray().ToDictionary(d => d!["reference"]!.GetValue<string>(), d => d!);
        Assert.Contains("预存", byNumber[second[orders[0]]]["nextStep"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("商户平台", byNumber[second[orders[1]]]["nextStep"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(byNumber[second[orders[0]]]["paymentId"]);
        Assert.Null(byNumber[second[orders[1]]]["paymentId"]);
        Assert.Equal([4L, 3], [found["accounts"][0]!.Fen("billRows"), found["accounts"][0]!.Fen("matchedRows")]);    // the booked one's fee is booked too
        Assert.Equal("day_has_differences", (await estate.Close(day)).Code);
        Assert.Empty(await estate.Verify());
    }

    /// <summary>Reads in WeChat's bill of the day before which other transaction number each order stands under.</summary>
    static async Task<Dictionary<Guid, string>> SecondNumbers(Estate estate, IReadOnlyList<Guid> orders)
    {
        var services = estate.Installation.Services;
        var account = await estate.Installation.Db(db => db.Set<Service.Payments.MerchantAccount>().SingleAsync(m => m.CommunityId == estate.CommunityId));
        var (pay, merchant) = (services.GetRequiredService<PayClient>(), await services.GetRequiredService<MerchantKeys>().Get(account.Id, default));
        var yesterday = services.GetRequiredService<Clock>().Today().AddDays(-1);
        var ticket = await pay.ApplyTradeBillAsync(merchant.Credentials, yesterday, TradeBillKind.All, default);
        using var plain = new MemoryStream();
        Assert.True((await pay.DownloadBillAsync(merchant.Credentials, ticket.Value!, plain, default)).IsSuccess);
        plain.Position = 0;
        var found = new Dictionary<Guid, string>();
        await foreach (var row in BillReader.Trade(plain).RowsAsync(default))
            foreach (var order in orders)
                if (row.OutTradeNo == order.ToString("N") && row.TransactionId != await estate.TransactionOf(order)) found[order] = row.TransactionId;
        return found;
    }

    [Fact]
    public async Task Two_instances_that_reconcile_one_day_at_once_book_its_fees_once_and_both_tell_finance_the_same()
    {
        await using var installation = await servers.Own(Database.MariaDb, 2, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 6);
        var orders = await (await estate.SignInAll()).EachPays();
        await estate.Plant("2026-12-10", "drop", $"{orders[5]:N}");
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        var clerks = new[] { estate.Finance, estate.On(1, StaffRole.Finance) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(number => clerks[number % 2].Post(estate.Path + "/reconciliation/run", new { day = "2026-12-10" })));

        Assert.Single(answers.Select(answer => answer.Done().Body!.ToJsonString()).Distinct());
        Assert.Equal(1, await installation.Db(db => db.ReconciledDays.CountAsync()));
        Assert.Equal(2, await installation.Db(db => db.WeChatBillFiles.CountAsync()));
        Assert.Equal(1, await installation.Db(db => db.Journals.CountAsync(j => j.SourceKind == ReconcileDay.FeesSource)));
        Assert.Equal([$"paidHereMissingThere {await estate.TransactionOf(orders[5])} open"], (await estate.Day("2026-12-10")).Named());
        Assert.Equal([ReconcileDay.DifferencesKind], await estate.OpenWork());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_payment_at_five_to_midnight_that_stands_on_the_next_bill_alarms_nobody_and_one_on_no_bill_does(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "23:52"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 2);
        var orders = await (await estate.SignInAll()).EachPays();
        var (late, lost) = (await estate.TransactionOf(orders[0]), await estate.TransactionOf(orders[1]));
        await estate.Plant("2026-12-10", "nextDay", $"{orders[0]:N}");
        await estate.Plant("2026-12-10", "drop", $"{orders[1]:N}");

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        (await estate.Run("2026-12-10")).Done();
        var waiting = await estate.Day("2026-12-10");
        var quiet = await estate.OpenWork();
        installation.Clock.MoveTo(Mornings.At("2026-12-12", "10:31"));
        (await estate.Run("2026-12-11")).Done();

        Assert.Equal([$"nextDay {late} open", $"nextDay {lost} open"], waiting.Named());
        Assert.Empty(quiet);
        Assert.Equal([$"nextDay {late} resolved", $"nextDay {lost} resolved"], (await estate.Day("2026-12-10")).Named());
        var next = await estate.Day("2026-12-11");
        Assert.Equal([$"paidHereMissingThere {lost} open"], next.Named());
        Assert.Equal([1L, 1, 0], [next["accounts"][0]!.Fen("billRows"), next["accounts"][0]!.Fen("matchedRows"), next["accounts"][0]!.Fen("ourFen")]);
        Assert.Equal([ReconcileDay.DifferencesKind], await estate.OpenWork());
        (await estate.Close("2026-12-10")).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task An_owner_whose_callback_was_lost_is_settled_by_the_morning_bill_and_the_difference_is_solved_with_its_reason(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 2);
        var owners = await estate.SignInAll();
        var told = await owners[0].PayAll();
        var order = (await owners[1].Checkout(await owners[1].OpenBillIds())).Done()["orderId"].GetValue<Guid>();
        await owners[1].TypePassword(order, new { callback = "suppress" });

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        (await estate.Run("2026-12-10")).Done();

        Assert.Empty(await owners[1].OpenBills());
        Assert.Equal("paid", await owners[1].OrderState(order));
        var day = await estate.Day("2026-12-10");
        Assert.Equal([$"paidThereOpenHere {await estate.TransactionOf(order)} resolved"], day.Named());
        Assert.Contains("查询", day["differences"][0]!["resolution"]!.GetValue<string>(), StringComparison.Ordinal);
        var account = day["accounts"][0]!;
        Assert.Equal([2L, 2, 0], [account.Fen("billRows"), account.Fen("matchedRows"), account.Fen("openDifferences")]);
        Assert.Equal(account.Fen("billFen"), account.Fen("ourFen"));
        Assert.NotEqual(told, order);
        (await estate.Close("2026-12-10")).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Money_that_another_till_took_under_our_merchant_number_is_booked_to_suspense_and_shown_to_one_community_only(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), Mornings.JobsSleep);
        var (first, second) = (await installation.BilledEstate(houses: 1), await installation.BilledEstate(houses: 2));
        await (await first.SignInAll()).EachPays();
        await (await second.SignInAll()).EachPays();
        await PayElsewhere(first, "KASSE0001", 4_200);

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        (await second.Run("2026-12-10")).Done();
        (await first.Run("2026-12-10")).Done();

        var (here, there) = (await first.Day("2026-12-10"), await second.Day("2026-12-10"));
        Assert.StartsWith("unknownOrder", here.Named().Single(), StringComparison.Ordinal);
        Assert.Empty(there.Named());
        Assert.Equal([2L, 2], [here["accounts"][0]!.Fen("billRows"), here["accounts"][0]!.Fen("matchedRows")]);
        Assert.Equal([2L, 2], [there["accounts"][0]!.Fen("billRows"), there["accounts"][0]!.Fen("matchedRows")]);
        Assert.Equal(-4_200, await installation.Db(db => db.Postings.Where(p => p.Account == Accounts.Suspense && p.CommunityId == first.CommunityId)
            .SumAsync(p => p.Amount)));
        Assert.Equal(2, await installation.Db(db => db.WeChatBillFiles.CountAsync()));    // one merchant number, one file
        Assert.Empty(await first.Verify());
        Assert.Empty(await second.Verify());
    }

    /// <summary>Another program of the same company places an order under the merchant number, and somebody pays it.</summary>
    static async Task PayElsewhere(Estate estate, string outTradeNo, long fen)
    {
        var services = estate.Installation.Services;
        var accounts = await estate.Installation.Db(db => db.Set<Service.Payments.MerchantAccount>().Where(m => m.CommunityId == estate.CommunityId)
            .ToListAsync());
        var merchant = await services.GetRequiredService<MerchantKeys>().Get(accounts.Single().Id, default);
        var placed = await services.GetRequiredService<PayClient>().CreateAsync(merchant.Credentials, new JsapiOrderRequest
        {
            Appid = merchant.AppId, Mchid = merchant.MchId, Description = "停车场收费", OutTradeNo = outTradeNo,
            NotifyUrl = "https://till.example.com/paid",
            Amount = new OrderAmount(fen), Payer = new Payer("oSomebodyAtTheTill0000000000"),
        });
        Assert.True(placed.IsSuccess, placed.ToString());
        await estate.EmulatorPost($"/admin/orders/{outTradeNo}/pay", new { callback = "suppress" });
    }

    [Fact]
    public async Task A_day_that_is_not_over_and_one_that_WeChat_no_longer_keeps_are_refused()
    {
        var estate = await servers.Estate(Database.Sqlite, houses: 1);
        var today = estate.Installation.Services.GetRequiredService<Clock>().Today();

        Assert.Equal("day_not_over", (await estate.Run(DifferenceTexts.Iso(today))).Code);
        Assert.Equal("day_too_old", (await estate.Run(DifferenceTexts.Iso(today.AddMonths(-3).AddDays(-1)))).Code);
        Assert.Equal("day_not_found", (await estate.Finance.Get($"{estate.Path}/reconciliation/days/2026-01-01")).Code);
        Assert.Equal("day_not_found", (await estate.Close("2026-01-01")).Code);
        Assert.Equal(400, (await estate.Close("2026-13-01")).Status);
        Assert.Equal("cursor_invalid", (await estate.Finance.Get(estate.Path + "/reconciliation/days?cursor=x")).Code);
    }
}
