using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Ends an order that nobody will pay any more: its bills are free, its budgets too. Only after WeChat said that it is closed or was never placed.</summary>
public sealed class CloseOrder(OwnerPayDb db, OfferBudgets budgets, OrderPrepaid prepaid, Clock clock)
{
    /// <returns>False when it was no longer open: paid or closed meanwhile.</returns>
    public async Task<bool> Run(Guid orderId, CancellationToken cancel) =>
        (await db.Once<bool>(new IdempotencyKey("job", "payments", "close-order", orderId.ToString("N")), orderId, async () =>
        {
            var now = clock.Now();
            var closed = await db.PaymentOrders.Where(o => o.Id == orderId && (o.State == OrderState.Created || o.State == OrderState.Placed))
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OrderState.Closed).SetProperty(o => o.EndedAt, now), cancel);
            if (closed == 0) return false;
            await db.BillHolds.Where(h => h.OrderId == orderId).ExecuteDeleteAsync(cancel);
            await budgets.Free(orderId, cancel);
            await prepaid.Free(orderId, cancel);
            return true;
        }, cancel)).Value;
}
