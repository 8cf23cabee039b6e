using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>What houses used in a period by their own meters: the basis where a common cost is shared by usage.</summary>
static class HouseUsage
{
    /// <returns>0.001 units by house; houses without a reading in the period are left out.</returns>
    public static async Task<Dictionary<Guid, long>> Of(OwnerPayDb db, Guid community, Guid? building, Guid kind, DateRange period, CancellationToken cancel)
    {
        var (from, to, houses) = (period.From, period.To, db.Houses);
        var meters = await db.Meters.AsNoTracking().Where(m => m.CommunityId == community && m.FeeKindId == kind && m.HouseId != null && m.InstalledOn <= to
            && (m.RemovedOn == null || m.RemovedOn >= from) && (building == null || houses.Any(h => h.Id == m.HouseId && h.BuildingId == building))).ToListAsync(cancel);
        var used = new Dictionary<Guid, long>();
        foreach (var page in meters.Chunk(500))
        {
            var ids = page.Select(m => m.Id).ToList();
            var readings = (await db.MeterReadings.AsNoTracking().Where(r => ids.Contains(r.MeterId) && r.LiveOn != null && r.ReadOn <= to).ToListAsync(cancel))
                .ToLookup(r => r.MeterId);
            foreach (var meter in page)
                if (Of(meter, [.. readings[meter.Id].OrderBy(r => r.ReadOn)], period) is { } usage)
                    used[meter.HouseId!.Value] = checked(used.GetValueOrDefault(meter.HouseId.Value) + usage);
        }
        return used;
    }

    /// <returns>Null without a reading in the period.</returns>
    static long? Of(Meter meter, List<MeterReading> readings, DateRange period)
    {
        var last = readings.FindLastIndex(r => r.ReadOn >= period.From);
        if (last < 0) return null;
        var start = readings.FindLastIndex(r => r.ReadOn < period.From || r.Role == ReadingRole.Opening);
        if (start < 0 || start >= last) return 0;
        var positions = MeterCounter.Positions(meter.Digits, readings.ConvertAll(r => r.OnCounter));
        return Math.Max(0, checked((positions[last] - positions[start]) * meter.Multiplier));
    }
}
