using System.ComponentModel.DataAnnotations;
using System.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="Value">Decimal text of at most three decimals, as it stands on the counter.</param>
/// <param name="Estimated">Nobody looked; the next real reading corrects it.</param>
/// <param name="RolledOver">The counter began anew since the reading before.</param>
/// <param name="Opening">Usage before it is nobody's. A meter's first reading always is.</param>
/// <param name="PhotoId">A photo that was uploaded before.</param>
public sealed record ReadingRequest(
    DateOnly ReadOn, [property: Required, StringLength(20, MinimumLength = 1)] string Value, bool Estimated = false, bool RolledOver = false,
    bool Opening = false, Guid? PhotoId = null);

/// <param name="Value">Null: it is only withdrawn.</param>
/// <param name="Reason">Kept with the withdrawn reading.</param>
public sealed record ReadingCorrection(
    [property: Required, StringLength(190, MinimumLength = 2)] string Reason, [property: StringLength(20)] string? Value = null, bool Estimated = false,
    bool RolledOver = false, Guid? PhotoId = null);

/// <param name="Value">Units as on the counter, up to three decimals.</param>
/// <param name="LiveOn">Null once withdrawn.</param>
public sealed record ReadingShown(
    Guid ReadingId, Guid MeterId, DateOnly ReadOn, decimal Value, ReadingRole Role, bool Estimated, bool RolledOver, ReadingSource Source, DateOnly? LiveOn,
    string? WithdrawnBecause, Guid? PhotoId, Guid RecordedBy, DateTimeOffset RecordedAt)
{
    public static ReadingShown Of(MeterReading r) => new(r.Id, r.MeterId, r.ReadOn, r.ValueThousandths / 1_000m, r.Role, r.Estimated, r.RolledOver, r.Source,
        r.LiveOn, r.WithdrawnBecause, r.PhotoId, r.RecordedBy, r.RecordedAt);
}

/// <summary>Staff enter a meter reading, or put a wrong one right. The same entry again changes nothing; whatever was billed by a wrong one settles with the
/// next reading.</summary>
/// <remarks>Errors: <c>meter_not_found</c>, <c>reading_not_found</c>, <c>reading_photo_not_found</c> 404; <c>reading_invalid</c> 400 with the field;
/// <c>reading_lower</c>, <c>reading_exists</c>, <c>reading_opening_needed</c> 409.</remarks>
public sealed class RecordReading(OwnerPayDb db, Readings readings, Audit audit, Clock clock)
{
    static readonly Error NotFound = new(404, "reading_not_found", "没有找到该读数");
    static readonly Error OpeningNeeded = new(409, "reading_opening_needed", "起始读数之后已有读数，只能更正，不能作废");

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/meters/{meterId:guid}/readings", Post).WithName("recordReading").ForStaff(StaffRole.Clerk)
            .CanFail(Problems.Validation, Readings.MeterNotFound, Readings.Invalid, Readings.Lower, Readings.Exists, Readings.PhotoNotFound);
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/readings/{readingId:guid}/correct", PostCorrect).WithName("correctReading").ForStaff(StaffRole.Clerk)
            .CanFail(Problems.Validation, NotFound, OpeningNeeded, Readings.Invalid, Readings.Lower, Readings.PhotoNotFound);
    }

    static async Task<Results<Ok<ReadingShown>, ProblemHttpResult>> Post(
        Guid meterId, StaffMember staff, ReadingRequest request, RecordReading record, CancellationToken cancel) =>
        (await record.Run(meterId, request, staff, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<ReadingShown>, ProblemHttpResult>> PostCorrect(
        Guid readingId, StaffMember staff, ReadingCorrection request, RecordReading record, CancellationToken cancel) =>
        (await record.Correct(readingId, request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<ReadingShown>> Run(Guid meterId, ReadingRequest request, StaffMember staff, CancellationToken cancel)
    {
        if (Readings.Parse(request.Value) is not { } value) return Readings.Invalid.At("value", "读数为不小于 0 的数字，最多三位小数，如 1234.5");
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        if (await readings.Lock(staff.CommunityId, [meterId], cancel) is not [var meter]) return Readings.MeterNotFound;
        if (!await PhotoIsOurs(request.PhotoId, staff, cancel)) return Readings.PhotoNotFound;
        var live = await readings.Live(meterId, cancel);
        var reading = new NewReading(request.ReadOn, value, request.Estimated, request.RolledOver, request.Opening, request.PhotoId);
        if (live.Find(r => r.ReadOn == request.ReadOn) is { } there)
            return there.ValueThousandths == value && there.Estimated == request.Estimated ? ReadingShown.Of(there)
                : Readings.Exists.At("readOn", $"{there.ReadOn:yyyy-MM-dd} 已有读数 {Readings.Units(there.ValueThousandths)}，请更正它");
        if (Readings.Judge(meter, live, reading, clock.Today()) is { } refusal) return refusal;
        var added = readings.Add(meter, reading, live.Count == 0 || request.Opening ? ReadingRole.Opening : ReadingRole.Regular, ReadingSource.Entry, staff);
        audit.Add(staff, "reading.recorded", added.Id, new { meter.Serial, added.ReadOn, added.ValueThousandths, added.Estimated, added.RolledOver });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ReadingShown.Of(added);
    }

    public async Task<Result<ReadingShown>> Correct(Guid readingId, ReadingCorrection request, StaffMember staff, CancellationToken cancel)
    {
        if (request.Value is { } text && Readings.Parse(text) is null) return Readings.Invalid.At("value", "读数为不小于 0 的数字，最多三位小数，如 1234.5");
        var meterId = await db.MeterReadings.Where(r => r.Id == readingId && r.CommunityId == staff.CommunityId).Select(r => r.MeterId).SingleOrDefaultAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        if (await readings.Lock(staff.CommunityId, [meterId], cancel) is not [var meter]) return NotFound;
        if (!await PhotoIsOurs(request.PhotoId, staff, cancel)) return Readings.PhotoNotFound;
        var live = await readings.Live(meterId, cancel);
        if (live.Find(r => r.Id == readingId) is not { } wrong) return NotFound;    // withdrawn meanwhile
        live.Remove(wrong);
        MeterReading? right = null;
        if (request.Value is not null)
        {
            var reading = new NewReading(wrong.ReadOn, Readings.Parse(request.Value)!.Value, request.Estimated, request.RolledOver, PhotoId: request.PhotoId);
            var first = wrong.Role == ReadingRole.Opening && live.TrueForAll(r => r.ReadOn > wrong.ReadOn);
            if ((first ? JudgeOpening(meter, live, reading) : Readings.Judge(meter, live, reading, clock.Today())) is { } refusal) return refusal;
            right = readings.Add(meter, reading, wrong.Role, ReadingSource.Entry, staff);
        }
        else if (wrong.Role != ReadingRole.Regular && live.Exists(r => r.ReadOn > wrong.ReadOn)) return OpeningNeeded;
        else if (wrong.Role == ReadingRole.Closing) return Readings.Invalid.At("value", "拆表读数只能更正，不能作废");
        else if (Contradiction(meter, live, wrong.ReadOn) is { } refusal) return refusal;
        (wrong.LiveOn, wrong.WithdrawnBecause) = (null, request.Reason.Trim());
        audit.Add(staff, "reading.corrected", wrong.Id,
            new { meter.Serial, wrong.ReadOn, from = wrong.ValueThousandths, to = right?.ValueThousandths, reason = request.Reason.Trim() });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ReadingShown.Of(right ?? wrong);
    }

    /// <summary>Without a reading its neighbours must still follow each other.</summary>
    static Error? Contradiction(Meter meter, List<MeterReading> live, DateOnly gone)
    {
        var (before, after) = (live.LastOrDefault(r => r.ReadOn < gone), live.Find(r => r.ReadOn > gone));
        return before is null || after is null || MeterCounter.Judge(meter.Digits, before.OnCounter, after.OnCounter) == CounterFault.None ? null
            : Readings.Invalid.At("value", $"作废后与 {after.ReadOn:yyyy-MM-dd} 的读数 {Readings.Units(after.ValueThousandths)} 矛盾，请改为更正");
    }

    /// <summary>A first reading has none before it; it only must not contradict the next one.</summary>
    static Error? JudgeOpening(Meter meter, List<MeterReading> live, NewReading reading)
    {
        if (reading.RolledOver) return Readings.Invalid.At("rolledOver", "起始读数没有过零");
        var asFirst = new Meter { Digits = meter.Digits, InstalledOn = meter.InstalledOn, RemovedOn = meter.RemovedOn };
        var opening = new MeterReading { ReadOn = reading.ReadOn, ValueThousandths = reading.Value, Estimated = reading.Estimated };
        if (Readings.Judge(asFirst, [], reading, reading.ReadOn) is { } fault) return fault;
        return live is [var next, ..] && MeterCounter.Judge(meter.Digits, opening.OnCounter, next.OnCounter) != CounterFault.None
            ? Readings.Invalid.At("value", $"与之后 {next.ReadOn:yyyy-MM-dd} 的读数 {Readings.Units(next.ValueThousandths)} 矛盾，请先更正后者") : null;
    }

    async Task<bool> PhotoIsOurs(Guid? photo, StaffMember staff, CancellationToken cancel) =>
        photo is null || await db.ReadingPhotos.AnyAsync(p => p.Id == photo && p.CommunityId == staff.CommunityId, cancel);
}
