using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Collection;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Collection;

/// <summary>Money that the company lets go.</summary>
public sealed class WaiverTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Waived_principal_is_a_concession_and_waived_late_fee_only_lowers_the_figure_until_two_people_take_it_back(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        var (owner, bill) = await estate.NineDaysLate();
        Assert.Equal(125, await owner.LateFee());

        var proposed = (await estate.ProposeWaiver(bill, 5_088, 100)).Done();
        Assert.Equal((25_088L, 125L), (await owner.OpenFen(), await owner.LateFee()));    // nothing changes before another person agreed
        (await estate.Approve(proposed)).Done();

        Assert.Equal((20_000L, 25L), (await owner.OpenFen(), await owner.LateFee()));
        Assert.Equal((5_088L, 0L), (await estate.Balance(Accounts.Concession), await estate.Balance(Accounts.LateFeeIncome)));
        estate.Sleep(1);
        Assert.Equal(35, await owner.LateFee());    // 125.44 and one day of 200.00 yuan, less the waiver
        await estate.Clean();

        (await estate.Approve(await estate.ProposeReversal("waiver", proposed.Body.Id("waiverId")))).Done();
        Assert.Equal((25_088L, 135L, 0L), (await owner.OpenFen(), await owner.LateFee(), await estate.Balance(Accounts.Concession)));
        Assert.Equal("grant_not_in_force", (await estate.ProposeReversal("waiver", proposed.Body.Id("waiverId"))).Code);
        await owner.PayAll();
        Assert.Equal(135, -await estate.Balance(Accounts.LateFeeIncome));
        await estate.Clean();
    }

    // A second approval that does not compare people; a late fee that is a negative discount.
    [Theory, EachDatabase]
    public async Task Nobody_grants_his_own_waiver_whatever_roles_he_has_and_the_database_says_so_too(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        await estate.AlsoManager(StaffRole.Finance);
        var proposed = (await estate.ProposeWaiver(bill.Id, 1_000, 0)).Done();

        Assert.Equal("own_proposal", (await estate.Approve(proposed, estate.Finance)).Code);
        Assert.Equal("waiver_pending", (await estate.ProposeWaiver(bill.Id, 1_000, 0)).Code);
        Assert.Equal(403, (await estate.ProposeWaiver(bill.Id, 1_000, 0, estate.Cashier)).Status);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => estate.Installation.Db(db =>
            db.Waivers.Where(w => w.BillId == bill.Id).ExecuteUpdateAsync(set => set.SetProperty(w => w.DecidedBy, w => w.ProposedBy))));
        Assert.Contains("CK_Waivers_TwoPeople", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(25_088, (await estate.LiveBill(estate.Houses[0])).OpenFen);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Never_more_is_waived_than_is_open_when_it_is_granted_and_never_a_fee_that_is_not_the_companys(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await using var foreign = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.AllowParts();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = (await owner.OpenBillIds()).Single();

        Assert.Equal("waiver_of_nothing", (await estate.ProposeWaiver(bill, 0, 0)).Code);
        Assert.Equal("waiver_above_open", (await estate.ProposeWaiver(bill, 25_089, 0)).Code);
        Assert.Equal("waiver_above_open", (await estate.ProposeWaiver(bill, 0, 1)).Code);    // it is not late
        Assert.Equal("validation_failed", (await estate.ProposeWaiver(bill, -1, 0)).Code);
        Assert.Equal("bill_not_found", (await foreign.ProposeWaiver(bill, 5, 0)).Code);
        var proposed = (await estate.ProposeWaiver(bill, 25_000, 0)).Done();
        await owner.PayPart(bill, 100);

        var late = await estate.Approve(proposed);
        Assert.Equal(("waiver_above_open", 24_988L), (late.Code, late["openFen"].GetValue<long>()));
        (await estate.Finance.Post($"{estate.Path}/waivers/{proposed.Body.Id("waiverId")}/withdraw")).Done();
        await estate.Waive(bill, 24_988, 0);

        Assert.Equal(BillState.Paid, (await estate.LiveBill(estate.Houses[0])).State);
        Assert.Equal(["granted", "withdrawn"], (await estate.Clerk.Get($"{estate.Path}/waivers?bill={bill}")).Done()["items"].AsArray()
            .Select(item => item!["state"]!.GetValue<string>()));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_clerk_who_taps_twice_proposes_one_waiver_and_a_manager_who_taps_twice_grants_it_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        var last = estate.Installation.Addresses.Count - 1;

        var proposed = await Task.WhenAll(Enumerable.Range(0, 4).Select(n =>
            estate.ProposeWaiver(bill.Id, 88, 0, estate.On(n % 2 == 0 ? 0 : last, StaffRole.Finance), "waiver-0001")));
        Assert.Single(proposed.Select(answer => answer.Done().Body.Id("waiverId")).Distinct());
        var granted = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(n => estate.Approve(proposed[0], estate.On(n % 2 == 0 ? 0 : last, StaffRole.Manager))));

        Assert.All(granted, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(25_000, (await estate.LiveBill(estate.Houses[0])).OpenFen);
        Assert.Equal("idempotency_key_reused", (await estate.ProposeWaiver(bill.Id, 89, 0, key: "waiver-0001")).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_correction_of_a_bill_undoes_the_waiver_of_what_was_never_owed_and_then_it_cannot_be_taken_back(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        var proposed = (await estate.ProposeWaiver(bill.Id, 10_000, 0)).Done();
        (await estate.Approve(proposed)).Done();

        await estate.Adjust(bill.Id, (await estate.FirstLine(bill.Id)).Id, -20_088);
        Assert.Equal(0, (await estate.LiveBill(estate.Houses[0])).OpenFen);
        Assert.Equal(5_000, await estate.Balance(Accounts.Concession));
        await estate.Clean();

        var reversal = (await estate.ProposeReversal("waiver", proposed.Body.Id("waiverId"))).Done();
        Assert.Equal("waiver_changed_since", (await estate.Approve(reversal)).Code);
        await estate.Clean();
    }

    // killbill#1553: a pending payment and an automatic credit both hit the same invoice, and the balance went negative.
    [Theory, EachDatabase]
    public async Task A_bill_that_an_owner_is_just_paying_is_not_waived_under_his_hands(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = (await owner.OpenBillIds()).Single();
        var proposed = await estate.ProposeWaiver(bill, 25_088, 0);
        var order = await owner.Order();

        Assert.Equal("bill_being_paid", (await estate.Approve(proposed)).Code);
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        Assert.Equal("waiver_above_open", (await estate.Approve(proposed)).Code);
        Assert.Equal((BillState.Paid, 0L),
            (await estate.LiveBill(estate.Houses[0]) is var paid ? (paid.State, await estate.Prepaid(estate.Houses[0])) : default));
        await estate.Clean();
    }

    // killbill#1553 once more, both at the same moment.
    [Theory, EachDatabase]
    public async Task Of_an_owner_who_pays_and_a_manager_who_waives_at_once_one_is_first_and_no_fen_is_lost_or_taken_twice(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await estate.BillAll();
        var owners = await estate.SignInAll();
        var last = estate.Installation.Addresses.Count - 1;
        var waivers = await Task.WhenAll(estate.Houses.Select(async house =>
            (await estate.ProposeWaiver((await estate.LiveBill(house)).Id, 20_000, 0)).Done()));

        var paying = owners.Select(async owner =>
        {
            var checkout = await owner.Checkout(await owner.OpenBillIds());
            if (checkout.Status == 201) await owner.TypePassword(checkout["orderId"].GetValue<Guid>());
            return checkout;
        }).ToList();
        var waiving = waivers.Select(proposed => estate.Approve(proposed, estate.On(last, StaffRole.Manager))).ToList();
        var (paid, waived) = (await Task.WhenAll(paying), await Task.WhenAll(waiving));

        Assert.All(paid, answer => Assert.True(answer.Status == 201 || answer.Code == "quote_changed", $"{answer.Body}"));
        Assert.All(waived, answer => Assert.True(answer.Status == 200 || answer.Code is "bill_being_paid" or "waiver_above_open", $"{answer.Body}"));
        await Estate.Eventually(async () =>
            (await estate.Booked()).Count == paid.Count(answer => answer.Status == 201), "all that was paid is booked");
        var granted = waived.Count(answer => answer.Status == 200);
        Assert.Equal(20_000L * granted, await estate.Balance(Accounts.Concession));
        Assert.All(await estate.Bills(), bill => Assert.True(bill.OpenFen >= 0));
        await estate.Clean();
    }
}
