using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Disclosure;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Events;

/// <param name="Places">How many people of the house come.</param>
public sealed record SignUpRequest([property: Range(1, 50)] int Places = 1);

/// <param name="State"><c>waiting</c>: on the waiting list; a message comes when there is a place.</param>
public sealed record SignUpAnswer(Guid SignUpId, SignUpState State, int Places);

/// <summary>An owner signs up for an event, or cancels. Of two who tap for the last place one gets it; who cancels makes room for the next in
/// line.</summary>
/// <remarks>Errors: <c>event_not_found</c>, <c>sign_up_not_found</c> 404; <c>event_not_open</c>, <c>sign_up_closed</c>, <c>event_full</c>,
/// <c>event_house_limit</c>, <c>already_signed_up</c>, <c>sign_up_ended</c> 409.</remarks>
public sealed class SignUp(OwnerPayDb db, Residents residents, Messages messages, Clock clock)
{
    static readonly Error Closed = new(409, "sign_up_closed", "报名已截止");
    static readonly Error Full = new(409, "event_full", "名额已满");
    static readonly Error HouseLimit = new(409, "event_house_limit", "超过每户可报人数");
    static readonly Error Already = new(409, "already_signed_up", "您已报名") { Detail = "如需更改人数，请先取消再报名" };
    static readonly Error NotFound = new(404, "sign_up_not_found", "没有找到该报名");
    static readonly Error Ended = new(409, "sign_up_ended", "该报名已取消，或活动已开始");

    public static void Map(Doors doors)
    {
        doors.Owner.MapPost("/houses/{houseId}/events/{eventId:guid}/sign-ups", Post).WithName("signUpForEvent").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, KeepEvents.NotFound, KeepEvents.NotOpen, Closed, Full, HouseLimit, Already);
        doors.Owner.MapPost("/houses/{houseId}/events/{eventId:guid}/sign-ups/{signUpId:guid}/cancel", PostCancel).WithName("cancelSignUp")
            .ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, NotFound, Ended);
    }

    static async Task<Results<Ok<SignUpAnswer>, ProblemHttpResult>> Post(
        Guid eventId, IdempotencyKey key, Member member, SignUpRequest? request, SignUp signUp, CancellationToken cancel) =>
        (await signUp.Run(eventId, request?.Places ?? 1, key, member, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<SignUpAnswer>, ProblemHttpResult>> PostCancel(
        Guid eventId, Guid signUpId, IdempotencyKey key, Member member, SignUp signUp, CancellationToken cancel) =>
        (await signUp.Cancel(eventId, signUpId, key, member, cancel)).ToHttp(TypedResults.Ok);

    public Task<Result<SignUpAnswer>> Run(Guid id, int places, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<SignUpAnswer>(key, new { id, member.HouseId, places }, async () =>
        {
            // The event's row is the queue of the rush: what is counted behind it cannot change before this one is decided.
            if (await residents.BuildingOf(member, cancel) is not { } building) return KeepEvents.NotFound;
            var at = await db.CommunityEvents.AsNoTracking().Where(e =>
                e.Id == id && e.CommunityId == member.CommunityId && e.State != EventState.Draft
                && (e.Audience == Audience.Community || e.BuildingId == building)).ForUpdate().SingleOrDefaultAsync(cancel);
            if (at is null) return KeepEvents.NotFound;
            if (at.State != EventState.Published) return KeepEvents.NotOpen;
            if (clock.Now() >= at.SignUpUntil) return Closed;
            var house = await db.EventSignUps.AsNoTracking().Where(s => s.EventId == id && s.HouseId == member.HouseId && s.Live == true)
                .ToListAsync(cancel);
            if (house.Any(s => s.PersonId == member.PersonId)) return Already;
            if (house.Sum(s => s.Places) + places > at.PerHouse) return HouseLimit.With("perHouse", at.PerHouse);
            var fits = at.PlacesTaken + places <= at.Places;
            if (!fits && !at.HasWaitingList) return Full;
            if (fits)
            {
                var taken = await db.CommunityEvents.Where(e => e.Id == id && e.PlacesTaken + places <= e.Places)
                    .ExecuteUpdateAsync(set => set.SetProperty(e => e.PlacesTaken, e => e.PlacesTaken + places), cancel);
                if (taken == 0) throw new InvalidOperationException($"Event {id:N} lost a place while it was locked");
            }
            var signUp = new EventSignUp
            {
                Id = Guid.CreateVersion7(), CommunityId = member.CommunityId, EventId = id, HouseId = member.HouseId, PersonId = member.PersonId,
                Places = places,
                SignedUpAt = clock.Now(), State = fits ? SignUpState.Confirmed : SignUpState.Waiting, Live = true,
            };
            db.Add(signUp);
            return new SignUpAnswer(signUp.Id, signUp.State, places);
        }, cancel);

    public Task<Result<SignUpAnswer>> Cancel(Guid id, Guid signUpId, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<SignUpAnswer>(key, new { id, signUpId }, async () =>
        {
            var at = await db.CommunityEvents.AsNoTracking().Where(e => e.Id == id && e.CommunityId == member.CommunityId).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            var signUp = at is null ? null : await db.EventSignUps.AsNoTracking()
                .SingleOrDefaultAsync(s => s.Id == signUpId && s.EventId == id && s.HouseId == member.HouseId && s.PersonId == member.PersonId,
                    cancel);
            if (at is null || signUp is null) return NotFound;
            var now = clock.Now();
            if (signUp.State == SignUpState.Cancelled || now >= at.StartsAt) return Ended;
            await db.EventSignUps.Where(s => s.Id == signUpId).ExecuteUpdateAsync(set => set.SetProperty(s => s.State, SignUpState.Cancelled)
                .SetProperty(s => s.Live, (bool?)null).SetProperty(s => s.CancelledAt, now), cancel);
            if (signUp.State == SignUpState.Confirmed) await MoveUp(at, signUp.Places, cancel);
            return new SignUpAnswer(signUpId, SignUpState.Cancelled, signUp.Places);
        }, cancel);

    /// <summary>The freed places go down the line; what nobody in it needs is free again. The caller holds the event's row.</summary>
    async Task MoveUp(CommunityEvent at, int freed, CancellationToken cancel)
    {
        var free = at.Places - at.PlacesTaken + freed;
        var line = at.State != EventState.Published ? [] : await db.EventSignUps.AsNoTracking()
            .Where(s => s.EventId == at.Id && s.State == SignUpState.Waiting)
            .OrderBy(s => s.SignedUpAt).ThenBy(s => s.Id).ToListAsync(cancel);
        var up = WaitingLine.MoveUp(free, line.Select(s => new WaitingSignUp(s.Id, s.Places)));
        var given = line.Where(s => up.Contains(s.Id)).ToList();
        var taken = at.Places - free + given.Sum(s => s.Places);
        await db.CommunityEvents.Where(e => e.Id == at.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.PlacesTaken, taken), cancel);
        await db.EventSignUps.Where(s => up.Contains(s.Id)).ExecuteUpdateAsync(set => set.SetProperty(s => s.State, SignUpState.Confirmed), cancel);
        await messages.TellAll(PlaceGiven.Name, at.CommunityId, [.. given.Select(s => new Recipient(s.PersonId, at.Id, s.HouseId))], null, cancel);
    }
}
