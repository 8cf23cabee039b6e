using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Points;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Takes points from a person's lots, earliest expiry first, in the caller's transaction: all of them or none.</summary>
public sealed class SpendPoints(OwnerPayDb db, Books books, PointsDebts debts, Clock clock)
{
    /// <summary>Journals of spent points; their source id is that of what they were spent on.</summary>
    public const string JournalKind = "points-spent";

    /// <param name="points">Whole points above 0.</param>
    /// <param name="sourceKind">What they are spent on: <c>redemption</c> …</param>
    /// <param name="on">Shanghai date; lots that expired before it do not count.</param>
    /// <param name="note">What the owner reads in his statement, in Chinese.</param>
    /// <returns>False when the person has too few: then nothing was spent, at most a debt was filled.</returns>
    public async Task<bool> Run(
        Guid community, Guid person, long points, string sourceKind, Guid sourceId, DateOnly on, string note, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(points);
        if (points == 0) return true;
        // Locked in the order in which everybody locks them, so that two taps of one person queue up instead of dead-locking.
        var lots = await db.PointsLots.AsNoTracking().Where(l => l.CommunityId == community && l.PersonId == person && l.ExpiresOn >= on && l.Remaining > 0)
            .OrderBy(l => l.ExpiresOn).ThenBy(l => l.Id).ForUpdate().ToListAsync(cancel);
        if (lots.Sum(l => l.Remaining) < points) return false;
        var left = await debts.Fill(community, person, lots, cancel);
        if (left.Sum(l => l.Left) < points) return false;

        var byId = lots.ToDictionary(l => l.Id.ToString("N"));
        var parts = PointsLots.Spend(on, points, [.. left.Select(l => new Domain.Points.PointsLot(l.Lot.Id.ToString("N"), l.Left, l.Lot.ExpiresOn))]);
        foreach (var part in parts)
        {
            var lot = byId[part.Lot];
            var taken = await db.PointsLots.Where(l => l.Id == lot.Id && l.Remaining >= part.Points)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, l => l.Remaining - part.Points), cancel);
            if (taken != 1) throw new InvalidOperationException($"Points lot {lot.Id:N} changed under its lock");
            db.Add(PointsEntry.Of(lot, -part.Points, sourceKind, sourceId, note, clock));
        }
        Book(books, community, person, points, sourceId, on, note);
        return true;
    }

    internal static void Book(Books books, Guid community, Guid person, long points, Guid sourceId, DateOnly on, string note) =>
        books.Journal(community, JournalKind, sourceId, on, note)
            .Debit(Accounts.PointsRedeemed, points, Posting.Points).Credit(Accounts.PointsOf(person), points, Posting.Points).Post();
}
