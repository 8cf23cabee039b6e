using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>When WeChat stays silent: asked early, closed late.</summary>
public sealed class ChaseTests(Servers servers)
{
    /// <summary>So slow that no schedule asks while a test runs: only what the owner does counts.</summary>
    const string NoChase = "--OwnerPay:JobPace=500";

    // Every booking by the recovery job failed for weeks, because it wanted a login that a job does not have.
    [Theory, EachDatabase]
    [Trait("Incident", "1")]
    public async Task A_payment_whose_callback_was_lost_is_found_and_booked_by_the_chase_without_any_login(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();

        await owner.TypePassword(order, new { callback = "suppress" });
        await Estate.Eventually(async () => (await estate.Booked()).Count == 1, "the chase asked");

        Assert.Equal("paid", await owner.OrderState(order));
        await estate.Clean();
    }

    // After a lost notice the page looked only into its own database, and the paid owner watched a spinner for 40 minutes.
    [Theory, EachDatabase]
    [Trait("Incident", "5")]
    public async Task An_owner_who_looks_at_the_order_page_makes_us_ask_WeChat_at_once(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1, NoChase);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });

        var page = (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done();

        Assert.Equal(("paid", "缴费成功"), (page["state"].GetValue<string>(), page["text"].GetValue<string>()));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    [Trait("Incident", "4")]
    public async Task While_WeChat_is_silent_the_page_says_not_to_pay_again_and_asks_seldom_however_many_look(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1, NoChase);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });
        await estate.Fault("frequencyLimited", order.ToString("N"), count: 100);

        var silent = (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done();
        await estate.Installation.EmulatorHttp.DeleteAsync("/admin/faults");
        var looks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => owner.Api.Get($"{owner.Path}/payments/{order}")));

        Assert.Equal("我们正在向微信确认，请勿重复支付", silent["text"].GetValue<string>());
        Assert.All(looks, look => Assert.Equal("placed", look.Done()["state"].GetValue<string>()));    // asked a moment ago
        await Estate.Eventually(async () => await owner.OrderState(order) == "paid", "a later look asks again");
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task An_order_that_nobody_pays_is_closed_at_its_expiry_and_frees_bill_and_budget(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 2);
        await estate.BillAll();
        await estate.Offer(budgetYuan: "12.60");    // enough for one
        var (first, second) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var order = await first.Order();
        Assert.Equal(0, (await second.Quote(await second.OpenBillIds())).Done()["discountFen"].GetValue<long>());

        estate.Installation.Clock.Advance(TimeSpan.FromMinutes(16));
        await Estate.Eventually(async () => await first.OrderState(order) == "closed", "the order is closed");

        Assert.Equal("closed", (await estate.AtWeChat(order))["order"]!["state"]!.GetValue<string>());
        Assert.Equal(1_256, (await second.Quote(await second.OpenBillIds())).Done()["discountFen"].GetValue<long>());
        await second.PayAll();
        await first.PayAll();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    [Trait("Incident", "8")]
    public async Task A_payment_in_the_last_second_whose_callback_is_lost_is_booked_and_not_closed(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1, NoChase);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();

        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(14 * 60 + 55));
        await owner.TypePassword(order, new { callback = "suppress" });
        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("paid", await owner.OrderState(order));
        Assert.Equal(PaymentOutcome.Settled, Assert.Single(await estate.Booked()).Outcome);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task An_owner_who_pays_after_the_window_closed_with_an_open_order_keeps_the_price(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer(end: "2026-12-10T10:10:00+08:00");
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();

        estate.Installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 10, 10, 12, 0, TimeSpan.FromHours(8)));
        await owner.TypePassword(order);
        await owner.UntilPaid(order);

        Assert.Equal(23_834, (await estate.Booked())[0].ReceivedFen);
        Assert.Empty(await owner.OpenBills());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Who_types_his_password_past_midnight_owes_no_further_day_of_late_fee(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll(due: "2026-12-10");
        var owner = await estate.SignIn(estate.Houses[0]);
        estate.Installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 30, 23, 55, 0, TimeSpan.FromHours(8)));
        owner = await estate.SignIn(estate.Houses[0]);
        var order = (await owner.Checkout(await owner.OpenBillIds())).Done();

        estate.Installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 31, 0, 3, 0, TimeSpan.FromHours(8)));
        await owner.TypePassword(order["orderId"].GetValue<Guid>());
        await owner.UntilPaid(order["orderId"].GetValue<Guid>());

        Assert.Equal(25_088 + 251, order["payableFen"].GetValue<long>());    // 20 days at 5 in 10,000
        var bill = Assert.Single((await owner.Api.Get(owner.Path + "/bills?state=all")).Done()["items"].AsArray())!;
        Assert.Equal((0, 0), (bill["openFen"]!.GetValue<long>(), bill["lateFeeFen"]!.GetValue<long>()));
        Assert.Equal(0, (await owner.Api.Get(owner.Path + "/points")).Done()["balance"].GetValue<long>());
        Assert.Equal(-251, await estate.Balance("6301"));
        await estate.Clean();
    }

    [Fact]
    public async Task An_owner_pays_through_one_instance_while_the_callback_reaches_the_other()
    {
        await using var estate = await servers.Estate(Database.MariaDb);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0], instance: 0);
        var order = await owner.Order();
        var paid = await owner.TypePassword(order, new { callback = "suppress" });

        var statuses = await Task.WhenAll(
            estate.TellInvented(await estate.NotifyUrl(instance: 1), paid["resource"]!), estate.TellInvented(await estate.NotifyUrl(instance: 0), paid["resource"]!),
            estate.TellInvented(await estate.NotifyUrl(instance: 1), paid["resource"]!));

        Assert.All(statuses, status => Assert.Equal(204, status));
        Assert.Equal("paid", await owner.OrderState(order));
        Assert.Single(await estate.Booked());
        await estate.Clean();
    }
}
