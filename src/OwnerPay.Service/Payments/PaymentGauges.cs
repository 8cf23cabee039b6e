using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Orders that wait for their owner to pay, or to be closed at their end.</summary>
public sealed class OpenOrdersGauge(OwnerPayDb db) : IWorkGauge
{
    public string Name => "open-orders";

    public bool WaitsForPeople => true;

    public async Task<WorkCount> Count(CancellationToken cancel)
    {
        var orders = db.PaymentOrders;
        var open = orders.Where(o => o.State == OrderState.Created || o.State == OrderState.Placed);
        return new WorkCount(await open.CountAsync(cancel), 0, await open.Select(o => (DateTimeOffset?)o.CreatedAt).MinAsync(cancel));
    }
}

/// <summary>Receipts that have no number yet.</summary>
public sealed class ReceiptsGauge(OwnerPayDb db) : IWorkGauge
{
    public string Name => "receipt-numbers";

    public async Task<WorkCount> Count(CancellationToken cancel)
    {
        var receipts = db.Receipts;
        return new WorkCount(await receipts.CountAsync(r => r.Number == null, cancel), 0);
    }
}
