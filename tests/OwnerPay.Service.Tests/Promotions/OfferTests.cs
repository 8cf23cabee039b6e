using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Promotions;

public sealed class OfferTests(Servers servers)
{
    static object Offer(string code = "early-bird", string? percent = "5", string? amountYuan = null, string start = "2026-12-01T00:00:00+08:00",
        string end = "2026-12-16T00:00:00+08:00", string kind = "earlyBird", string group = "early-bird", string? minYuan = null, string? capYuan = null,
        string? budgetYuan = null, long? budgetCount = null, string feeKind = "property", int priority = 10) => new
        {
            code, name = "优惠" + code, kind, feeKinds = new[] { feeKind }, start, end, stackingGroup = group, priority, percent, amountYuan, minYuan, capYuan, budgetYuan, budgetCount,
        };

    static async Task SetOffers(Estate estate, params object[] offers)
    {
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers })).Done();
        await estate.ApproveAll(estate.Finance);
    }

    static async Task<(Estate Estate, TestOwner Owner, Guid Bill)> WithBill(Installation? own, Servers servers, Database database, params object[] offers)
    {
        var estate = own is null ? await servers.Estate(database, houses: 1) : await Estate.Create(own, 1);
        await estate.SetTariffs();
        if (offers.Length > 0) await SetOffers(estate, offers);
        await estate.IssueBills();
        var owner = await estate.SignIn(estate.Houses[0]);
        return (estate, owner, (await owner.OpenBillIds())[0]);
    }

    [Theory, EachDatabase]
    public async Task The_early_bird_is_taken_off_and_the_owner_is_told_until_when(Database database)
    {
        var (estate, owner, bill) = await WithBill(null, servers, database, Offer());
        await using var _ = estate;

        var quote = (await owner.Quote(bill)).Done();

        Assert.Equal((25_088L, 1_254L, 23_834L), (quote["principalFen"].GetValue<long>(), quote["discountFen"].GetValue<long>(), quote["payableFen"].GetValue<long>()));
        Assert.Equal("12月15日前缴费可省 12.54 元", quote["nextBetter"][0]!["text"]!.GetValue<string>());
        Assert.Equal(1_254, quote["bills"][0]!["lines"]![0]!["discounts"]![0].Fen("fen"));
        Assert.Equal(quote["quoteHash"].GetValue<string>(), (await owner.Quote(bill)).Done()["quoteHash"].GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task What_is_not_used_says_why_in_words(Database database)
    {
        var (estate, owner, bill) = await WithBill(null, servers, database,
            Offer("one", percent: "5"), Offer("two", percent: "3"), Offer("big", percent: null, amountYuan: "30", minYuan: "1000", group: "big"),
            Offer("soon", percent: "8", start: "2026-12-20T00:00:00+08:00", end: "2027-01-01T00:00:00+08:00", group: "soon"),
            Offer("year", kind: "fullYear", end: "2027-02-01T00:00:00+08:00", group: "year"));
        await using var _ = estate;

        var quote = (await owner.Quote(bill)).Done();

        var reasons = quote["notUsed"].AsArray().ToDictionary(o => o!["code"]!.GetValue<string>(), o => (o!["reason"]!.GetValue<string>(), o["text"]!.GetValue<string>()));
        Assert.Equal(("betterWithout", "与其他优惠不同享，当前组合更优惠"), reasons["two"]);
        Assert.Equal(("belowMinimum", "适用费用未满 1,000.00 元"), reasons["big"]);
        Assert.Equal(("notStarted", "活动2026年12月20日开始"), reasons["soon"]);
        Assert.Equal(("needsWholeYear", "需一次缴清全年 12 个月"), reasons["year"]);
        Assert.Contains(quote["nextBetter"].AsArray(), step => step!["kind"]!.GetValue<string>() == "waitUntil" && step["offerCode"]!.GetValue<string>() == "soon");
    }

    // A coupon began eight hours late because its date was read as UTC.
    [Theory, EachDatabase]
    [Trait("Incident", "24")]
    public async Task An_offer_begins_and_ends_at_midnight_in_Shanghai(Database database)
    {
        await using var installation = await servers.Own(database, begin: new DateTimeOffset(2026, 12, 11, 23, 50, 0, TimeSpan.FromHours(8)));
        var (estate, owner, bill) = await WithBill(installation, servers, database, Offer(start: "2026-12-12T00:00:00+08:00", end: "2026-12-14T00:00:00+08:00"));
        await using var _ = estate;
        async Task<long> Discount() => (await owner.Quote(bill)).Done()["discountFen"].GetValue<long>();

        Assert.Equal(0, await Discount());
        installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 12, 0, 5, 0, TimeSpan.FromHours(8)));
        Assert.Equal(1_254, await Discount());
        installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 13, 23, 55, 0, TimeSpan.FromHours(8)));
        Assert.Equal(1_254, await Discount());
        installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 14, 0, 1, 0, TimeSpan.FromHours(8)));
        Assert.Equal(0, await Discount());
    }

    // Shares that were rounded one by one did not sum to the whole, and were patched by a cent afterwards.
    [Theory, EachDatabase]
    [Trait("Incident", "18")]
    public async Task A_discount_over_many_lines_sums_to_the_whole_and_lines_to_the_bill_to_the_fen(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetPrices([.. Enumerable.Range(1, 9).Select(part => BillingSteps.Tariff($"0.{part}{part}3{part}", "2020-01-01", slot: "part-" + part))]);
        await SetOffers(estate, Offer(percent: "7.77"), Offer("fixed", percent: null, amountYuan: "33.33", group: "fixed"));
        await estate.IssueBills();
        var owner = await estate.SignIn(estate.Houses[0]);

        var quote = (await owner.Quote(await owner.OpenBillIds())).Done();

        var lines = quote["bills"][0]!["lines"]!.AsArray();
        var used = quote["offers"].AsArray().ToDictionary(o => o!["code"]!.GetValue<string>(), o => o.Fen("fen"));
        Assert.Equal(9, lines.Count);
        Assert.Equal(quote["principalFen"].GetValue<long>(), lines.Sum(line => line.Fen("principalFen")));
        Assert.Equal(quote["discountFen"].GetValue<long>(), used.Values.Sum());
        foreach (var (code, fen) in used)
            Assert.Equal(fen, lines.SelectMany(line => line!["discounts"]!.AsArray()).Where(d => d!["code"]!.GetValue<string>() == code).Sum(d => d.Fen("fen")));
        Assert.Equal(3_333, used["fixed"]);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task An_overdue_bill_takes_no_on_time_offer_and_its_late_fee_no_discount(Database database)
    {
        await using var installation = await servers.Own(database);
        var (estate, owner, bill) = await WithBill(installation, servers, database,
            Offer("on-time", kind: "onTime", end: "2027-03-01T00:00:00+08:00"), Offer("late", end: "2027-03-01T00:00:00+08:00", group: "late", percent: "10"));
        await using var _ = estate;
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 10, 12, 0, 0, TimeSpan.FromHours(8)));

        var quote = (await owner.Quote(bill)).Done();

        Assert.Equal(["late"], quote["offers"].AsArray().Select(o => o!["code"]!.GetValue<string>()));
        Assert.Equal((2_509L, 125L), (quote["discountFen"].GetValue<long>(), quote["lateFeeFen"].GetValue<long>()));
        Assert.Equal(25_088 - 2_509 + 125, quote["payableFen"].GetValue<long>());
        Assert.Equal("overdue", quote["notUsed"].AsArray().Single(o => o!["code"]!.GetValue<string>() == "on-time")!["reason"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task Bills_of_others_twice_chosen_none_or_paid_ones_get_no_price(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        await estate.GivePrepaid(estate.Houses[0], 90_000);
        await estate.IssueBills();
        var (owner, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var foreign = (await neighbour.OpenBillIds())[0];
        var paid = (await estate.Bills()).Single(b => b.HouseId == estate.Houses[0].Id).Id;

        Assert.Equal("bill_not_found", (await owner.Quote(foreign)).Code);
        Assert.Equal("house_not_found", (await owner.Api.Post(neighbour.Path + "/quotes", new { billIds = new[] { foreign } })).Code);
        Assert.Equal("bill_not_open", (await owner.Quote(paid)).Code);
        Assert.Equal("bill_chosen_twice", (await neighbour.Quote(foreign, foreign)).Code);
        Assert.Equal("no_bills_chosen", (await neighbour.Quote()).Code);
    }

    [Theory, EachDatabase]
    public async Task An_offer_with_too_little_budget_left_is_not_given_at_all_and_the_next_best_is(Database database)
    {
        var (estate, owner, bill) = await WithBill(null, servers, database, Offer(budgetYuan: "10"), Offer("small", percent: "1"));
        await using var _ = estate;

        var quote = (await owner.Quote(bill)).Done();

        Assert.Equal(251, quote["discountFen"].GetValue<long>());
        Assert.Equal("budgetUsed", quote["notUsed"].AsArray().Single(o => o!["code"]!.GetValue<string>() == "early-bird")!["reason"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task Fifty_reservations_at_once_take_no_more_than_the_budget_holds(Database database)
    {
        var (estate, owner, bill) = await WithBill(null, servers, database, Offer(budgetCount: 7));
        await using var _ = estate;

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Reserve(estate, bill, number % estate.Installation.Instances.Count)));

        Assert.Equal(7, taken.Count(reserved => reserved is not null));
        var offer = (await estate.Manager.Get(estate.Path + "/promotions/offers")).Done()["items"][0];
        Assert.Equal((7, 7 * 1_254), (offer.Fen("takenCount"), offer.Fen("takenFen")));
        Assert.Equal(0, (await owner.Quote(bill)).Done()["discountFen"].GetValue<long>());
        Assert.Empty(await estate.Verify());
    }

    // A limit that also counted cancelled orders shut people out: uses are reserved, then used or freed.
    [Theory, EachDatabase]
    [Trait("Incident", "16")]
    public async Task A_closed_order_gives_its_budget_back_and_one_paid_all_the_same_keeps_its_price(Database database)
    {
        var (estate, owner, bill) = await WithBill(null, servers, database, Offer(budgetCount: 1));
        await using var _ = estate;
        var first = (await Reserve(estate, bill))!.Value;
        Assert.Null(await Reserve(estate, bill));

        await Budgets(estate, (budgets, order) => budgets.Free(order, default), first);
        Assert.Equal(1_254, (await owner.Quote(bill)).Done()["discountFen"].GetValue<long>());
        var second = (await Reserve(estate, bill))!.Value;
        await Budgets(estate, (budgets, order) => budgets.Use([order], default), second);
        await Budgets(estate, (budgets, order) => budgets.Use([order], default), second);    // told twice
        await Budgets(estate, (budgets, order) => budgets.Use([order], default), first);     // WeChat was faster than the close

        var items = (await estate.Finance.Get(estate.Path + "/work-items")).Done()["items"].AsArray();
        Assert.Contains(items, item => item!["kind"]!.GetValue<string>() == "offer.over-budget");
        var offer = (await estate.Manager.Get(estate.Path + "/promotions/offers")).Done()["items"][0];
        Assert.Equal((1, 1_254), (offer.Fen("takenCount"), offer.Fen("takenFen")));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_frozen_quote_gives_the_same_hash_again_and_another_when_a_fen_was_changed(Database database)
    {
        var (estate, _, bill) = await WithBill(null, servers, database, Offer(capYuan: "9.99"), Offer("fixed", percent: null, amountYuan: "3", group: "fixed"));
        await using var __ = estate;

        var quote = (await Price(estate, bill)).Value;

        Assert.Equal(quote.QuoteHash, RecomputedQuote.HashOf(quote.Canonical, quote.At));
        Assert.NotEqual(quote.QuoteHash, RecomputedQuote.HashOf(quote.Canonical.Replace("25088", "25089", StringComparison.Ordinal), quote.At));
        Assert.NotEqual(quote.QuoteHash, RecomputedQuote.HashOf(quote.Canonical, quote.At.AddDays(30)));
        Assert.Null(RecomputedQuote.HashOf("{}", quote.At));
    }

    [Theory, EachDatabase]
    public async Task Finance_approves_the_budget_of_an_offer_and_a_new_version_supersedes_the_old(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers = new[] { Offer() } })).Done();
        var approval = (await estate.Finance.Get(estate.Path + "/approvals?state=proposed")).Done()["items"][0]!["id"]!.GetValue<Guid>();

        Assert.Equal("not_allowed", (await estate.Manager.Post($"{estate.Path}/approvals/{approval}/approve")).Code);
        (await estate.Finance.Post($"{estate.Path}/approvals/{approval}/approve", new { note = "预算内" })).Done();
        await SetOffers(estate, Offer(percent: "6"));

        var offers = (await estate.Manager.Get(estate.Path + "/promotions/offers")).Done()["items"].AsArray();
        Assert.Equal([(1, "superseded"), (2, "active")], offers.Select(o => (o!["version"]!.GetValue<int>(), o["state"]!.GetValue<string>())));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task An_offer_that_makes_no_sense_is_refused_with_its_field(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var power = new { code = "power", name = "电费", beneficiary = "agency", promotable = false, taxCode = "", taxRatePerMillion = 0 };
        (await estate.ProposeTariffs([BillingSteps.PropertyKind(), power])).Done();
        await estate.ApproveAll(estate.Finance);
        async Task<string?> Field(object offer)
        {
            var refused = await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers = new[] { offer } });
            Assert.Equal((400, "offers_invalid"), (refused.Status, refused.Code));
            return refused["field"].GetValue<string>();
        }

        Assert.Equal("offers[0].feeKinds[0]", await Field(Offer(feeKind: "water")));
        Assert.Equal("offers[0].feeKinds[0]", await Field(Offer(feeKind: "power")));    // other people's money
        Assert.Equal("offers[0].percent", await Field(Offer(percent: "100.01")));
        Assert.Equal("offers[0].percent", await Field(Offer(percent: "-5")));
        Assert.Equal("offers[0].percent", await Field(Offer(amountYuan: "5")));
        Assert.Equal("offers[0].amountYuan", await Field(Offer(percent: null, amountYuan: "0")));
        Assert.Equal("offers[0].end", await Field(Offer(end: "2026-11-30T00:00:00+08:00")));
        Assert.Equal("offers[0].end", await Field(Offer(start: "2026-01-01T00:00:00+08:00", end: "2026-02-01T00:00:00+08:00")));
        Assert.Equal("offers[0].budgetCount", await Field(Offer(budgetCount: 0)));
        Assert.Equal("offers[0].code", await Field(Offer(code: "早鸟")));
    }

    static async Task<Result<BillQuote>> Price(Estate estate, Guid bill, int instance = 0)
    {
        await using var scope = estate.Installation.Instances[instance].Services.CreateAsyncScope();
        return await Price(scope.ServiceProvider, estate, bill);
    }

    static Task<Result<BillQuote>> Price(IServiceProvider services, Estate estate, Guid bill) => services.GetRequiredService<QuoteBills>().For(
        new PricedFor(estate.CommunityId, estate.Houses[0].Id, [estate.Houses[0].PartyId], null), new QuoteRequest([bill]), services.GetRequiredService<Clock>().Now(), default);

    /// <returns>The order that reserved it, or null when the budget did not hold it.</returns>
    static async Task<Guid?> Reserve(Estate estate, Guid bill, int instance = 0)
    {
        await using var scope = estate.Installation.Instances[instance].Services.CreateAsyncScope();
        var (services, order) = (scope.ServiceProvider, Guid.CreateVersion7());
        var refused = new Error(409, "quote_changed", "价格已变化");
        var done = await services.GetRequiredService<OwnerPayDb>().Once<Guid>(new IdempotencyKey("job", "test", "reserve", order.ToString("N")), new { order }, async () =>
        {
            var quote = (await Price(services, estate, bill)).Value;
            return quote.Offers.Count > 0 && await services.GetRequiredService<OfferBudgets>().Reserve(quote, order, estate.Houses[0].PersonId, default) ? order : refused;
        }, default);
        return done.Done ? order : null;
    }

    static async Task Budgets(Estate estate, Func<OfferBudgets, Guid, Task> act, Guid order)
    {
        await using var scope = estate.Installation.Services.CreateAsyncScope();
        var done = await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Once<Guid>(
            new IdempotencyKey("job", "test", "budget", Guid.CreateVersion7().ToString("N")), new { order }, async () =>
            {
                await act(scope.ServiceProvider.GetRequiredService<OfferBudgets>(), order);
                return order;
            }, default);
        Assert.True(done.Done);
    }
}
