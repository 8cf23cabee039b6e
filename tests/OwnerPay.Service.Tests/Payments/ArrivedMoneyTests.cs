using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>Money that arrives is always booked: to its bills, to the prepaid balance, or to suspense.</summary>
public sealed class ArrivedMoneyTests(Servers servers)
{
    [Theory, EachDatabase]
    [Trait("Incident", "19")]
    public async Task A_wrong_amount_goes_to_suspense_with_a_task_and_the_bill_stays_open(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();

        await owner.TypePassword(order, new { totalFen = 1 });
        await Estate.Eventually(async () => (await estate.Booked()).Count == 1, "the money is booked");

        Assert.Equal(PaymentOutcome.Suspense, (await estate.Booked())[0].Outcome);
        Assert.Equal(-1, await estate.Balance(Accounts.Suspense));
        Assert.Contains("payment.suspense", await estate.WorkKinds());
        Assert.Equal("款项已收到，财务正在核实，请勿重复支付", (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done()["text"].GetValue<string>());
        Assert.Single(await owner.OpenBills());
        await owner.PayAll();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Money_of_another_payer_than_the_orders_goes_to_suspense(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();

        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(order, 25_088, PaySteps.TransactionNumber(), openId: "oSomebodyElse")));

        Assert.Equal(PaymentOutcome.Suspense, Assert.Single(await estate.Booked()).Outcome);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_genuine_callback_for_an_unknown_order_is_kept_and_booked_to_suspense_once_WeChat_confirms_it(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });
        await Forget(estate, order);

        Assert.Equal(200, Assert.Single(await estate.TellAgain(order)));

        Assert.Contains("callback.unknown-order", await estate.WorkKinds());
        await Estate.Eventually(async () => (await estate.Booked()).Count == 1, "the query proved it");
        var payment = (await estate.Booked())[0];
        Assert.Equal((PaymentOutcome.Suspense, (Guid?)null, 25_088), (payment.Outcome, payment.OrderId, payment.TotalFen));
        await estate.TellAgain(order);
        Assert.Single(await estate.Booked());
        await estate.Clean();
    }

    /// <summary>As if the order had been made by somebody else with our merchant's keys.</summary>
    static Task<int> Forget(Estate estate, Guid order) => estate.Installation.Db(async db =>
    {
        var (orders, lines, holds) = (db.PaymentOrders, db.OrderLines, db.BillHolds);
        await holds.Where(h => h.OrderId == order).ExecuteDeleteAsync();
        await lines.Where(l => l.OrderId == order).ExecuteDeleteAsync();
        return await orders.Where(o => o.Id == order).ExecuteDeleteAsync();
    });

    [Theory, EachDatabase]
    public async Task A_callback_of_another_merchant_is_told_to_finance_and_nothing_is_booked(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();

        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(order, 25_088, PaySteps.TransactionNumber(), mchid: "1999999999")));

        Assert.Empty(await estate.Booked());
        Assert.Contains("callback.other-merchant", await estate.WorkKinds());
        await estate.Clean();
    }

    // Overpaid money that is only shown as "due 0" has no owner: here it has a row, a balance and a task.
    [Theory, EachDatabase]
    [Trait("Incident", "6")]
    public async Task A_second_payment_of_one_order_becomes_the_partys_prepaid_money_with_a_task(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(order, 25_088, PaySteps.TransactionNumber())));

        Assert.Equal([PaymentOutcome.Settled, PaymentOutcome.Prepaid], (await estate.Booked()).Select(p => p.Outcome));
        Assert.Equal(25_088, await estate.Prepaid(owner.House));
        Assert.Contains("payment.prepaid", await estate.WorkKinds());
        Assert.Equal(250, (await owner.Api.Get(owner.Path + "/points")).Done()["balance"].GetValue<long>());
        Assert.Equal("缴费成功，多出的款项已转入预存余额", (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done()["text"].GetValue<string>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    [Trait("Incident", "19")]
    public async Task A_payment_of_a_closed_order_pays_its_bills_while_nobody_else_is_paying_them(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        var first = (await owner.Checkout([bills[0]])).Done()["orderId"].GetValue<Guid>();
        var second = (await owner.Checkout([bills[1]])).Done()["orderId"].GetValue<Guid>();    // another choice: the first one stays, its bill is not in it
        var both = (await owner.Checkout(bills)).Done();    // closes both, holds both
        var third = both["orderId"].GetValue<Guid>();

        // The first order's money comes although it is closed: its bill is being paid by the third order, so it must wait as prepaid money.
        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(first, 23_834, PaySteps.TransactionNumber())));
        Assert.Equal(23_834, await estate.Prepaid(owner.House));

        // The other choice again closes the third order; what then comes for it finds one bill free, the other being paid.
        var fourth = (await owner.Checkout([bills[1]])).Done()["orderId"].GetValue<Guid>();
        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(third, both["payableFen"].GetValue<long>(), PaySteps.TransactionNumber())));
        Assert.Equal(23_834 * 2, await estate.Prepaid(owner.House));
        Assert.Equal(bills[1], Assert.Single(await owner.OpenBillIds()));
        Assert.Equal("paid", await owner.OrderState(third));

        await owner.TypePassword(fourth);
        await owner.UntilPaid(fourth);
        Assert.Equal("closed", await owner.OrderState(second));
        Assert.Empty(await owner.OpenBills());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_coupon_that_we_fund_ourselves_is_a_discount_and_one_of_WeChat_is_received_in_full(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var (ours, theirs) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var (first, second) = (await ours.Order(), await theirs.Order());

        await ours.TypePassword(first, new { coupon = new { type = "NOCASH", fen = 1_000 } });
        await theirs.TypePassword(second, new { coupon = new { type = "CASH", fen = 1_000 } });
        await ours.UntilPaid(first);
        await theirs.UntilPaid(second);

        Assert.Equal(1_000, await estate.Balance(Accounts.WeChatDiscount));
        Assert.Equal(25_088 - 1_000 + 25_116, await estate.Balance(Accounts.WeChatClearing(estate.Installation.Emulator.Merchant.Mchid)));
        Assert.Empty(await ours.OpenBills());
        Assert.Equal(240, (await ours.Api.Get(ours.Path + "/points")).Done()["balance"].GetValue<long>());
        Assert.Equal(251, (await theirs.Api.Get(theirs.Path + "/points")).Done()["balance"].GetValue<long>());
        await estate.Clean();
    }

    // A guarded update hit 0 rows, the code took it for "somebody else booked it" and answered success: WeChat never told again.
    [Theory, EachDatabase]
    [Trait("Incident", "2")]
    public async Task Money_that_could_not_be_booked_is_answered_with_an_error_so_that_WeChat_tells_again(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });
        await estate.Installation.Db(db => db.PaymentOrders.Where(o => o.Id == order).ExecuteUpdateAsync(set => set.SetProperty(o => o.NextAskAt, TimeProvider.System.GetUtcNow().AddDays(1))));
        var lines = await estate.Installation.Db(db => db.BillLines.AsNoTracking().Where(l => l.CommunityId == estate.CommunityId).ToListAsync());
        await estate.Installation.Db(db => db.BillLines.Where(l => l.CommunityId == estate.CommunityId).ExecuteDeleteAsync());

        Assert.Equal(500, Assert.Single(await estate.TellAgain(order)));
        Assert.Equal(500, Assert.Single(await estate.TellAgain(order)));
        Assert.Empty(await estate.Booked());
        await estate.Installation.Db(async db => { db.AddRange(lines); return await db.SaveChangesAsync(); });
        Assert.Equal(204, Assert.Single(await estate.TellAgain(order)));

        Assert.Equal(PaymentOutcome.Settled, Assert.Single(await estate.Booked()).Outcome);
        var callback = await estate.Installation.Db(db => db.WeChatCallbacks.AsNoTracking().SingleAsync(c => c.OutTradeNo == order.ToString("N")));
        Assert.Equal((3, "settled"), (callback.Times, callback.Outcome));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Finance_sees_the_whole_life_of_an_order(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        var story = (await estate.Finance.Get($"{estate.Path}/payments/{order}/explain")).Done();
        var text = story.Body!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var part in new[] { "试算", "early-bird=1254", "TRANSACTION.SUCCESS", "settled", "1012/", "payment.receipt" }) Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain(owner.OpenId, text, StringComparison.Ordinal);
        var line = Assert.Single((await estate.Finance.Get(estate.Path + "/payments")).Done()["items"].AsArray())!;
        Assert.Equal((23_834, owner.House.Code), (line["receivedFen"]!.GetValue<long>(), line["house"]!.GetValue<string>()));
        Assert.Equal(404, (await estate.Finance.Get($"{estate.Path}/payments/{Guid.CreateVersion7()}/explain")).Status);
        Assert.Equal(403, (await estate.Clerk.Get($"{estate.Path}/payments/{order}/explain")).Status);
    }
}
