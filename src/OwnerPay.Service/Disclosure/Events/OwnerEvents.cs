using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Events;

/// <param name="Waits">Position on the waiting list from 1; null unless waiting.</param>
public sealed record MySignUp(Guid SignUpId, SignUpState State, int Places, int? Waits, bool CheckedIn);

/// <param name="Html">As in notices.</param>
/// <param name="PlacesLeft">0: full.</param>
/// <param name="HouseLeft">How many places this house may still take.</param>
/// <param name="Mine">The person's own sign-up, if there is one that was not cancelled.</param>
public sealed record OwnerEvent(
    Guid EventId, string Title, string Html, string Place, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset SignUpUntil, int Places,
        int PlacesLeft,
    int PerHouse, int HouseLeft, bool HasWaitingList, EventState State, string? CancelReason, MySignUp? Mine);

public sealed record OwnerEventList(IReadOnlyList<OwnerEvent> Items);

/// <summary>Events that are open to a house, the next one first; past ones for 30 days more.</summary>
/// <remarks>Errors: <c>event_not_found</c> 404.</remarks>
public sealed class OwnerEvents(OwnerPayDb db, Residents residents, Clock clock)
{
    const int Most = 50, DaysShown = 30;

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/events", GetList).WithName("listEvents").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapGet("/houses/{houseId}/events/{eventId:guid}", Get).WithName("showEvent").ForOwners()
            .CanFail(Member.HouseNotFound, KeepEvents.NotFound);
    }

    static async Task<Ok<OwnerEventList>> GetList(Member member, OwnerEvents events, CancellationToken cancel) =>
        TypedResults.Ok(new OwnerEventList(await events.Of(member, null, cancel)));

    static async Task<Results<Ok<OwnerEvent>, ProblemHttpResult>> Get(Guid eventId, Member member, OwnerEvents events, CancellationToken cancel) =>
        (await events.Of(member, eventId, cancel)) is [var one] ? TypedResults.Ok(one) : KeepEvents.NotFound.ToProblem();

    async Task<IReadOnlyList<OwnerEvent>> Of(Member member, Guid? only, CancellationToken cancel)
    {
        if (await residents.BuildingOf(member, cancel) is not { } building) return [];
        var since = clock.Now().AddDays(-DaysShown);
        var query = db.CommunityEvents.AsNoTracking().Where(e => e.CommunityId == member.CommunityId && e.State != EventState.Draft
            && (e.Audience == Audience.Community || e.BuildingId == building));
        query = only is { } id ? query.Where(e => e.Id == id) : query.Where(e => e.EndsAt > since);
        var found = await query.OrderBy(e => e.StartsAt).ThenBy(e => e.Id).Take(Most).ToListAsync(cancel);
        var ids = found.Select(e => e.Id).ToList();
        var live = (await db.EventSignUps.AsNoTracking().Where(s =>
            ids.Contains(s.EventId) && s.Live == true && (s.HouseId == member.HouseId || s.State == SignUpState.Waiting))
            .OrderBy(s => s.SignedUpAt).ThenBy(s => s.Id).Select(s =>
                new { s.Id, s.EventId, s.HouseId, s.PersonId, s.State, s.Places, s.CheckedInAt }).ToListAsync(cancel))
            .ToLookup(s => s.EventId);
        return [.. found.Select(e =>
        {
            var mine = live[e.Id].FirstOrDefault(s => s.HouseId == member.HouseId && s.PersonId == member.PersonId);
            var waits = mine is { State: SignUpState.Waiting } ? live[e.Id].Where(s => s.State == SignUpState.Waiting).TakeWhile(s => s.Id != mine.Id)
                .Count() + 1 : (int?)null;
            return new OwnerEvent(e.Id, e.Title, NoticeMarkup.ToHtml(NoticeMarkup.Read(e.Body).Value), e.Place, e.StartsAt, e.EndsAt, e.SignUpUntil,
                e.Places,
                e.Places - e.PlacesTaken, e.PerHouse, Math.Max(0, e.PerHouse - live[e.Id].Where(s => s.HouseId == member.HouseId).Sum(s => s.Places)),
                    e.HasWaitingList, e.State,
                e.CancelReason, mine is null ? null : new MySignUp(mine.Id, mine.State, mine.Places, waits, mine.CheckedInAt is not null));
        })];
    }
}
