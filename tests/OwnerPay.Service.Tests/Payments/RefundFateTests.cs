using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>What becomes of a refund at WeChat: on its way for days, abnormal, closed, told late or out of order.</summary>
public sealed class RefundFateTests(Servers servers)
{
    // A paid-back owner watched a spinner: the recovery looked late, and only at what was old.
    [Theory, EachDatabase]
    [Trait("Incident", "4")]
    public async Task A_refund_that_is_stuck_shows_as_on_its_way_and_is_found_done_although_nobody_tells(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var refund = await estate.Refund(order, fault: "refundStuck");
        await estate.UntilRefund(refund, RefundState.Accepted);

        var shown = (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done()["refunds"].AsArray().Single()!;
        Assert.Equal("退款处理中，将原路退回，一般 1–3 个工作日到账", shown["text"]!.GetValue<string>());
        Assert.Equal(-25_088, await estate.Balance(Accounts.RefundInTransit));
        await estate.Clean();
        await estate.SettleAtWeChat(refund, callback: "suppress");
        await estate.UntilRefund(refund, RefundState.Done);

        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task An_abnormal_refund_is_done_by_itself_once_people_named_another_card_at_WeChat(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var refund = await estate.Refund(order, fault: "refundAbnormal");
        await estate.UntilRefund(refund, RefundState.Abnormal);
        Assert.Contains(SettleRefund.AbnormalKind, await estate.OpenWork());
        Assert.Equal("收款账户异常，物业正在处理这笔退款，请保持电话畅通",
            (await owner.Api.Get($"{owner.Path}/payments/{order}")).Done()["refunds"].AsArray().Single()!["text"]!.GetValue<string>());

        await estate.SettleAtWeChat(refund);
        await estate.UntilRefund(refund, RefundState.Done);

        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
        Assert.DoesNotContain(SettleRefund.AbnormalKind, await estate.OpenWork());
        await estate.Clean();
    }

    // The bill was open while the refund was on its way, and its owner paid it again: he must lose neither payment.
    [Theory, EachDatabase]
    public async Task A_refund_that_WeChat_closes_after_the_bill_was_paid_anew_leaves_its_money_as_prepaid_money(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var refund = await estate.Refund(order, fault: "refundStuck");
        await estate.UntilRefund(refund, RefundState.Accepted);
        await owner.PayAll();

        await estate.SettleAtWeChat(refund, "closed");
        await estate.UntilRefund(refund, RefundState.Closed);

        Assert.Equal((0, 23_834), (await owner.OpenFen(), await estate.Prepaid(owner.House)));
        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
        Assert.Contains("refund.closed", await estate.OpenWork());
        await estate.Clean();
        // It may be asked for again, and is prepaid money now.
        var again = await estate.Refund(order);
        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
        await estate.UntilRefund(again, RefundState.Done);
        Assert.Equal((0, 0), (await owner.OpenFen(), await estate.Prepaid(owner.House)));
        await estate.Clean();
    }

    // Accepted and closed within one notice: points and discount were taken, and nothing was found to give back.
    [Theory, EachDatabase]
    public async Task A_refund_that_WeChat_closes_before_it_answered_leaves_points_discount_and_bill_as_they_were(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var points = await owner.Points();
        var refund = (await estate.RequestRefund(order)).Done()["refundId"].GetValue<Guid>();
        await estate.Fault("refundClosed", refund.ToString("N"));
        await estate.Fault("slow", refund.ToString("N"), seconds: 2);
        await estate.ApproveAll(estate.Manager);

        await estate.UntilRefund(refund, RefundState.Closed);

        Assert.Equal((0, points), (await owner.OpenFen(), await owner.Points()));
        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
        await estate.Clean();
    }

    // An asynchronous task marked as done was set back by a second run; a guarded update that changed nothing was taken for success.
    [Theory, EachDatabase]
    [Trait("Incident", "8")]
    [Trait("Incident", "9")]
    public async Task What_WeChat_tells_late_or_wrongly_never_sets_a_refund_back_and_a_contradiction_is_put_before_finance(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var refund = await estate.Refund(order);
        await estate.UntilRefund(refund, RefundState.Done);
        var stored = await estate.Stored(refund);

        Assert.Equal(204, await Tell(estate, order, stored, "ABNORMAL"));
        Assert.Equal(204, await Tell(estate, order, stored, "PROCESSING"));
        Assert.Equal(204, await Tell(estate, order, stored, "SUCCESS"));
        Assert.DoesNotContain(SettleRefund.UnexpectedKind, await estate.WorkKinds());
        Assert.Equal(204, await Tell(estate, order, stored, "CLOSED"));
        Assert.Equal(204, await Tell(estate, order, stored, "SUCCESS", fen: 1));

        Assert.Contains(SettleRefund.UnexpectedKind, await estate.WorkKinds());
        Assert.Equal(RefundState.Done, (await estate.Stored(refund)).State);
        Assert.Equal((25_088, 0), (await owner.OpenFen(), await estate.Balance(Accounts.RefundInTransit)));
        var outcomes = await estate.Installation.Db(db => db.WeChatCallbacks
            .Where(c => c.OutTradeNo == order.ToString("N") && c.EventType.StartsWith("REFUND")).Select(c => c.Outcome!).ToListAsync());
        Assert.Equal((6, 2), (outcomes.Count, outcomes.Count(outcome => outcome == "refund-mismatch")));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_refund_that_nobody_here_asked_for_is_told_to_finance_and_books_nothing(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var (payment, journals) = ((await estate.Booked())[0], await Journals(estate));

        Assert.Equal(204, await Tell(estate, order, new Refund
        {
            Id = Guid.CreateVersion7(), WeChatRefundId = "50300000000000000000000000", AmountFen = 25_088, PaymentId = payment.Id,
        }, "SUCCESS"));

        Assert.Contains("callback.unknown-refund", await estate.OpenWork());
        Assert.Equal(journals, await Journals(estate));
        await estate.Clean();
    }

    static Task<int> Journals(Estate estate) => estate.Installation.Db(db => db.Journals.CountAsync(j => j.CommunityId == estate.CommunityId));

    /// <summary>A rightly signed notice with any content.</summary>
    static async Task<int> Tell(Estate estate, Guid order, Refund refund, string status, long? fen = null)
    {
        var resource = new
        {
            mchid = estate.Installation.Emulator.Merchant.Mchid, out_trade_no = order.ToString("N"), transaction_id = (await estate.Booked())[0].TransactionId,
            out_refund_no = refund.OutRefundNo, refund_id = refund.WeChatRefundId, refund_status = status,
            success_time = status == "SUCCESS" ? "2026-12-10T10:00:00+08:00" : null, user_received_account = "支付用户零钱",
            amount = new { total = 25_088, refund = fen ?? refund.AmountFen, payer_total = 25_088, payer_refund = fen ?? refund.AmountFen },
        };
        var notifyUrl = (await estate.NotifyUrl()).Replace("/transactions", "/refunds", StringComparison.Ordinal);
        return (await estate.EmulatorPost("/admin/callbacks", new { notifyUrl, resource, eventType = "REFUND." + (status == "PROCESSING" ? "SUCCESS" : status), originalType = "refund" }))
            ["status"]!.GetValue<int>();
    }
}
