using OwnerPay.Service.Billing;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class MeterTests(Servers servers)
{
    // Elsewhere the first reading billed the whole counter: 4,319 instead of 105 yuan for a whole community.
    [Theory, EachDatabase]
    [Trait("Incident", "22")]
    public async Task A_first_reading_bills_nothing_and_is_listed_and_the_second_bills_what_was_used_since(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetWater(MeterSteps.Metered());
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1", opening: null))).Done();
        (await estate.Read("W1", "2026-09-30", "4319")).Done();

        var first = (await estate.PreviewWater("2026-09-01", "2026-09-30")).Done();
        (await estate.Read("W1", "2026-10-31", "4349.5")).Done();
        await estate.BillWater("2026-10-01", "2026-10-31");

        Assert.Equal([$"first_reading {estate.Houses[0].Code}", $"meter_missing {estate.Houses[1].Code}"], first.Odd());
        var line = Assert.Single(await estate.Lines());
        Assert.Equal((10_523L, 30_500L, 34_500L), (line.AmountFen, line.UsageThousandths, line.UnitPrice));    // 30.5 t × 3.45 yuan
        Assert.Equal("读数 4319 → 4349.5，用量30.5吨 × 3.45元/吨 = 105.23元", line.Formula);
        Assert.Equal((new(2026, 10, 1), new DateOnly(2026, 10, 31)), (line.From, line.To));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_lower_reading_is_refused_unless_the_counter_went_past_99999(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Metered("2.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1", opening: "99950"))).Done();

        var lower = await estate.Read("W1", "2026-09-30", "20");
        var beyond = await estate.Read("W1", "2026-09-30", "100000");
        var future = await estate.Read("W1", "2026-12-11", "99960");
        var slip = await estate.Read("W1", "2026-09-30", "99949.5", rolledOver: true);
        var higher = await estate.Read("W1", "2026-09-30", "99960", rolledOver: true);
        (await estate.Read("W1", "2026-09-30", "20", rolledOver: true)).Done();
        await estate.BillWater("2026-09-01", "2026-09-30");

        Assert.Equal((409, "reading_lower"), (lower.Status, lower.Code));
        Assert.Contains("请注明过零", lower["detail"].GetValue<string>(), StringComparison.Ordinal);
        Assert.All([beyond, future, slip, higher], answer => Assert.Equal("reading_invalid", answer.Code));
        var line = Assert.Single(await estate.Lines());
        Assert.Equal((70_000L, 14_000L), (line.UsageThousandths, line.AmountFen));
        Assert.Contains("过零", line.Formula, StringComparison.Ordinal);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Of_a_replaced_meter_and_of_its_successor_everything_is_billed_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1"))).Done();

        var second = await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W2", installedOn: "2026-09-10"));
        (await estate.Replace("W1", "2026-09-20", "112", "W3", "5")).Done();
        (await estate.Read("W3", "2026-09-30", "12.25")).Done();
        await estate.BillWater("2026-09-01", "2026-09-30");
        var taken = await estate.AddMeters(MeterSteps.Meter(null, "W3", building: "1"));
        var removed = await estate.Read("W1", "2026-09-30", "130");

        Assert.Equal("meters_invalid", second.Code);    // it would count the same water twice
        Assert.Equal("meters_invalid", taken.Code);
        Assert.Equal("reading_invalid", removed.Code);
        Assert.Equal([12_000L, 7_250L], (await estate.Lines()).Select(line => line.UsageThousandths));
        Assert.Equal(1_925, Assert.Single(await estate.Bills()).AmountFen);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task What_an_estimate_charged_too_much_is_taken_off_by_the_next_real_readings(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1"))).Done();
        (await estate.Read("W1", "2026-09-30", "150", estimated: true)).Done();
        await estate.BillWater("2026-09-01", "2026-09-30");

        var impossible = await estate.Read("W1", "2026-10-31", "99");    // below the last real reading
        (await estate.Read("W1", "2026-10-31", "140")).Done();
        var behind = (await estate.PreviewWater("2026-10-01", "2026-10-31")).Done();
        (await estate.Read("W1", "2026-11-30", "165")).Done();
        await estate.BillWater("2026-10-01", "2026-11-30");

        Assert.Equal("reading_lower", impossible.Code);
        Assert.Equal([$"reading_behind {estate.Houses[0].Code}"], behind.Odd());
        Assert.Equal([50_000L, 15_000L], (await estate.Lines()).Select(line => line.UsageThousandths));    // together 165 − 100
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_reading_that_is_corrected_after_it_was_billed_settles_with_the_next_bill(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1"), MeterSteps.Meter(estate.Houses[1], "W2"))).Done();
        var low = (await estate.Read("W1", "2026-09-30", "120")).Done();
        var high = (await estate.Read("W2", "2026-09-30", "180")).Done();
        await estate.BillWater("2026-09-01", "2026-09-30");

        (await estate.Correct(low, "130")).Done();
        (await estate.Correct(high, "130")).Done();
        Assert.Empty(await estate.Verify());
        (await estate.Read("W1", "2026-10-31", "150")).Done();
        (await estate.Read("W2", "2026-10-31", "185")).Done();
        await estate.BillWater("2026-09-01", "2026-10-31");
        var again = await estate.Correct(low, "131");

        Assert.Equal("reading_not_found", again.Code);    // it no longer counts
        var used = (await estate.Lines()).GroupBy(line => line.MeterId).Select(meter => meter.Sum(line => line.UsageThousandths)).Order();
        Assert.Equal([50_000L, 85_000L], used);    // 150 − 100 and 185 − 100
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Tiers_count_over_the_months_of_a_calendar_year_that_are_billed_already_and_begin_anew_in_january(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Tiered());
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1", opening: "0", installedOn: "2025-11-30"))).Done();
        (await estate.Read("W1", "2025-12-31", "310")).Done();
        (await estate.Read("W1", "2026-03-31", "480")).Done();
        await estate.BillWater("2025-12-01", "2026-03-31");
        (await estate.Read("W1", "2026-06-30", "580")).Done();
        await estate.BillWater("2026-04-01", "2026-06-30");

        var lines = await estate.Lines();
        // 2025: 180 × 3.45 + 80 × 4.83 + 50 × 5.8333; 2026: 170 × 3.45; then 10 × 3.45 + 80 × 4.83 + 10 × 5.8333
        Assert.Equal([129_907L, 58_650L, 47_923L], lines.Select(line => line.AmountFen));
        Assert.Equal([0L, 0L, 170_000L], lines.Select(line => line.UsedBeforeThousandths));
        Assert.Contains("2026年此前已计170吨：10吨 × 3.45元（第1级） + 80吨 × 4.83元（第2级） + 10吨 × 5.8333元（第3级）", lines[2].Formula, StringComparison.Ordinal);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_reading_over_new_year_is_spread_by_days_so_that_each_year_has_its_own_tiers(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Tiered());
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1", opening: "0", installedOn: "2025-12-15"))).Done();
        (await estate.Read("W1", "2026-01-16", "320")).Done();    // 32 days, 16 in each year: 160 t in each

        await estate.BillWater("2026-01-01", "2026-01-31");

        var lines = await estate.Lines();
        Assert.Equal([(160_000L, 55_200L), (160_000L, 55_200L)], lines.Select(line => (line.UsageThousandths, line.AmountFen)));
        Assert.Equal(new DateOnly(2026, 1, 1), lines[1].From);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_buyer_neither_pays_for_what_the_seller_used_nor_for_his_tiers(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Tiered());
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1", opening: "0"))).Done();
        (await estate.Read("W1", "2026-09-30", "200")).Done();
        await estate.BillWater("2026-09-01", "2026-09-30");
        var buyer = await estate.Sell(estate.Houses[0], new DateOnly(2026, 10, 16));
        (await estate.Read("W1", "2026-10-31", "231")).Done();

        var preview = (await estate.PreviewWater("2026-10-01", "2026-10-31")).Done();
        (await estate.Confirm(preview)).Done();

        Assert.Equal([$"usage_split {estate.Houses[0].Code}"], preview.Odd().Where(odd => !odd.StartsWith("deviates", StringComparison.Ordinal)));
        var bills = (await estate.Bills()).ToDictionary(bill => bill.Id);
        var october = (await estate.Lines()).Where(line => line.From.Month == 10).Select(line => (bills[line.BillId].PartyId == buyer, line.UsageThousandths, line.AmountFen)).ToList();
        Assert.Equal([(false, 15_000L, 7_245L), (true, 16_000L, 5_520L)], october);    // the seller is in his second tier, the buyer in his first
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_house_whose_meter_was_not_read_still_gets_its_other_bills(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        await estate.SetWater(MeterSteps.Metered());
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1"))).Done();

        var preview = (await estate.Preview("2026-11-01", "2026-11-30", "2026-12-31", "property", "water")).Done();
        (await estate.Confirm(preview)).Done();

        Assert.Equal([$"reading_missing {estate.Houses[0].Code}"], preview.Odd());
        Assert.Equal(Beneficiary.Company, Assert.Single(await estate.Bills()).Beneficiary);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Two_runs_that_are_confirmed_at_once_bill_a_reading_once_and_a_third_bills_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 10);
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters([.. estate.Houses.Select((house, index) => MeterSteps.Meter(house, $"W{index}"))])).Done();
        foreach (var index in Enumerable.Range(0, 10)) (await estate.Read($"W{index}", "2026-10-31", "110")).Done();
        var previews = new[] { (await estate.PreviewWater("2026-10-01", "2026-10-31")).Done(), (await estate.PreviewWater("2026-09-01", "2026-11-30")).Done() };
        var other = database == Database.MariaDb ? estate.On(1, StaffRole.Finance) : estate.Finance;

        var answers = await Task.WhenAll(estate.Confirm(previews[0]), estate.Confirm(previews[1], by: other));
        var third = (await estate.PreviewWater("2026-10-01", "2026-10-31")).Done();

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Single(answers, answer => answer.Code == "preview_outdated");
        Assert.Equal(10, (await estate.Bills()).Count);
        Assert.Equal(0, third["bills"].GetValue<int>());
        Assert.All(third.Odd(), odd => Assert.StartsWith("already_billed", odd, StringComparison.Ordinal));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_month_whose_bill_was_voided_is_billed_again_also_where_the_next_month_is_billed_already(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[0], "W1"))).Done();
        (await estate.Read("W1", "2026-09-30", "110")).Done();
        (await estate.Read("W1", "2026-10-31", "125")).Done();
        var september = await estate.BillWater("2026-09-01", "2026-09-30");
        await estate.BillWater("2026-10-01", "2026-10-31");

        await estate.VoidBill((await estate.Bills()).Single(bill => bill.RunId == september).Id);
        Assert.Empty(await estate.Verify());
        var again = await estate.BillWater("2026-09-01", "2026-10-31");
        var third = (await estate.PreviewWater("2026-09-01", "2026-10-31")).Done();

        var billed = (await estate.Bills()).Single(bill => bill.RunId == again).Id;
        var line = Assert.Single(await estate.Lines(), l => l.BillId == billed);
        Assert.Equal((10_000L, new DateOnly(2026, 9, 30)), (line.UsageThousandths, line.To));
        Assert.Equal(0, third["bills"].GetValue<int>());
        Assert.Equal(2_500, (await estate.Bills()).Where(bill => bill.State != BillState.Voided).Sum(bill => bill.AmountFen));    // 125 − 100
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task The_same_entry_twice_changes_nothing_and_a_foreign_meter_does_not_exist(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await using var foreign = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Metered());
        var list = MeterSteps.Meter(estate.Houses[0], "W1");
        (await estate.AddMeters(list)).Done();

        var again = (await estate.AddMeters(list)).Done();
        var twice = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => estate.Read("W1", "2026-09-30", "120")));
        var other = await estate.Read("W1", "2026-09-30", "121");
        var meter = await estate.MeterId("W1");
        var elsewhere = await foreign.Clerk.Post($"{foreign.Path}/billing/meters/{meter}/readings", new { readOn = "2026-10-31", value = "130" });

        Assert.Equal((0, 1), (again["added"].GetValue<int>(), again["unchanged"].GetValue<int>()));
        Assert.All(twice, answer => Assert.Equal(200, answer.Status));
        Assert.Single(twice.Select(answer => answer["readingId"].GetValue<Guid>()).Distinct());
        Assert.Equal("reading_exists", other.Code);
        Assert.Equal((404, "meter_not_found"), (elsewhere.Status, elsewhere.Code));
        Assert.Equal(2, (await estate.Clerk.Get($"{estate.Path}/billing/meters/{meter}/readings")).Done()["items"].AsArray().Count);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_charge_by_meter_cannot_become_one_by_months_and_overlapping_prices_are_refused_in_plain_chinese(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetWater(MeterSteps.Metered());

        var mixed = await estate.ProposeTariffs([], BillingSteps.Tariff("2.80", "2020-01-01", feeKind: "water", slot: "cold"));
        var overlap = await estate.ProposeTariffs([], MeterSteps.Metered("3.00", "2027-01-01"), MeterSteps.Metered("4.00", "2027-06-01"));
        var tiers = await estate.ProposeTariffs([], new
        {
            feeKind = "water", slot = "hot", name = "热水", formula = "tiered", unitName = "吨", scope = "community", from = "2026-01-01",
            tiers = new object[] { new { upTo = "10", unitPriceYuan = "1" }, new { upTo = "5", unitPriceYuan = "2" } },
        });

        Assert.All([mixed, overlap, tiers], answer => Assert.Equal("tariffs_invalid", answer.Code));
        Assert.Equal("tariffs[0].formula", mixed["field"].GetValue<string>());
        Assert.Contains("同一天只能有一个价格", overlap["detail"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("tariffs[0].tiers", tiers["field"].GetValue<string>());
    }
}
