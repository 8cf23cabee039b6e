using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

public sealed class BillRunTests(Servers servers)
{
    static readonly DateOnly January = new(2027, 1, 1);

    [Theory, EachDatabase]
    public async Task A_clerk_previews_finance_confirms_and_every_house_has_one_bill_that_explains_itself(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 3);
        await estate.SetTariffs();

        var preview = (await estate.Preview()).Done();
        Assert.Equal(3, preview["bills"].GetValue<int>());
        Assert.Empty(await estate.Bills());
        Assert.Equal("not_allowed", (await estate.Confirm(preview, by: estate.Clerk)).Code);
        var issued = (await estate.Confirm(preview)).Done();

        // 89.60, 89.70 and 89.80 m² at 2.80 yuan for December.
        Assert.Equal(25_088 + 25_116 + 25_144, issued["totalFen"].GetValue<long>());
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = Assert.Single(await owner.OpenBills());
        Assert.Equal(25_088, bill.Fen("amountFen"));
        var detail = (await owner.Api.Get($"{owner.Path}/bills/{bill!["billId"]}")).Done();
        var line = Assert.Single(detail["lines"].AsArray());
        Assert.Equal("89.60㎡ × 2.80元/㎡·月 × 1个月 = 250.88元", line!["formula"]!.GetValue<string>());
        Assert.Equal((23_668, 1_420), (line.Fen("netFen"), line.Fen("taxFen")));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_clerk_who_is_also_finance_cannot_confirm_his_own_run(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        await estate.GiveRole(StaffRole.Clerk, StaffRole.Finance);
        var preview = (await estate.Preview()).Done();

        var own = await estate.Confirm(preview, by: estate.Clerk);

        Assert.Equal((403, "second_person_needed"), (own.Status, own.Code));
        Assert.Empty(await estate.Bills());
    }

    [Theory, EachDatabase]
    [Trait("Incident", "21")]
    public async Task Repeating_a_run_in_whatever_way_makes_no_second_bill(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        var preview = (await estate.Preview()).Done();

        var first = (await estate.Confirm(preview, key: "the-same-tap-77")).Done();
        var again = (await estate.Confirm(preview, key: "the-same-tap-77")).Done();
        var later = await estate.Confirm(preview);
        var second = (await estate.Preview()).Done();
        var empty = (await estate.Confirm(second)).Done();

        Assert.Equal(first.Body!.ToJsonString(), again.Body!.ToJsonString());
        Assert.Equal("bill_run_decided", later.Code);
        Assert.Equal([$"already_billed {estate.Houses[0].Code}", $"already_billed {estate.Houses[1].Code}"], second.Odd());
        Assert.Equal(0, empty["bills"].GetValue<int>());
        Assert.Equal(2, (await estate.Bills()).Count);
        Assert.Empty(await estate.Verify());
    }

    // A month billed by one run and asked for again by another, or by the whole year, was charged twice elsewhere.
    [Theory, EachDatabase]
    public async Task A_month_that_is_billed_is_never_billed_again_by_a_longer_run(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        await estate.HandOver(estate.Houses[1], January);
        await estate.SetParties(estate.Houses[1], (PartyKind.Owners, January, null));
        (await estate.Confirm((await estate.Preview()).Done())).Done();    // the second house is not handed over yet

        var preview = (await estate.Preview("2026-12-01", "2027-02-28", "2027-02-28")).Done();
        (await estate.Confirm(preview)).Done();

        Assert.Equal([$"already_billed {estate.Houses[0].Code}"], preview.Odd());
        var months = (await estate.Lines()).Select(line => (line.From, line.To)).ToArray();
        Assert.Equal([(new(2026, 12, 1), new(2026, 12, 31)), (January, new(2027, 2, 28))], months);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Two_runs_over_the_same_month_confirmed_at_once_bill_it_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 20);
        await estate.SetTariffs();
        var previews = new[] { (await estate.Preview()).Done(), (await estate.Preview("2026-12-01", "2027-01-31", "2027-01-31")).Done() };
        var other = database == Database.MariaDb ? estate.On(1, StaffRole.Finance) : estate.Finance;

        var answers = await Task.WhenAll(estate.Confirm(previews[0]), estate.Confirm(previews[1], by: other));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Single(answers, answer => answer.Code == "preview_outdated");
        Assert.Equal(20, (await estate.Bills()).Count);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_preview_that_no_longer_holds_issues_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        var preview = (await estate.Preview()).Done();
        await estate.Change(async db =>
        {
            var house = await db.Houses.SingleAsync(h => h.Id == estate.Houses[1].Id);
            house.AreaHundredths++;
        });

        var refused = await estate.Confirm(preview);

        Assert.Equal((409, "preview_outdated"), (refused.Status, refused.Code));
        Assert.Empty(await estate.Bills());
        (await estate.Confirm((await estate.Preview()).Done())).Done();
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Prepaid_money_pays_the_next_bill_of_its_own_party_unless_the_house_says_no(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 4);
        await estate.SetTariffs();
        var (part, whole, sold, unwilling) = (estate.Houses[0], estate.Houses[1], estate.Houses[2], estate.Houses[3]);
        await estate.GivePrepaid(part, 10_000);
        await estate.GivePrepaid(whole, 30_000);
        await estate.GivePrepaid(sold, 30_000);
        await estate.GivePrepaid(unwilling, 30_000);
        await estate.Sell(sold, new DateOnly(2026, 12, 1));
        await estate.Change(async db =>
        {
            var house = await db.Houses.SingleAsync(h => h.Id == unwilling.Id);
            house.UsesPrepaid = false;
        });

        var issued = (await estate.Confirm((await estate.Preview()).Done())).Done();

        var bills = (await estate.Bills()).ToDictionary(bill => bill.HouseId);
        Assert.Equal(10_000 + 25_116, issued["prepaidFen"].GetValue<long>());
        Assert.Equal((15_088, BillState.Open), (bills[part.Id].OpenFen, bills[part.Id].State));
        Assert.Equal((0, BillState.Paid, new DateOnly(2026, 12, 10)), (bills[whole.Id].OpenFen, bills[whole.Id].State, bills[whole.Id].PaidOn!.Value));
        Assert.Equal(25_144, bills[sold.Id].OpenFen);         // the money is the seller's
        Assert.Equal(25_172, bills[unwilling.Id].OpenFen);
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Finance_sends_a_run_back_and_it_can_no_longer_be_confirmed(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();
        var preview = (await estate.Preview()).Done();

        var rejected = (await estate.Finance.Post($"{estate.Path}/billing/runs/{preview["runId"].GetValue<Guid>()}/reject")).Done();

        Assert.Equal("rejected", rejected["state"].GetValue<string>());
        Assert.Equal("bill_run_decided", (await estate.Confirm(preview)).Code);
        Assert.Equal("rejected", (await estate.Clerk.Get(estate.Path + "/billing/runs")).Done()["items"][0]!["state"]!.GetValue<string>());
    }

    [Theory, EachDatabase]
    public async Task A_run_over_broken_months_unknown_fees_or_a_due_date_in_the_past_is_refused_by_field(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.SetTariffs();

        async Task<string?> Field(string from, string to, string due, params string[] kinds)
        {
            var answer = await estate.Clerk.Post(estate.Path + "/billing/runs", new { periodFrom = from, periodTo = to, dueOn = due, feeKinds = kinds });
            Assert.Equal((400, "bill_run_invalid"), (answer.Status, answer.Code));
            return answer["field"].GetValue<string>();
        }

        Assert.Equal("periodFrom", await Field("2026-12-02", "2026-12-31", "2026-12-31", "property"));
        Assert.Equal("periodTo", await Field("2026-12-01", "2026-12-30", "2026-12-31", "property"));
        Assert.Equal("periodTo", await Field("2026-12-01", "2026-11-30", "2026-12-31", "property"));
        Assert.Equal("periodTo", await Field("2026-12-01", "2027-12-31", "2026-12-31", "property"));
        Assert.Equal("dueOn", await Field("2026-12-01", "2026-12-31", "2026-12-09", "property"));
        Assert.Equal("feeKinds", await Field("2026-12-01", "2026-12-31", "2026-12-31"));
        Assert.Equal("feeKinds", await Field("2026-12-01", "2026-12-31", "2026-12-31", "property", "property"));
        Assert.Equal("feeKinds", await Field("2026-12-01", "2026-12-31", "2026-12-31", "water"));
    }

    [Theory, EachDatabase]
    public async Task An_owner_sees_no_bill_of_another_house_and_not_even_that_it_is_there(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.SetTariffs();
        await estate.IssueBills();
        var (owner, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var foreign = (await neighbour.OpenBillIds())[0];

        var answer = await owner.Api.Get($"{owner.Path}/bills/{foreign}");
        var invented = await owner.Api.Get($"{owner.Path}/bills/{Guid.CreateVersion7()}");

        Assert.Equal((404, "bill_not_found"), (answer.Status, answer.Code));
        Assert.Equal(invented.Code, answer.Code);
        Assert.Equal("house_not_found", (await owner.Api.Get($"{neighbour.Path}/bills")).Code);
    }
}
