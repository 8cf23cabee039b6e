using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Promotions;

/// <summary>Coupons from their issue to their use, and back.</summary>
public sealed class CouponTests(Servers servers)
{
    public static object Coupon(string code = "spring", string amountYuan = "20", long? budgetCount = null, int? limitPerPerson = null, bool claimable = false, int couponDays = 60) => new
    {
        code, name = "缴费立减券", kind = "coupon", feeKinds = new[] { "property" }, start = "2026-12-01T00:00:00+08:00", end = "2027-12-01T00:00:00+08:00",
        stackingGroup = "coupon", priority = 5, amountYuan, budgetCount, limitPerPerson, claimable, couponDays,
    };

    static async Task SetOffers(Estate estate, params object[] offers)
    {
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers })).Done();
        await estate.ApproveAll(estate.Finance);
    }

    static Task<Answer> Issue(Estate estate, object request) => estate.Manager.Post(estate.Path + "/promotions/coupons", request);

    static async Task<JsonNode[]> Mine(TestOwner owner) => [.. (await owner.Api.Get(owner.Path + "/coupons")).Done()["items"].AsArray().Select(c => c!)];

    static async Task<string[]> States(TestOwner owner) => [.. (await Mine(owner)).Select(c => c["state"]!.GetValue<string>())];

    static async Task<Answer> Coupons(Estate estate, string query = "") => (await estate.Finance.Get(estate.Path + "/promotions/coupons" + query)).Done();

    [Theory, EachDatabase]
    [Trait("Incident", "12")]
    public async Task An_owner_pays_less_by_his_coupon_once_and_sees_it_used(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await SetOffers(estate, Coupon());
        Assert.Equal(2, (await Issue(estate, new { offerCode = "spring", houseCodes = estate.Houses.Select(h => h.Code) })).Done()["issued"].GetValue<int>());
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();

        var quote = (await owner.Quote(bills)).Done();
        Assert.Equal(2_000, quote["discountFen"].GetValue<long>());
        Assert.NotNull(quote["offers"][0]!["couponId"]);
        var without = (await owner.Api.Post(owner.Path + "/quotes", new { billIds = bills, couponIds = Array.Empty<Guid>() })).Done();
        Assert.Equal(0, without["discountFen"].GetValue<long>());
        var order = await owner.Order();
        Assert.Equal(["reserved"], await States(owner));
        await owner.TypePassword(order);
        await owner.UntilPaid(order);

        Assert.Equal(["used"], await States(owner));
        Assert.Equal(order, (await Coupons(estate, "?state=used"))["items"][0]!["orderId"]!.GetValue<Guid>());
        Assert.True((await estate.Finance.Get($"{estate.Path}/payments/{order}/recompute")).Done()["isEqual"].GetValue<bool>());
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        Assert.Equal(0, (await owner.Quote(await owner.OpenBillIds())).Done()["discountFen"].GetValue<long>());
        await estate.Clean();
    }

    // A coupon was given back before the order was known to be dead: paid with it and had it back.
    [Theory, EachDatabase]
    [Trait("Incident", "13")]
    public async Task A_coupon_comes_back_with_the_close_of_its_order_and_not_before_and_again_with_a_refund(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        await SetOffers(estate, Coupon());
        (await Issue(estate, new { offerCode = "spring", personIds = new[] { estate.Houses[0].PersonId } })).Done();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        Assert.Equal(["reserved"], await States(owner));

        installation.Clock.MoveTo(installation.Clock.GetUtcNow().AddMinutes(16));
        await Estate.Eventually(async () => await owner.OrderState(order) == "closed", "the order is closed at its expiry", 40);
        Assert.Equal(["issued"], await States(owner));
        var second = await owner.PayAll();
        Assert.Equal(["used"], await States(owner));

        await estate.Refund(second);
        await Estate.Eventually(async () => (await States(owner)) is ["issued"], "the refund gives the coupon back", 40);
        Assert.Equal(2_000, (await owner.Quote(await owner.OpenBillIds())).Done()["discountFen"].GetValue<long>());
        await estate.Clean();
    }

    // With a coupon WeChat was asked for the full price; one that covers all leaves 0 yuan, which WeChat refuses.
    [Theory, EachDatabase]
    [Trait("Incident", "12")]
    [Trait("Incident", "15")]
    public async Task A_coupon_that_covers_all_settles_the_bill_without_WeChat_and_never_below_zero(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await SetOffers(estate, Coupon(amountYuan: "1000"));
        (await Issue(estate, new { offerCode = "spring", houseCodes = new[] { estate.Houses[0].Code } })).Done();
        var owner = await estate.SignIn(estate.Houses[0]);

        var answer = (await owner.Checkout(await owner.OpenBillIds())).Done();

        Assert.Equal(("paid", 0L), (answer["state"].GetValue<string>(), answer["payableFen"].GetValue<long>()));
        Assert.Equal(["used"], await States(owner));
        Assert.Empty(await owner.OpenBills());
        await estate.Clean();
    }

    // Limits that were checked by reading first: two clicks, two coupons.
    [Theory, EachDatabase]
    [Trait("Incident", "14")]
    public async Task Many_claims_at_once_by_one_person_give_one_coupon_and_by_many_persons_no_more_than_there_are(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await estate.BillAll();
        await SetOffers(estate, Coupon("one-each", budgetCount: 4, claimable: true));
        var owners = await estate.SignInAll();
        var instances = estate.Installation.Instances.Count;
        var again = await estate.SignIn(estate.Houses[0], instances - 1);

        var many = Enumerable.Range(0, database == Database.MariaDb ? 50 : 16);
        var taps = await Task.WhenAll(many.Select(tap => (tap % 2 == 0 ? owners[0] : again).Api.Post(owners[0].Path + "/coupons", new { code = "one-each" })));
        var others = await Task.WhenAll(owners[1..].Select(owner => owner.Api.Post(owner.Path + "/coupons", new { code = "one-each" })));

        Assert.Single(taps, tap => tap.Status == 200);
        Assert.All(taps.Where(tap => tap.Status != 200), tap => Assert.Equal("coupon_limit_reached", tap.Code));
        Assert.Equal(3, others.Count(claim => claim.Status == 200));
        Assert.All(others.Where(claim => claim.Status != 200), claim => Assert.Equal("coupons_used_up", claim.Code));
        var stored = await estate.Installation.Db(db => db.Coupons.AsNoTracking().Where(c => c.CommunityId == estate.CommunityId).ToListAsync());
        Assert.Equal(4, stored.Count);
        var twice = await Record.ExceptionAsync(() => estate.Change(db =>
        {
            var first = stored[0];
            db.Add(new Coupon
            {
                Id = Guid.CreateVersion7(), CommunityId = first.CommunityId, OfferId = first.OfferId, OfferCode = first.OfferCode, Code = "TWICE", PersonId = first.PersonId,
                Sequence = first.Sequence, IssuedAt = first.IssuedAt, ExpiresAt = first.ExpiresAt, SourceKind = first.SourceKind, SourceId = first.SourceId,
            });
            return Task.CompletedTask;
        }));
        Assert.True(WriteFailure.Violates(twice!, "Coupons", "CommunityId", "OfferCode", "PersonId", "Sequence"));    // the database itself keeps the limit
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_printed_coupon_belongs_to_who_enters_its_code_first_and_to_nobody_of_another_community(Database database)
    {
        await using var estate = await servers.Estate(database);
        await using var elsewhere = await servers.Estate(database);
        await estate.BillAll();
        await SetOffers(estate, Coupon());
        var codes = (await Issue(estate, new { offerCode = "spring", bearer = 2 })).Done()["codes"].AsArray().Select(code => code!.GetValue<string>()).ToArray();
        var (owner, neighbour, stranger) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]), await elsewhere.SignIn(elsewhere.Houses[0]));

        Assert.Equal("coupon_code_invalid", (await stranger.Api.Post(stranger.Path + "/coupons", new { code = codes[0] })).Code);
        var claims = await Task.WhenAll(new[] { owner, neighbour }.Select(one => one.Api.Post(one.Path + "/coupons", new { code = codes[0].ToLowerInvariant() })));
        Assert.Single(claims, claim => claim.Status == 200);
        Assert.Equal("coupon_code_invalid", claims.Single(claim => claim.Status != 200).Code);
        var winner = claims[0].Status == 200 ? owner : neighbour;
        Assert.Equal("coupon_limit_reached", (await winner.Api.Post(winner.Path + "/coupons", new { code = codes[1] })).Code);
        Assert.Equal(2_000, (await winner.Quote(await winner.OpenBillIds())).Done()["discountFen"].GetValue<long>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_list_that_is_wrong_issues_nothing_and_names_each_row_and_what_is_withdrawn_or_over_gives_nothing(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 2);
        await estate.BillAll();
        await SetOffers(estate, Coupon(budgetCount: 3, couponDays: 5));

        Assert.Equal("coupon_offer_not_in_force", (await Issue(estate, new { offerCode = "nothing", bearer = 1 })).Code);
        Assert.Equal("coupon_list_empty", (await Issue(estate, new { offerCode = "spring" })).Code);
        var wrong = await Issue(estate, new { offerCode = "spring", houseCodes = new[] { estate.Houses[0].Code, "9-9-9999" } });
        Assert.Equal(("coupon_list_invalid", "houseCodes[1]"), (wrong.Code, wrong["field"].GetValue<string>()));
        Assert.Equal("coupons_used_up", (await Issue(estate, new { offerCode = "spring", bearer = 4 })).Code);
        var badFile = await Upload(estate, "姓名\n张三\n");
        Assert.Equal("coupon_list_invalid", badFile.Code);
        var done = (await Upload(estate, $"\uFEFF序号,房号\r\n1,{estate.Houses[0].Code}\r\n2,{estate.Houses[1].Code}\r\n")).Done();
        Assert.Equal(2, done["issued"].GetValue<int>());
        var again = (await Upload(estate, $"房号\n{estate.Houses[0].Code}\n")).Done();
        Assert.Equal((0, estate.Houses[0].Code), (again["issued"].GetValue<int>(), again["skipped"][0]!["who"]!.GetValue<string>()));

        var (owner, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var mine = (await Mine(owner))[0]["couponId"]!.GetValue<Guid>();
        Assert.Equal(1, (await estate.Manager.Post(estate.Path + "/promotions/coupons/withdraw", new { couponIds = new[] { mine } })).Done()["withdrawn"].GetValue<int>());
        Assert.Empty(await Mine(owner));
        Assert.Equal(0, (await owner.Quote(await owner.OpenBillIds())).Done()["discountFen"].GetValue<long>());
        installation.Clock.MoveTo(Installation.UsualBegin.AddDays(6));
        Assert.Equal(0, (await neighbour.Quote(await neighbour.OpenBillIds())).Done()["discountFen"].GetValue<long>());
        await Estate.Eventually(async () => await States(neighbour) is ["expired"], "the coupon says that it is over", 40);
        await estate.Clean();
    }

    static async Task<Answer> Upload(Estate estate, string text)
    {
        using var file = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "file", "名单.csv" } };
        return await estate.Manager.Send(HttpMethod.Post, estate.Path + "/promotions/coupons/file?offerCode=spring", file, null);
    }

    [Theory, EachDatabase]
    [Trait("Incident", "14")]
    public async Task Two_orders_can_never_hold_one_coupon_on_whatever_instance_they_are_made(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        await SetOffers(estate, Coupon());
        (await Issue(estate, new { offerCode = "spring", houseCodes = new[] { estate.Houses[0].Code } })).Done();
        var first = await estate.SignIn(estate.Houses[0]);
        var second = await estate.SignIn(estate.Houses[0], estate.Installation.Instances.Count - 1);
        var bills = await first.OpenBillIds();

        var answers = await Task.WhenAll(first.Checkout([bills[0]]), second.Checkout([bills[1]]));

        // Each for its own bill: both may order, but only one with the coupon; the other is told that the price changed.
        Assert.Contains(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("quote_changed", answer.Code));
        Assert.Equal(1, await estate.Installation.Db(db => db.OfferUses.CountAsync(u => u.CommunityId == estate.CommunityId && u.CouponId != null)));
        await estate.Clean();
    }
}
