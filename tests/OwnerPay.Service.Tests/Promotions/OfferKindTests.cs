using System.Text.Json.Nodes;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Promotions;

/// <summary>Every kind of offer, who may use it and who pays for it.</summary>
public sealed class OfferKindTests(Servers servers)
{
    static JsonObject Offer(string code, string kind, string? percent = null, string end = "2027-03-01T00:00:00+08:00", params (string Name, JsonNode? Value)[] more)
    {
        var offer = new JsonObject
        {
            ["code"] = code, ["name"] = "活动" + code, ["kind"] = kind, ["feeKinds"] = new JsonArray("property"), ["start"] = "2026-12-01T00:00:00+08:00", ["end"] = end,
            ["stackingGroup"] = code, ["priority"] = 5,
        };
        if (percent is not null) offer["percent"] = percent;
        foreach (var (name, value) in more) offer[name] = value;
        return offer;
    }

    static async Task SetOffers(Estate estate, params JsonObject[] offers)
    {
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers })).Done();
        await estate.ApproveAll(estate.Finance);
    }

    static string Reason(Answer quote, string code) => quote["notUsed"].AsArray().Single(o => o!["code"]!.GetValue<string>() == code)!["reason"]!.GetValue<string>();

    [Theory, EachDatabase]
    public async Task The_earlier_an_owner_pays_the_more_he_saves_and_he_is_told_what_the_next_day_costs(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        await SetOffers(estate, Offer("early", "earlyBird", end: "2026-12-21T00:00:00+08:00", more: ("tiers", new JsonArray(
            new JsonObject { ["until"] = "2026-12-16T00:00:00+08:00", ["percent"] = "5" }, new JsonObject { ["until"] = "2026-12-21T00:00:00+08:00", ["percent"] = "2" }))));
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();

        var now = (await owner.Quote(bills)).Done();
        Assert.Equal((1_254L, "12月15日前缴费可省 7.52 元"), (now["discountFen"].GetValue<long>(), now["nextBetter"][0]!["text"]!.GetValue<string>()));
        Assert.Empty(now["notUsed"].AsArray());    // a step of the offer that is used is no missed offer
        installation.Clock.MoveTo(new DateTimeOffset(2026, 12, 16, 0, 0, 1, TimeSpan.FromHours(8)));
        Assert.Equal(502, (await owner.Quote(bills)).Done()["discountFen"].GetValue<long>());
        var order = await owner.PayAll();
        Assert.True((await estate.Finance.Get($"{estate.Path}/payments/{order}/recompute")).Done()["isEqual"].GetValue<bool>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Months_paid_in_advance_earn_by_their_number_and_the_month_that_runs_earns_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        await estate.IssueBills("2027-02-01", "2027-02-28", "2027-02-28");
        await estate.IssueBills("2027-03-01", "2027-03-31", "2027-03-31");
        await SetOffers(estate, Offer("ahead", "prepay", more: [("rounding", "jiao"), ("tiers", new JsonArray(
            new JsonObject { ["months"] = 2, ["percent"] = "1" }, new JsonObject { ["months"] = 3, ["percent"] = "3" }))]));
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();

        Assert.Equal("needsMonths", Reason((await owner.Quote(bills[..2])).Done(), "ahead"));
        Assert.Equal(500, (await owner.Quote(bills[..3])).Done()["discountFen"].GetValue<long>());      // 1 % of 501.76 to 0.1 yuan
        Assert.Equal(2_260, (await owner.Quote(bills)).Done()["discountFen"].GetValue<long>());         // 3 % of 752.64, nothing off December
        var order = await owner.PayAll();
        Assert.True((await estate.Finance.Get($"{estate.Path}/payments/{order}/recompute")).Done()["isEqual"].GetValue<bool>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Only_who_owes_nothing_pays_for_the_first_time_or_carries_the_tag_gets_what_is_meant_for_him(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 2);
        await estate.BillAll();
        await SetOffers(estate, Offer("clean", "earlyBird", "1", more: ("who", "noArrears")), Offer("first", "earlyBird", "2", more: ("who", "firstPayment")),
            Offer("veteran", "earlyBird", "3", more: [("who", "tag"), ("tag", "veteran")]));
        var (owner, other) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        Assert.Equal("house_code_unknown", (await estate.Clerk.Put(estate.Path + "/promotions/tags/veteran", new { houseCodes = new[] { "nowhere" } })).Code);
        (await estate.Clerk.Put(estate.Path + "/promotions/tags/veteran", new { houseCodes = new[] { owner.House.Code } })).Done();

        string[] Used(Answer quote) => [.. quote["offers"].AsArray().Select(o => o!["code"]!.GetValue<string>()).Order(StringComparer.Ordinal)];
        Assert.Equal(["clean", "first", "veteran"], Used((await owner.Quote(await owner.OpenBillIds())).Done()));
        Assert.Equal("notTagged", Reason((await other.Quote(await other.OpenBillIds())).Done(), "veteran"));
        await owner.PayAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        Assert.Equal("notFirstPayment", Reason((await owner.Quote(await owner.OpenBillIds())).Done(), "first"));
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 5, 12, 0, 0, TimeSpan.FromHours(8)));
        var january = (await other.OpenBills()).Single(bill => bill!["dueOn"]!.GetValue<string>() == "2027-01-31")!["billId"]!.GetValue<Guid>();
        Assert.Equal("arrears", Reason((await other.Quote(january)).Done(), "clean"));    // not chosen, but owed
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_full_year_at_once_earns_a_gift_and_a_coupon_and_a_refund_takes_back_what_is_not_yet_given(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        await estate.IssueBills("2026-01-01", "2026-12-31", "2026-12-31");
        await SetOffers(estate, Offer("calendar", "gift", more: [("minYuan", "2000"), ("budgetCount", 2)]),
            Offer("next-time", "gift", more: ("givesCoupon", "thanks")), Offer("thanks", "coupon", more: [("amountYuan", "30"), ("couponDays", 90)]));
        var (owner, other) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));

        var quote = (await owner.Quote(await owner.OpenBillIds())).Done();
        Assert.Equal([("calendar", false), ("next-time", true)],
            quote["gifts"].AsArray().Select(g => (g!["code"]!.GetValue<string>(), g["isCoupon"]!.GetValue<bool>())).OrderBy(g => g.Item1, StringComparer.Ordinal));
        var order = await owner.PayAll();
        await other.PayAll();

        var due = (await estate.Clerk.Get(estate.Path + "/promotions/gifts?state=due")).Done()["items"].AsArray();
        Assert.Equal(2, due.Count);
        var hers = due.Single(gift => gift!["house"]!.GetValue<string>() == other.House.Code)!["giftId"]!.GetValue<Guid>();
        (await estate.Clerk.Post($"{estate.Path}/promotions/gifts/{hers}/hand-out", new { note = "本人领取" })).Done();
        Assert.Equal("gift_not_due", (await estate.Clerk.Post($"{estate.Path}/promotions/gifts/{hers}/hand-out", new { note = "" })).Code);
        Assert.Equal("handedOut", (await other.Api.Get(other.Path + "/gifts")).Done()["items"][0]!["state"]!.GetValue<string>());
        Assert.Equal(3_000, (await owner.Api.Get(owner.Path + "/coupons")).Done()["items"][0]!["value"]!.GetValue<long>());
        await estate.Refund(order);
        await Estate.Eventually(async () => (await owner.Api.Get(owner.Path + "/gifts")).Done()["items"][0]!["state"]!.GetValue<string>() == "cancelled", "the gift is taken back", 40);
        Assert.Empty((await owner.Api.Get(owner.Path + "/coupons")).Done()["items"].AsArray());
        (await estate.Clerk.Post(estate.Path + "/promotions/gifts", new { houseCode = owner.House.Code, name = "春联", note = "上门拜访" })).Done();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Money_for_others_is_only_lowered_by_what_somebody_else_pays_for_and_that_is_booked_to_him(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        var power = new { code = "power", name = "公摊电费", beneficiary = "agency", promotable = false, taxCode = "", taxRatePerMillion = 0 };
        (await estate.ProposeTariffs([power], BillingSteps.Tariff("1.0000", "2020-01-01", feeKind: "power", slot: "power"))).Done();
        await estate.ApproveAll(estate.Finance);
        await estate.IssueBills(feeKinds: ["power"]);
        JsonArray Kinds() => new("power");
        var refused = await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers = new[] { Offer("ours", "earlyBird", "5", more: ("feeKinds", Kinds())) } });
        Assert.Equal(("offers_invalid", "offers[0].feeKinds[0]"), (refused.Code, refused["field"].GetValue<string>()));
        await SetOffers(estate, Offer("bank", "earlyBird", "5", more: [("feeKinds", Kinds()), ("funding", "thirdParty")]));
        var owner = await estate.SignIn(estate.Houses[0]);

        var order = await owner.PayAll();

        Assert.Equal(448, await estate.Balance("1221/offers/bank"));    // 5 % of 89.60
        Assert.Equal(-8_960, await estate.Balance("2241/agency"));      // all of it is still theirs
        await estate.Refund(order);
        await Estate.Eventually(async () => await estate.Balance("1221/offers/bank") == 0, "the bank owes nothing for a refunded payment", 40);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Steps_and_terms_that_make_no_sense_are_refused_with_their_field(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        async Task Refused(string field, JsonObject offer)
        {
            var refused = await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers = new[] { offer } });
            Assert.Equal(("offers_invalid", "offers[0]." + field), (refused.Code, refused.Status == 400 ? refused["field"].GetValue<string>() : "accepted"));
        }
        JsonArray Months(params int[] months) => [.. months.Select(m => new JsonObject { ["months"] = m, ["percent"] = "1" })];

        await Refused("tiers", Offer("a", "prepay"));
        await Refused("tiers[1].months", Offer("a", "prepay", more: ("tiers", Months(6, 3))));
        await Refused("tiers", Offer("a", "onTime", more: ("tiers", Months(3))));
        await Refused("tiers[0].until", Offer("a", "earlyBird", more: ("tiers", new JsonArray(new JsonObject { ["until"] = "2028-01-01T00:00:00+08:00", ["percent"] = "1" }))));
        await Refused("percent", Offer("a", "gift", "5"));
        await Refused("tag", Offer("a", "earlyBird", "5", more: ("who", "tag")));
        await Refused("couponDays", Offer("a", "coupon", "5"));
        await Refused("couponDays", Offer("a", "earlyBird", "5", more: ("couponDays", 5)));
        await Refused("givesCoupon", Offer("a", "earlyBird", "5", more: ("givesCoupon", "b")));
    }
}
