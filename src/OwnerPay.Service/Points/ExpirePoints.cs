using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Books out what is left in lots after their last day. They cannot be spent from that day on anyway; this only makes it visible.</summary>
public sealed class ExpirePoints(OwnerPayDb db, Books books, PointsDebts debts, Clock clock) : IJob
{
    /// <summary>Entries of points that expired.</summary>
    public const string Kind = "expiry";
    const int Batch = 200;

    public async Task<string> Run(CancellationToken cancel)
    {
        var today = clock.Today();
        var due = await db.PointsLots.AsNoTracking().Where(l => l.ExpiresOn < today && l.Remaining > 0)
            .OrderBy(l => l.ExpiresOn).ThenBy(l => l.Id).Select(l => new { l.Id, l.ExpiresOn }).Take(Batch).ToListAsync(cancel);
        foreach (var lot in due)
            await db.Once<long>(new IdempotencyKey("job", "expire-points", "expire", $"{lot.Id:N}/{lot.ExpiresOn:yyyyMMdd}"), lot.Id, async () =>
            {
                var held = await db.PointsLots.AsNoTracking().Where(l => l.Id == lot.Id && l.ExpiresOn < today).ForUpdate().SingleOrDefaultAsync(cancel);
                return held is null ? 0 : await Expire(held, today, cancel);
            }, cancel);
        return $"{due.Count} lots";
    }

    /// <summary>Takes the rest of a locked lot in the caller's transaction.</summary>
    /// <param name="lot">Read under its lock; its last day is before <paramref name="on"/>.</param>
    public async Task<long> Expire(PointsLot lot, DateOnly on, CancellationToken cancel)
    {
        const string Note = "积分到期";
        if (lot.Remaining <= 0) return 0;
        // What a refund took back is filled first: points that expire are no longer the person's to owe with.
        var left = (await debts.Fill(lot.CommunityId, lot.PersonId, [lot], cancel))[0].Left;
        if (left == 0) return 0;
        var taken = await db.PointsLots.Where(l => l.Id == lot.Id && l.Remaining == left)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, 0L), cancel);
        if (taken != 1) throw new InvalidOperationException($"Points lot {lot.Id:N} changed under its lock");
        // A lot may expire, be refilled by a return and expire again: each time has an id of its own.
        var source = Guid.CreateVersion7();
        db.Add(PointsEntry.Of(lot, -left, Kind, source, Note, clock));
        books.Journal(lot.CommunityId, "points-expired", source, on, Note)
            .Debit(Accounts.PointsExpired, left, Posting.Points).Credit(Accounts.PointsOf(lot.PersonId), left, Posting.Points).Post();
        return left;
    }
}
