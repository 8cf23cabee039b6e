using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Points;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>What a person spends points on.</summary>
/// <param name="SourceId">Of what they are spent on; of the journal as well.</param>
/// <param name="Lots">The person's lots that may pay, locked.</param>
public sealed record Spending(Guid PersonId, Guid SourceId, IReadOnlyList<PointsLot> Lots);

/// <summary>Takes the same number of points from several people in the caller's transaction, by the rules and with the rows of <see cref="SpendPoints"/>, with
/// few statements.</summary>
public sealed class SpendTogether(OwnerPayDb db, Books books, Clock clock)
{
    /// <summary>Locks the lots of these people.</summary>
    /// <param name="on">Shanghai date; lots that expired before it do not count.</param>
    /// <returns>The usable lots of those who go the plain way. Whoever has too few points or a debt to be filled first is not among them.</returns>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<PointsLot>>> Lock(
        Guid community, IReadOnlyCollection<Guid> persons, long points, DateOnly on, CancellationToken cancel)
    {
        var lots = await db.RowsByKey<PointsLot>(nameof(PointsLot.PersonId), persons, locked: true, cancel);
        return lots.Where(l => l.CommunityId == community && (l.Remaining < 0 || (l.Remaining > 0 && l.ExpiresOn >= on))).GroupBy(l => l.PersonId)
            .Where(person => person.All(l => l.Remaining > 0) && person.Sum(l => l.Remaining) >= points)
            .ToDictionary(person => person.Key, IReadOnlyList<PointsLot> (person) => [.. person]);
    }

    /// <param name="sourceKind">What the points are spent on.</param>
    /// <param name="note">What the owners read in their statements, in Chinese.</param>
    public async Task Run(
        Guid community, IReadOnlyList<Spending> spendings, long points, string sourceKind, DateOnly on, string note, CancellationToken cancel)
    {
        var taken = new List<(Guid Lot, long Points)>();
        foreach (var spending in spendings)
        {
            var byId = spending.Lots.ToDictionary(lot => lot.Id.ToString("N"));
            var parts = PointsLots.Spend(on, points,
                [.. spending.Lots.Select(lot => new Domain.Points.PointsLot(lot.Id.ToString("N"), lot.Remaining, lot.ExpiresOn))]);
            foreach (var part in parts)
            {
                taken.Add((byId[part.Lot].Id, part.Points));
                db.Add(PointsEntry.Of(byId[part.Lot], -part.Points, sourceKind, spending.SourceId, note, clock));
            }
            SpendPoints.Book(books, community, spending.PersonId, points, spending.SourceId, on, note);
        }
        foreach (var same in taken.GroupBy(each => each.Points, each => each.Lot))
        {
            var (lots, part) = (same.ToList(), same.Key);
            var changed = await db.PointsLots.Where(l => lots.Contains(l.Id) && l.Remaining >= part)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.Remaining, l => l.Remaining - part), cancel);
            if (changed != lots.Count) throw new InvalidOperationException($"{lots.Count - changed} points lots changed under their locks");
        }
    }
}
