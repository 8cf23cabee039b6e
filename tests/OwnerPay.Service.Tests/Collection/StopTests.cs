using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Collection;

/// <summary>Disputes and deferrals: what keeps late fee from running.</summary>
public sealed class StopTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Who_was_granted_a_later_date_is_not_late_before_it_and_pays_no_fee_for_the_days_in_between(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        Assert.Equal((125L, true), (await owner.OpenBills())[0] is { } late ? (late.Fen("lateFeeFen"), late["overdue"]!.GetValue<bool>()) : default);

        var proposed = (await estate.ProposeDeferral("2027-01-31", bill)).Done();
        Assert.Equal("grant_overlaps", (await estate.ProposeDeferral("2027-02-28", bill)).Code);
        Assert.Equal(125, await owner.LateFee());
        (await estate.Approve(proposed)).Done();

        Assert.Equal((113L, false), (await owner.OpenBills())[0] is { } now ? (now.Fen("lateFeeFen"), now["overdue"]!.GetValue<bool>()) : default);
        estate.Sleep(42);    // the last day of January
        Assert.Equal(113, await owner.LateFee());
        estate.Sleep(1);
        Assert.Equal((125L, true), (await owner.OpenBills())[0] is { } then ? (then.Fen("lateFeeFen"), then["overdue"]!.GetValue<bool>()) : default);
        var mine = Assert.Single((await owner.Api.Get(owner.Path + "/deferrals")).Done().Body!.AsArray());
        Assert.Equal("2027-01-31", mine!["until"]!.GetValue<string>());
        await owner.PayAll();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_deferral_that_two_people_take_back_ends_on_that_day_and_the_days_before_stay_free(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        var deferral = await estate.Defer("2027-03-31", bill);
        estate.Sleep(10);

        var reversal = (await estate.ProposeReversal("deferral", deferral)).Done();
        Assert.Equal("reversal_pending", (await estate.ProposeReversal("deferral", deferral)).Code);
        (await estate.Approve(reversal)).Done();

        Assert.Equal(113, await owner.LateFee());
        estate.Sleep(2);
        Assert.Equal(138, await owner.LateFee());
        Assert.Equal("reversed", (await estate.Clerk.Get($"{estate.Path}/deferrals?house={estate.Houses[0].Id}"))
            .Done()["items"][0]!["state"]!.GetValue<string>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task While_a_bill_is_disputed_no_late_fee_runs_and_its_owner_reads_the_answer(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 2);
        var (owner, bill) = await estate.NineDaysLate();
        var neighbour = await estate.SignIn(estate.Houses[1]);

        Assert.Equal("bill_not_found", (await neighbour.Dispute(bill)).Code);
        var dispute = (await owner.Dispute(bill)).Done().Body.Id("disputeId");
        Assert.Equal("dispute_open", (await owner.Dispute(bill)).Code);
        Assert.Contains("dispute.open", await estate.WorkKinds());
        estate.Sleep(10);
        Assert.Equal(113, await owner.LateFee());
        (await estate.Clerk.Post($"{estate.Path}/disputes/{dispute}/answer", new { answer = "正在核对图纸" })).Done();
        Assert.Equal("outcome_not_yours", (await estate.CloseDispute(dispute, "withdrawn")).Code);
        (await estate.CloseDispute(dispute, "rejected")).Done();
        Assert.Equal("dispute_closed", (await estate.CloseDispute(dispute, "upheld")).Code);

        Assert.Equal(113, await owner.LateFee());    // a fee does not rise within a day
        estate.Sleep(1);
        Assert.Equal(125, await owner.LateFee());
        var mine = Assert.Single((await owner.Api.Get(owner.Path + "/disputes")).Done()["items"].AsArray());
        Assert.Equal(("closed", "rejected", "已按房产证核对面积"),
            (mine!["state"]!.GetValue<string>(), mine["outcome"]!.GetValue<string>(), mine["answer"]!.GetValue<string>()));
        Assert.Equal("dispute_answered", (await owner.Dispute(bill)).Code);
        Assert.Empty((await neighbour.Api.Get(neighbour.Path + "/disputes")).Done()["items"].AsArray());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Nobody_gives_late_fee_away_alone_by_opening_and_closing_a_dispute_for_an_owner(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        var dispute = (await estate.Finance.Post($"{estate.Path}/bills/{bill}/disputes", new { reason = "业主来电称面积有误" })).Done().Body.Id("disputeId");

        Assert.Equal("own_dispute", (await estate.CloseDispute(dispute, "settled")).Code);
        (await estate.CloseDispute(dispute, "settled", estate.Manager)).Done();
        await owner.PayAll();

        Assert.Equal("bill_not_open", (await estate.Finance.Post($"{estate.Path}/bills/{bill}/disputes", new { reason = "再次来电" })).Code);
        Assert.Equal("bill_not_open", (await estate.ProposeDeferral("2027-02-01", bill)).Code);
        await estate.Clean();
    }

    // Dunning said "overdue" to people who were not; and an owner who disputes a bill got the same words day after day.
    [Theory, EachDatabase]
    public async Task An_owner_who_disputes_a_bill_in_the_evening_is_not_told_in_the_morning_that_he_is_late(Database database)
    {
        await using var installation = await servers.Own(database, begin: new DateTimeOffset(2026, 12, 10, 22, 0, 0, TimeSpan.FromHours(8)));
        await using var estate = await Estate.Create(installation, 3);
        await estate.SetTariffs();
        var template = (await estate.SetTemplates()).BillIssued;
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await owner.Allow(template);
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-10");
        await Estate.Eventually(async () => (await estate.Deliveries()).Count == 3, "the messages wait for the morning");

        (await owners[0].Dispute((await owners[0].OpenBillIds()).Single())).Done();
        await estate.Defer("2027-01-31", (await owners[1].OpenBillIds()).Single());
        installation.Clock.Advance(TimeSpan.FromHours(12));
        await estate.UntilDelivered(3);

        var buzzed = await Task.WhenAll(owners.Select(async owner => (await owner.Buzzed(template)).Count));
        Assert.Equal([0, 0, 1], buzzed);
        Assert.Equal(2, (await estate.Deliveries()).Count(delivery => (delivery.State, delivery.Reason) == (DeliveryState.Cancelled, "not-late")));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_clerk_is_told_what_is_wrong_with_a_deferral(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await using var foreign = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bills = await Task.WhenAll(estate.Houses.Select(estate.LiveBill));

        Assert.Equal("deferral_date_wrong", (await estate.ProposeDeferral("2026-12-31", bills[0].Id)).Code);
        Assert.Equal("bills_of_different_parties", (await estate.ProposeDeferral("2027-02-28", bills[0].Id, bills[1].Id)).Code);
        Assert.Equal("bill_chosen_twice", (await estate.ProposeDeferral("2027-02-28", bills[0].Id, bills[0].Id)).Code);
        Assert.Equal("validation_failed", (await estate.ProposeDeferral("2027-02-28")).Code);
        Assert.Equal("bill_not_found", (await foreign.ProposeDeferral("2027-02-28", bills[0].Id)).Code);
        Assert.Equal("grant_not_found", (await estate.ProposeReversal("deferral", Guid.CreateVersion7())).Code);
        var proposed = (await estate.ProposeDeferral("2027-02-28", bills[0].Id)).Done();
        Assert.Equal("grant_not_in_force", (await estate.ProposeReversal("deferral", proposed.Body.Id("deferralId"))).Code);
        Assert.Equal("not_own_proposal", (await estate.Manager.Post($"{estate.Path}/deferrals/{proposed.Body.Id("deferralId")}/withdraw")).Code);
        Assert.Equal("deferral_not_found", (await foreign.Finance.Post($"{foreign.Path}/deferrals/{proposed.Body.Id("deferralId")}/withdraw")).Code);
        (await estate.Finance.Post($"{estate.Path}/deferrals/{proposed.Body.Id("deferralId")}/withdraw")).Done();
        (await estate.ProposeDeferral("2027-02-28", bills[0].Id)).Done();
        await estate.Clean();
    }
}
