using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments.WeChatPay;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Asks WeChat about orders that stay silent, and closes those whose time is over. A lost callback costs the owner seconds, not a phone call.</summary>
public sealed partial class ChaseOpenOrders(OwnerPayDb db, IServiceScopeFactory scopes, ServiceSettings settings, Clock clock, ILogger<ChaseOpenOrders> log) : IJob
{
    const int Batch = 100, AtOnce = 8;

    /// <summary>Least time between two asks about an order that is over and could not be ended yet.</summary>
    static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    public async Task<string> Run(CancellationToken cancel)
    {
        var (now, today) = (TimeProvider.System.GetUtcNow(), clock.Now());
        var pause = now - Again * settings.JobPace;
        var orders = db.PaymentOrders;
        var open = orders.Where(o => o.State == OrderState.Created || o.State == OrderState.Placed);
        var due = await open.Where(o => o.NextAskAt <= now).OrderBy(o => o.NextAskAt).Select(o => o.Id).Take(Batch).ToListAsync(cancel);
        // Expiry is business time, the waits are the system's: what is over is asked about at once, however the schedule stands.
        var over = await open.Where(o => o.ExpiresAt <= today && (o.LastAskedAt == null || o.LastAskedAt <= pause))
            .OrderBy(o => o.ExpiresAt).Select(o => o.Id).Take(Batch).ToListAsync(cancel);
        var (asked, failed) = (0, 0);
        await Parallel.ForEachAsync(due.Union(over), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (order, stop) =>
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                if (await scope.ServiceProvider.GetRequiredService<AskWeChat>().About(order, Again * settings.JobPace / 5, chase: true, stop) != Asked.NotAsked)
                    Interlocked.Increment(ref asked);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref failed);    // one order that cannot be booked must not hide the others
                CouldNotAsk(log, failure, order);
            }
        });
        return failed == 0 ? $"{asked} asked" : throw new InvalidOperationException($"{failed} of {asked + failed} orders could not be asked about");
    }

    [LoggerMessage(8010, LogLevel.Error, "Order {OrderId} could not be asked about")]
    static partial void CouldNotAsk(ILogger log, Exception failure, Guid orderId);
}
