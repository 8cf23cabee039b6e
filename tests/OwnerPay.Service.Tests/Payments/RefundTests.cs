using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>Money that goes back by the way it came.</summary>
public sealed class RefundTests(Servers servers)
{
    // Benefits were not given back on a refund, points computed anew, and a refunded house could never be billed again.
    [Theory, EachDatabase]
    [Trait("Incident", "17")]
    [Trait("Incident", "25")]
    public async Task A_whole_refund_opens_the_bill_again_and_takes_discount_points_and_receipt_back_and_the_owner_may_pay_anew(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer(budgetYuan: "100.00");
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        Assert.True(await owner.Points() > 0);

        var refund = await estate.Refund(order);
        await estate.UntilRefund(refund, RefundState.Done);

        Assert.Equal(25_088, await owner.OpenFen());
        Assert.Equal(0, await owner.Points());
        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
        Assert.Equal(0, await estate.Balance(Accounts.WeChatClearing(estate.Installation.Emulator.Merchant.Mchid)));
        Assert.Equal(0, await estate.Installation.Db(db => db.Offers.Where(o => o.CommunityId == estate.CommunityId).SumAsync(o => o.TakenFen)));
        var page = (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done();
        Assert.Equal("退款已原路退回", page["refunds"].AsArray().Single()!["text"]!.GetValue<string>());
        Assert.NotNull((await owner.Api.Get($"{owner.Path}/payments/{order}/receipt")).Done()["voidedAt"]);
        Assert.Contains(await owner.Inbox(), message => message["title"]!.GetValue<string>() == "退款到账");
        await estate.Clean();

        await owner.PayAll();
        Assert.Equal(0, await owner.OpenFen());
        await estate.Clean();
    }

    // A second partial refund was refused, because it went under the number of the first.
    [Theory, EachDatabase]
    [Trait("Incident", "20")]
    public async Task Parts_of_a_payment_go_back_each_under_its_own_number_a_minute_apart_until_nothing_is_left(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        var first = await estate.Refund(order, 10_001);
        await estate.UntilRefund(first, RefundState.Done);
        await estate.Clean();
        var second = await estate.Refund(order, 3_333);
        await Task.Delay(500);
        Assert.Equal(RefundState.Approved, (await estate.Stored(second)).State);    // the job waits
        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
        await estate.UntilRefund(second, RefundState.Done);
        await estate.Clean();
        Assert.Equal("refund_above_left", (await estate.RequestRefund(order, 10_501)).Code);
        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
        await estate.UntilRefund(await estate.Refund(order), RefundState.Done);

        Assert.Equal(3, (await estate.RefundsAtWeChat(order)).Count);
        Assert.Equal((25_088, 0), (await owner.OpenFen(), await owner.Points()));
        Assert.Equal("refund_above_left", (await estate.RequestRefund(order)).Code);
        await estate.Clean();
    }

    [Theory]
    [InlineData(Database.Sqlite, "systemErrorAfterDoing", 0)]    // the same number again: no second refund
    [InlineData(Database.MariaDb, "systemErrorAfterDoing", 0)]
    [InlineData(Database.Sqlite, "callbackDouble", 0)]
    [InlineData(Database.MariaDb, "callbackDouble", 0)]
    [InlineData(Database.Sqlite, "callbackLost", 0)]             // the chase asks
    [InlineData(Database.MariaDb, "callbackLost", 0)]
    [InlineData(Database.Sqlite, "slow", 1.5)]                   // the callback comes before the answer
    [InlineData(Database.MariaDb, "slow", 1.5)]
    [InlineData(Database.MariaDb, "frequencyLimited", 0)]
    [InlineData(Database.Sqlite, "connectionReset", 0)]          // done, and no answer
    [InlineData(Database.MariaDb, "badSignature", 0)]            // an answer that is no proof
    [InlineData(Database.Sqlite, "callbackLate", 3)]             // the chase was faster; what comes late does no harm
    [InlineData(Database.MariaDb, "callbackLate", 3)]
    public async Task Whatever_the_wire_does_an_owner_gets_the_money_once(Database database, string fault, double seconds)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        var refund = await estate.Refund(order, fault: fault, seconds: seconds);
        await estate.UntilRefund(refund, RefundState.Done);

        Assert.Single(await estate.RefundsAtWeChat(order));
        Assert.Equal(1, await estate.Installation.Db(db => db.Journals.CountAsync(j => j.SourceKind == Service.Payments.Refund.Source && j.SourceId == refund)));
        Assert.Equal(25_088, await owner.OpenFen());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_refund_that_WeChat_closes_leaves_everything_as_it_was_and_may_be_asked_for_again(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var points = await owner.Points();

        await estate.UntilRefund(await estate.Refund(order, fault: "refundClosed"), RefundState.Closed);

        Assert.Equal((0, points), (await owner.OpenFen(), await owner.Points()));
        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
        Assert.Contains("refund.closed", await estate.WorkKinds());
        await estate.Clean();
        Assert.Equal(201, (await estate.RequestRefund(order)).Status);
    }

    [Theory, EachDatabase]
    public async Task An_abnormal_refund_stays_in_transit_before_finance(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        await estate.UntilRefund(await estate.Refund(order, fault: "refundAbnormal"), RefundState.Abnormal);

        Assert.Equal(-25_088, await estate.Balance(Accounts.RefundInTransit));
        Assert.Contains(SettleRefund.AbnormalKind, await estate.WorkKinds());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_refund_that_WeChat_refuses_for_good_moves_nothing_and_is_put_before_finance(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var refund = (await estate.RequestRefund(order)).Done()["refundId"].GetValue<Guid>();
        await estate.Fault("userAccountAbnormal", refund.ToString("N"), count: 50);
        await estate.ApproveAll(estate.Manager);

        await estate.UntilRefund(refund, RefundState.Failed);

        Assert.Equal(0, await owner.OpenFen());
        Assert.Contains("refund.failed", await estate.WorkKinds());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Who_asks_for_a_refund_does_not_approve_it_and_only_one_of_a_payment_is_decided_at_a_time(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        Assert.Equal("refund_amount_invalid", (await estate.RequestRefund(order, 0)).Code);
        Assert.Equal("refund_above_left", (await estate.RequestRefund(order, 25_089)).Code);
        Assert.Equal("payment_not_found", (await estate.RequestRefund(Guid.CreateVersion7())).Code);
        Assert.Equal(403, (await estate.Manager.Post(estate.Path + "/refunds", new { orderId = order, reason = "重复缴费" })).Status);
        var both = await Task.WhenAll(estate.RequestRefund(order, 100), estate.RequestRefund(order, 200));
        Assert.Equal([201, 409], both.Select(answer => answer.Status).Order());
        Assert.Equal("refund_pending", both.Single(answer => answer.Status == 409).Code);
        var approval = both.Single(answer => answer.Status == 201)["approvalId"].GetValue<Guid>();
        Assert.Equal(403, (await estate.Finance.Post($"{estate.Path}/approvals/{approval}/approve", new { note = "同意" })).Status);
        (await estate.Manager.Post($"{estate.Path}/approvals/{approval}/reject", new { note = "不同意" })).Done();
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_second_payment_that_became_prepaid_money_goes_back_from_there(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        Assert.Equal(204, await estate.TellInvented(await estate.NotifyUrl(), owner.Told(order, 25_088, PaySteps.TransactionNumber())));
        Assert.Equal("payment_ambiguous", (await estate.RequestRefund(order)).Code);
        var second = (await estate.Booked())[1];

        var refund = (await estate.RequestRefund(order, payment: second.Id)).Done()["refundId"].GetValue<Guid>();
        await estate.ApproveAll(estate.Manager);
        await Estate.Eventually(async () => (await estate.Stored(refund)).LastError is not null || (await estate.Stored(refund)).State != RefundState.Approved, "it was sent");

        Assert.Equal(0, await estate.Prepaid(estate.Houses[0]));    // held, whatever WeChat says of a payment that it never saw
        Assert.Equal(0, await owner.OpenFen());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_day_with_a_refund_agrees_with_WeChats_bill_to_the_fen(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), "--OwnerPay:JobPace=0.05");
        var estate = await installation.BilledEstate(houses: 2);
        var orders = await (await estate.SignInAll()).EachPays();
        await estate.UntilRefund(await estate.Refund(orders[0], 5_000), RefundState.Done);

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await Estate.Eventually(async () => (await estate.Run("2026-12-10")).Status == 200, "the bill was fetched");

        var account = (await estate.Day("2026-12-10"))["accounts"].AsArray().Single()!;
        Assert.Equal([3L, 3, 0], [account.Fen("billRows"), account.Fen("matchedRows"), account.Fen("differences")]);
        Assert.Empty(await estate.Verify());
    }

    // The notice was lost and nobody had asked yet: finance need not look into what WeChat's own bill answers.
    [Theory, EachDatabase]
    public async Task A_refund_of_which_only_the_bill_tells_is_booked_from_it_and_raises_no_difference(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), "--OwnerPay:JobPace=5");
        var estate = await installation.BilledEstate(houses: 1);
        var orders = await (await estate.SignInAll()).EachPays();
        var refund = await estate.Refund(orders[0], 5_000, "refundStuck");
        await estate.UntilRefund(refund, RefundState.Accepted);
        await estate.SettleAtWeChat(refund, callback: "suppress");
        Assert.Equal(RefundState.Accepted, (await estate.Stored(refund)).State);

        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await Estate.Eventually(async () => (await estate.Run("2026-12-10")).Status == 200, "the bill was fetched");

        Assert.Equal(RefundState.Done, (await estate.Stored(refund)).State);
        Assert.Equal(0, (await estate.Day("2026-12-10"))["accounts"].AsArray().Single()!.Fen("differences"));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task A_payment_older_than_a_year_is_to_be_refunded_by_bank_transfer(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        estate.Installation.Clock.Advance(TimeSpan.FromDays(366));

        var refused = await estate.RequestRefund(order);

        Assert.Equal(("refund_too_old", "可改为银行转账退款，并留存转账凭证"), (refused.Code, refused["detail"].GetValue<string>()));
    }
}
