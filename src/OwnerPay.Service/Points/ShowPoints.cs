using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <param name="Remaining">Whole points left.</param>
/// <param name="ExpiresOn">Last Shanghai day to spend them.</param>
public sealed record PointsLotView(Guid LotId, long Earned, long Remaining, DateOnly ExpiresOn);

/// <param name="Delta">Whole points, positive in, negative out.</param>
public sealed record PointsEntryView(Guid EntryId, long Delta, string Kind, string Note, DateTimeOffset At);

/// <param name="Balance">Whole points that can be spent today; below 0 where a refund took back what had been spent, until later points fill
/// it.</param>
/// <param name="Lots">Those with points left, the first to expire first.</param>
/// <param name="Sums">Of all time: earned, spent, expired, taken back.</param>
/// <param name="Items">Movements, the newest first.</param>
public sealed record PointsStatement(
    long Balance, PointsSums Sums, IReadOnlyList<PointsLotView> Lots, IReadOnlyList<PointsEntryView> Items, string? NextCursor);

/// <summary>An owner's points statement: balance, lots with their expiry, movements.</summary>
public sealed class ShowPoints(OwnerPayDb db, Clock clock)
{
    const int PageSize = 50;

    public static void Map(Doors doors) => doors.Owner.MapGet("/houses/{houseId}/points",
        Get).WithName("showPoints").ForOwners().CanFail(Cursor.Invalid, Member.HouseNotFound);

    static async Task<Results<Ok<PointsStatement>, ProblemHttpResult>> Get(Member member, ShowPoints show, CancellationToken cancel,
        string? cursor = null) =>
        (await show.Run(member.CommunityId, member.PersonId, cursor, cancel)).ToHttp(statement => TypedResults.Ok(statement));

    public async Task<Result<PointsStatement>> Run(Guid community, Guid person, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var today = clock.Today();
        var lots = await db.PointsLots.AsNoTracking().Where(l => l.CommunityId == community && l.PersonId == person && l.Remaining > 0
            && l.ExpiresOn >= today)
            .OrderBy(l => l.ExpiresOn).ThenBy(l => l.Id).Select(l => new PointsLotView(l.Id, l.Earned, l.Remaining, l.ExpiresOn)).ToListAsync(cancel);
        var debt = await db.PointsLots.Where(l => l.CommunityId == community && l.PersonId == person && l.Remaining < 0).SumAsync(l => l.Remaining,
            cancel);
        var entries = db.PointsEntries.AsNoTracking().Where(e => e.CommunityId == community && e.PersonId == person);
        var rows = await entries.NewestFirst(after, e => new Cursor(e.At, e.Id)).Take(PageSize + 1)
            .Select(e => new PointsEntryView(e.Id, e.Delta, e.SourceKind, e.Note, e.At)).ToListAsync(cancel);
        var page = Pages.Of(rows, PageSize, e => new Cursor(e.At, e.EntryId));
        return new PointsStatement(lots.Sum(l => l.Remaining) + debt, await entries.Sums(cancel), lots, page.Items, page.NextCursor);
    }
}
