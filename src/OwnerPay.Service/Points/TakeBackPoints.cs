using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Takes earned points back because what earned them was undone: from the very lot, by reversing its booked entry, never computed anew.</summary>
/// <remarks>The lot goes below zero where its points were spent; the person's later earnings fill that first, see <see cref="PointsDebts"/>.
/// Refunds end after 365 days and points live for 24 months, so that a lot never expired before.</remarks>
public sealed class TakeBackPoints(OwnerPayDb db, Books books, Clock clock)
{
    /// <summary>Entries that take points back, and those that give them again because the refund did not happen after all.</summary>
    public const string Taken = "refund", Restored = "refund-closed";

    /// <summary>Journals of both; their source id is the refund's.</summary>
    public const string TakenJournal = "points-taken-back", RestoredJournal = "points-restored";

    /// <param name="earnedBy">Source kind and id under which the points were earned.</param>
    /// <param name="refund">What takes them.</param>
    /// <param name="undone">Of <paramref name="whole"/>, with all that was undone before: 500 of 2,000 leaves three quarters of the points, rounded up.</param>
    public async Task Run((string Kind, Guid Id) earnedBy, Guid refund, long undone, long whole, DateOnly on, CancellationToken cancel)
    {
        var lot = await db.PointsLots.AsNoTracking().Where(l => l.SourceKind == earnedBy.Kind && l.SourceId == earnedBy.Id).ForUpdate().SingleOrDefaultAsync(cancel);
        if (lot is null) return;
        var before = -await db.PointsEntries.Where(e => e.LotId == lot.Id && (e.SourceKind == Taken || e.SourceKind == Restored)).SumAsync(e => e.Delta, cancel);
        var points = (long)((Int128)lot.Earned * undone / whole) - before;
        if (points > 0) await Move(lot, -points, Taken, TakenJournal, refund, on, "退款收回积分", cancel);
    }

    /// <summary>Gives back what a refund took.</summary>
    public async Task Undo(Guid refund, DateOnly on, CancellationToken cancel)
    {
        var taken = await db.PointsEntries.AsNoTracking().SingleOrDefaultAsync(e => e.SourceKind == Taken && e.SourceId == refund, cancel);
        if (taken is null) return;
        var lot = await db.PointsLots.AsNoTracking().Where(l => l.Id == taken.LotId).ForUpdate().SingleAsync(cancel);
        await Move(lot, -taken.Delta, Restored, RestoredJournal, refund, on, "退款未成功，恢复积分", cancel);
    }

    async Task Move(PointsLot lot, long delta, string kind, string journal, Guid refund, DateOnly on, string note, CancellationToken cancel)
    {
        await db.PointsLots.Where(l => l.Id == lot.Id).ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, l => l.Remaining + delta), cancel);
        db.Add(PointsEntry.Of(lot, delta, kind, refund, note, clock));
        books.Journal(lot.CommunityId, journal, refund, on, note)
            .Debit(Accounts.PointsOf(lot.PersonId), delta, Posting.Points).Credit(Accounts.PointsIssued, delta, Posting.Points).Post();
    }
}
