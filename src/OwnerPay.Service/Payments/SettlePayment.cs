using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

public enum SettleOutcome { Settled, Prepaid, Suspense, AlreadySettled, UnknownOrder }

/// <param name="PaymentId">The booked payment; null for money of an unknown order that is not proved yet.</param>
public sealed record SettleAnswer(SettleOutcome Outcome, Guid? PaymentId)
{
    /// <summary>As callbacks keep it: <c>settled</c>, <c>already-settled</c> …</summary>
    [JsonIgnore]
    public string Text => Outcome switch
    {
        SettleOutcome.Settled => "settled",
        SettleOutcome.Prepaid => "prepaid",
        SettleOutcome.Suspense => "suspense",
        SettleOutcome.AlreadySettled => "already-settled",
        SettleOutcome.UnknownOrder => "unknown-order",
        _ => throw new InvalidOperationException($"No word for {Outcome}"),
    };
}

/// <summary>Books money that arrived: the one function for callback, query and chase. It needs no login; community and merchant come from the order.</summary>
/// <remarks>
/// One transaction, once per transaction number. Money that the order's bills need goes to them at the frozen price; money that they no longer
/// need goes to the prepaid balance of who owes them; money that is not what the order asked for goes to suspense. Nothing is dropped.
/// </remarks>
public sealed class SettlePayment(
    OwnerPayDb db, SettleOrders settle, OfferBudgets budgets, OrderPrepaid prepaid, Books books, WorkItems workItems, Outbox outbox, MerchantKeys merchants, Clock clock)
{
    public const string SuspenseNews = "payment.suspense";

    /// <param name="callback">The callback that told it, to be stored in the same commit; its outcome is set when it was. Null when we asked.</param>
    /// <returns>What became of it; told again, the same. An exception means that nothing was booked: then WeChat must tell again.</returns>
    public async Task<SettleAnswer> Run(ArrivedMoney money, Proof proof, WeChatCallback? callback, CancellationToken cancel)
    {
        var told = await Run(ArrivedMoney.Settle, money, proof, callback, cancel);
        // A callback alone does not book money of an unknown order; what a query proved is another act, with a key of its own.
        return told.Outcome == SettleOutcome.UnknownOrder && proof == Proof.Query ? await Run("settle-unknown", money, proof, callback, cancel) : told;
    }

    async Task<SettleAnswer> Run(string operation, ArrivedMoney money, Proof proof, WeChatCallback? callback, CancellationToken cancel)
    {
        var key = money.Key(operation);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var told = await db.Once<SettleAnswer>(key, money.TransactionId, async () =>
                {
                    var answer = await Book(money, proof, callback, cancel);
                    if (callback is null) return answer;
                    callback.Outcome = answer.Text;
                    db.Add(callback);
                    return answer;
                }, cancel);
                // Not stored: the answer is an earlier one, and this telling of it is still to be counted.
                if (callback is not null && db.Entry(callback).State == EntityState.Detached) callback.Outcome = null;
                return told.Value;
            }
            catch (Exception failure) when (attempt == 1 && WriteFailure.Violates(failure, "Payments", "Channel", "TransactionId"))
            {
                // The very number was booked between our look and our write, under no lock that we share: look again.
            }
            catch (Exception failure) when (attempt == 1 && WriteFailure.Violates(failure, "WeChatCallbacks", "MchId", "NotificationId"))
            {
                callback!.Outcome = null;    // stored when it could not be booked: book now, the caller counts the repetition
                callback = null;
            }
        }
    }

    async Task<SettleAnswer> Book(ArrivedMoney money, Proof proof, WeChatCallback? callback, CancellationToken cancel)
    {
        var id = money.OrderId;
        var order = id is null ? null : await db.PaymentOrders.AsNoTracking().Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(cancel);
        // Behind the order's lock: whoever booked this number for this order has committed.
        var booked = await db.Payments.AsNoTracking().Where(p => p.Channel == Payment.WeChat && p.TransactionId == money.TransactionId)
            .Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        if (booked is not null) return new(SettleOutcome.AlreadySettled, booked);
        if (order is null)
            return proof == Proof.Callback ? await Doubt(money, callback, cancel) : await Suspend(money, null, $"找不到订单 {money.OutTradeNo}", cancel);
        var merchant = await merchants.Get(order.MerchantAccountId, cancel);
        if (merchant.MchId != money.Merchant.MchId) return await Suspend(money, null, $"订单 {order.OutTradeNo} 属于另一收款商户", cancel);
        if (money.FaultAgainst(order, merchant.AppId) is { } fault) return await Suspend(money, order, fault, cancel);
        return await Apply(money, order, cancel);
    }

    async Task<SettleAnswer> Apply(ArrivedMoney money, PaymentOrder order, CancellationToken cancel)
    {
        var lines = await db.OrderLines.AsNoTracking().Where(l => l.OrderId == order.Id).OrderBy(l => l.Number).ToListAsync(cancel);
        var paid = new PaidOrder(Guid.CreateVersion7(), order, lines, await Usable(order, lines, cancel), money.By);
        return (await settle.Run(order.CommunityId, [paid], cancel))[0];
    }

    /// <summary>The lines whose bills may still take this money: all of an open order; of a closed one those that no other order holds; of a paid one none.</summary>
    async Task<IReadOnlyList<OrderLine>> Usable(PaymentOrder order, IReadOnlyList<OrderLine> lines, CancellationToken cancel)
    {
        if (order.IsOpen) return lines;
        if (order.State == OrderState.Paid) return [];
        var bills = lines.Select(l => l.BillId).Distinct().ToList();
        // The bills are locked first, as checkout does: nobody can take a hold between this look and the booking.
        var locked = await db.LockBills(bills, cancel);
        var held = await db.BillHolds.AsNoTracking().Where(h => bills.Contains(h.BillId)).Select(h => h.BillId).ToListAsync(cancel);
        return [.. lines.Where(l => locked.Contains(l.BillId) && !held.Contains(l.BillId))];
    }

    /// <summary>A callback of an order that we do not know: kept, put before finance, and to be proved by a query before it is booked.</summary>
    async Task<SettleAnswer> Doubt(ArrivedMoney money, WeChatCallback? callback, CancellationToken cancel)
    {
        if (callback is null) return new(SettleOutcome.UnknownOrder, null);
        await workItems.Open(money.Merchant.CommunityId, "callback.unknown-order", callback.Id, StaffRole.Finance, "收到未知订单的支付通知",
            $"微信交易 {money.TransactionId}，商户订单号 {money.OutTradeNo}，本系统没有该订单。正在向微信核实，核实后记入待查", cancel);
        outbox.Add(ProveUnknownOrder.News, money.Merchant.CommunityId, callback.Id);
        return new(SettleOutcome.UnknownOrder, null);
    }

    async Task<SettleAnswer> Suspend(ArrivedMoney money, PaymentOrder? order, string why, CancellationToken cancel)
    {
        var community = order?.CommunityId ?? money.Merchant.CommunityId;
        var payment = new Payment
        {
            Id = Guid.CreateVersion7(), CommunityId = community, OrderId = order?.Id, MerchantAccountId = order?.MerchantAccountId ?? money.Merchant.Id,
            TransactionId = money.TransactionId, TotalFen = money.TotalFen, ReceivedFen = money.ReceivedFen, OwnCouponFen = money.OwnCouponFen,
            PaidAt = money.PaidAt, PaidOn = Clock.DateOf(money.PaidAt), Outcome = PaymentOutcome.Suspense, BookedAt = clock.Now(),
        };
        db.Add(payment);
        books.Journal(community, Payment.Source, payment.Id, payment.PaidOn, "微信到账，待核实")
            .Debit(Accounts.WeChatClearing(money.Merchant.MchId), money.ReceivedFen).Debit(Accounts.WeChatDiscount, money.OwnCouponFen)
            .Credit(Accounts.Suspense, money.TotalFen).Post();
        if (order is { IsOpen: true })
        {
            // WeChat takes no second payment for it: the bills are free again, the money waits for finance.
            await settle.Move([order], OrderState.Closed, cancel);
            await budgets.Free(order.Id, cancel);
            await prepaid.Free(order.Id, cancel);
        }
        await workItems.Open(community, SuspenseNews, payment.Id, StaffRole.Finance, "到账款项待核实",
            $"微信交易 {money.TransactionId}，商户订单号 {money.OutTradeNo}：{why}。款项已记入待查，未冲销任何账单", cancel);
        outbox.Add(SuspenseNews, community, payment.Id);
        return new(SettleOutcome.Suspense, payment.Id);
    }
}
