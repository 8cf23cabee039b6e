using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="ValueFen">Of one piece, fen.</param>
public sealed record PrizeShown(string Name, long ValueFen, int Count);

/// <summary>The published rules of a draw, as people read them.</summary>
/// <param name="Beacon">Which public number decides, known on <paramref name="BeaconOn"/>.</param>
/// <param name="TicketPoints">Points for a ticket; 0: none for points.</param>
/// <param name="TicketFen">A payment in time gives a ticket for each such amount, fen; 0: none for payments.</param>
/// <param name="Winners">Pieces that can be won: with the number of tickets this is everybody's chance.</param>
public sealed record RulesShown(
    string Text, DateTimeOffset Opens, DateTimeOffset Closes, string Beacon, DateOnly BeaconOn, long TicketPoints, long TicketFen, int MaxTickets,
        int PickUpDays,
    int Winners, IReadOnlyList<PrizeShown> Prizes);

/// <param name="PickUpCode">To show at the counter while the prize waits.</param>
/// <param name="TaxFen">Income tax of 20 % that is due on the prize, fen.</param>
public sealed record MyPrize(Guid WinId, string Ticket, string Prize, long ValueFen, long TaxFen, DrawWinState State, string? PickUpCode,
    DateOnly ExpiresOn);

/// <param name="Page">Where anybody can recompute it, under the service's address.</param>
/// <param name="MyTickets">Their public numbers.</param>
public sealed record DrawShown(
    Guid DrawId, string Title, DrawState State, RulesShown Rules, string RulesHash, string CommitHex, string? RootHex, int Tickets,
        IReadOnlyList<string> MyTickets,
    IReadOnlyList<MyPrize> MyPrizes, string Page);

public sealed record DrawList(IReadOnlyList<DrawShown> Items);

/// <param name="Number">Of the winning ticket.</param>
/// <param name="PersonName">Masked.</param>
/// <param name="TaxFen">Income tax of 20 % that finance has to pay in or to collect, fen.</param>
public sealed record WinShown(
    Guid WinId, int Position, string Number, string PersonName, string Prize, long ValueFen, long TaxFen, DrawWinState State, DateOnly ExpiresOn,
        DateTimeOffset? EndedAt,
    string? ReplacedReason);

/// <param name="PrizesFen">Worth of all prizes that were won and not replaced, and the tax on them.</param>
/// <param name="KeepUntil">The archive is kept at least until this Shanghai day: two years after the draw.</param>
public sealed record StaffDraw(
    Guid DrawId, string Title, DrawState State, RulesShown Rules, string RulesHash, string CommitHex, string? RootHex, int Tickets, string? Beacon,
        string? BeaconSource,
    DateTimeOffset? PublishedAt, DateTimeOffset? ClosedAt, DateTimeOffset? DrawnAt, DateOnly? KeepUntil, long PrizesFen, long TaxFen,
        IReadOnlyList<WinShown> Winners, string Page);

public sealed record StaffDrawItem(Guid DrawId, string Title, DrawState State, DateTimeOffset Opens, DateTimeOffset Closes, DateTimeOffset? DrawnAt,
    int Tickets);

/// <summary>Draws as owners and as staff see them.</summary>
public sealed class ShowDraws(OwnerPayDb db)
{
    const int PageSize = 50, MostOwn = 20, YearsKept = 2;
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager];

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/draws", GetMine).WithName("listDraws").ForOwners().CanFail(Member.HouseNotFound);
        doors.Staff.MapGet("/communities/{communityId:guid}/draws", GetAll).WithName("listCommunityDraws").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/draws/{drawId:guid}",
            GetOne).WithName("showCommunityDraw").ForStaff(Readers).CanFail(ProposeDraw.NotFound);
    }

    static async Task<Ok<DrawList>> GetMine(Member member, ShowDraws show, CancellationToken cancel) => TypedResults.Ok(await show.Mine(member,
        cancel));

    static async Task<Results<Ok<Page<StaffDrawItem>>, ProblemHttpResult>> GetAll(StaffMember by, ShowDraws show, CancellationToken cancel,
        string? cursor = null) =>
        (await show.All(by.CommunityId, cursor, cancel)).ToHttp(page => TypedResults.Ok(page));

    static async Task<Results<Ok<StaffDraw>, ProblemHttpResult>> GetOne(Guid drawId, StaffMember by, ShowDraws show, CancellationToken cancel) =>
        (await show.One(drawId, by.CommunityId, cancel)).ToHttp(draw => TypedResults.Ok(draw));

    async Task<DrawList> Mine(Member member, CancellationToken cancel)
    {
        var draws = await db.Draws.AsNoTracking().Where(d => d.CommunityId == member.CommunityId
                && (d.State == DrawState.Open || d.State == DrawState.Closed || d.State == DrawState.Drawn))
            .OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id).Take(MostOwn).ToListAsync(cancel);
        var ids = draws.Select(d => d.Id).ToList();
        var counts = await db.DrawTickets.Where(t => ids.Contains(t.DrawId) && !t.Void).GroupBy(t => t.DrawId).Select(g => new
        {
            g.Key, Count = g
            .Count()
        })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var mine = (await db.DrawTickets.AsNoTracking().Where(t => ids.Contains(t.DrawId) && t.PersonId == member.PersonId
            && !t.Void).ToListAsync(cancel)).ToLookup(t => t.DrawId);
        var won = (await db.DrawWins.AsNoTracking().Where(w => ids.Contains(w.DrawId)
            && w.PersonId == member.PersonId).ToListAsync(cancel)).ToLookup(w => w.DrawId);
        return new([.. draws.Select(d => new DrawShown(d.Id, d.Title, d.State, Rules(d), d.RulesHash, d.CommitHex, d.RootHex,
            counts.GetValueOrDefault(d.Id),
            [.. mine[d.Id].Select(t => t.Number).Order(StringComparer.Ordinal)],
            [.. won[d.Id].OrderBy(w => w.Position).Select(w => new MyPrize(w.Id, mine[d.Id].First(t => t.Id == w.TicketId).Number, w.PrizeName,
                w.ValueFen, w.TaxFen, w.State,
                w.State == DrawWinState.Waiting ? w.PickUpCode : null, w.ExpiresOn))], PageOf(d.Id)))]);
    }

    async Task<Result<Page<StaffDrawItem>>> All(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var tickets = db.DrawTickets;
        var rows = await db.Draws.AsNoTracking().Where(d => d.CommunityId == community).NewestFirst(after, d => new Cursor(d.CreatedAt,
            d.Id)).Take(PageSize + 1)
            .Select(d => new
            {
                d.CreatedAt, Item = new StaffDrawItem(d.Id, d.Title, d.State, d.Opens, d.Closes, d.DrawnAt, tickets
                .Count(t => t.DrawId == d.Id && !t.Void))
            })
            .ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.CreatedAt, row.Item.DrawId)).Select(row => row.Item);
    }

    async Task<Result<StaffDraw>> One(Guid id, Guid community, CancellationToken cancel)
    {
        var d = await db.Draws.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.CommunityId == community, cancel);
        if (d is null) return ProposeDraw.NotFound;
        var (tickets, persons) = (db.DrawTickets, db.Persons);
        var wins = await db.DrawWins.AsNoTracking().Where(w => w.DrawId == id).OrderBy(w => w.Position).Select(w => new
        {
            Win = w, Number = tickets.Where(t => t.Id == w.TicketId).Select(t => t.Number).Single(), Person = persons.Where(p => p.Id == w.PersonId)
                .Select(p => p.Name).Single(),
        }).ToListAsync(cancel);
        var live = wins.Where(row => row.Win.State != DrawWinState.Replaced).ToList();
        return new StaffDraw(d.Id, d.Title, d.State, Rules(d), d.RulesHash, d.CommitHex, d.RootHex, await tickets.CountAsync(t => t.DrawId == id
            && !t.Void, cancel), d.Beacon,
            d.BeaconSource, d.PublishedAt, d.ClosedAt, d.DrawnAt, d.DrawnAt is { } drawn ? Clock.DateOf(drawn).AddYears(YearsKept) : null,
                live.Sum(row => row.Win.ValueFen),
            live.Sum(row => row.Win.TaxFen), [.. wins.Select(row => new WinShown(row.Win.Id, row.Win.Position, row.Number, Mask.Name(row.Person),
                row.Win.PrizeName, row.Win.ValueFen,
                row.Win.TaxFen, row.Win.State, row.Win.ExpiresOn, row.Win.EndedAt, row.Win.ReplacedReason))], PageOf(d.Id));
    }

    static string PageOf(Guid draw) => $"/draws/{draw}";

    static RulesShown Rules(Draw draw)
    {
        var r = draw.ReadRules();
        return new(r.Text, r.Opens, r.Closes, r.Beacon, r.BeaconOn, r.TicketPoints, r.TicketFen, r.MaxTickets, r.PickUpDays, r.Winners,
            [.. r.Prizes.Select(prize => new PrizeShown(prize.Name, prize.ValueFen, prize.Count))]);
    }
}
