using OwnerPay.Service.Billing;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>Months to come that an owner asks for and pays in advance. The tests' day is in December 2026.</summary>
public sealed class MonthsAheadTests(Servers servers)
{
    static Task<Answer> Ahead(TestOwner owner, string until, string? key = null) => owner.Api.Post(owner.Path + "/prepaid/months", new { until }, key);

    static Guid[] Ids(Answer answer) => [.. answer.Done()["billIds"].AsArray().Select(id => id!.GetValue<Guid>())];

    static async Task<List<Bill>> BillsOf(Estate estate, TestHouse house) => [.. (await estate.Bills()).Where(b => b.HouseId == house.Id)];

    [Theory, EachDatabase]
    public async Task An_owner_who_taps_twice_on_two_instances_gets_each_month_to_come_once_and_a_later_run_bills_only_the_others(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.BillAll();
        await estate.IssueBills("2027-02-01", "2027-02-28", "2027-02-28");
        var owner = await estate.SignIn(estate.Houses[0]);
        var elsewhere = await estate.SignIn(estate.Houses[0], estate.Installation.Instances.Count - 1);

        var taps = await Task.WhenAll(Ahead(owner, "2027-03-15"), Ahead(elsewhere, "2027-03-31"), Ahead(owner, "2027-03-31"), Ahead(elsewhere, "2027-03-01"));

        Assert.All(taps, tap => Assert.Equal((3, 75_264L), (Ids(tap).Length, tap["openFen"].GetValue<long>())));    // January, February as it was, March
        Assert.Single(taps.Select(tap => string.Join(' ', Ids(tap))).Distinct());
        var bills = await BillsOf(estate, estate.Houses[0]);
        Assert.Equal(["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"], bills.Select(b => $"{b.DueOn:yyyy-MM-dd}"));    // not due earlier than otherwise
        Assert.All(bills, bill => Assert.Equal(25_088, bill.AmountFen));
        var run = await estate.IssueBills("2027-01-01", "2027-03-31", "2027-03-31");
        Assert.Equal([estate.Houses[0].Code], (await estate.Clerk.Get($"{estate.Path}/billing/runs/{run}")).Done()["odd"]["items"]!.AsArray()
            .Where(o => o!["house"]!.GetValue<string>() == estate.Houses[0].Code).Select(o => o!["house"]!.GetValue<string>()).Distinct());
        Assert.Equal(4, (await BillsOf(estate, estate.Houses[0])).Count);
        Assert.DoesNotContain((await estate.Clerk.Get(estate.Path + "/billing/runs")).Done()["items"].AsArray(),
            r => r!["bills"]!.GetValue<int>() == 1 && r["periodFrom"]!.GetValue<string>() == "2027-03-01");
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_run_that_is_confirmed_while_owners_ask_for_the_same_months_bills_nobody_twice(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        await estate.SetTariffs();
        var owners = await estate.SignInAll();
        var preview = await estate.Preview("2027-01-01", "2027-01-31", "2027-01-31");

        var confirming = estate.Confirm(preview);
        var taps = await Task.WhenAll(owners.Select(owner => Ahead(owner, "2027-02-28")));
        var confirmed = await confirming;

        Assert.True(confirmed.Status == 200 || confirmed.Code == "preview_outdated", confirmed.Code);
        Assert.All(taps, tap => Assert.True(tap.Status == 200 || tap.Code == "months_ahead_changed", tap.Code));
        var bills = await estate.Bills();
        Assert.Equal(bills.Count, bills.Select(b => (b.HouseId, b.PeriodFrom)).Distinct().Count());
        foreach (var owner in owners) Assert.Equal(2, Ids(await Ahead(owner, "2027-02-28")).Length);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task What_is_measured_or_shared_out_is_not_billed_ahead_and_neither_is_more_than_the_community_allows(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1"))).Done();
        var owner = await estate.SignIn(estate.Houses[0]);
        (await estate.Admin.Put(estate.Path, new { name = "预缴小区", contactPhone = "021-60000000", prepayMonths = 3 })).Done();

        Assert.Equal((409, "months_ahead_beyond_limit"), await Ahead(owner, "2027-04-01") is var far ? (far.Status, far.Code) : default);
        Assert.Equal("months_ahead_none", (await Ahead(owner, "2026-12-31")).Code);
        Assert.Equal(3, Ids(await Ahead(owner, "2027-03-31")).Length);
        Assert.All(await estate.Lines(), line => Assert.Null(line.MeterId));
        Assert.Equal(400, (await estate.Admin.Put(estate.Path, new { name = "预缴小区", contactPhone = "021-60000000", prepayMonths = 37 })).Status);
        (await estate.Admin.Put(estate.Path, new { name = "预缴小区", contactPhone = "021-60000000", prepayMonths = 0 })).Done();
        Assert.Equal("months_ahead_beyond_limit", (await Ahead(owner, "2027-01-31")).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Nobody_is_billed_ahead_for_days_that_are_another_ones_and_what_was_paid_before_a_sale_comes_back_to_the_seller(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.BillAll();
        var (known, late) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        await estate.Sell(estate.Houses[0], new DateOnly(2027, 2, 16));
        Assert.Single(Ids(await Ahead(known, "2027-06-30")));    // January is his alone; a part of February is the buyer's

        Ids(await Ahead(late, "2027-03-31"));
        await late.PayAll();
        await estate.Sell(estate.Houses[1], new DateOnly(2027, 2, 1));
        var march = (await BillsOf(estate, estate.Houses[1])).Single(b => b.PeriodFrom.Month == 3);
        var wrong = (await estate.Clerk.Get($"{estate.Path}/billing/runs/{march.RunId}/wrong-bills")).Done();
        Assert.Equal(1, wrong["checked"].GetValue<int>());
        Assert.Equal(["missing", "party"], wrong["items"].AsArray().Select(w => w!["kind"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        await estate.VoidBill(march.Id);
        Assert.Equal(25_116, (await late.Api.Get(late.Path + "/prepaid")).Done()["balanceFen"].GetValue<long>());
        await estate.IssueBills("2027-03-01", "2027-03-31", "2027-03-31");    // the month is free again, and the buyer's
        Assert.Equal(2, (await BillsOf(estate, estate.Houses[1])).Count(b => b.PeriodFrom.Month == 3));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Paying_ahead_earns_the_offer_for_months_and_a_month_that_is_not_served_is_refunded(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new
        {
            offers = new[]
            {
                new
                {
                    code = "ahead", name = "预缴优惠", kind = "prepay", feeKinds = new[] { "property" }, start = "2026-12-01T00:00:00+08:00", end = "2027-03-01T00:00:00+08:00",
                    stackingGroup = "ahead", priority = 5, tiers = new[] { new { months = 6, percent = "2" }, new { months = 12, percent = "5" } },
                },
            },
        })).Done();
        await estate.ApproveAll(estate.Finance);
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();

        var year = Ids(await Ahead(owner, "2027-12-31"));
        Assert.Equal(12, year.Length);
        Assert.Equal(3_011, (await owner.Quote(year[..6])).Done()["discountFen"].GetValue<long>());    // 2 % of 1,505.28
        Assert.Equal(15_053, (await owner.Quote(year)).Done()["discountFen"].GetValue<long>());        // 5 % of 3,010.56
        var order = await owner.PayAll();
        Assert.Equal("months_ahead_none", (await Ahead(owner, "2027-12-31")).Code);

        var last = (await estate.PaidLines(order)).Single(line => line.BillId == year[^1]);
        var refund = await estate.Approved(await estate.RequestLine(order, last));
        await estate.UntilRefund(refund, RefundState.Done);
        Assert.Equal(last.Fen - last.DiscountFen, (await estate.Stored(refund)).AmountFen);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Only_who_owns_the_house_today_asks_for_months_to_come(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.SetTariffs();
        await estate.Sell(estate.Houses[0], new DateOnly(2026, 12, 31));
        var seller = await estate.SignIn(estate.Houses[0]);
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 4, 10, 0, 0, TimeSpan.FromHours(8)));

        Assert.Equal((409, "months_ahead_not_liable"), await Ahead(seller, "2027-03-31") is var former ? (former.Status, former.Code) : default);
        Assert.Empty(await estate.Bills());
        await estate.Clean();
    }
}
