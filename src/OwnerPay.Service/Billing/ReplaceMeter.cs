using System.ComponentModel.DataAnnotations;
using System.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>The meter that takes the place of another.</summary>
/// <param name="OpeningValue">What stands on it when it is hung.</param>
public sealed record NewMeter(
    [property: Required, StringLength(32, MinimumLength = 1)] string Serial, [property: Required, StringLength(20, MinimumLength = 1)] string OpeningValue,
    [property: Range(1, 9)] int Digits = 5, [property: Range(1, 100_000)] int Multiplier = 1);

/// <param name="On">Day of the change; usage up to it is of the old meter.</param>
/// <param name="ClosingValue">What stands on the old one.</param>
/// <param name="Successor">Null: it is taken away for good.</param>
public sealed record MeterReplacement(
    DateOnly On, [property: Required, StringLength(20, MinimumLength = 1)] string ClosingValue, bool ClosingEstimated = false, bool ClosingRolledOver = false,
    NewMeter? Successor = null);

/// <param name="SuccessorId">Null where none was hung.</param>
public sealed record MeterReplaced(Guid MeterId, Guid? SuccessorId);

/// <summary>A meter is taken away with its closing reading, and another is hung in its place with its opening reading: no usage is lost, none counted twice.</summary>
/// <remarks>Errors: <c>meter_not_found</c> 404; <c>meter_removed</c>, <c>meter_serial_taken</c>, <c>reading_lower</c>, <c>reading_exists</c> 409;
/// <c>reading_invalid</c> 400 with the field.</remarks>
public sealed class ReplaceMeter(OwnerPayDb db, Readings readings, Audit audit, Clock clock)
{
    static readonly Error Removed = new(409, "meter_removed", "该表已拆除");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/billing/meters/{meterId:guid}/replace", Post)
        .WithName("replaceMeter").ForStaff(StaffRole.Clerk)
        .CanFail(Problems.Validation, Readings.MeterNotFound, Removed, AddMeters.SerialTaken, Readings.Invalid, Readings.Lower, Readings.Exists);

    static async Task<Results<Ok<MeterReplaced>, ProblemHttpResult>> Post(
        Guid meterId, StaffMember staff, MeterReplacement request, ReplaceMeter replace, CancellationToken cancel) =>
        (await replace.Run(meterId, request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<MeterReplaced>> Run(Guid meterId, MeterReplacement request, StaffMember staff, CancellationToken cancel)
    {
        if (Readings.Parse(request.ClosingValue) is not { } closing) return Readings.Invalid.At("closingValue", "读数为不小于 0 的数字，最多三位小数");
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        if (await readings.Lock(staff.CommunityId, [meterId], cancel) is not [var meter]) return Readings.MeterNotFound;
        if (meter.RemovedOn is not null) return Removed;
        var live = await readings.Live(meterId, cancel);
        if (live.Find(r => r.ReadOn > request.On) is { } later) return Readings.Invalid.At("on", $"{later.ReadOn:yyyy-MM-dd} 已有读数，换表日期不能更早");
        if (live.Find(r => r.ReadOn == request.On) is { } there)
        {
            if (there.ValueThousandths != closing) return Readings.Exists.At("closingValue", $"当日已有读数 {Readings.Units(there.ValueThousandths)}，请先更正");
            if (there.Role == ReadingRole.Regular) there.Role = ReadingRole.Closing;
        }
        else
        {
            var reading = new NewReading(request.On, closing, request.ClosingEstimated, request.ClosingRolledOver);
            if (Readings.Judge(meter, live, reading, clock.Today()) is { } refusal) return refusal.Field == "readOn" ? refusal with { Field = "on" } : refusal with { Field = "closingValue" };
            readings.Add(meter, reading, live.Count == 0 ? ReadingRole.Opening : ReadingRole.Closing, ReadingSource.Entry, staff);
        }
        meter.RemovedOn = request.On;
        var successor = (Meter?)null;
        if (request.Successor is { } next)
        {
            if (Hang(meter, request.On, next, staff, out successor) is { } refusal) return refusal;
            var serial = successor!.Serial;
            if (await db.Meters.AnyAsync(m => m.CommunityId == staff.CommunityId && m.Serial == serial, cancel)) return AddMeters.SerialTaken.At("successor.serial");
        }
        audit.Add(staff, "meter.replaced", meter.Id, new { meter.Serial, request.On, closing, successor = successor?.Serial });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException taken) when (WriteFailure.Violates(taken, "Meters", "Serial"))
        {
            return AddMeters.SerialTaken.At("successor.serial");    // somebody hung a meter of this number a moment ago
        }
        await transaction.CommitAsync(cancel);
        return new MeterReplaced(meter.Id, successor?.Id);
    }

    Error? Hang(Meter old, DateOnly on, NewMeter next, StaffMember staff, out Meter? hung)
    {
        hung = null;
        if (Readings.Parse(next.OpeningValue) is not { } opening || opening >= Domain.Billing.MeterCounter.Range(next.Digits))
            return Readings.Invalid.At("successor.openingValue", $"起始读数为不小于 0 的数字，最多三位小数，不超过 {next.Digits} 位");
        hung = new Meter
        {
            Id = Guid.CreateVersion7(), CommunityId = old.CommunityId, FeeKindId = old.FeeKindId, Slot = old.Slot, HouseId = old.HouseId, BuildingId = old.BuildingId,
            Place = old.Place, Serial = next.Serial.Trim().ToUpperInvariant(), Digits = next.Digits, Multiplier = next.Multiplier, InstalledOn = on, CreatedAt = clock.Now(),
        };
        db.Add(hung);
        readings.Add(hung, new(on, opening), ReadingRole.Opening, ReadingSource.Entry, staff);
        return null;
    }
}
