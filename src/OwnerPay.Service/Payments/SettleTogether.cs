using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Money that a callback told, with the callback, to be stored in the same commit.</summary>
public sealed record Arrival(ArrivedMoney Money, WeChatCallback Callback);

/// <summary>Books what goes the plain way, many payments of one community in one commit: an open order of ours, exactly the amount and the payer that it names.</summary>
/// <remarks>Everything else (told before, unknown, wrong, late) is left to <see cref="SettlePayment"/>, which books one payment at a time by the same steps.
/// A durable write costs about as much for thirty payments as for one: when many pay at once nobody waits for thirty of them.</remarks>
public sealed class SettleTogether(OwnerPayDb db, SettleOrders settle, MerchantKeys merchants)
{
    /// <returns>What became of each; null: not booked here.</returns>
    /// <exception cref="Exception">Nothing was booked, whatever it is.</exception>
    public Task<IReadOnlyList<SettleAnswer?>> Run(Guid community, IReadOnlyList<Arrival> arrivals, CancellationToken cancel)
    {
        var acts = arrivals.Select(arrival => new SharedAct<SettleAnswer>(
            arrival.Money.Key(ArrivedMoney.Settle), arrival.Money.TransactionId, new SettleAnswer(SettleOutcome.Settled, Guid.CreateVersion7()))).ToList();
        return db.OnceTogether(acts, mine => Book(community, arrivals, mine, act => acts[act].Answer.PaymentId!.Value, cancel), cancel);
    }

    async Task<IReadOnlyDictionary<int, SettleAnswer>> Book(
        Guid community, IReadOnlyList<Arrival> arrivals, IReadOnlyList<int> mine, Func<int, Guid> paymentId, CancellationToken cancel)
    {
        var ids = mine.Select(act => arrivals[act].Money.OrderId).OfType<Guid>().Distinct().ToList();
        var question = new RowsByKey(db);
        var locked = question.Of<PaymentOrder>(nameof(PaymentOrder.Id), ids, locked: true, nameof(PaymentOrder.Quote), nameof(PaymentOrder.Request));
        var ofOrders = question.Of<OrderLine>(nameof(OrderLine.OrderId), ids, locked: false);
        await question.Run(cancel);
        var (orders, lines) = (locked.Where(o => o.CommunityId == community).ToDictionary(o => o.Id), ofOrders.ToLookup(l => l.OrderId));
        var plain = new List<(int Act, PaidOrder Paid)>();
        var (taken, bills) = (new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var act in mine)
        {
            var money = arrivals[act].Money;
            if (money.OrderId is not { } id || !orders.TryGetValue(id, out var order) || !await IsPlain(money, order, cancel)) continue;
            // An order or a bill that two of the group speak of: only the first goes this way.
            if (!taken.Add(id) || !lines[id].Select(l => l.BillId).Distinct().All(bills.Add)) continue;
            OrderLine[] ofOrder = [.. lines[id].OrderBy(l => l.Number)];
            plain.Add((act, new PaidOrder(paymentId(act), order, ofOrder, ofOrder, money.By)));
        }
        if (plain.Count == 0) return new Dictionary<int, SettleAnswer>();
        var answers = await settle.Run(community, [.. plain.Select(each => each.Paid)], cancel);
        var told = plain.Zip(answers).ToDictionary(each => each.First.Act, each => each.Second);
        foreach (var (act, answer) in told)
        {
            arrivals[act].Callback.Outcome = answer.Text;
            db.Add(arrivals[act].Callback);
        }
        return told;
    }

    /// <summary>Behind the order's lock an open order says that nothing was booked for it yet.</summary>
    async ValueTask<bool> IsPlain(ArrivedMoney money, PaymentOrder order, CancellationToken cancel)
    {
        if (!order.IsOpen) return false;
        var merchant = await merchants.Get(order.MerchantAccountId, cancel);
        return merchant.MchId == money.Merchant.MchId && money.FaultAgainst(order, merchant.AppId) is null;
    }
}
