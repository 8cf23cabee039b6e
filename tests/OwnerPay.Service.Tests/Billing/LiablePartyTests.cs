using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class LiablePartyTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_sale_in_mid_period_splits_the_bill_at_the_transfer_and_the_days_add_up(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var house = estate.Houses[0];
        var seller = await estate.SignIn(house);
        var buyer = await estate.Sell(house, new DateOnly(2026, 12, 12));

        await estate.IssueBills("2026-12-01", "2027-02-28", "2027-02-28");

        var bills = await estate.Bills();
        var lines = await estate.Lines();
        Assert.Equal([house.PartyId, buyer], bills.Select(bill => bill.PartyId));
        Assert.Equal([(new DateOnly(2026, 12, 1), new DateOnly(2026, 12, 11)), (new DateOnly(2026, 12, 12), new DateOnly(2027, 2, 28))], lines.Select(l => (l.From, l.To)));
        Assert.Equal(90, lines.Sum(line => line.To.DayNumber - line.From.DayNumber + 1));
        // 89.60 m² × 2.80 × 11/31, and × (20/31 + 2)
        Assert.Equal([8_902, 66_362], bills.Select(bill => bill.AmountFen));
        // The seller still sees his own debt and nothing of the buyer's.
        Assert.Equal([8_902L], (await seller.OpenBills()).Select(bill => bill.Fen("amountFen")));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task The_developer_owes_until_the_hand_over_and_the_owner_from_that_day(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var house = estate.Houses[0];
        await estate.HandOver(house, new DateOnly(2026, 12, 10));
        await estate.SetParties(house, (PartyKind.Developer, new(2025, 9, 20), new DateOnly(2026, 12, 9)), (PartyKind.Owners, new(2026, 12, 10), null));

        await estate.IssueBills();

        Assert.Equal([(new DateOnly(2026, 12, 1), new DateOnly(2026, 12, 9)), (new DateOnly(2026, 12, 10), new DateOnly(2026, 12, 31))],
            (await estate.Lines()).Select(line => (line.From, line.To)));
        Assert.Equal("89.60㎡ × 2.80元/㎡·月 × 2026年12月 22/31 = 178.04元", (await estate.Lines())[1].Formula);
        Assert.Empty(await estate.Verify());
    }

    [Theory]
    [InlineData(Database.Sqlite, FirstDayRule.NextDay, "2026-12-11")]
    [InlineData(Database.MariaDb, FirstDayRule.FirstOfNextMonth, "2027-01-01")]
    [InlineData(Database.Sqlite, FirstDayRule.FirstOfNextMonth, "2027-01-01")]
    public async Task Where_billing_begins_later_than_the_hand_over_the_developer_keeps_the_days_between(Database database, FirstDayRule rule, string ownersFrom)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        await estate.SetFirstDay(rule);
        var (sold, alone) = (estate.Houses[0], estate.Houses[1]);
        await estate.HandOver(sold, new DateOnly(2026, 12, 10));
        await estate.HandOver(alone, new DateOnly(2026, 12, 10));
        await estate.SetParties(sold, (PartyKind.Developer, new(2025, 9, 20), new DateOnly(2026, 12, 9)), (PartyKind.Owners, new(2026, 12, 10), null));
        await estate.SetParties(alone, (PartyKind.Owners, new(2026, 12, 10), null));

        await estate.IssueBills("2026-12-01", "2027-01-31", "2027-01-31");

        var first = DateOnly.Parse(ownersFrom, System.Globalization.CultureInfo.InvariantCulture);
        var bills = (await estate.Bills()).ToLookup(bill => bill.HouseId);
        Assert.Equal([(new DateOnly(2026, 12, 1), first.AddDays(-1)), (first, new DateOnly(2027, 1, 31))], bills[sold.Id].Select(b => (b.PeriodFrom, b.PeriodTo)));
        Assert.Equal([(first, new DateOnly(2027, 1, 31))], bills[alone.Id].Select(b => (b.PeriodFrom, b.PeriodTo)));    // nobody owes the days before
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task An_unsold_house_is_the_developers_and_a_vacant_one_pays_in_full(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        await estate.HandOver(estate.Houses[0], null);
        await estate.SetParties(estate.Houses[0], (PartyKind.Developer, new(2025, 9, 20), null));
        await estate.Change(db => db.Houses.Where(h => h.CommunityId == estate.CommunityId).ForEachAsync(house => house.Vacant = true));

        await estate.IssueBills();

        Assert.Equal([25_088, 25_116], (await estate.Bills()).Select(bill => bill.AmountFen).Order());
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_house_without_a_liable_party_on_some_day_is_skipped_by_name_and_the_run_goes_on(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        await estate.SetTariffs();
        await estate.SetParties(estate.Houses[0]);
        await estate.SetParties(estate.Houses[1], (PartyKind.Owners, new(2020, 1, 1), new DateOnly(2026, 12, 20)));
        await estate.HandOver(estate.Houses[2], new DateOnly(2027, 3, 1));

        var preview = (await estate.Preview()).Done();

        Assert.Equal([$"no_liable_party {estate.Houses[0].Code}", $"no_liable_party {estate.Houses[1].Code}", $"not_handed_over {estate.Houses[2].Code}"], preview.Odd());
        Assert.Contains("2026-12-21 至 2026-12-31没有责任方", preview["odd"]["items"]![1]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, preview["bills"].GetValue<int>());
    }
}
