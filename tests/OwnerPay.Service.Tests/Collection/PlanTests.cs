using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Collection;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Collection;

/// <summary>Instalment plans: kept, missed, completed, taken back.</summary>
public sealed class PlanTests(Servers servers)
{
    static Task<string> State(Estate estate, Guid plan) => estate.Installation.Db(async db =>
        (await db.InstalmentPlans.AsNoTracking().SingleAsync(p => p.Id == plan)).State.ToString());

    // killbill#455, #708: what happens at the end of dunning was defined nowhere; a plan has named ends.
    [Theory, EachDatabase]
    [Trait("Incident", "32")]
    public async Task A_part_that_is_missed_by_more_than_the_grace_ends_the_plan_and_late_fee_runs_again_from_the_missed_date(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        await estate.AllowParts();
        var plan = await estate.Plan(bill, 5, ("2027-01-10", 10_000), ("2027-02-10", 15_088));
        Assert.Equal(113, await owner.LateFee());

        estate.Sleep(26);    // 15 January: the last day of the first part's grace
        await owner.PayPart(bill, 10_000);
        var mine = Assert.Single((await owner.Api.Get(owner.Path + "/instalment-plans")).Done().Body!.AsArray());
        Assert.Equal((10_000L, 15_088L, 2), (mine.Fen("settledFen"), mine.Fen("nextLeftFen"), mine!["nextPart"]!["number"]!.GetValue<int>()));
        estate.Sleep(31);    // 15 February
        Assert.Equal((113L, false), (await owner.OpenBills())[0] is { } kept ? (kept.Fen("lateFeeFen"), kept["overdue"]!.GetValue<bool>()) : default);
        estate.Sleep(1);

        // No fee waits for the job that notes it: 9 days of 250.88 yuan, 6 days of 150.88.
        Assert.Equal((158L, true), (await owner.OpenBills())[0] is { } missed ? (missed.Fen("lateFeeFen"), missed["overdue"]!.GetValue<bool>())
            : default);
        await Estate.Eventually(async () => await State(estate, plan) == "Missed", "the job notes it");
        Assert.Contains("plan.missed", await estate.WorkKinds());
        mine = Assert.Single((await owner.Api.Get(owner.Path + "/instalment-plans")).Done().Body!.AsArray());
        Assert.Equal(("missed", "2027-02-10"), (mine!["state"]!.GetValue<string>(), mine["endedOn"]!.GetValue<string>()));
        Assert.Equal("grant_not_in_force", (await estate.ProposeReversal("instalmentPlan", plan)).Code);
        await owner.PayAll();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    [Trait("Incident", "32")]
    public async Task Who_pays_all_parts_early_has_completed_his_plan_and_owes_only_the_fee_from_before_it(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        var plan = await estate.Plan(bill, 0, ("2027-01-10", 10_000), ("2027-02-10", 15_088));
        estate.Sleep(20);

        var paid = await owner.PayAll();

        Assert.Equal(25_088 + 113, (await owner.Api.Get($"{owner.Path}/payments/{paid}")).Done()["payableFen"].GetValue<long>());
        await Estate.Eventually(async () => await State(estate, plan) == "Completed", "the job notes it");
        estate.Sleep(100);
        Assert.Empty(await owner.OpenBills());
        var listed = (await estate.Finance.Get($"{estate.Path}/instalment-plans?state=completed")).Done()["items"].AsArray();
        Assert.Equal(25_088, Assert.Single(listed).Fen("settledFen"));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_plan_over_several_bills_is_kept_by_its_sum_whichever_bill_was_paid_and_can_be_taken_back_by_two_people(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillLate();
        await estate.IssueBills("2026-12-01", "2026-12-31", "2026-12-31");
        var owner = await estate.SignIn(estate.Houses[0]);
        var bills = await owner.OpenBillIds();
        var proposed = (await estate.ProposePlan(bills, 0, ("2027-01-10", 25_088), ("2027-02-10", 25_088))).Done();
        (await estate.Approve(proposed)).Done();

        estate.Sleep(15);
        var order = (await owner.Checkout([bills[1]])).Done().Body.Id("orderId");    // the younger one first
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        estate.Sleep(30);    // 3 February
        Assert.Equal(113, await owner.LateFee());
        (await estate.Approve(await estate.ProposeReversal("instalmentPlan", proposed.Body.Id("planId")))).Done();

        Assert.Equal(113, await owner.LateFee());
        estate.Sleep(1);
        Assert.Equal(125, await owner.LateFee());
        Assert.Equal("Reversed", await State(estate, proposed.Body.Id("planId")));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_plan_that_does_not_fit_its_bills_is_refused_when_it_is_proposed_and_again_when_it_is_granted(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.AllowParts();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = (await owner.OpenBillIds()).Single();

        var short1 = await estate.ProposePlan([bill], 0, ("2027-01-10", 10_000), ("2027-02-10", 15_087));
        Assert.Equal(("plan_sum_differs", 25_088L, 25_087L), (short1.Code, short1["openFen"].GetValue<long>(), short1["partsFen"].GetValue<long>()));
        Assert.Equal("plan_dates_wrong", (await estate.ProposePlan([bill], 0, ("2027-02-10", 10_000), ("2027-02-10", 15_088))).Code);
        Assert.Equal("plan_dates_wrong", (await estate.ProposePlan([bill], 0, ("2026-12-09", 25_088))).Code);
        Assert.Equal("validation_failed", (await estate.ProposePlan([bill], 32, ("2027-01-10", 25_088))).Code);
        Assert.Equal("bill_not_found", (await estate.ProposePlan([Guid.CreateVersion7()], 0, ("2027-01-10", 25_088))).Code);
        var proposed = (await estate.ProposePlan([bill], 0, ("2027-01-10", 10_000), ("2027-02-10", 15_088))).Done();
        Assert.Equal("grant_overlaps", (await estate.ProposeDeferral("2027-03-01", bill)).Code);
        await owner.PayPart(bill, 1_000);
        Assert.Equal("plan_sum_differs", (await estate.Approve(proposed)).Code);
        var order = await owner.Order();
        (await estate.Finance.Post($"{estate.Path}/instalment-plans/{proposed.Body.Id("planId")}/withdraw")).Done();
        var again = (await estate.ProposePlan([bill], 0, ("2027-01-10", 10_000), ("2027-02-10", 14_088))).Done();
        Assert.Equal("bill_being_paid", (await estate.Approve(again)).Code);
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        Assert.Equal("bill_not_open", (await estate.Approve(again)).Code);
        await estate.Clean();
    }
}
