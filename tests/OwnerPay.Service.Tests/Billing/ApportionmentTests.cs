using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class ApportionmentTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_buildings_cost_is_shared_by_area_to_the_last_fen_and_each_line_says_total_and_basis(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetShared(MeterSteps.Shared("area"));

        (await estate.CloseCost(100_001)).Done();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        var lines = await estate.Lines();
        // 89.60, 89.70 and 89.80 of 269.10 m²
        Assert.Equal([33_296L, 33_334L, 33_371L], lines.Select(line => line.AmountFen).Order());
        Assert.Contains(lines, line => line.Formula == "2026-11-01 至 2026-11-30 公摊总额1,000.01元，按建筑面积 89.60/269.10㎡ = 332.96元");
        Assert.Empty(await estate.Verify());
    }

    // Elsewhere a house was added and the re-run billed 360 yuan of a pool of 300.
    [Theory, EachDatabase]
    [Trait("Incident", "21")]
    public async Task A_house_that_is_added_later_does_not_reopen_a_closed_cost_and_repeated_runs_charge_nobody_twice(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetShared(MeterSteps.Shared("household"));
        (await estate.CloseCost(30_000)).Done();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");
        await estate.Change(async db =>
        {
            await Task.CompletedTask;
            var first = db.Houses.Single(h => h.Id == estate.Houses[0].Id);
            var added = new House
            {
                Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, BuildingId = first.BuildingId, Code = "1-9-0001", AreaHundredths = 9_000,
                HandedOverOn = new(2020, 1, 1),
            };
            db.Add(added);
            db.Add(new LiableParty { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = added.Id, Kind = PartyKind.Developer, From = new(2020, 1, 1) });
        });

        var second = await estate.CloseCost(30_000);
        var narrower = await estate.CloseCost(30_000, building: null);
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        Assert.Equal((409, "apportionment_overlaps"), (second.Status, second.Code));
        Assert.Equal("apportionment_overlaps", narrower.Code);    // the community's houses are the building's too
        Assert.Equal([15_000L, 15_000L], (await estate.Lines()).Select(line => line.AmountFen));
        var finding = await estate.Verify();
        Assert.DoesNotContain(finding, f => f.Check is "meters" or "bills");
    }

    [Theory, EachDatabase]
    public async Task Two_clerks_who_close_the_same_cost_at_once_close_it_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetShared(MeterSteps.Shared("area"));
        var other = database == Database.MariaDb ? estate.On(1, StaffRole.Clerk) : estate.Clerk;

        var answers = await Task.WhenAll(estate.CloseCost(), estate.CloseCost(by: other), estate.CloseCost(key: "the-same-tap-01"), estate.CloseCost(key: "the-same-tap-01"));

        Assert.Single(answers.Where(answer => answer.Status == 201).Select(answer => answer["apportionment"]!["apportionmentId"]!.GetValue<Guid>()).Distinct());
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("apportionment_overlaps", answer.Code));
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");
        Assert.Equal(100_000, (await estate.Bills()).Sum(bill => bill.AmountFen));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Vacant_houses_bear_no_share_where_the_tariff_says_so_and_the_others_bear_all_of_it(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetShared(MeterSteps.Shared("household", vacantShares: false));
        await estate.Change(db =>
        {
            db.Houses.Single(h => h.Id == estate.Houses[1].Id).Vacant = true;
            return Task.CompletedTask;
        });

        (await estate.CloseCost(10_001)).Done();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        var bills = await estate.Bills();
        Assert.DoesNotContain(bills, bill => bill.HouseId == estate.Houses[1].Id);
        Assert.Equal([5_000L, 5_001L], bills.Select(bill => bill.AmountFen).Order());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_shared_meters_usage_is_shared_by_what_each_house_used_itself(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetShared(MeterSteps.Shared("usage", price: "0.60", usageOf: "water"), MeterSteps.Water);
        (await estate.AddMeters(
            MeterSteps.Meter(null, "G1", opening: "1000", feeKind: "shared", slot: "stairs", building: "1", multiplier: 10),
            MeterSteps.Meter(estate.Houses[0], "W0", opening: "0"), MeterSteps.Meter(estate.Houses[1], "W1", opening: "0"))).Done();
        (await estate.Read("G1", "2026-10-31", "1100")).Done();
        (await estate.Read("G1", "2026-11-30", "1200")).Done();
        foreach (var (serial, october, november) in new[] { ("W0", "10", "20"), ("W1", "10", "40") })
        {
            (await estate.Read(serial, "2026-10-31", october)).Done();
            (await estate.Read(serial, "2026-11-30", november)).Done();
        }

        var closed = (await estate.CloseCost(totalFen: null, meterId: await estate.MeterId("G1"))).Done();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        Assert.Equal([estate.Houses[2].Code], closed["withoutUsage"].AsArray().Select(code => code!.GetValue<string>()));
        Assert.Equal(60_000, closed["apportionment"].Fen("totalFen"));    // (1200 − 1100) × 10 × 0.60 yuan
        Assert.Equal([15_000L, 45_000L], (await estate.Lines()).Select(line => line.AmountFen).Order());    // 10 t and 30 t in November
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_cost_of_a_month_in_which_a_house_was_sold_is_borne_by_days(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetShared(MeterSteps.Shared("area"));
        var buyer = await estate.Sell(estate.Houses[0], new DateOnly(2026, 11, 11));

        (await estate.CloseCost(10_000)).Done();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        var bills = await estate.Bills();
        Assert.Equal(3_333, bills.Single(bill => bill.PartyId != buyer).AmountFen);
        Assert.Equal(6_667, bills.Single(bill => bill.PartyId == buyer).AmountFen);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_share_whose_bill_was_voided_is_billed_again_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetShared(MeterSteps.Shared("area"));
        (await estate.CloseCost(20_001)).Done();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        await estate.VoidBill((await estate.Bills())[0].Id);
        await estate.IssueBills("2026-12-01", "2026-12-31", "2026-12-31", "shared");    // an earlier cost that nobody paid for is not forgotten
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");

        Assert.Equal(3, (await estate.Bills()).Count);
        Assert.Equal(20_001, (await estate.Bills()).Where(bill => bill.State != BillState.Voided).Sum(bill => bill.AmountFen));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_wrong_cost_can_be_withdrawn_as_long_as_nobody_was_billed_for_it(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetShared(MeterSteps.Shared("area"));
        var wrong = (await estate.CloseCost(99_999)).Done()["apportionment"]!["apportionmentId"]!.GetValue<Guid>();

        (await estate.Clerk.Post($"{estate.Path}/billing/apportionments/{wrong}/withdraw")).Done();
        var right = (await estate.CloseCost(50_000)).Done()["apportionment"]!["apportionmentId"]!.GetValue<Guid>();
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "shared");
        var late = await estate.Clerk.Post($"{estate.Path}/billing/apportionments/{right}/withdraw");

        Assert.Equal((409, "apportionment_billed"), (late.Status, late.Code));
        Assert.Equal(50_000, (await estate.Bills()).Sum(bill => bill.AmountFen));
        Assert.Equal(2, (await estate.Clerk.Get($"{estate.Path}/billing/apportionments/{right}/shares")).Done()["items"].AsArray().Count);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_cost_without_evidence_of_an_unfinished_month_or_by_a_price_that_changes_is_refused_with_the_way_out(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetShared(MeterSteps.Shared("area"));

        var unfinished = await estate.CloseCost(from: "2026-12-01", to: "2026-12-31");
        var unproved = await estate.Clerk.Post(estate.Path + "/billing/apportionments",
            new { feeKind = "shared", slot = "stairs", from = "2026-11-01", to = "2026-11-30", buildingCode = "1", totalFen = 5 });
        var unknown = await estate.CloseCost(slot: "lift");

        Assert.Equal(["to", "evidence", "slot"], new[] { unfinished, unproved, unknown }.Select(answer => answer["field"].GetValue<string>()));
        Assert.All([unfinished, unproved, unknown], answer => Assert.Equal("apportionment_invalid", answer.Code));
    }
}
