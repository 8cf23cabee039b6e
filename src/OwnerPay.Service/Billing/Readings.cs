using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A reading that somebody wants to record.</summary>
/// <param name="Value">0.001 units.</param>
/// <param name="Opening">Usage before it is nobody's: of a hand-over without an earlier reading.</param>
sealed record NewReading(DateOnly ReadOn, long Value, bool Estimated = false, bool RolledOver = false, bool Opening = false, Guid? PhotoId = null);

/// <summary>What a reading must be to its meter, said once for entry, import, correction and replacement. Inside the caller's transaction, under the
/// lock of the meter's row.</summary>
public sealed class Readings(OwnerPayDb db, Clock clock)
{
    public static readonly Error MeterNotFound = new(404, "meter_not_found", "没有找到该表");
    public static readonly Error Invalid = new(400, "reading_invalid", "读数有误");
    public static readonly Error Lower = new(409, "reading_lower", "读数低于上一次读数");
    public static readonly Error Exists = new(409, "reading_exists", "当日已有不同的读数");
    public static readonly Error PhotoNotFound = new(404, "reading_photo_not_found", "没有找到该照片");

    /// <summary>The meters, locked in the order of their ids; those of other communities are left out.</summary>
    internal async Task<List<Meter>> Lock(Guid community, List<Guid> ids, CancellationToken cancel) =>
        await db.Meters.Where(m => m.CommunityId == community && ids.Contains(m.Id)).OrderBy(m => m.Id).ForUpdate().ToListAsync(cancel);

    /// <summary>The readings that count, by date.</summary>
    internal async Task<List<MeterReading>> Live(Guid meter, CancellationToken cancel) =>
        await db.MeterReadings.Where(r => r.MeterId == meter && r.LiveOn != null).OrderBy(r => r.ReadOn).ToListAsync(cancel);

    /// <returns>Whole numbers of 0.001 units; null when the text is no reading.</returns>
    internal static long? Parse(string text)
    {
        try { return FixedPoint.Parse(text.Trim(), 3) is var value and >= 0 ? value : null; }
        catch (RuleRefusal) { return null; }
    }

    /// <summary>Judges a reading; what it says about one already there of the same day is for the caller.</summary>
    /// <param name="live">By date, without a reading of that day.</param>
    internal static Error? Judge(Meter meter, IReadOnlyList<MeterReading> live, NewReading reading, DateOnly today)
    {
        if (reading.ReadOn > today) return Invalid.At("readOn", "抄表日期不能晚于今天");
        if (reading.ReadOn < meter.InstalledOn) return Invalid.At("readOn", $"该表于 {meter.InstalledOn:yyyy-MM-dd} 安装，抄表日期不能更早");
        if (reading.ReadOn > meter.RemovedOn) return Invalid.At("readOn", $"该表已于 {meter.RemovedOn:yyyy-MM-dd} 拆除，请填写新表的表号");
        var (before, after) = (live.LastOrDefault(r => r.ReadOn < reading.ReadOn), live.FirstOrDefault(r => r.ReadOn > reading.ReadOn));
        var now = new CounterReading(reading.ReadOn, reading.Value, reading.Estimated, reading.RolledOver);
        if (before is null && after is not null) return Invalid.At("readOn", $"早于起始读数（{after.ReadOn:yyyy-MM-dd}），无需补录");
        if (Fault(meter, before, now) is { } fault) return fault;
        // An estimate may stand above what was read before it only as long as nothing real stands below it.
        if (before is { Estimated: true } && !reading.RolledOver && live.LastOrDefault(r => r.ReadOn < reading.ReadOn && !r.Estimated) is { } real
            && real.ReadOn < before.ReadOn && !live.Any(r => r.RolledOver && r.ReadOn > real.ReadOn && r.ReadOn < reading.ReadOn) && reading.Value < real.ValueThousandths)
            return Lower.At("value", $"上一次实抄 {real.ReadOn:yyyy-MM-dd} 为 {Units(real.ValueThousandths)}，不能低于它");
        if (after is null) return null;
        return Fault(meter, new MeterReading { ReadOn = now.On, ValueThousandths = now.Value, Estimated = now.Estimated }, after.OnCounter) is null
            ? null : Invalid.At("value", $"与之后 {after.ReadOn:yyyy-MM-dd} 的读数 {Units(after.ValueThousandths)} 矛盾，请先更正后者");
    }

    static Error? Fault(Meter meter, MeterReading? before, CounterReading now) => MeterCounter.Judge(meter.Digits, before?.OnCounter, now) switch
    {
        CounterFault.None => null,
        CounterFault.BeyondCounter => Invalid.At("value", $"该表为 {meter.Digits} 位，读数应小于 {Units(MeterCounter.Range(meter.Digits))}"),
        CounterFault.Lower => Lower.At("value", $"{before!.ReadOn:yyyy-MM-dd} 为 {Units(before.ValueThousandths)}；若表已走满归零，请注明过零；若已换表，请先登记换表"),
        CounterFault.NoRollOver => Invalid.At("rolledOver", "读数没有低于上一次读数，不是过零"),
        CounterFault.RollOverUnlikely => Invalid.At("rolledOver",
            $"按过零计算，{before!.ReadOn:yyyy-MM-dd} 的 {Units(before.ValueThousandths)} 到 {Units(now.Value)} 用量超过表程一半，请核对读数或登记换表"),
        var other => throw new InvalidOperationException($"Fault {other} has no words"),
    };

    /// <summary>Adds a reading that was judged.</summary>
    internal MeterReading Add(Meter meter, NewReading reading, ReadingRole role, ReadingSource source, StaffMember by)
    {
        var added = new MeterReading
        {
            Id = Guid.CreateVersion7(), CommunityId = meter.CommunityId, MeterId = meter.Id, ReadOn = reading.ReadOn, LiveOn = reading.ReadOn,
            ValueThousandths = reading.Value, Role = role, Estimated = reading.Estimated, RolledOver = reading.RolledOver, Source = source,
            PhotoId = reading.PhotoId, RecordedBy = by.StaffId, RecordedAt = clock.Now(),
        };
        db.Add(added);
        return added;
    }

    internal static string Units(long thousandths) => (thousandths / 1_000m).ToString("0.###", CultureInfo.InvariantCulture);
}
