using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>Prepaid money: brought by topping up, used when its owner pays, given back when he does not.</summary>
public sealed class OrderPrepaidTests(Servers servers)
{
    /// <summary>Pays a house's prepaid money in as an owner would, through WeChat.</summary>
    static async Task<TestOwner> TopUp(Estate estate, long fen, TestHouse? house = null)
    {
        await Allow(estate);
        var owner = await estate.SignIn(house ?? estate.Houses[0]);
        var order = (await owner.Api.Post(owner.Path + "/prepaid/top-ups", new { amountFen = fen })).Done();
        await owner.TypePassword(order["orderId"].GetValue<Guid>());
        await owner.UntilPaid(order["orderId"].GetValue<Guid>());
        (await owner.Api.Put(owner.Path + "/prepaid", new { usedOnIssue = false })).Done();
        return owner;
    }

    static async Task Allow(Estate estate, long most = 5_000_000) =>
        (await estate.Admin.Put(estate.Path, new { name = "预存小区", contactPhone = "021-60000000", prepaidMaxFen = most })).Done();

    static async Task<Answer> Checkout(TestOwner owner, Guid[] bills, long prepaidFen)
    {
        var quote = (await owner.Quote(bills)).Done();
        return await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = quote["quoteHash"].GetValue<string>(), prepaidFen });
    }

    static async Task<long> Balance(TestOwner owner) => (await owner.Api.Get(owner.Path + "/prepaid")).Done()["balanceFen"].GetValue<long>();

    [Theory, EachDatabase]
    public async Task An_owner_tops_up_within_the_limit_and_finance_has_no_work_with_it(Database database)
    {
        await using var estate = await servers.Estate(database);
        var owner = await TopUp(estate, 30_000);

        Assert.Equal(30_000, await Balance(owner));
        Assert.Empty(await estate.WorkKinds());
        await Allow(estate, 40_000);
        Assert.Equal((409, "top_up_above_limit"), await owner.Api.Post(owner.Path + "/prepaid/top-ups", new { amountFen = 10_001 }) is var over ? (over.Status, over.Code) : default);
        Assert.Equal(400, (await owner.Api.Post(owner.Path + "/prepaid/top-ups", new { amountFen = 99 })).Status);
        var taps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => owner.Api.Post(owner.Path + "/prepaid/top-ups", new { amountFen = 5_000 })));
        Assert.Single(taps.Select(tap => tap.Done()["orderId"].GetValue<Guid>()).Distinct());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Prepaid_money_pays_a_part_offers_count_on_the_whole_and_a_refund_gives_back_what_WeChat_brought(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await TopUp(estate, 10_000);
        var bills = await owner.OpenBillIds();
        Assert.Equal(10_000, (await owner.Quote(bills)).Done()["prepaidBalanceFen"].GetValue<long>());

        Assert.Equal("prepaid_insufficient", (await Checkout(owner, bills, 10_001)).Code);
        Assert.Equal("prepaid_above_price", (await Checkout(owner, bills, 23_835)).Code);
        var order = (await Checkout(owner, bills, 10_000)).Done();
        Assert.Equal(13_834, order["payableFen"].GetValue<long>());    // 250.88 less 5 % less 100.00
        Assert.Equal(0, await Balance(owner));
        await estate.Clean();
        var id = order["orderId"].GetValue<Guid>();
        await owner.TypePassword(id);
        await owner.UntilPaid(id);

        Assert.Empty(await owner.OpenBills());
        var receipt = (await owner.Api.Get($"{owner.Path}/payments/{id}/receipt")).Done();
        Assert.Equal((13_834L, 10_000L, 1_254L), (receipt["amountFen"].GetValue<long>(), receipt["prepaidUsedFen"].GetValue<long>(), receipt["discountFen"].GetValue<long>()));
        Assert.True((await estate.Finance.Get($"{estate.Path}/payments/{id}/recompute")).Done()["isEqual"].GetValue<bool>());
        await estate.Refund(id);
        await Estate.Eventually(async () => await owner.OpenFen() == 15_088, "what WeChat brought and what the offer gave is open again", 40);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Prepaid_money_alone_settles_a_bill_without_WeChat(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await TopUp(estate, 30_000);

        var order = (await Checkout(owner, await owner.OpenBillIds(), 25_088)).Done();

        Assert.Equal(("paid", 0L), (order["state"].GetValue<string>(), order["payableFen"].GetValue<long>()));
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(4_912, await Balance(owner));
        var receipt = (await owner.Api.Get($"{owner.Path}/payments/{order["orderId"].GetValue<Guid>()}/receipt")).Done();
        Assert.Equal(("预存款抵扣", 25_088L), (receipt["channel"].GetValue<string>(), receipt["prepaidUsedFen"].GetValue<long>()));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task An_order_that_is_closed_gives_the_prepaid_money_back_and_one_paid_all_the_same_takes_it_again(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        var owner = await TopUp(estate, 10_000);
        var order = (await Checkout(owner, await owner.OpenBillIds(), 10_000)).Done()["orderId"].GetValue<Guid>();
        installation.Clock.MoveTo(installation.Clock.GetUtcNow().AddMinutes(16));
        await Estate.Eventually(async () => await owner.OrderState(order) == "closed", "the order is closed at its expiry", 40);
        Assert.Equal(10_000, await Balance(owner));
        await estate.Clean();

        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(order, 15_088, PaySteps.TransactionNumber())));
        await owner.UntilPaid(order);
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(0, await Balance(owner));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Two_orders_at_once_cannot_use_the_same_prepaid_money(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        var first = await TopUp(estate, 10_000);
        var second = await estate.SignIn(estate.Houses[0], estate.Installation.Instances.Count - 1);
        var bills = await first.OpenBillIds();

        var answers = await Task.WhenAll(Checkout(first, [bills[0]], 8_000), Checkout(second, [bills[1]], 8_000));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal("prepaid_insufficient", answers.Single(answer => answer.Status != 201).Code);
        Assert.Equal(2_000, await Balance(first));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    [Trait("Incident", "7")]
    public async Task A_bill_whose_payment_is_pending_is_not_paid_a_second_time_by_money_that_is_credited_meanwhile(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var pending = await owner.Order();
        var second = await TopUp(estate, 10_000);
        (await second.Api.Put(second.Path + "/prepaid", new { usedOnIssue = true })).Done();

        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");    // what is credited is used up now
        Assert.Equal(25_088L + 15_088L, await owner.OpenFen());
        await owner.TypePassword(pending);
        await owner.UntilPaid(pending);

        Assert.Equal((15_088L, 0L), (await owner.OpenFen(), await Balance(owner)));
        Assert.All(await estate.Booked(), payment => Assert.NotEqual(Service.Payments.PaymentOutcome.Suspense, payment.Outcome));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Next_bills_use_the_balance_up_only_where_the_house_says_so(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        var (keeps, spends) = (await TopUp(estate, 10_000), await TopUp(estate, 10_000, estate.Houses[1]));
        (await estate.Clerk.Put($"{estate.Path}/houses/{spends.House.Id}/prepaid", new { usedOnIssue = true })).Done();
        Assert.Equal("house_unknown", (await estate.Clerk.Put($"{estate.Path}/houses/{Guid.CreateVersion7()}/prepaid", new { usedOnIssue = true })).Code);

        await estate.IssueBills();

        Assert.Equal((10_000L, 0L), (await Balance(keeps), await Balance(spends)));
        Assert.Equal((25_088L, 15_116L), (await keeps.OpenFen(), await spends.OpenFen()));
        var moves = (await spends.Api.Get(spends.Path + "/prepaid")).Done()["moves"].AsArray();
        Assert.Equal(["出账时抵扣账单", "缴费转入预存"], moves.Select(move => move!["what"]!.GetValue<string>()));
        await estate.Clean();
    }
}
