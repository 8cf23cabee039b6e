using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Disclosure.Events;

/// <param name="PlacesTaken">By confirmed sign-ups.</param>
/// <param name="Waiting">Places that the waiting list asks for.</param>
/// <param name="CameIn">Places that were checked in.</param>
public sealed record StaffEvent(
    Guid EventId, string Title, string Body, string Place, Audience Audience, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
        DateTimeOffset SignUpUntil, int Places,
    int PlacesTaken, int PerHouse, bool HasWaitingList, int RemindHours, EventState State, string? CancelReason, int Waiting, int CameIn);

/// <param name="Name">Masked.</param>
public sealed record Attendee(
    Guid SignUpId, string HouseCode, string Name, int Places, SignUpState State, DateTimeOffset SignedUpAt, DateTimeOffset? CheckedInAt);

public sealed record CheckedIn(Guid SignUpId, int Places, DateTimeOffset CheckedInAt);

/// <summary>Staff see their events and who comes, check people in at the door, and take the list away as an Excel file.</summary>
/// <remarks>Errors: <c>event_not_found</c>, <c>sign_up_not_found</c> 404; <c>cursor_invalid</c> 400; <c>sign_up_not_confirmed</c>,
/// <c>check_in_too_early</c> 409.</remarks>
public sealed class Attendance(OwnerPayDb db, Audit audit, Clock clock)
{
    const int PageSize = 100, HoursEarly = 12;
    static readonly Error NotFound = new(404, "sign_up_not_found", "没有找到该报名");
    static readonly Error NotConfirmed = new(409, "sign_up_not_confirmed", "该报名还在候补、已取消，或活动已取消");
    static readonly Error TooEarly = new(409, "check_in_too_early", "活动开始前 12 小时内才能签到");
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Manager];

    static readonly SheetColumn<Attendee>[] Columns =
    [
        Text<Attendee>("房号", a => a.HouseCode), Text<Attendee>("姓名", a => a.Name), Whole<Attendee>("人数", a => a.Places),
            Text<Attendee>("状态", a => Name(a.State), 10),
        Instant<Attendee>("报名时间", a => a.SignedUpAt), Instant<Attendee>("签到时间", a => a.CheckedInAt),
    ];

    public static void Map(Doors doors)
    {
        const string events = "/communities/{communityId:guid}/events", one = events + "/{eventId:guid}";
        doors.Staff.MapGet(events, GetList).WithName("listStaffEvents").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.Staff.MapGet(one, Get).WithName("showStaffEvent").ForStaff(Readers).CanFail(KeepEvents.NotFound);
        doors.Staff.MapGet(one + "/sign-ups", GetSignUps).WithName("listSignUps").ForStaff(Readers).CanFail(KeepEvents.NotFound, Cursor.Invalid);
        doors.MapSheet("events/{eventId:guid}/sign-ups", "exportSignUps", Export, Readers).CanFail(KeepEvents.NotFound);
        doors.Staff.MapPost(one + "/sign-ups/{signUpId:guid}/check-in", Post).WithName("checkIn").ForStaff(Readers)
            .CanFail(NotFound, NotConfirmed, TooEarly);
    }

    static async Task<Results<Ok<Page<StaffEvent>>, ProblemHttpResult>> GetList(StaffMember by, Attendance attendance, CancellationToken cancel,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var rows = await attendance.db.CommunityEvents.AsNoTracking().Where(e => e.CommunityId == by.CommunityId)
            .NewestFirst(after, e => new Cursor(e.StartsAt, e.Id))
            .Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(rows, PageSize, e => new Cursor(e.StartsAt, e.Id));
        return TypedResults.Ok(new Page<StaffEvent>(await attendance.Show(page.Items, cancel), page.NextCursor));
    }

    static async Task<Results<Ok<StaffEvent>, ProblemHttpResult>> Get(Guid eventId, StaffMember by, Attendance attendance,
        CancellationToken cancel) =>
        await attendance.Show(await attendance.db.CommunityEvents.AsNoTracking().Where(e => e.Id == eventId && e.CommunityId == by.CommunityId)
            .ToListAsync(cancel), cancel)
            is [var one] ? TypedResults.Ok(one) : KeepEvents.NotFound.ToProblem();

    static async Task<Results<Ok<Page<Attendee>>, ProblemHttpResult>> GetSignUps(
        Guid eventId, StaffMember by, Attendance attendance, CancellationToken cancel, string? cursor = null) =>
        await attendance.Exists(eventId, by, cancel) ? (await attendance.List(eventId, cursor, cancel))
            .ToHttp(TypedResults.Ok) : KeepEvents.NotFound.ToProblem();

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Export(Guid eventId, StaffMember by, Attendance attendance,
        ExportSheet export, CancellationToken cancel)
    {
        if (!await attendance.Exists(eventId, by, cancel)) return KeepEvents.NotFound.ToProblem();
        return await export.Run(by, "sign-ups", "活动报名", Columns, SheetFile.AllPages(cursor => attendance.List(eventId, cursor, cancel)), cancel);
    }

    static async Task<Results<Ok<CheckedIn>, ProblemHttpResult>> Post(
        Guid eventId, Guid signUpId, IdempotencyKey key, StaffMember by, Attendance attendance, CancellationToken cancel) =>
        (await attendance.CheckIn(eventId, signUpId, key, by, cancel)).ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;

    Task<bool> Exists(Guid id, StaffMember by, CancellationToken cancel) =>
        db.CommunityEvents.AnyAsync(e => e.Id == id && e.CommunityId == by.CommunityId, cancel);

    async Task<IReadOnlyList<StaffEvent>> Show(IReadOnlyList<CommunityEvent> events, CancellationToken cancel)
    {
        var ids = events.Select(e => e.Id).ToList();
        var counts = await db.EventSignUps.Where(s => ids.Contains(s.EventId) && s.Live == true)
            .GroupBy(s => s.EventId).Select(g => new
            {
                g.Key, Waiting = g.Sum(s => s.State == SignUpState.Waiting ? s.Places : 0), CameIn = g.Sum(s => s.CheckedInAt != null ? s.Places : 0),
            }).ToDictionaryAsync(g => g.Key, cancel);
        return [.. events.Select(e => new StaffEvent(
            e.Id, e.Title, e.Body, e.Place, e.Audience, e.StartsAt, e.EndsAt, e.SignUpUntil, e.Places, e.PlacesTaken, e.PerHouse, e.HasWaitingList,
                e.RemindHours, e.State,
            e.CancelReason, counts.GetValueOrDefault(e.Id)?.Waiting ?? 0, counts.GetValueOrDefault(e.Id)?.CameIn ?? 0))];
    }

    async Task<Result<Page<Attendee>>> List(Guid id, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (persons, houses) = (db.Persons, db.Houses);
        var rows = await db.EventSignUps.AsNoTracking().Where(s => s.EventId == id).OldestFirst(after, s => new Cursor(s.SignedUpAt, s.Id))
            .Take(PageSize + 1)
            .Select(s => new
            {
                SignUp = s, Person = persons.Where(p => p.Id == s.PersonId).Select(p => p.Name).First(),
                House = houses.Where(h => h.Id == s.HouseId).Select(h => h.Code).First(),
            }).ToListAsync(cancel);
        return Pages.Of(rows, PageSize, row => new Cursor(row.SignUp.SignedUpAt, row.SignUp.Id)).Select(row => new Attendee(
            row.SignUp.Id, row.House, Mask.Name(row.Person), row.SignUp.Places, row.SignUp.State, row.SignUp.SignedUpAt, row.SignUp.CheckedInAt));
    }

    Task<Result<CheckedIn>> CheckIn(Guid id, Guid signUpId, IdempotencyKey key, StaffMember by, CancellationToken cancel) =>
        db.Once<CheckedIn>(key, new { id, signUpId }, async () =>
        {
            var at = await db.CommunityEvents.AsNoTracking().Where(e => e.Id == id && e.CommunityId == by.CommunityId).ForUpdate()
                .SingleOrDefaultAsync(cancel);
            var signUp = at is null ? null : await db.EventSignUps.AsNoTracking()
                .SingleOrDefaultAsync(s => s.Id == signUpId && s.EventId == id, cancel);
            if (at is null || signUp is null) return NotFound;
            if (at.State != EventState.Published || signUp.State != SignUpState.Confirmed) return NotConfirmed;
            var now = clock.Now();
            if (now < at.StartsAt.AddHours(-HoursEarly)) return TooEarly;
            if (signUp.CheckedInAt is { } before) return new CheckedIn(signUpId, signUp.Places, before);    // a second tap
            await db.EventSignUps.Where(s => s.Id == signUpId).ExecuteUpdateAsync(set =>
                set.SetProperty(s => s.CheckedInAt, now).SetProperty(s => s.CheckedInBy, by.StaffId), cancel);
            audit.Add(by, "event.checked-in", signUpId, new { eventId = id, signUp.Places });
            return new CheckedIn(signUpId, signUp.Places, now);
        }, cancel);

    static string Name(SignUpState state) => state switch
    {
        SignUpState.Confirmed => "已报名",
        SignUpState.Waiting => "候补",
        SignUpState.Cancelled => "已取消",
        _ => throw new InvalidOperationException($"No name for {state}"),
    };
}
