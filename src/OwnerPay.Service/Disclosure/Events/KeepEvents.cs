using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Events;

/// <param name="Body">Markdown subset of notices.</param>
/// <param name="SignUpUntil">First instant at which it is too late; absent: the start.</param>
/// <param name="Places">People that can take part.</param>
/// <param name="PerHouse">Most places of one house.</param>
/// <param name="RemindHours">Hours before the start at which those with a place are reminded; 0: not at all.</param>
public sealed record EventInput(
    [property: Required, StringLength(60, MinimumLength = 2)] string Title,
        [property: Required, StringLength(NoticeMarkup.Longest, MinimumLength = 1)] string Body,
    [property: Required, StringLength(100, MinimumLength = 2)] string Place, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
        [property: Range(1, 10_000)] int Places,
    [property: Range(1, 50)] int PerHouse = 2, DateTimeOffset? SignUpUntil = null, bool HasWaitingList = true,
        [property: Range(0, 168)] int RemindHours = 24,
    Audience Audience = Audience.Community, [property: MaxLength(40)] string? BuildingCode = null);

public sealed record CancelEventRequest([property: Required, StringLength(190, MinimumLength = 2)] string Reason);

public sealed record EventWritten(Guid EventId, EventState State);

/// <summary>Staff write an event, open it for sign-up and call it off; who has signed up hears of that.</summary>
/// <remarks>What an event says is checked like a notice. Errors: <c>event_not_found</c> 404; <c>event_times_invalid</c>, <c>notice_markup_refused</c>
/// and those of the audience 400; <c>event_not_draft</c>, <c>event_not_open</c> 409; <c>unlawful_measure</c> 422.</remarks>
public sealed class KeepEvents(OwnerPayDb db, Residents residents, CheckPublicText check, Messages messages, Outbox outbox, Audit audit, Clock clock)
{
    public const string Cancelled = "event.cancelled";
    public static readonly Error NotFound = new(404, "event_not_found", "没有找到该活动");
    public static readonly Error NotOpen = new(409, "event_not_open", "该活动未发布、已取消或已结束");
    static readonly Error NotDraft = new(409, "event_not_draft", "该活动已发布或已取消，不能再改") { Detail = "如需改期，请取消后重新发布，已报名的业主会收到通知" };
    static readonly Error TimesInvalid = new(400, "event_times_invalid", "活动时间有误") { Field = "startsAt", Detail = "报名截止不晚于开始，开始早于结束，并且都在将来" };
    static readonly Error OneHouse = Residents.Incomplete with { Detail = "活动面向全小区或一个楼栋" };
    static readonly StaffRole[] Writers = [StaffRole.Clerk, StaffRole.Manager];
    static readonly Error[] Faults = [TimesInvalid, new(400, "notice_markup_refused", "正文中有不支持的格式"), CheckPublicText.Unlawful,
        Residents.BuildingUnknown, Residents.Incomplete];

    public static void Map(Doors doors)
    {
        const string events = "/communities/{communityId:guid}/events", one = events + "/{eventId:guid}";
        doors.Staff.MapPost(events, Post).WithName("draftEvent").ForStaff(Writers).CanFail(Faults);
        doors.Staff.MapPut(one, Put).WithName("changeEventDraft").ForStaff(Writers).CanFail([.. Faults, NotFound, NotDraft]);
        doors.Staff.MapPost(one + "/publish", PostPublish).WithName("publishEvent").ForStaff(Writers).CanFail([.. Faults, NotFound, NotDraft]);
        doors.Staff.MapPost(one + "/cancel", PostCancel).WithName("cancelEvent").ForStaff(Writers).CanFail(NotFound, NotOpen);
    }

    static async Task<Results<Created<EventWritten>, ProblemHttpResult>> Post(IdempotencyKey key, StaffMember by, EventInput input, KeepEvents keep,
        CancellationToken cancel) =>
        (await keep.db.Once(key, input, () => keep.Draft(null, input, by, cancel), cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/events/{done.EventId}", done));

    static async Task<Results<Ok<EventWritten>, ProblemHttpResult>> Put(
        Guid eventId, IdempotencyKey key, StaffMember by, EventInput input, KeepEvents keep, CancellationToken cancel) =>
        (await keep.db.Once(key, new { eventId, input }, () => keep.Draft(eventId, input, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<EventWritten>, ProblemHttpResult>> PostPublish(Guid eventId, IdempotencyKey key, StaffMember by, KeepEvents keep,
        CancellationToken cancel) =>
        (await keep.db.Once(key, new { eventId }, () => keep.Publish(eventId, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<EventWritten>, ProblemHttpResult>> PostCancel(
        Guid eventId, IdempotencyKey key, StaffMember by, CancelEventRequest request, KeepEvents keep, CancellationToken cancel) =>
        (await keep.db.Once(key, new { eventId, request }, () => keep.Cancel(eventId, request.Reason, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;

    async Task<Result<EventWritten>> Draft(Guid? id, EventInput input, StaffMember by, CancellationToken cancel)
    {
        var at = id is null
            ? new CommunityEvent { Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, State = EventState.Draft, CreatedAt = clock.Now() }
            : await Locked(id.Value, by, cancel);
        if (at is null) return NotFound;
        if (at.State != EventState.Draft) return NotDraft;
        if (input.Audience == Audience.House) return OneHouse;
        var scope = await residents.Find(by.CommunityId, input.Audience, input.BuildingCode, null, cancel);
        if (scope.Refusal is { } unknown) return unknown;
        (at.Title, at.Body, at.Place, at.Audience, at.BuildingId) =
            (input.Title.Trim(), input.Body.Trim(), input.Place.Trim(), input.Audience, scope.Value.BuildingId);
        (at.StartsAt, at.EndsAt, at.SignUpUntil) = (input.StartsAt, input.EndsAt, input.SignUpUntil ?? input.StartsAt);
        (at.Places, at.PerHouse, at.HasWaitingList, at.RemindHours) = (input.Places, input.PerHouse, input.HasWaitingList, input.RemindHours);
        if (await Fault(at, cancel) is { } refusal) return refusal;
        if (id is null) db.Add(at);
        audit.Add(by, id is null ? "event.drafted" : "event.changed", at.Id, new { at.Title, at.StartsAt, at.Places });
        return new EventWritten(at.Id, at.State);
    }

    async Task<Error?> Fault(CommunityEvent at, CancellationToken cancel)
    {
        if (at.SignUpUntil > at.StartsAt || at.StartsAt >= at.EndsAt || at.SignUpUntil <= clock.Now()) return TimesInvalid;
        var blocks = NoticeMarkup.Read(at.Body);
        return blocks.Refusal ?? await check.Run(at.CommunityId, CheckPublicText.Text(at.Title + "\n" + at.Place, blocks.Value), "body", cancel);
    }

    async Task<Result<EventWritten>> Publish(Guid id, StaffMember by, CancellationToken cancel)
    {
        if (await Locked(id, by, cancel) is not { } at) return NotFound;
        if (at.State != EventState.Draft) return NotDraft;
        if (await Fault(at, cancel) is { } refusal) return refusal;
        at.State = EventState.Published;
        audit.Add(by, "event.published", id, new { at.Title, at.StartsAt, at.Places });
        return new EventWritten(id, at.State);
    }

    async Task<Result<EventWritten>> Cancel(Guid id, string reason, StaffMember by, CancellationToken cancel)
    {
        if (await Locked(id, by, cancel) is not { } at) return NotFound;
        if (at.State != EventState.Published || at.EndsAt <= clock.Now()) return NotOpen;
        (at.State, at.CancelReason) = (EventState.Cancelled, reason);
        await messages.CancelUnsent([id], [EventReminder.Name, PlaceGiven.Name], "cancelled", cancel);
        outbox.Add(Cancelled, by.CommunityId, id);
        audit.Add(by, "event.cancelled", id, new { reason });
        return new EventWritten(id, at.State);
    }

    Task<CommunityEvent?> Locked(Guid id, StaffMember by, CancellationToken cancel) =>
        db.CommunityEvents.Where(e => e.Id == id && e.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
}
