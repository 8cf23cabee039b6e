using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Fills lots that a refund left below zero from the person's other lots, the earliest expiry first, before these are spent or expire.</summary>
/// <remarks>Both lots are the same person's, so that the books in POINTS do not move; earning itself stays a blind write.</remarks>
public sealed class PointsDebts(OwnerPayDb db, Clock clock)
{
    /// <summary>Entries between two lots of one person; source is an id of each filling's own.</summary>
    public const string Kind = "points-debt";

    /// <param name="usable">The person's lots with points left that may pay, read under their locks, in the order in which they pay.</param>
    /// <returns>The same lots with what they hold afterwards.</returns>
    public async Task<IReadOnlyList<(PointsLot Lot, long Left)>> Fill(Guid community, Guid person, IReadOnlyList<PointsLot> usable, CancellationToken cancel)
    {
        var left = usable.Select(lot => (Lot: lot, Left: lot.Remaining)).ToList();
        if (left.Count == 0) return left;
        var debts = await db.PointsLots.AsNoTracking().Where(l => l.CommunityId == community && l.PersonId == person && l.Remaining < 0)
            .OrderBy(l => l.ExpiresOn).ThenBy(l => l.Id).ForUpdate().ToListAsync(cancel);
        foreach (var debt in debts)
        {
            var (missing, source) = (-debt.Remaining, Guid.CreateVersion7());
            for (var at = 0; at < left.Count && missing > 0; at++)
            {
                var points = Math.Min(missing, left[at].Left);
                if (points == 0) continue;
                var payer = left[at].Lot;
                if (await db.PointsLots.Where(l => l.Id == payer.Id && l.Remaining >= points)
                        .ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, l => l.Remaining - points), cancel) != 1)
                    throw new InvalidOperationException($"Points lot {payer.Id:N} changed under its lock");
                db.Add(PointsEntry.Of(payer, -points, Kind, source, "补足退款收回的积分", clock));
                left[at] = (payer, left[at].Left - points);
                missing -= points;
            }
            var filled = -debt.Remaining - missing;
            if (filled == 0) break;
            await db.PointsLots.Where(l => l.Id == debt.Id).ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, l => l.Remaining + filled), cancel);
            db.Add(PointsEntry.Of(debt, filled, Kind, source, "补足退款收回的积分", clock));
        }
        return left;
    }
}
