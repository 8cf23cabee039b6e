using OwnerPay.Domain.Payments;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Documents;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Bank;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Collection;

/// <summary>What an agreement says about paying late, and what a court would leave of it.</summary>
public sealed class LateFeeTermsTests(Servers servers)
{
    static async Task<Guid> Bill(Estate estate, int graceDays, int capPercent, bool afterDemand)
    {
        (await estate.ProposeTariffs([new
        {
            code = "property", name = "物业费", beneficiary = "company", promotable = true, taxCode = "3040801010000000000", taxRatePerMillion = 60_000,
            lateFeePerMillion = 500, graceDays, lateFeeCapPercent = capPercent, lateFeeAfterDemand = afterDemand,
        }], BillingSteps.Tariff("2.8000", "2020-01-01"))).Done();
        await estate.ApproveAll(estate.Finance);
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-10");
        return (await estate.LiveBill(estate.Houses[0])).Id;
    }

    [Theory, EachDatabase]
    public async Task Where_the_agreement_asks_for_a_written_demand_no_day_before_its_proved_arrival_counts(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var bill = await Bill(estate, graceDays: 0, capPercent: 5, afterDemand: true);
        var owner = await estate.SignIn(estate.Houses[0]);
        estate.Sleep(30);    // 9 January
        Assert.Equal(0, await owner.LateFee());
        Assert.Equal("noDemandYet", (await estate.LateFee(bill))["terms"][0]!["ranges"]![0]!["stops"]![0]!["reason"]!.GetValue<string>());

        Task<Answer> Demand(string arrivedOn) =>
            estate.Clerk.Post($"{estate.Path}/bills/{bill}/demands", new { arrivedOn, evidence = "EMS 1234567890" });
        Assert.Equal("demand_date_wrong", (await Demand("2027-01-10")).Code);
        Assert.Equal("demand_date_wrong", (await Demand("2026-12-09")).Code);
        var demand = (await Demand("2026-12-20")).Done();
        Assert.Equal(0, await owner.LateFee());    // nobody has looked at the evidence yet
        (await estate.Approve(demand)).Done();

        Assert.Equal(251, await owner.LateFee());    // 20 days of 12.544 fen
        estate.Sleep(300);
        Assert.Equal(1_254, await owner.LateFee());    // 5 % of 250.88 yuan
        await owner.PayAll();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Grace_is_forgiven_for_good_and_who_paid_the_principal_keeps_a_fee_that_grows_no_more(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var bill = await Bill(estate, graceDays: 15, capPercent: 100, afterDemand: false);
        await estate.AllowParts();
        var owner = await estate.SignIn(estate.Houses[0]);
        estate.Sleep(15);
        Assert.Equal(0, await owner.LateFee());
        estate.Sleep(10);
        Assert.Equal(125, await owner.LateFee());

        await owner.PayPart(bill, 25_088);
        estate.Sleep(100);

        var left = await estate.LateFee(bill);
        Assert.Equal(("paid", 125L, 125L),
            (left["state"].GetValue<string>(), left["grownFen"].GetValue<long>(), left["lateFeeFen"].GetValue<long>()));
        await estate.Waive(bill, 0, 25);
        var rest = (await owner.Checkout([bill])).Done();    // the rest can be paid still
        Assert.Equal(100, rest["payableFen"].GetValue<long>());
        await owner.TypePassword(rest.Body.Id("orderId"));
        await owner.UntilPaid(rest.Body.Id("orderId"));
        Assert.Equal("bill_not_open", (await owner.Quote(bill)).Code);
        Assert.Equal((25L, 0L), (await estate.LateFee(bill)) is { } done ? (done["waivedFen"].GetValue<long>(), done["lateFeeFen"].GetValue<long>())
            : default);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_late_fee_left_over_after_its_principal_stays_on_the_phone_at_the_counter_and_on_paper_until_it_is_paid(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 2);
        await estate.BillLate();
        await estate.AllowParts();
        await estate.AddBankAccount();
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await owner.PayPart((await owner.OpenBillIds()).Single(), (await owner.OpenBills())[0].Fen("openFen"));
        estate.Sleep(60);

        foreach (var (owner, left) in owners.Zip([125L, 126L]))    // ten days of 12.544 and of 12.558 fen
        {
            var bill = (await owner.OpenBills()).Single();
            Assert.Equal((0L, left, false), (bill.Fen("openFen"), bill.Fen("lateFeeFen"), bill!["overdue"]!.GetValue<bool>()));
            Assert.Equal(left, (await owner.Api.Get(owner.Path + "/home")).Done()["lateFeeFen"].GetValue<long>());
            Assert.Single(await estate.BillsAtCounter(owner.House));
            var paper = (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{owner.House.Id}/statement"))).Done().Text;
            Assert.Contains("违约金", paper, StringComparison.Ordinal);
            Assert.Contains("本金已于 2026年12月20日缴清", paper, StringComparison.Ordinal);
        }
        Assert.All(await estate.Sheet(estate.Clerk, "bills"), row => Assert.Equal("待缴违约金", row["状态"]));
        await owners[0].PayAll();
        (await estate.ImportStatement(BankSteps.Statement($"2027-02-18,L001,1.00,,{await estate.TransferCode(estate.Houses[1])},业主2,"))).Done();
        await Estate.Eventually(async () => (await owners[1].OpenBills()).Single().Fen("lateFeeFen") == 26, "the bank's money paid a part of it");
        (await estate.ImportStatement(BankSteps.Statement("2027-02-18,L002,0.26,,,业主2,"))).Done();
        var row = (await estate.BankRows())[^1];
        Assert.Equal((BankMatch.AmountAndName, estate.Houses[1].PartyId), (row.Match, row.ProposedPartyId));
        (await estate.Finance.Post($"{estate.Path}/bank/rows/{row.Id}/claim", new { })).Done();

        foreach (var owner in owners)
        {
            await Estate.Eventually(async () => (await owner.OpenBills()).Count == 0, "nothing is left");
            Assert.Empty(await estate.BillsAtCounter(owner.House));
        }
        Assert.All(await estate.Sheet(estate.Clerk, "bills"), row => Assert.Equal("已缴清", row["状态"]));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Finance_reads_the_days_behind_a_late_fee_and_what_a_court_would_leave_of_it(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        await estate.AllowParts();
        await estate.Defer("2026-12-31", bill);
        estate.Sleep(21);    // 10 January
        await owner.PayPart(bill, 10_000);
        estate.Sleep(10);    // 20 January

        var shown = await estate.LateFee(bill);
        Assert.Equal([("2026-12-11", "2026-12-19", 25_088L, true), ("2026-12-20", "2026-12-31", 25_088L, false),
            ("2027-01-01", "2027-01-10", 25_088L, true),
            ("2027-01-11", "2027-01-20", 15_088L, true)], shown["terms"][0]!["ranges"]!.AsArray().Select(range =>
            (range!["from"]!.GetValue<string>(), range["to"]!.GetValue<string>(), range.Fen("openFen"), range["counted"]!.GetValue<bool>())));
        Assert.Equal(314, shown["grownFen"].GetValue<long>());    // 19 days of 250.88 yuan and 10 of 150.88 at 5 in 10,000
        Assert.Null(shown.Body!["courtSafeFen"]);

        Assert.Equal("loan_rates_invalid", (await estate.ProposeRates("3.00001")).Code);
        var rates = (await estate.ProposeRates("3.00")).Done();
        Assert.Equal("not_allowed", (await estate.Approve(rates, estate.Finance)).Code);
        (await estate.Approve(rates)).Done();
        Assert.Equal("loan_rates_unchanged", (await estate.ProposeRates("3.00")).Code);
        shown = await estate.LateFee(bill);
        Assert.Equal(67, shown["courtSafeFen"].GetValue<long>());    // (19 × 250.88 + 10 × 150.88) × 3 % ÷ 365 × 1.3
        Assert.Equal(113, (await estate.LateFee(bill, "2026-12-25"))["grownFen"].GetValue<long>());
        Assert.Equal(404, (await estate.Finance.Get($"{estate.Path}/bills/{Guid.CreateVersion7()}/late-fee")).Status);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_lower_published_rate_entered_later_for_the_same_day_takes_the_place_of_the_wrong_one(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        (await estate.Approve(await estate.ProposeRates("3.10"))).Done();
        (await estate.Approve(await estate.ProposeRates("3.00"))).Done();

        Assert.Equal([("approved", 3m), ("superseded", 3.1m)], (await estate.Finance.Get($"{estate.Path}/billing/loan-rates")).Done().Body!.AsArray()
            .Select(rate => (rate!["state"]!.GetValue<string>(), rate["percentAYear"]!.GetValue<decimal>())));
        await estate.Clean();
    }
}

static class RateSteps
{
    public static Task<Answer> ProposeRates(this Estate estate, string percentAYear) => estate.Finance.Post($"{estate.Path}/billing/loan-rates",
        new { rates = new[] { new { from = "2025-05-20", percentAYear } } });
}
