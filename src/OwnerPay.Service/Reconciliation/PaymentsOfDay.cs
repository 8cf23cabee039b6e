using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Reconciliation;

/// <summary>What the join knows of a payment of ours.</summary>
/// <param name="Settled">It paid its order's bills and nothing else.</param>
public readonly record struct JoinedPayment(
    Guid Id, Guid? OrderId, string TransactionId, long TotalFen, long ReceivedFen, DateTimeOffset PaidAt, DateTimeOffset BookedAt, bool Settled);

/// <summary>Our payments of a day in the order of time, as they stood when the reading began, read ahead on a connection of its own while its user is busy
/// with the bill. No more than a few batches are in memory.</summary>
public sealed class PaymentsOfDay : IAsyncDisposable
{
    // A batch of 50 KiB: larger ones would be large objects, which outlive by far the moment in which they are needed.
    const int BatchSize = 500, BatchesAhead = 12;

    readonly Channel<List<JoinedPayment>> batches = Channel.CreateBounded<List<JoinedPayment>>(
        new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
    readonly CancellationTokenSource ended;
    readonly Task reading;

    /// <param name="accounts">Whose payments.</param>
    /// <param name="descending">The latest first.</param>
    public PaymentsOfDay(IServiceScopeFactory scopes, IReadOnlyList<MerchantAccount> accounts, DateOnly day, bool descending, CancellationToken cancel)
    {
        ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        reading = Task.Run(() => Read(scopes, accounts, day, descending, ended.Token), CancellationToken.None);
    }

    /// <returns>Null when there are no more.</returns>
    public async Task<IReadOnlyList<JoinedPayment>?> Next(CancellationToken cancel)
    {
        if (await batches.Reader.WaitToReadAsync(cancel) && batches.Reader.TryRead(out var batch)) return batch;
        await reading;    // says why it ended, if not by its end
        return null;
    }

    async Task Read(IServiceScopeFactory scopes, IReadOnlyList<MerchantAccount> accounts, DateOnly day, bool descending, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
            db.Database.SetCommandTimeout(0);    // its user sets the pace, and a time-out is set anew for each row
            var batch = new List<JoinedPayment>(BatchSize);
            // This thread does nothing else: waiting asynchronously for each of a million rows costs more than the rows.
            foreach (var payment in Query(db, accounts, day, descending).AsEnumerable())
            {
                batch.Add(payment);
                if (batch.Count < BatchSize) continue;
                await batches.Writer.WriteAsync(batch, cancel);
                batch = new(BatchSize);
            }
            if (batch.Count > 0) await batches.Writer.WriteAsync(batch, cancel);
        }
        finally { batches.Writer.TryComplete(); }
    }

    static IQueryable<JoinedPayment> Query(OwnerPayDb db, IReadOnlyList<MerchantAccount> accounts, DateOnly day, bool descending)
    {
        var (ids, communities) = (accounts.Select(a => a.Id).ToList(), accounts.Select(a => a.CommunityId).Distinct().ToList());
        // Where one community is asked about, the database reads along its index of days and instants and need not sort.
        var ours = communities.Count == 1 && communities[0] is var community
            ? db.Payments.Where(p => p.CommunityId == community)
            : db.Payments.Where(p => communities.Contains(p.CommunityId));
        ours = ours.Where(p => p.PaidOn == day && p.Channel == Payment.WeChat && ids.Contains(p.MerchantAccountId));
        ours = descending ? ours.OrderByDescending(p => p.PaidAt).ThenByDescending(p => p.Id) : ours.OrderBy(p => p.PaidAt).ThenBy(p => p.Id);
        return ours.Select(p => new JoinedPayment(
            p.Id, p.OrderId, p.TransactionId, p.TotalFen, p.ReceivedFen, p.PaidAt, p.BookedAt, p.Outcome == PaymentOutcome.Settled));
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }
}
