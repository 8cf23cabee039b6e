using OwnerPay.Domain;
using OwnerPay.Domain.Billing;

namespace OwnerPay.Service.Billing;

/// <summary>Usage of a meter on a live bill line.</summary>
/// <param name="From">First day of the line; it tells in which year or month a tier counts it.</param>
/// <param name="Usage">0.001 units.</param>
readonly record struct BilledUsage(Guid MeterId, Guid PartyId, Guid FromReadingId, Guid ToReadingId, DateOnly From, long Usage);

/// <summary>A meter with all its readings, also withdrawn ones, and what of it is billed.</summary>
/// <param name="Readings">By date, then by when they were recorded.</param>
sealed record HouseMeter(Meter Meter, IReadOnlyList<MeterReading> Readings, IReadOnlyList<BilledUsage> Billed);

/// <summary>Usage between two readings that nobody has been billed for.</summary>
/// <param name="Days">The day after the reading before, to the day of the reading.</param>
/// <param name="Usage">0.001 units, above 0: the difference on the counter times the multiplier.</param>
sealed record PendingUsage(Meter Meter, MeterReading From, MeterReading To, DateRange Days, long Usage);

/// <summary>What a meter has to be billed for, and why for nothing.</summary>
sealed record MeterUsage(IReadOnlyList<PendingUsage> Pending, IReadOnlyList<(string Kind, string Text)> Remarks)
{
    /// <summary>A reading with its place on a counter without a last number.</summary>
    readonly record struct Point(MeterReading Reading, long Position);

    /// <summary>Readings that no live bill has charged, each against what was charged before it.</summary>
    /// <remarks>Charged is what stands behind the last charged reading, so that whatever was charged wrongly settles itself with the next reading: after
    /// an estimate (or a slip that was corrected) that was too low the next line takes the rest, after one that was too high it takes less, and as
    /// long as the counter has not reached what was charged, nothing. An estimate that a real reading has overtaken is not charged any more. Where a
    /// later reading is charged already (a bill between was voided), the gap before it is, up to where that charge begins.</remarks>
    public static MeterUsage Of(HouseMeter of, DateRange period)
    {
        var (meter, pending, remarks) = (of.Meter, new List<PendingUsage>(), new List<(string, string)>());
        var live = of.Readings.Where(r => r.LiveOn is not null && r.ReadOn <= period.To).ToList();
        var billed = Billed(of);
        var charged = billed.Select(interval => interval.To.Reading.Id).ToHashSet();
        var points = new Queue<Point>(billed.Select(interval => interval.To).OrderBy(p => p.Reading.ReadOn).ThenBy(p => p.Reading.RecordedAt).ThenBy(p => p.Reading.Id));
        var (reached, since, ahead) = (default(Point), default(DateOnly), 0L);
        for (var index = 0; index < live.Count; index++)
        {
            var at = new Point(live[index], PositionOf(of, live[index]));
            if (at.Reading.Role == ReadingRole.Opening) { (reached, since, ahead) = (at, at.Reading.ReadOn, 0); continue; }
            while (points.TryPeek(out var point) && point.Reading.ReadOn <= at.Reading.ReadOn)
            {
                points.Dequeue();
                if (point.Reading.ReadOn >= since) (reached, since, ahead) = (point, point.Reading.ReadOn, 0);
            }
            if (reached.Reading is null || charged.Contains(at.Reading.Id)) continue;
            var later = Later(billed, at, live.Skip(index + 1).FirstOrDefault(r => r.Role == ReadingRole.Opening)?.ReadOn ?? DateOnly.MaxValue);
            var target = later ?? at;
            if (later is null && at.Reading.Estimated && live.Skip(index + 1).Any(r => !r.Estimated)) continue;
            if (later is not null && reached.Position >= target.Position) continue;
            ahead = reached.Position - target.Position;
            var until = target.Reading.ReadOn;
            var days = new DateRange(since < until ? since.AddDays(1) : until, until);
            if (since < until) since = until;
            if (ahead == 0) reached = target;
            if (ahead >= 0) continue;
            pending.Add(new(meter, reached.Reading, target.Reading, days, checked(-ahead * meter.Multiplier)));
            (reached, ahead) = (target, 0);
        }
        Remark(of, period, live, pending, charged, ahead, remarks);
        return new(pending, remarks);
    }

    /// <summary>Where the next charge behind a reading begins, of the stretch up to the next opening reading; null when nothing behind it is charged.</summary>
    static Point? Later(List<(Point From, Point To)> billed, Point at, DateOnly end)
    {
        var behind = billed.Where(b => b.To.Reading.ReadOn > at.Reading.ReadOn && b.From.Reading.ReadOn < end).OrderBy(b => b.To.Reading.ReadOn).ThenBy(b => b.From.Position);
        return behind.Select(b => (Point?)b.From).FirstOrDefault();
    }

    static void Remark(HouseMeter of, DateRange period, List<MeterReading> live, List<PendingUsage> pending, HashSet<Guid> charged, long ahead,
        List<(string, string)> remarks)
    {
        var name = Name(of.Meter);
        var inPeriod = live.Where(r => r.ReadOn >= period.From).ToList();
        foreach (var first in inPeriod.Where(r => r.Role == ReadingRole.Opening))
            remarks.Add((OddKinds.FirstReading, $"{name} {first.ReadOn:yyyy-MM-dd} 为起始读数 {Units(first.ValueThousandths)}，从下一次抄表起计费"));
        if (pending.Count > 0) return;
        if (ahead > 0) remarks.Add((OddKinds.ReadingBehind, $"{name} 已计费超前 {Units(checked(ahead * of.Meter.Multiplier))}（此前估抄或更正），待读数追上后再计费"));
        else if (inPeriod.Exists(r => r.Role != ReadingRole.Opening && charged.Contains(r.Id))) remarks.Add((OddKinds.AlreadyBilled, $"{name} 本期读数已出账，跳过"));
        else if (inPeriod.Exists(r => r.Role != ReadingRole.Opening)) remarks.Add((OddKinds.ZeroAmount, $"{name} 本期用量为 0，不出账"));
        else if (inPeriod.Count == 0 && (of.Meter.RemovedOn is null || of.Meter.RemovedOn >= period.From) && of.Meter.InstalledOn <= period.To)
            remarks.Add((OddKinds.ReadingMissing, $"{name} 本期没有读数，未计费"));
    }

    /// <summary>Each charged interval once, also where its usage is spread over several lines.</summary>
    static List<(Point From, Point To)> Billed(HouseMeter of)
    {
        var known = of.Readings.ToDictionary(r => r.Id);
        return [.. of.Billed.Select(line => (line.FromReadingId, line.ToReadingId)).Distinct()
            .Select(ends => (known[ends.FromReadingId], known[ends.ToReadingId]))
            .Select(ends => (new Point(ends.Item1, PositionOf(of, ends.Item1)), new Point(ends.Item2, PositionOf(of, ends.Item2))))];
    }

    /// <summary>The same as <see cref="MeterCounter.Positions"/>, also for a withdrawn reading: rounds are those of the readings that count before it.</summary>
    static long PositionOf(HouseMeter of, MeterReading reading)
    {
        var rounds = of.Readings.Count(r => r.LiveOn is not null && r.ReadOn < reading.ReadOn && r.RolledOver) + (reading.RolledOver ? 1 : 0);
        return checked(rounds * MeterCounter.Range(of.Meter.Digits) + reading.ValueThousandths);
    }

    public static string Name(Meter meter) => meter.Place.Length > 0 ? $"表 {meter.Serial}（{meter.Place}）" : $"表 {meter.Serial}";

    public static string Units(long thousandths) => (thousandths / 1_000m).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
