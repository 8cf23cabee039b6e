using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Messaging;

/// <param name="Channel">Its name for people: 短信.</param>
/// <param name="Reason">The channel's code or our word; null when all is well.</param>
public sealed record AttemptRow(MessageChannel Channel, string Name, DeliveryState State, DeliveryProof Proof, string? Reason, long CostFen, DateTimeOffset At);

/// <param name="Person">Masked: 王**.</param>
/// <param name="Proof">The best that is proved: read and acknowledged in the inbox count more than any channel's word.</param>
/// <param name="CostFen">All channels together.</param>
public sealed record ToldRow(
    Guid MessageId, string Kind, string Person, string Title, string Body, DateTimeOffset CreatedAt, DeliveryProof Proof, long CostFen,
    IReadOnlyList<AttemptRow> Attempts);

/// <summary>What the owners of a house were told, by which ways, what it cost and what is proved of it. Newest first.</summary>
/// <remarks>Errors: <c>house_not_found</c> 404.</remarks>
public sealed class ShowHouseMessages(OwnerPayDb db)
{
    const int PageSize = 50;
    static readonly Error NotFound = new(404, "house_not_found", "没有找到该房屋");

    public static void Map(Doors doors) =>
        doors.Staff.MapGet("/communities/{communityId:guid}/houses/{houseId:guid}/messages", Get).WithName("listHouseMessages")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Finance, StaffRole.Manager).CanFail(NotFound, Cursor.Invalid);

    static async Task<Results<Ok<Page<ToldRow>>, ProblemHttpResult>> Get(
        Guid houseId, string? cursor, StaffMember staff, ShowHouseMessages show, CancellationToken cancel) =>
        (await show.List(staff.CommunityId, houseId, cursor, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<Page<ToldRow>>> List(Guid community, Guid house, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        if (!await db.Houses.AnyAsync(h => h.Id == house && h.CommunityId == community, cancel)) return NotFound;
        var persons = await db.Tenures.Where(t => t.HouseId == house).Select(t => t.PersonId).Distinct().ToListAsync(cancel);
        var told = db.Messages.AsNoTracking().Where(m => persons.Contains(m.PersonId) && m.HouseId == house);
        var found = await told.NewestFirst(after, m => new Cursor(m.CreatedAt, m.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(found, PageSize, m => new Cursor(m.CreatedAt, m.Id));
        var (ids, people) = (page.Items.Select(m => m.Id).ToList(), page.Items.Select(m => m.PersonId).Distinct().ToList());
        var tried = (await db.Deliveries.AsNoTracking().Where(d => ids.Contains(d.MessageId)).ToListAsync(cancel)).ToLookup(d => d.MessageId);
        var names = await db.Persons.AsNoTracking().Where(p => people.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return page.Select(m => Row(m, names[m.PersonId], [.. tried[m.Id].OrderBy(d => d.CreatedAt).ThenBy(d => d.Id)]));
    }

    static ToldRow Row(Message m, string name, IReadOnlyList<Delivery> tried) => new(
        m.Id, m.Kind, Mask.Name(name), m.Title, m.Body, m.CreatedAt, m.ProofBy(tried), tried.Sum(d => d.CostFen),
        [.. tried.Select(d => new AttemptRow(d.Channel, ChannelNames.Of(d.Channel), d.State, d.Proof, d.Reason, d.CostFen, d.DoneAt ?? d.CreatedAt))]);
}
