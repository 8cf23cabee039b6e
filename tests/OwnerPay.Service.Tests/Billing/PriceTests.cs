using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class PriceTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_price_change_inside_the_period_splits_the_line_and_each_day_has_its_own_price(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetPrices(BillingSteps.Tariff("2.80", "2020-01-01"));
        await estate.SetPrices(BillingSteps.Tariff("3.10", "2027-01-16"));    // the next version takes over from its first day

        await estate.IssueBills("2026-12-01", "2027-02-28", "2027-02-28");

        var lines = await estate.Lines();
        Assert.Equal([(28_000L, new DateOnly(2027, 1, 15)), (31_000L, new DateOnly(2027, 2, 28))], lines.Select(line => (line.UnitPrice, line.To)));
        // 89.60 m²: 2.80 × (1 + 15/31), then 3.10 × (16/31 + 1)
        Assert.Equal([37_227L, 42_112L], lines.Select(line => line.AmountFen));
        Assert.Single(await estate.Bills());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task The_agreed_price_of_a_house_beats_its_buildings_which_beats_the_communitys(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetPrices(
            BillingSteps.Tariff("2.80", "2020-01-01"),
            BillingSteps.Tariff("3.00", "2020-01-01", scope: "building", scopeCode: "1"),
            BillingSteps.Tariff("1.96", "2020-01-01", to: "2026-12-15", scope: "house", scopeCode: estate.Houses[0].Code));

        await estate.IssueBills();

        var prices = (await estate.Lines()).Select(line => (line.UnitPrice, line.From.Day)).OrderBy(line => line).ToArray();
        Assert.Equal([(19_600L, 1), (30_000L, 1), (30_000L, 16)], prices);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Parking_spaces_are_charged_on_their_houses_bill_for_their_own_days(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        (await estate.ProposeTariffs(
            [BillingSteps.PropertyKind(), new { code = "parking", name = "车位费", beneficiary = "company", promotable = true, taxCode = "", taxRatePerMillion = 90_000 }],
            BillingSteps.Tariff("2.80", "2020-01-01"),
            BillingSteps.Tariff("80", "2020-01-01", feeKind: "parking", slot: "owned", formula: "fixed", scope: "parkingOwned", name: "产权车位管理费"),
            BillingSteps.Tariff("320", "2020-01-01", feeKind: "parking", slot: "rented", formula: "fixed", scope: "parkingRented", name: "租赁车位费"))).Done();
        await estate.ApproveAll(estate.Finance);
        await estate.AddSpace(estate.Houses[0], "B1-001", ParkingKind.Owned);
        await estate.AddSpace(estate.Houses[0], "B1-002", ParkingKind.Rented, new DateOnly(2026, 12, 17));
        await estate.AddSpace(null, "B1-003", ParkingKind.Rented);

        var preview = (await estate.Preview("2026-12-01", "2026-12-31", "2026-12-31", "property", "parking")).Done();
        (await estate.Confirm(preview)).Done();

        Assert.Equal(["space_without_house B1-003"], preview.Odd());
        var bill = (await estate.Bills()).Single(b => b.HouseId == estate.Houses[0].Id);
        var lines = (await estate.Lines()).Where(line => line.BillId == bill.Id).OrderBy(line => line.Number).ToArray();
        Assert.Equal(["产权车位管理费 B1-001", "租赁车位费 B1-002", "住宅物业费"], lines.Select(line => line.Title));
        Assert.Equal([8_000L, 15_484L, 25_088L], lines.Select(line => line.AmountFen));    // 320.00 × 15/31
        Assert.Equal(48_572, bill.AmountFen);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Money_for_others_is_a_bill_of_its_own_and_never_income_of_the_company(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        (await estate.ProposeTariffs(
            [BillingSteps.PropertyKind(), new { code = "power", name = "公摊电费", beneficiary = "agency", promotable = false, taxCode = "", taxRatePerMillion = 0 }],
            BillingSteps.Tariff("2.80", "2020-01-01"),
            BillingSteps.Tariff("12.60", "2020-01-01", feeKind: "power", slot: "stairs", formula: "fixed", name: "楼道公摊电费"))).Done();
        await estate.ApproveAll(estate.Finance);

        await estate.IssueBills(feeKinds: ["property", "power"]);

        var bills = await estate.Bills();
        Assert.Equal([(Beneficiary.Company, 25_088L), (Beneficiary.Agency, 1_260L)], bills.OrderBy(b => b.Beneficiary).Select(b => (b.Beneficiary, b.AmountFen)));
        var collected = await estate.Installation.Db(db => db.Postings.Where(p => p.CommunityId == estate.CommunityId)
            .GroupBy(p => p.Account).Select(g => new { g.Key, Fen = g.Sum(p => p.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Fen));
        Assert.Equal(-1_260, collected[Accounts.Agency]);
        Assert.Equal(-23_668, collected["2204/property"]);
        Assert.Equal(-1_420, collected[Accounts.PendingTax]);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Odd_amounts_are_listed_before_anybody_confirms(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetPrices(BillingSteps.Tariff("2.80", "2020-01-01"));
        await estate.IssueBills();
        await estate.SetPrices(
            BillingSteps.Tariff("0", "2027-01-01", scope: "house", scopeCode: estate.Houses[0].Code),
            BillingSteps.Tariff("4.00", "2027-01-01", scope: "house", scopeCode: estate.Houses[1].Code));

        var preview = (await estate.Preview("2027-01-01", "2027-01-31", "2027-01-31")).Done();

        Assert.Equal([$"deviates {estate.Houses[1].Code}", $"zero_amount {estate.Houses[0].Code}"], preview.Odd());
        Assert.Equal(2, preview["bills"].GetValue<int>());
        (await estate.Confirm(preview)).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_day_without_a_price_skips_the_house_by_name(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetPrices(
            BillingSteps.Tariff("2.80", "2020-01-01", to: "2026-12-20"),
            BillingSteps.Tariff("2.80", "2020-01-01", scope: "house", scopeCode: estate.Houses[1].Code));

        var preview = (await estate.Preview()).Done();

        Assert.Equal([$"price_missing {estate.Houses[0].Code}"], preview.Odd());
        Assert.Equal(1, preview["bills"].GetValue<int>());
    }

    [Theory]
    [InlineData("feeKinds[0].code", "Property", "2.80", "base", "areaPrice", "community", null, "2020-01-01", null)]
    [InlineData("tariffs[0].feeKind", "property", "2.80", "base", "areaPrice", "community", null, "2020-01-01", null, "water")]
    [InlineData("tariffs[0].unitPriceYuan", "property", "-2.80", "base", "areaPrice", "community", null, "2020-01-01", null)]
    [InlineData("tariffs[0].unitPriceYuan", "property", "2.80001", "base", "areaPrice", "community", null, "2020-01-01", null)]
    [InlineData("tariffs[0].unitPriceYuan", "property", "２.8", "base", "areaPrice", "community", null, "2020-01-01", null)]
    [InlineData("tariffs[0].slot", "property", "2.80", "Base 1", "areaPrice", "community", null, "2020-01-01", null)]
    [InlineData("tariffs[0].formula", "property", "2.80", "base", "areaPrice", "parkingOwned", null, "2020-01-01", null)]
    [InlineData("tariffs[0].scopeCode", "property", "2.80", "base", "areaPrice", "building", "99", "2020-01-01", null)]
    [InlineData("tariffs[0].scopeCode", "property", "2.80", "base", "areaPrice", "house", null, "2020-01-01", null)]
    [InlineData("tariffs[0].scopeCode", "property", "2.80", "base", "areaPrice", "community", "1", "2020-01-01", null)]
    [InlineData("tariffs[0].to", "property", "2.80", "base", "areaPrice", "community", null, "2020-01-02", "2020-01-01")]
    public async Task A_tariff_that_makes_no_sense_is_refused_with_its_field_and_changes_nothing(
        string field, string code, string price, string slot, string formula, string scope, string? scopeCode, string from, string? to, string? feeKind = null)
    {
        await using var estate = await servers.Estate(Database.Sqlite, houses: 1);

        var refused = await estate.ProposeTariffs(
            [new { code, name = "物业费", beneficiary = "company", promotable = true, taxCode = "", taxRatePerMillion = 60_000 }],
            BillingSteps.Tariff(price, from, to, feeKind ?? code, slot, formula, scope, scopeCode));

        Assert.Equal((400, "tariffs_invalid", field), (refused.Status, refused.Code, refused["field"].GetValue<string>()));
        var shown = (await estate.Finance.Get(estate.Path + "/billing/tariffs")).Done();
        Assert.Empty(shown["feeKinds"].AsArray());
        Assert.Empty(shown["proposals"].AsArray());
    }

    [Theory, EachDatabase]
    public async Task Overlapping_versions_are_refused_within_a_file_and_against_a_later_version(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);

        var within = await estate.ProposeTariffs([BillingSteps.PropertyKind()], BillingSteps.Tariff("2.80", "2020-01-01"), BillingSteps.Tariff("3.00", "2026-01-01"));
        await estate.SetPrices(BillingSteps.Tariff("2.80", "2020-01-01", to: "2026-12-31"), BillingSteps.Tariff("3.00", "2027-01-01"));
        var against = await estate.ProposeTariffs([], BillingSteps.Tariff("2.90", "2026-07-01"));
        var between = await estate.ProposeTariffs([], BillingSteps.Tariff("2.90", "2026-07-01", to: "2026-12-31"));

        Assert.Equal("tariffs[1].from", within["field"].GetValue<string>());
        Assert.Equal("tariffs[0].from", against["field"].GetValue<string>());
        Assert.Equal(201, between.Status);
    }

    [Theory, EachDatabase]
    public async Task The_late_fee_grows_by_day_from_the_terms_of_the_bill_whatever_is_agreed_later(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.SetPrices(BillingSteps.Tariff("2.80", "2020-01-01"));
        await estate.IssueBills(due: "2026-12-15");
        (await estate.ProposeTariffs([BillingSteps.PropertyKind(lateFeePerMillion: 10_000)])).Done();
        await estate.ApproveAll(estate.Finance);

        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 4, 7, 0, 0, TimeSpan.FromHours(8)));
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = Assert.Single(await owner.OpenBills());

        // 250.88 yuan × 20 days × 5 in 10,000; the morning of the 4th in Shanghai is still the 3rd in UTC.
        Assert.Equal(251, bill.Fen("lateFeeFen"));
        Assert.True(bill!["overdue"]!.GetValue<bool>());
        Assert.Equal(25_088 + 251, (await owner.Quote(bill["billId"]!.GetValue<Guid>())).Done()["payableFen"].GetValue<long>());
    }

    // A service that took the day from UTC made bills of the wrong day between midnight and eight in the morning.
    [Theory, EachDatabase]
    [Trait("Incident", "24")]
    public async Task A_run_confirmed_between_midnight_and_eight_in_Shanghai_belongs_to_the_new_day(Database database)
    {
        await using var installation = await servers.Own(database, begin: new DateTimeOffset(2027, 1, 1, 0, 20, 0, TimeSpan.FromHours(8)));
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.SetTariffs();

        var yesterday = await estate.Preview("2027-01-01", "2027-01-31", "2026-12-31");
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-01");

        Assert.Equal("dueOn", yesterday["field"].GetValue<string>());
        Assert.Equal(new DateOnly(2027, 1, 1), Assert.Single(await estate.Bills()).IssuedOn);
        var owner = await estate.SignIn(estate.Houses[0]);
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 1, 23, 59, 0, TimeSpan.FromHours(8)));
        Assert.False(Assert.Single(await owner.OpenBills())!["overdue"]!.GetValue<bool>());
        installation.Clock.MoveTo(new DateTimeOffset(2027, 1, 2, 0, 1, 0, TimeSpan.FromHours(8)));
        Assert.True(Assert.Single(await owner.OpenBills())!["overdue"]!.GetValue<bool>());
    }

    [Theory, EachDatabase]
    public async Task The_demo_estates_tariffs_and_offers_are_accepted_as_they_stand(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.Change(db =>
        {
            foreach (var code in (string[])["4", "6"]) db.Add(new Building { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, Code = code, Name = code + "号楼" });
            return Task.CompletedTask;
        });

        (await estate.Clerk.Post(estate.Path + "/billing/tariffs", Demo("tariffs.json"))).Done();
        await estate.ApproveAll(estate.Finance);
        (await estate.Manager.Post(estate.Path + "/promotions/offers", Demo("offers.json"))).Done();
        await estate.ApproveAll(estate.Finance);

        var offers = (await estate.Manager.Get(estate.Path + "/promotions/offers")).Done();
        Assert.All(offers["items"].AsArray(), offer => Assert.Equal("active", offer!["state"]!.GetValue<string>()));
    }

    static StringContent Demo(string name) =>
        new(File.ReadAllText(Path.Combine(Architecture.Repository.Root, "config", "demo", name)), System.Text.Encoding.UTF8, "application/json");
}
