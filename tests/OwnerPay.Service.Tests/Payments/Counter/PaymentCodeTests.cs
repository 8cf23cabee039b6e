using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Counter;

public sealed class PaymentCodeTests(Servers servers)
{
    static async Task<Answer> Show(Estate estate, TestHouse house, bool closeOpenOrders = false, Api? by = null)
    {
        var bills = await estate.BillsAtCounter(house);
        return await (by ?? estate.Cashier).Post(estate.Path + "/counter/codes",
            new { houseId = house.Id, billIds = bills, quoteHash = await estate.HashAtCounter(house, bills), closeOpenOrders });
    }

    [Theory, EachDatabase]
    public async Task Whoever_scans_the_code_on_the_screen_pays_the_bills_of_the_house_and_the_screen_says_so(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);

        var shown = (await Show(estate, estate.Houses[0])).Done();
        var again = (await Show(estate, estate.Houses[0])).Done();
        var order = shown["orderId"].GetValue<Guid>();
        await estate.EmulatorPost("/admin/users", new { openid = "oStrangerWithAPhone000000001", phone = "19900000001" });
        await estate.EmulatorPost($"/admin/orders/{order:N}/pay", new { openid = "oStrangerWithAPhone000000001" });
        await Estate.Eventually(async () => (await estate.Cashier.Get($"{estate.Path}/counter/codes/{order}"))
            .Done()["state"].GetValue<string>() == "paid", "the code is paid");

        Assert.Equal(order, again["orderId"].GetValue<Guid>());    // two screens, one order
        Assert.StartsWith("weixin://", shown["codeUrl"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], Convert.FromBase64String(shown["pngBase64"].GetValue<string>())[..4]);
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(250, await owner.Points());    // the house's owner gets them, whoever paid
        await Estate.Eventually(async () => (await estate.Verify()).Count == 0, "all is numbered and right");
    }

    // A payment in an unknown state, a second one is made, the first turns out good: the bill is paid twice.
    [Theory, EachDatabase]
    public async Task While_an_owner_pays_on_the_phone_the_counter_waits_and_after_90_seconds_may_close_the_phones_order(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.OpenShift(0);
        var order = await owner.Order();

        var code = await Show(estate, estate.Houses[0], closeOpenOrders: true);
        var cash = await estate.Take(estate.Houses[0], new { closeOpenOrders = true });
        installation.Clock.Advance(TimeSpan.FromSeconds(100));
        var unasked = await estate.Take(estate.Houses[0]);
        (await estate.Take(estate.Houses[0], new { closeOpenOrders = true })).Done();

        Assert.Equal(("bill_being_paid", "bill_being_paid", "bill_being_paid"), (code.Code, cash.Code, unasked.Code));
        Assert.Equal("closed", await owner.OrderState(order));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Cash_at_the_counter_and_WeChat_on_the_phone_for_the_same_bill_are_both_booked_the_second_as_prepaid_money(Database database)
    {
        await using var installation = await servers.Own(database, database == Database.MariaDb ? 2 : 1);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.OpenShift(0);
        var order = await owner.Order();
        installation.Clock.Advance(TimeSpan.FromSeconds(100));
        (await estate.Take(estate.Houses[0], new { closeOpenOrders = true })).Done();

        // WeChat took the password a moment before the order was closed, and tells only now.
        var (url, told) = (await estate.NotifyUrl(installation.Addresses.Count - 1), owner.Told(order, 25_088, PaySteps.TransactionNumber()));
        await Estate.Eventually(async () => await estate.TellInvented(url, told) == 204, "WeChat's call is answered");
        await Estate.Eventually(async () => (await estate.Booked()).Count == 2, "both payments are booked");

        Assert.Equal(25_088, await estate.Prepaid(estate.Houses[0]));
        Assert.Contains("payment.prepaid", await estate.WorkKinds());
        await Estate.Eventually(async () => (await estate.Verify()).Count == 0, "all is numbered and right");
    }

    [Theory, EachDatabase]
    public async Task A_code_that_nobody_scanned_is_over_after_its_time_and_the_bills_are_free(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        var shown = (await Show(estate, estate.Houses[0])).Done();

        installation.Clock.Advance(TimeSpan.FromMinutes(16));

        await Estate.Eventually(async () => (await estate.Cashier.Get($"{estate.Path}/counter/codes/{shown["orderId"].GetValue<Guid>()}"))
            .Done()["state"].GetValue<string>() == "closed", "the code is over");
        Assert.NotEqual(shown["orderId"].GetValue<Guid>(), (await Show(estate, estate.Houses[0])).Done()["orderId"].GetValue<Guid>());
        await estate.Clean();
    }
}
