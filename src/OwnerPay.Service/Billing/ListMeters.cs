using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="HouseCode">Null for a shared meter.</param>
/// <param name="LastReadOn">Day of the youngest reading that counts.</param>
/// <param name="LastValue">Units as on the counter.</param>
public sealed record MeterShown(
    Guid MeterId, string FeeKind, string Slot, string Serial, string? HouseCode, string? BuildingCode, string Place, int Digits, int Multiplier,
    DateOnly InstalledOn, DateOnly? RemovedOn, DateOnly? LastReadOn, decimal? LastValue);

/// <summary>The meters of a community and their readings, a page at a time.</summary>
public sealed class ListMeters(OwnerPayDb db)
{
    const int PageSize = 100;

    public static void Map(Doors doors)
    {
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/meters", Get).WithName("listMeters")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/meters/{meterId:guid}/readings", GetReadings).WithName("listReadings")
            .ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid, Readings.MeterNotFound);
    }

    static async Task<Results<Ok<Page<MeterShown>>, ProblemHttpResult>> Get(
        string? house, string? feeKind, string? cursor, StaffMember staff, ListMeters list, CancellationToken cancel) =>
        (await list.Run(staff.CommunityId, house, feeKind, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<Page<ReadingShown>>, ProblemHttpResult>> GetReadings(
        Guid meterId, string? cursor, StaffMember staff, ListMeters list, CancellationToken cancel) =>
        (await list.Of(staff.CommunityId, meterId, cursor, cancel)).ToHttp(TypedResults.Ok);

    /// <param name="house">Code of a house, or null for all meters.</param>
    /// <param name="feeKind">Code of a fee kind, or null.</param>
    public async Task<Result<Page<MeterShown>>> Run(Guid community, string? house, string? feeKind, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var (houses, kinds, buildings, readings) = (db.Houses, db.FeeKinds, db.Buildings, db.MeterReadings);
        var query = db.Meters.AsNoTracking().Where(m => m.CommunityId == community);
        if (house is not null) query = query.Where(m => houses.Any(h => h.Id == m.HouseId && h.CommunityId == community && h.Code == house));
        if (feeKind is not null) query = query.Where(m => kinds.Any(k => k.Id == m.FeeKindId && k.Code == feeKind));
        var meters = await query.OldestFirst(after, m => new Cursor(m.CreatedAt, m.Id)).Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(meters, PageSize, m => new Cursor(m.CreatedAt, m.Id));
        var (ids, houseIds) = (page.Items.Select(m => m.Id).ToList(), page.Items.Select(m => m.HouseId).OfType<Guid>().ToList());
        var codes = await houses.Where(h => houseIds.Contains(h.Id)).ToDictionaryAsync(h => h.Id, h => h.Code, cancel);
        var kindCodes = await kinds.Where(k => k.CommunityId == community).ToDictionaryAsync(k => k.Id, k => k.Code, cancel);
        var buildingCodes = await buildings.Where(b => b.CommunityId == community).ToDictionaryAsync(b => b.Id, b => b.Code, cancel);
        var last = (await readings.AsNoTracking().Where(r => ids.Contains(r.MeterId) && r.LiveOn != null
                && !readings.Any(later => later.MeterId == r.MeterId && later.LiveOn > r.LiveOn)).ToListAsync(cancel)).ToDictionary(r => r.MeterId);
        return page.Select(m => new MeterShown(m.Id, kindCodes[m.FeeKindId], m.Slot, m.Serial, m.HouseId is { } h ? codes[h] : null,
            m.BuildingId is { } b ? buildingCodes[b] : null, m.Place, m.Digits, m.Multiplier, m.InstalledOn, m.RemovedOn,
            last.GetValueOrDefault(m.Id)?.ReadOn, last.GetValueOrDefault(m.Id)?.ValueThousandths / 1_000m));
    }

    /// <summary>All readings of a meter, also withdrawn ones, the one recorded last on top.</summary>
    public async Task<Result<Page<ReadingShown>>> Of(Guid community, Guid meterId, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        if (!await db.Meters.AnyAsync(m => m.Id == meterId && m.CommunityId == community, cancel)) return Readings.MeterNotFound;
        var found = await db.MeterReadings.AsNoTracking().Where(r => r.MeterId == meterId)
            .NewestFirst(after, r => new Cursor(r.RecordedAt, r.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return Pages.Of(found, PageSize, r => new Cursor(r.RecordedAt, r.Id)).Select(ReadingShown.Of);
    }
}
