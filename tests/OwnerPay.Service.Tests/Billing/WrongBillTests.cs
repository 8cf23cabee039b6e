using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class WrongBillTests(Servers servers)
{
    static async Task<(Answer Report, string[] Items)> Find(Estate estate, Guid run)
    {
        var report = (await estate.Clerk.Get($"{estate.Path}/billing/runs/{run}/wrong-bills")).Done();
        return (report, [.. report["items"].AsArray().Select(item => $"{item!["kind"]} {item["houseCode"]} {item["billedFen"]} {item["expectedFen"]}").Order(StringComparer.Ordinal)]);
    }

    [Theory, EachDatabase]
    public async Task A_run_that_is_right_has_no_wrong_bill_also_where_another_run_billed_a_part(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetTariffs();
        await estate.IssueBills("2026-10-01", "2026-10-31");

        var later = await estate.IssueBills("2026-11-01", "2026-12-31");
        var unknown = await estate.Clerk.Get($"{estate.Path}/billing/runs/{Guid.CreateVersion7()}/wrong-bills");
        var proposed = (await estate.Preview("2027-01-01", "2027-01-31")).Done();
        var early = await estate.Clerk.Get($"{estate.Path}/billing/runs/{proposed["runId"].GetValue<Guid>()}/wrong-bills");

        var (report, items) = await Find(estate, later);
        Assert.Equal((3, 0), (report["checked"].GetValue<int>(), report["wrong"].GetValue<int>()));
        Assert.Empty(items);
        Assert.Equal((404, 409), (unknown.Status, early.Status));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_sale_a_hand_over_and_an_area_that_are_reported_late_are_found_house_by_house(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        await estate.SetTariffs();
        await estate.SetWater(MeterSteps.Metered("1.00"));
        (await estate.AddMeters(MeterSteps.Meter(estate.Houses[3], "W3"))).Done();
        (await estate.Read("W3", "2026-11-30", "130")).Done();
        var run = await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31", "property", "water");

        await estate.Sell(estate.Houses[0], new DateOnly(2026, 11, 16));
        await estate.HandOver(estate.Houses[1], new DateOnly(2026, 11, 11));
        await estate.Change(async db => (await db.Houses.SingleAsync(h => h.Id == estate.Houses[2].Id)).AreaHundredths = 9_000);
        await estate.Sell(estate.Houses[3], new DateOnly(2026, 11, 1));
        var (report, items) = await Find(estate, run);

        // 89.60 m²: half of November each; 89.70 m²: 20 of 30 days; 90.00 instead of 89.80 m²; all of it, and the water, is the buyer's
        Assert.Equal([
            $"amount {estate.Houses[0].Code} 25088 12544", $"amount {estate.Houses[1].Code} 25116 16744", $"amount {estate.Houses[2].Code} 25144 25200",
            $"missing {estate.Houses[0].Code} 0 12544", $"missing {estate.Houses[3].Code} 0 25172", $"party {estate.Houses[3].Code} 25172 0",
            $"party {estate.Houses[3].Code} 3000 0"], items);
        Assert.Equal(7, report["wrong"].GetValue<int>());
        Assert.Empty(await estate.Verify());
    }
}
