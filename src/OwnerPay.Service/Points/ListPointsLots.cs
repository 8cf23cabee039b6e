using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

/// <param name="Kind">What earned it: <c>payment</c>, <c>points-grant</c>.</param>
/// <param name="Remaining">Whole points left; below 0 where a refund took back what had been spent.</param>
/// <param name="Filled">Points that other lots put in where this one was below 0, or that it put into others (below 0).</param>
/// <param name="ExpiresOn">Last Shanghai day to spend them.</param>
public sealed record PointsLotHistory(
    Guid LotId, string Kind, string Note, DateTimeOffset EarnedAt, PointsSums Sums, long Filled, long Remaining, DateOnly ExpiresOn);

/// <summary>Every lot of points that an owner ever had, with what became of it; the newest first.</summary>
public sealed class ListPointsLots(OwnerPayDb db)
{
    const int PageSize = 50;

    public static void Map(Doors doors) => doors.Owner.MapGet("/houses/{houseId}/points/lots", Get).WithName("listPointsLots").ForOwners()
        .CanFail(Cursor.Invalid, Member.HouseNotFound);

    static async Task<Results<Ok<Page<PointsLotHistory>>, ProblemHttpResult>> Get(
        Member member, ListPointsLots list, CancellationToken cancel, string? cursor = null) =>
        (await list.Run(member.CommunityId, member.PersonId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    async Task<Result<Page<PointsLotHistory>>> Run(Guid community, Guid person, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var entries = db.PointsEntries;
        var rows = await db.PointsLots.AsNoTracking().Where(l => l.CommunityId == community && l.PersonId == person)
            .NewestFirst(after, l => new Cursor(l.CreatedAt, l.Id)).Take(PageSize + 1)
            .Select(l => new
            {
                Lot = l,
                Note = entries.Where(e => e.LotId == l.Id && e.SourceKind == l.SourceKind && e.SourceId == l.SourceId).Select(e => e.Note)
                    .FirstOrDefault(),
            }).ToListAsync(cancel);
        var page = Pages.Of(rows, PageSize, row => new Cursor(row.Lot.CreatedAt, row.Lot.Id));
        var sums = await db.SumsByLot([.. page.Items.Select(row => row.Lot.Id)], cancel);
        return page.Select(row =>
        {
            var (lot, moved) = (row.Lot, sums.GetValueOrDefault(row.Lot.Id, PointsSums.None));
            var filled = lot.Remaining - (moved.Earned - moved.Spent + moved.Returned - moved.Expired - moved.TakenBack);
            return new PointsLotHistory(lot.Id, lot.SourceKind, row.Note ?? "", lot.CreatedAt, moved, filled, lot.Remaining, lot.ExpiresOn);
        });
    }
}
