using OwnerPay.Domain.Points;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <summary>Grants points as one new lot, with its entry and its journal, in the caller's transaction.</summary>
/// <remarks>The lot is unique by source, so that a payment can never earn twice. It writes blindly: settling a payment costs no read here.</remarks>
public sealed class EarnPoints(OwnerPayDb db, Books books, Clock clock)
{
    /// <summary>Journals of earned points; their source id is that of what earned them.</summary>
    public const string JournalKind = "points-earned";

    /// <param name="points">Whole points; 0 or less grants nothing.</param>
    /// <param name="sourceKind">What earned them: <c>payment</c> …</param>
    /// <param name="on">Shanghai date of earning; decides the expiry.</param>
    /// <param name="note">What the owner reads in his statement, in Chinese.</param>
    /// <returns>The points granted.</returns>
    public Task<long> Run(
        Guid community, Guid person, long points, string sourceKind, Guid sourceId, DateOnly on, string note, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (points <= 0) return Task.FromResult(0L);
        var lot = new PointsLot
        {
            Id = Guid.CreateVersion7(), CommunityId = community, PersonId = person, SourceKind = sourceKind, SourceId = sourceId,
            Earned = points, Remaining = points, ExpiresOn = PointsExpiry.Of(on), CreatedAt = clock.Now(),
        };
        db.Add(lot);
        db.Add(PointsEntry.Of(lot, points, sourceKind, sourceId, note, clock));
        books.Journal(community, JournalKind, sourceId, on, note)
            .Debit(Accounts.PointsOf(person), points, Posting.Points).Credit(Accounts.PointsIssued, points, Posting.Points).Post();
        return Task.FromResult(points);
    }
}
