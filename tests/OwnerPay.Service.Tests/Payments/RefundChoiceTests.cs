using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments;

/// <summary>What of a payment goes back: chosen lines, parts to the last fen, money in suspense, prepaid money.</summary>
public sealed class RefundChoiceTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_refund_of_chosen_lines_opens_these_with_their_discount_and_leaves_the_others_paid(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 2);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var lines = await estate.PaidLines(order);
        var neighbour = await estate.PaidLines(await (await estate.SignIn(estate.Houses[1])).PayAll());

        Assert.Equal("refund_line_unknown", (await estate.RequestLine(order, neighbour[0])).Code);
        Assert.Equal("refund_above_left", (await estate.RequestLine(order, lines[0], Money(lines[0]) + 1)).Code);
        var first = await estate.Approved(await estate.RequestLine(order, lines[0]));
        await estate.UntilRefund(first, RefundState.Done);

        Assert.Equal(Money(lines[0]), (await estate.Stored(first)).AmountFen);
        Assert.Equal([lines[0].BillId], await owner.OpenBillIds());
        Assert.Equal(25_088, await owner.OpenFen());
        await estate.Clean();

        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
        var second = await estate.Approved(await estate.RequestLine(order, lines[1], 1_000));
        await estate.UntilRefund(second, RefundState.Done);

        // The discount goes with the money in proportion: 52 of the 1,254 fen.
        Assert.Equal(25_088 + 1_000 + lines[1].DiscountFen * 1_000 / Money(lines[1]), await owner.OpenFen());
        Assert.Equal("refund_above_left", (await estate.RequestLine(order, lines[0])).Code);
        await owner.PayAll();
        Assert.Equal(0, await owner.OpenFen());
        await estate.Clean();
    }

    static long Money(OrderLine line) => line.Fen - line.DiscountFen;

    // The offer counted a use for ever, and the balance of points ended wrong because they were computed anew by today's settings.
    [Theory, EachDatabase]
    public async Task Seven_uneven_parts_end_at_the_last_fen_with_budget_and_points_as_if_nothing_had_been_paid(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        await estate.Offer(percent: "33.33", budgetYuan: "100.00");
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var earned = await owner.Points();
        await MorePointsFromNowOn(estate);

        long[] parts = [1, 7, 100, 3_333, 9_999, 1_111];
        foreach (var fen in parts)
        {
            await estate.UntilRefund(await estate.Refund(order, fen), RefundState.Done);
            await estate.Clean();
            estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
        }
        Assert.InRange(await owner.Points(), 1, earned - 1);
        Assert.Equal((1L, true), (await TakenCount(estate), await TakenFen(estate) > 0));    // of a part nothing goes back to the budget
        await estate.UntilRefund(await estate.Refund(order), RefundState.Done);

        Assert.Equal((25_088, 0), (await owner.OpenFen(), await owner.Points()));
        Assert.Equal((0L, 0L), (await TakenCount(estate), await TakenFen(estate)));
        Assert.Equal(parts.Length + 1, (await estate.RefundsAtWeChat(order)).Count);
        Assert.Equal((0, 0), (await estate.Balance(Accounts.RefundInTransit), await estate.Balance(Accounts.WeChatClearing(estate.Installation.Emulator.Merchant.Mchid))));
        await estate.Clean();
    }

    static Task<int> MorePointsFromNowOn(Estate estate) => estate.Installation.Db(async db =>
    {
        (await db.Set<Service.Roster.Community>().SingleAsync(c => c.Id == estate.CommunityId)).PointsPerYuan = 10;
        return await db.SaveChangesAsync();
    });

    static Task<long> TakenFen(Estate estate) => estate.Installation.Db(db => db.Offers.Where(o => o.CommunityId == estate.CommunityId).SumAsync(o => o.TakenFen));

    static Task<long> TakenCount(Estate estate) => estate.Installation.Db(db => db.Offers.Where(o => o.CommunityId == estate.CommunityId).SumAsync(o => (long)o.TakenCount));

    [Theory, EachDatabase]
    public async Task Money_in_suspense_goes_back_in_parts_touches_no_bill_and_its_task_is_done_when_all_is_back(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { totalFen = 30_000 });    // not what the order asked for
        await Estate.Eventually(async () => (await estate.Booked()).Count == 1, "the money is booked");
        Assert.Equal(-30_000, await estate.Balance(Accounts.Suspense));
        Assert.Contains(SettlePayment.SuspenseNews, await estate.OpenWork());

        await estate.UntilRefund(await estate.Refund(order, 4_912), RefundState.Done);
        Assert.Equal(-25_088, await estate.Balance(Accounts.Suspense));
        Assert.Contains(SettlePayment.SuspenseNews, await estate.OpenWork());
        await estate.Clean();
        estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
        await estate.UntilRefund(await estate.Refund(order), RefundState.Done);

        Assert.Equal((0, 0), (await estate.Balance(Accounts.Suspense), await estate.Balance(Accounts.RefundInTransit)));
        Assert.DoesNotContain(SettlePayment.SuspenseNews, await estate.OpenWork());
        Assert.Equal((25_088, 0), (await owner.OpenFen(), await owner.Points()));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Prepaid_money_goes_back_as_far_as_no_bill_has_used_it_and_is_held_meanwhile(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var late = await PaidForNothing(estate, owner);
        Assert.Equal(25_088, await estate.Prepaid(owner.House));

        var part = (await estate.RequestRefund(late, 5_000)).Done()["refundId"].GetValue<Guid>();
        await estate.Fault("refundStuck", part.ToString("N"));
        await estate.ApproveAll(estate.Manager);
        await estate.UntilRefund(part, RefundState.Accepted);
        Assert.Equal(20_088, await estate.Prepaid(owner.House));
        await estate.Clean();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");    // it uses what is left, and not what is on its way back
        Assert.Equal(0, await estate.Prepaid(owner.House));
        Assert.Equal(5_000, await owner.OpenFen());
        await estate.SettleAtWeChat(part);
        await estate.UntilRefund(part, RefundState.Done);

        Assert.Equal("refund_prepaid_used", (await estate.RequestRefund(late)).Code);
        Assert.Equal((0, 0), (await estate.Balance(Accounts.RefundHeld), await estate.Balance(Accounts.RefundInTransit)));
        Assert.Equal(5_000, await owner.OpenFen());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Prepaid_money_that_WeChat_will_not_pay_back_is_prepaid_money_again(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var late = await PaidForNothing(estate, owner);
        var refund = (await estate.RequestRefund(late)).Done()["refundId"].GetValue<Guid>();
        await estate.Fault("userAccountAbnormal", refund.ToString("N"), count: 50);
        await estate.ApproveAll(estate.Manager);

        await estate.UntilRefund(refund, RefundState.Failed);

        Assert.Equal((25_088, 0), (await estate.Prepaid(owner.House), await estate.Balance(Accounts.RefundHeld)));
        await estate.Clean();
    }

    /// <summary>An order that was given up here while WeChat still had it open; its payer pays after the bill was paid by another order.</summary>
    /// <returns>The order whose money became prepaid money.</returns>
    static async Task<Guid> PaidForNothing(Estate estate, TestOwner owner)
    {
        var late = await owner.Order();
        await estate.Installation.Db(async db =>
        {
            await db.BillHolds.Where(h => h.OrderId == late).ExecuteDeleteAsync();
            return await db.PaymentOrders.Where(o => o.Id == late).ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrderState.Closed));
        });
        await owner.PayAll();
        await owner.TypePassword(late);
        await Estate.Eventually(async () => (await estate.Booked()).Count == 2, "the late money is booked");
        return late;
    }

    [Theory, EachDatabase]
    public async Task A_refund_of_a_payment_whose_day_is_closed_falls_into_its_own_day_and_both_agree_with_WeChat(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-10", "20:00"), "--OwnerPay:JobPace=0.05");
        var estate = await installation.BilledEstate(houses: 1);
        var order = await (await estate.SignIn(estate.Houses[0])).PayAll();
        installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        await Estate.Eventually(async () => (await estate.Run("2026-12-10")).Status == 200, "the bill was fetched");
        (await estate.Close("2026-12-10")).Done();

        await estate.UntilRefund(await estate.Refund(order, 5_000), RefundState.Done);
        installation.Clock.MoveTo(Mornings.At("2026-12-12", "10:31"));
        await Estate.Eventually(async () => (await estate.Run("2026-12-11")).Status == 200, "the next bill was fetched");

        foreach (var (day, rows) in new[] { ("2026-12-10", 1L), ("2026-12-11", 1L) })
        {
            var account = (await estate.Day(day))["accounts"].AsArray().Single()!;
            Assert.Equal([rows, rows, 0], [account.Fen("billRows"), account.Fen("matchedRows"), account.Fen("differences")]);
        }
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Finance_sees_who_asked_for_a_refund_who_decided_what_went_to_WeChat_and_what_was_booked(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var refund = await estate.Refund(order, 10_000);
        await estate.UntilRefund(refund, RefundState.Done);

        var parts = (await estate.Finance.Get($"{estate.Path}/payments/{order}/explain")).Done()["parts"].AsArray();
        var part = parts.Single(p => p!["title"]!.GetValue<string>() == $"退款 {refund:N}")!;
        var told = string.Join('\n', part["lines"]!.AsArray().Select(line => line!.GetValue<string>()));

        foreach (var fact in new[]
        {
            "Finance 申请退款 100.00 元", "重复缴费，退回", "Manager 批准 同意", "：100.00 元，其中收回优惠 0.00 元", "状态 Done，微信退款单号 50", "\"out_refund_no\":",
            "refund 微信退款受理，冲回账单", "refund-done 微信退款到账", "points-taken-back", "退款收回积分：-99 积分",
        }) Assert.Contains(fact, told, StringComparison.Ordinal);
        Assert.DoesNotContain(owner.OpenId, told, StringComparison.Ordinal);
        var callbacks = parts.Single(p => p!["title"]!.GetValue<string>() == "微信通知（原样）")!["lines"]!.AsArray().Select(line => line!.GetValue<string>());
        Assert.Contains(callbacks, line => line.Contains("REFUND.SUCCESS", StringComparison.Ordinal));
    }
}
