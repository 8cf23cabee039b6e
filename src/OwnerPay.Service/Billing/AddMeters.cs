using System.ComponentModel.DataAnnotations;
using System.Data;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A meter as a clerk writes it down.</summary>
/// <param name="FeeKind">Code of a fee kind.</param>
/// <param name="Slot">Slot of the tariffs that price it.</param>
/// <param name="HouseCode">Its house; left out for a shared meter.</param>
/// <param name="BuildingCode">The building that shares it; with both left out the community shares it.</param>
/// <param name="Place">Tells several meters of a house apart.</param>
/// <param name="OpeningValue">What stood on it when it was hung; without it the first reading is the opening one.</param>
public sealed record MeterLine(
    string FeeKind, string Slot, [property: Required, StringLength(32, MinimumLength = 1)] string Serial, DateOnly InstalledOn, string? HouseCode = null,
    string? BuildingCode = null, [property: StringLength(20)] string? Place = null, [property: Range(1, 9)] int Digits = 5,
    [property: Range(1, 100_000)] int Multiplier = 1, [property: StringLength(20)] string? OpeningValue = null);

public sealed record MetersRequest([property: Required, MinLength(1), MaxLength(2_000)] IReadOnlyList<MeterLine> Meters);

/// <param name="Unchanged">Were there already, the same in all things.</param>
public sealed record MetersAdded(int Added, int Unchanged);

/// <summary>A clerk writes down the meters of houses and the shared ones; all of a list or nothing of it. The same list again changes nothing.</summary>
/// <remarks>Errors: <c>meters_invalid</c> 400 with the field and, in <c>faults</c>, all that is wrong; <c>meter_serial_taken</c> 409.</remarks>
public sealed partial class AddMeters(OwnerPayDb db, Readings readings, Audit audit, Clock clock)
{
    public static readonly Error Invalid = new(400, "meters_invalid", "表计资料有误");
    public static readonly Error SerialTaken = new(409, "meter_serial_taken", "该表号已被使用");

    [GeneratedRegex("^[0-9A-Z\\p{IsCJKUnifiedIdeographs}][0-9A-Z\\p{IsCJKUnifiedIdeographs}-]{0,31}$")]
    private static partial Regex SerialForm();

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/billing/meters", Post)
        .WithName("addMeters").ForStaff(StaffRole.Clerk).CanFail(Problems.Validation, Invalid, SerialTaken);

    static async Task<Results<Ok<MetersAdded>, ProblemHttpResult>> Post(StaffMember staff, MetersRequest request, AddMeters add, CancellationToken cancel) =>
        (await add.Run(request, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<MetersAdded>> Run(MetersRequest request, StaffMember staff, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        // One list at a time: two meters at one place, each sound for itself, would count the same usage.
        await db.Communities.AsNoTracking().Where(c => c.Id == staff.CommunityId).ForUpdate().SingleAsync(cancel);
        var ground = await Ground.Load(db, staff.CommunityId, request, cancel);
        var (faults, made, unchanged) = (new List<FileFault>(), new List<(Meter Meter, long? Opening)>(), 0);
        for (var index = 0; index < request.Meters.Count; index++)
        {
            var at = $"meters[{index}]";
            if (request.Meters[index] is not { } line) { faults.Add(new(at, "不能为空")); continue; }
            if (Make(line, at, ground, staff.CommunityId, faults) is not { } meter) continue;
            if (ground.Known.Find(m => m.Serial == meter.Serial) is { } known)
            {
                if (Same(known, meter)) unchanged++;
                else faults.Add(new(at + ".serial", $"表号 {meter.Serial} 已登记在别处或资料不同；换表请用换表登记"));
                continue;
            }
            if (ground.Known.Find(m => AtSamePlace(m, meter) && (m.RemovedOn is null || m.RemovedOn > meter.InstalledOn)) is { } there)
            {
                faults.Add(new(at + ".installedOn", $"同一位置已有表 {there.Serial} 在用，会重复计量；换表请用换表登记，另一只表请填写位置 place"));
                continue;
            }
            ground.Known.Add(meter);
            made.Add((meter, line.OpeningValue is { } text ? Readings.Parse(text) : null));
        }
        if (faults.Count > 0) return Invalid.At(faults[0].Field, faults[0].Detail).With("faults", faults.Take(100));
        foreach (var (meter, opening) in made)
        {
            db.Add(meter);
            if (opening is { } value) readings.Add(meter, new(meter.InstalledOn, value), ReadingRole.Opening, ReadingSource.Entry, staff);
        }
        if (made.Count > 0) audit.Add(staff, "meter.added", null, new { count = made.Count, first = made[0].Meter.Serial });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new MetersAdded(made.Count, unchanged);
    }

    sealed record Ground(Dictionary<string, Guid> Kinds, Dictionary<string, Guid> Buildings, Dictionary<string, Guid> Houses, List<Meter> Known)
    {
        public static async Task<Ground> Load(OwnerPayDb db, Guid community, MetersRequest request, CancellationToken cancel)
        {
            var codes = request.Meters.Where(m => m?.HouseCode is not null).Select(m => m.HouseCode!).Distinct().ToList();
            var houses = await db.Houses.Where(h => h.CommunityId == community && codes.Contains(h.Code)).ToDictionaryAsync(h => h.Code, h => h.Id, cancel);
            var (ids, serials) = (houses.Values.ToList(), request.Meters.Where(m => m?.Serial is not null).Select(m => m.Serial.Trim().ToUpperInvariant()).ToList());
            return new(
                await db.FeeKinds.Where(k => k.CommunityId == community).ToDictionaryAsync(k => k.Code, k => k.Id, cancel),
                await db.Buildings.Where(b => b.CommunityId == community).ToDictionaryAsync(b => b.Code, b => b.Id, cancel), houses,
                await db.Meters.AsNoTracking().Where(m => m.CommunityId == community
                    && (m.HouseId == null || ids.Contains(m.HouseId.Value) || serials.Contains(m.Serial))).ToListAsync(cancel));
        }
    }

    Meter? Make(MeterLine line, string at, Ground ground, Guid community, List<FileFault> faults)
    {
        var before = faults.Count;
        if (!ground.Kinds.TryGetValue(line.FeeKind, out var kind)) faults.Add(new(at + ".feeKind", $"没有费用科目 {line.FeeKind}"));
        if (line.Slot.Length is 0 or > 40) faults.Add(new(at + ".slot", "请填写收费项目，如 base"));
        var serial = line.Serial.Trim().ToUpperInvariant();
        if (!SerialForm().IsMatch(serial)) faults.Add(new(at + ".serial", "表号由字母、数字、汉字和短横线组成，不超过 32 位"));
        if (line.InstalledOn > clock.Today()) faults.Add(new(at + ".installedOn", "安装日期不能晚于今天"));
        if (line is { HouseCode: not null, BuildingCode: not null }) faults.Add(new(at + ".buildingCode", "户表只填房号，公共表只填楼栋或都不填"));
        Guid house = default, building = default;
        if (line.HouseCode is { } houseCode && !ground.Houses.TryGetValue(houseCode, out house)) faults.Add(new(at + ".houseCode", $"没有房号 {houseCode}"));
        if (line.BuildingCode is { } buildingCode && !ground.Buildings.TryGetValue(buildingCode, out building)) faults.Add(new(at + ".buildingCode", $"没有楼栋 {buildingCode}"));
        if (line.OpeningValue is { } text && (Readings.Parse(text) is not { } value || value >= MeterCounter.Range(line.Digits)))
            faults.Add(new(at + ".openingValue", $"起始读数为不小于 0 的数字，最多三位小数，不超过 {line.Digits} 位"));
        return faults.Count > before ? null : new Meter
        {
            Id = Guid.CreateVersion7(), CommunityId = community, FeeKindId = kind, Slot = line.Slot, HouseId = line.HouseCode is null ? null : house,
            BuildingId = line.BuildingCode is null ? null : building, Place = line.Place?.Trim() ?? "", Serial = serial, Digits = line.Digits,
            Multiplier = line.Multiplier, InstalledOn = line.InstalledOn, CreatedAt = clock.Now(),
        };
    }

    static bool AtSamePlace(Meter a, Meter b) =>
        (a.FeeKindId, a.Slot, a.HouseId, a.BuildingId, a.Place) == (b.FeeKindId, b.Slot, b.HouseId, b.BuildingId, b.Place);

    static bool Same(Meter a, Meter b) => AtSamePlace(a, b) && (a.Digits, a.Multiplier, a.InstalledOn) == (b.Digits, b.Multiplier, b.InstalledOn);
}
