using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Gives spent points back to the lots from which they came, by reversing the booked entries; nothing is computed anew.</summary>
public sealed class ReturnPoints(OwnerPayDb db, Books books, PointsDebts debts, Clock clock)
{
    /// <summary>A lot that expired while its points were spent is good for this many more days.</summary>
    public const int DaysOfGrace = 30;

    /// <summary>Journals of returned points; their source id is that of what had been paid with them.</summary>
    public const string JournalKind = "points-returned";

    /// <param name="sourceKind">Under which the points were spent, with its id.</param>
    /// <param name="newSourceKind">Under which they come back, with the same id; unique, so that they come back once: <c>redemption-cancelled</c> …</param>
    /// <param name="on">Shanghai date of the return.</param>
    /// <param name="note">What the owner reads in his statement, in Chinese.</param>
    /// <returns>Whole points returned; 0 when none had been spent.</returns>
    public async Task<long> Run(string sourceKind, Guid sourceId, string newSourceKind, DateOnly on, string note, CancellationToken cancel)
    {
        var spent = await db.PointsEntries.AsNoTracking().Where(e => e.SourceKind == sourceKind && e.SourceId == sourceId && e.Delta < 0).ToListAsync(cancel);
        if (spent.Count == 0) return 0;
        var ids = spent.Select(e => e.LotId).ToList();
        var lots = await db.PointsLots.AsNoTracking().Where(l => ids.Contains(l.Id)).OrderBy(l => l.ExpiresOn).ThenBy(l => l.Id).ForUpdate().ToListAsync(cancel);
        var expiry = new ExpirePoints(db, books, debts, clock);
        var total = 0L;
        foreach (var lot in lots)
        {
            var back = -spent.Where(e => e.LotId == lot.Id).Sum(e => e.Delta);
            var until = lot.ExpiresOn;
            if (lot.ExpiresOn < on)
            {
                await expiry.Expire(lot, on, cancel);    // what had expired before stays expired; only what comes back gets more days
                until = on.AddDays(DaysOfGrace);
            }
            await db.PointsLots.Where(l => l.Id == lot.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, l => l.Remaining + back).SetProperty(l => l.ExpiresOn, until), cancel);
            db.Add(PointsEntry.Of(lot, back, newSourceKind, sourceId, note, clock));
            total += back;
        }
        books.Journal(lots[0].CommunityId, JournalKind, sourceId, on, note)
            .Debit(Accounts.PointsOf(lots[0].PersonId), total, Posting.Points).Credit(Accounts.PointsRedeemed, total, Posting.Points).Post();
        return total;
    }
}
