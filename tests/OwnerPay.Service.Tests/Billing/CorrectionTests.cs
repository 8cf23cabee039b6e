using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Billing;

/// <summary>Bills that turn out to be wrong.</summary>
public sealed class CorrectionTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_line_that_was_too_high_is_lowered_by_two_people_and_the_owner_reads_why_while_the_frozen_line_stays_as_issued(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = await estate.LiveBill(estate.Houses[0]);
        var line = await estate.FirstLine(bill.Id);
        var before = await estate.Balances();

        var proposed = await estate.ProposeAdjustment(bill.Id, line.Id, -5_088, estate.Clerk);
        Assert.Equal(25_088, await owner.OpenFen());    // nothing changes before another person agreed
        Assert.Empty((await owner.Bill(bill.Id))["adjustments"].AsArray());
        (await estate.Approve(proposed)).Done();

        Assert.Equal(20_000, await owner.OpenFen());
        var shown = await owner.Bill(bill.Id);
        Assert.Equal([25_088L, -5_088, 20_000], [shown["lines"][0].Fen("amountFen"), shown["lines"][0].Fen("adjustedFen"), shown["lines"][0].Fen("openFen")]);
        Assert.Equal(("面积有误", -5_088L), (shown["adjustments"][0]!["reason"]!.GetValue<string>(), shown["adjustments"][0].Fen("fen")));
        Assert.Equal((line.AmountFen, line.NetFen, line.Formula), await FrozenLine(estate, bill.Id));
        var after = await estate.Balances();
        Assert.Equal(-5_088, after[Accounts.Receivable(bill.HouseId, bill.PartyId)] - before[Accounts.Receivable(bill.HouseId, bill.PartyId)]);
        Assert.Equal([4_800L, 288], [after["2204/property"] - before["2204/property"], after[Accounts.PendingTax] - before[Accounts.PendingTax]]);
        await estate.Clean();
    }

    static async Task<(long, long, string)> FrozenLine(Estate estate, Guid bill) =>
        await estate.FirstLine(bill) is var line ? (line.AmountFen, line.NetFen, line.Formula) : default;

    [Theory, EachDatabase]
    public async Task What_a_paid_bill_was_too_high_becomes_prepaid_money_and_pays_the_next_bill(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll("2026-11-01", "2026-11-30", "2026-12-31");
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();
        var bill = await estate.LiveBill(estate.Houses[0]);

        await estate.Adjust(bill.Id, (await estate.FirstLine(bill.Id)).Id, -10_000);

        Assert.Equal(10_000, await estate.Prepaid(estate.Houses[0]));
        var shown = await owner.Bill(bill.Id);
        Assert.Equal(("paid", "2026-12-10", 10_000L), (shown["bill"]["state"]!.GetValue<string>(), shown["bill"]["paidOn"]!.GetValue<string>(), shown["adjustments"][0].Fen("creditFen")));
        await estate.IssueBills();
        Assert.Equal(15_088, await owner.OpenFen());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_line_that_was_too_low_is_raised_and_a_paid_bill_asks_for_the_rest_only(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();
        var bill = await estate.LiveBill(estate.Houses[0]);

        await estate.Adjust(bill.Id, (await estate.FirstLine(bill.Id)).Id, 1_234);

        Assert.Equal(1_234, await owner.OpenFen());
        await owner.PayAll();
        Assert.Equal(BillState.Paid, (await estate.LiveBill(estate.Houses[0])).State);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Nobody_is_late_with_an_amount_that_he_was_asked_for_only_later_nor_with_one_that_was_never_owed(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 2);
        await estate.BillAll("2026-11-01", "2026-11-30", "2026-12-10");
        estate.Installation.Clock.Advance(TimeSpan.FromDays(100));
        var owners = await estate.SignInAll();
        var bills = await Task.WhenAll(estate.Houses.Select(estate.LiveBill));

        await estate.Adjust(bills[0].Id, (await estate.FirstLine(bills[0].Id)).Id, 100_000);
        await estate.Adjust(bills[1].Id, (await estate.FirstLine(bills[1].Id)).Id, -5_116);

        Assert.Equal(1_254, (await owners[0].OpenBills())[0].Fen("lateFeeFen"));    // 250.88 yuan, 100 days at 5 in 10,000: the raise counts from tomorrow on
        Assert.Equal(1_000, (await owners[1].OpenBills())[0].Fen("lateFeeFen"));    // 200.00 yuan from the beginning
        estate.Installation.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1_317, (await owners[0].OpenBills())[0].Fen("lateFeeFen"));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Nobody_approves_his_own_correction_whatever_roles_he_has_and_the_database_says_so_too(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        await estate.AlsoManager(StaffRole.Finance);
        var proposed = await estate.ProposeVoid(bill.Id);

        Assert.Equal("own_proposal", (await estate.Approve(proposed, estate.Finance)).Code);
        Assert.Equal("not_allowed", (await estate.Approve(proposed, estate.Clerk)).Code);
        Assert.Equal("adjustment_pending", (await estate.ProposeVoid(bill.Id)).Code);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => estate.Installation.Db(db =>
            db.BillAdjustments.Where(a => a.BillId == bill.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.DecidedBy, a => a.ProposedBy))));
        Assert.Contains("CK_BillAdjustments_TwoPeople", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(BillState.Open, (await estate.LiveBill(estate.Houses[0])).State);
        await estate.Clean();
    }

    // After a refund a house could never be billed again for that period.
    [Theory, EachDatabase]
    [Trait("Incident", "25")]
    public async Task The_month_of_a_voided_bill_can_be_billed_again_and_its_message_is_not_sent(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = await estate.LiveBill(estate.Houses[0]);

        await estate.VoidBill(bill.Id);

        Assert.Empty(await owner.OpenBills());
        Assert.Equal("bill_not_open", (await owner.Quote(bill.Id)).Code);
        Assert.Equal(0, await estate.Balance(Accounts.Receivable(bill.HouseId, bill.PartyId)));
        Assert.DoesNotContain(DeliveryState.Waiting, await estate.Installation.Db(async db =>
            (await db.Deliveries.Where(d => d.SubjectId == bill.Id).ToListAsync()).ConvertAll(d => d.State)));
        await estate.IssueBills();    // the other house has its bill still
        Assert.Equal(25_088, (await owner.OpenBills()).Single().Fen("openFen"));
        Assert.Equal(3, (await estate.Bills()).Count);
        Assert.Equal("bill_voided", (await estate.ProposeVoid(bill.Id)).Code);
        Assert.Equal("bill_voided", (await estate.ProposeAdjustment(bill.Id, (await estate.FirstLine(bill.Id)).Id, 5)).Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task What_was_paid_of_a_voided_bill_with_its_late_fee_pays_the_bill_that_takes_its_place(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll("2026-11-01", "2026-11-30", "2026-12-10");
        estate.Installation.Clock.Advance(TimeSpan.FromDays(20));
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();

        await estate.VoidBill((await estate.LiveBill(estate.Houses[0])).Id);

        Assert.Equal(25_088 + 251, await estate.Prepaid(estate.Houses[0]));
        Assert.Equal(0, await estate.Balance(Accounts.LateFeeIncome));
        await estate.IssueBills("2026-11-01", "2026-11-30", "2027-01-31");
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(251, await estate.Prepaid(estate.Houses[0]));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_discount_of_a_voided_bill_is_no_longer_given_and_only_the_money_is_credited(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();
        var bill = await estate.LiveBill(estate.Houses[0]);

        await estate.Adjust(bill.Id, (await estate.FirstLine(bill.Id)).Id, -10_000);
        Assert.Equal(9_500, await estate.Prepaid(estate.Houses[0]));    // he had 5 % off
        await estate.VoidBill(bill.Id);

        Assert.Equal(25_088 - 1_254, await estate.Prepaid(estate.Houses[0]));
        var left = (await estate.Balances()).Keys.Where(account => !account.StartsWith("1012/", StringComparison.Ordinal)).ToList();
        Assert.Equal([Accounts.Prepaid(bill.HouseId, bill.PartyId)], left);
        await estate.Clean();
    }

    // A pending payment and an automatic credit both hit the same invoice, and the balance went negative.
    [Theory, EachDatabase]
    [Trait("Incident", "7")]
    public async Task A_bill_that_an_owner_is_just_paying_is_neither_corrected_nor_voided_under_his_hands(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var bill = await estate.LiveBill(estate.Houses[0]);
        var proposed = await estate.ProposeVoid(bill.Id);
        var order = await owner.Order();

        Assert.Equal("bill_being_paid", (await estate.Approve(proposed)).Code);
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        Assert.Equal(BillState.Paid, (await estate.LiveBill(estate.Houses[0])).State);

        (await estate.Approve(proposed)).Done();    // a refusal may be asked again when its cause is gone
        Assert.Equal(25_088, await estate.Prepaid(estate.Houses[0]));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task What_a_correction_credited_cannot_be_refunded_once_more_and_a_pending_refund_stops_a_correction(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        await estate.Adjust(bill.Id, (await estate.FirstLine(bill.Id)).Id, -5_088);

        Assert.Equal("refund_above_left", (await estate.RequestRefund(order, 20_001)).Code);
        var adjustment = await estate.ProposeAdjustment(bill.Id, (await estate.FirstLine(bill.Id)).Id, -1_000);
        var refund = (await estate.RequestRefund(order)).Done();
        Assert.Equal(20_000, refund["amountFen"].GetValue<long>());
        Assert.Equal("bill_refund_pending", (await estate.Approve(adjustment)).Code);
        (await estate.Approve(refund)).Done();
        await estate.UntilRefund(refund["refundId"].GetValue<Guid>(), RefundState.Done);

        Assert.Equal(20_000, await owner.OpenFen());
        (await estate.Approve(adjustment)).Done();
        Assert.Equal(19_000, await owner.OpenFen());
        Assert.Equal(5_088, await estate.Prepaid(estate.Houses[0]));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_month_that_seller_and_buyer_share_is_billed_again_only_when_both_bills_are_voided(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.Sell(estate.Houses[0], new DateOnly(2026, 12, 16));
        await estate.BillAll();
        var bills = await estate.Bills();
        Assert.Equal(2, bills.Count);

        await estate.VoidBill(bills[0].Id);
        Assert.Equal(0, (await estate.Preview()).Done()["bills"].GetValue<int>());
        await estate.Clean();
        await estate.VoidBill(bills[1].Id);
        await estate.IssueBills();

        Assert.Equal(4, (await estate.Bills()).Count);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_clerk_is_told_what_is_wrong_with_a_correction(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await using var foreign = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        var (line, other) = (await estate.FirstLine(bill.Id), await estate.FirstLine((await estate.LiveBill(estate.Houses[1])).Id));

        Assert.Equal("adjustment_of_nothing", (await estate.ProposeAdjustment(bill.Id, line.Id, 0)).Code);
        Assert.Equal("adjustment_line_unknown", (await estate.ProposeAdjustment(bill.Id, other.Id, 5)).Code);
        Assert.Equal("adjustment_below_zero", (await estate.ProposeAdjustment(bill.Id, line.Id, -25_089)).Code);
        Assert.Equal("adjustment_to_zero", (await estate.ProposeAdjustment(bill.Id, line.Id, -25_088)).Code);
        Assert.Equal("bill_not_found", (await foreign.ProposeVoid(bill.Id)).Code);
        var proposed = (await estate.ProposeAdjustment(bill.Id, line.Id, 77)).Done();
        var withdraw = $"{estate.Path}/adjustments/{proposed.Body.Id("adjustmentId")}/withdraw";
        Assert.Equal("not_own_proposal", (await estate.Clerk.Post(withdraw)).Code);
        Assert.Equal("adjustment_not_found", (await foreign.Finance.Post($"{foreign.Path}/adjustments/{proposed.Body.Id("adjustmentId")}/withdraw")).Code);
        (await estate.Finance.Post(withdraw)).Done();
        Assert.Equal("approval_decided", (await estate.Approve(proposed)).Code);
        Assert.Equal("withdrawn", (await estate.Clerk.Get($"{estate.Path}/adjustments?billId={bill.Id}")).Done()["items"][0]!["state"]!.GetValue<string>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Of_two_managers_who_approve_at_once_one_does_it_and_the_bill_is_lowered_once(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var bill = await estate.LiveBill(estate.Houses[0]);
        var proposed = (await estate.ProposeAdjustment(bill.Id, (await estate.FirstLine(bill.Id)).Id, -88)).Done();
        var last = estate.Installation.Addresses.Count - 1;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => estate.Approve(proposed, estate.On(n % 2 == 0 ? 0 : last, StaffRole.Manager))));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));    // one person's further taps get the same answer
        Assert.Equal(25_000, (await estate.LiveBill(estate.Houses[0])).OpenFen);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Money_that_comes_in_the_moment_in_which_a_bill_is_voided_is_prepaid_money_or_pays_first_and_never_lost(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await estate.BillAll();
        var owners = await estate.SignInAll();
        var last = estate.Installation.Addresses.Count - 1;
        var voids = await Task.WhenAll(estate.Houses.Select(async house => await estate.ProposeVoid((await estate.LiveBill(house)).Id)));
        var quotes = await Task.WhenAll(owners.Select(async owner =>
        {
            var bills = await owner.OpenBillIds();
            return (Owner: owner, Choice: new { billIds = bills, quoteHash = (await owner.Quote(bills)).Done()["quoteHash"].GetValue<string>() });
        }));

        // Checkout and approval at once: whoever locks the bill first decides, and the other is told.
        var paying = quotes.Select(async q =>
        {
            var checkout = await q.Owner.Api.Post(q.Owner.Path + "/payments", q.Choice);
            if (checkout.Status == 201) await q.Owner.TypePassword(checkout["orderId"].GetValue<Guid>());
            return checkout;
        }).ToList();
        var voiding = voids.Select(proposed => estate.Approve(proposed, estate.On(last, StaffRole.Manager))).ToList();
        var (paid, voided) = (await Task.WhenAll(paying), await Task.WhenAll(voiding));

        Assert.All(voided, answer => Assert.True(answer.Status == 200 || answer.Code == "bill_being_paid", $"{answer.Body}"));
        Assert.All(paid, answer => Assert.True(answer.Status == 201 || answer.Code is "bill_not_open" or "quote_changed", $"{answer.Body}"));
        await Estate.Eventually(async () => (await estate.Booked()).Count == paid.Count(answer => answer.Status == 201), "all that was paid is booked");
        await estate.Clean();
    }
}
