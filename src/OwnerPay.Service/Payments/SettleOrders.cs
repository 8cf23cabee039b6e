using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Books money for orders of one community inside the caller's transaction, and moves the orders on: one order or many, the same statements.</summary>
/// <remarks>The caller has locked the orders, in id order, and knows that each may take its money: known, right amount, not booked before.</remarks>
public sealed class SettleOrders(OwnerPayDb db, ApplyPayments apply, OfferBudgets budgets, WorkItems workItems, Outbox outbox, Clock clock)
{
    public const string News = "payment.settled";

    /// <returns>What became of each, in the order given.</returns>
    public async Task<IReadOnlyList<SettleAnswer>> Run(Guid community, IReadOnlyList<PaidOrder> orders, CancellationToken cancel)
    {
        var applied = await apply.Run(community, orders, cancel);
        var payments = applied.Select(each => each.Payment).ToList();
        var unpaid = orders.Where(paid => paid.Order.State != OrderState.Paid).ToList();
        await budgets.Use([.. unpaid.Where(paid => (paid.Order.DiscountFen > 0 || paid.Order.EarnsGift) && paid.Usable.Count > 0).Select(paid => paid.Order.Id)], cancel);
        await Move([.. unpaid.Select(paid => paid.Order)], OrderState.Paid, cancel);
        foreach (var (paid, (payment, surplus)) in orders.Zip(applied))
        {
            // A top-up is meant for the balance; a second payment of one is not.
            if (surplus > 0 && (paid.Order.TopUpFen == 0 || paid.Order.State == OrderState.Paid && paid.Order.Way == OrderWay.Jsapi))
                await workItems.Open(community, "payment.prepaid", payment.Id, StaffRole.Finance, "到账款项转入预存",
                    $"订单 {paid.Order.OutTradeNo} 到账时账单已不需要全部款项，多出部分已转入预存余额，请核实并联系业主", cancel);
            outbox.Add(News, community, payment.Id);
        }
        return [.. payments.Select(payment =>
            new SettleAnswer(payment.Outcome == PaymentOutcome.Prepaid ? SettleOutcome.Prepaid : SettleOutcome.Settled, payment.Id))];
    }

    /// <summary>Moves orders forward from the states that were read under their locks, and gives their bills back.</summary>
    public async Task Move(IReadOnlyList<PaymentOrder> orders, OrderState to, CancellationToken cancel)
    {
        if (orders.Count == 0) return;
        var now = clock.Now();
        var moved = 0;
        foreach (var (from, ids) in orders.GroupBy(order => order.State).Select(group => (group.Key, group.Select(order => order.Id).ToList())))
            moved += await db.UpdateByKey<PaymentOrder>(nameof(PaymentOrder.Id), ids, new(nameof(PaymentOrder.State), from),
                [new(nameof(PaymentOrder.State), to), new(nameof(PaymentOrder.EndedAt), now)], cancel);
        // Fewer rows is no success of somebody else: the locks say that nobody else could.
        if (moved != orders.Count) throw new InvalidOperationException($"{orders.Count} orders should have become {to}, {moved} did: they changed under their locks");
        var open = orders.Where(order => order.IsOpen).Select(order => order.Id).ToList();
        await db.DeleteByKey<BillHold>(nameof(BillHold.OrderId), open, cancel);
    }
}
