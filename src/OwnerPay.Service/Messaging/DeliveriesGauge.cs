using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <summary>Deliveries that may be sent now and are not sent yet; what rests in quiet hours is not due.</summary>
public sealed class DeliveriesGauge(OwnerPayDb db, Clock clock) : IWorkGauge
{
    public string Name => "deliveries";

    public async Task<WorkCount> Count(CancellationToken cancel)
    {
        var (deliveries, now) = (db.Deliveries, clock.Now());
        var due = deliveries.Where(d => d.State == DeliveryState.Claimed || d.State == DeliveryState.Waiting && d.NotBefore <= now);
        return new WorkCount(await due.CountAsync(cancel), 0, await due.Select(d => (DateTimeOffset?)d.CreatedAt).MinAsync(cancel));
    }
}
