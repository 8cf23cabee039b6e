using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Domain.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <summary>A common cost to share out: an entered total, or the usage of a shared meter.</summary>
/// <param name="BuildingCode">Null: the whole community shares it.</param>
/// <param name="TotalFen">The entered total; null where a meter makes it.</param>
/// <param name="MeterId">The shared meter; its readings of the day before <paramref name="From"/> and of <paramref name="To"/>, or the last before them,
/// make the usage.</param>
/// <param name="Evidence">Where an entered total comes from.</param>
public sealed record ApportionmentRequest(
    [property: Required] string FeeKind, [property: Required] string Slot, DateOnly From, DateOnly To, string? BuildingCode = null,
    [property: Range(1, 1_000_000_000_000)] long? TotalFen = null, Guid? MeterId = null, [property: StringLength(190)] string? Evidence = null);

/// <param name="BasisTotal">0.01 m², households or 0.001 units.</param>
/// <param name="UsageThousandths">Of the shared meter, 0.001 units; 0 where the total was entered.</param>
public sealed record ApportionmentShown(
    Guid ApportionmentId, string FeeKind, string Slot, Guid? BuildingId, DateOnly From, DateOnly To, long TotalFen, ApportionBasis Basis, long BasisTotal,
    Guid? MeterId, long UsageThousandths, string Evidence, ApportionmentState State, Guid ClosedBy, DateTimeOffset ClosedAt, int Houses)
{
    public static ApportionmentShown Of(Apportionment a, string kind, int houses) => new(a.Id, kind, a.Slot, a.BuildingId, a.From, a.To, a.TotalFen, a.Basis,
        a.BasisTotal, a.MeterId, a.UsageThousandths, a.Evidence, a.State, a.ClosedBy, a.ClosedAt, houses);
}

/// <param name="WithoutUsage">Codes of houses that have no reading in the period and so weigh nothing, where it is shared by usage.</param>
public sealed record ApportionmentClosed(ApportionmentShown Apportionment, IReadOnlyList<string> WithoutUsage);

/// <summary>A clerk closes a common cost (公摊): the shares of all houses are fixed in one set, and the next bill run, which finance confirms, bills them.
/// A house that is added later gets no share, and nothing can be shared out twice.</summary>
/// <remarks>Errors: <c>apportionment_invalid</c> 400 with the field; <c>apportionment_overlaps</c>, <c>apportionment_no_basis</c> 409.</remarks>
public sealed class CloseApportionment(OwnerPayDb db, Audit audit, Clock clock)
{
    public static readonly Error Invalid = new(400, "apportionment_invalid", "公摊资料有误");
    public static readonly Error Overlaps = new(409, "apportionment_overlaps", "该项目在此期间已经分摊");
    public static readonly Error NoBasis = new(409, "apportionment_no_basis", "没有可以分摊的户");

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/billing/apportionments", Post)
        .WithName("closeApportionment").ForStaff(StaffRole.Clerk)
        .CanFail(Problems.Validation, IdempotencyKey.Missing, IdempotencyKey.Reused, Invalid, Overlaps, NoBasis);

    static async Task<Results<Created<ApportionmentClosed>, ProblemHttpResult>> Post(
        IdempotencyKey key, StaffMember staff, ApportionmentRequest request, CloseApportionment close, CancellationToken cancel) =>
        (await close.Run(request, key, staff, cancel)).ToHttp(done => TypedResults.Created(
            $"/api/staff/v1/communities/{staff.CommunityId}/billing/apportionments/{done.Apportionment.ApportionmentId}", done));

    public Task<Result<ApportionmentClosed>> Run(ApportionmentRequest request, IdempotencyKey key, StaffMember staff, CancellationToken cancel) =>
        db.Once<ApportionmentClosed>(key, new { staff.CommunityId, request }, async () =>
        {
            if (Refusal(request, clock.Today()) is { } refusal) return refusal;
            // One at a time: of two for the same period only one may stand.
            await db.Communities.AsNoTracking().Where(c => c.Id == staff.CommunityId).ForUpdate().SingleAsync(cancel);
            var kind = await db.FeeKinds.AsNoTracking().SingleOrDefaultAsync(k => k.CommunityId == staff.CommunityId && k.Code == request.FeeKind, cancel);
            if (kind is null) return Invalid.At("feeKind", $"没有费用科目 {request.FeeKind}");
            var building = request.BuildingCode is { } code
                ? await db.Buildings.AsNoTracking().SingleOrDefaultAsync(b => b.CommunityId == staff.CommunityId && b.Code == code, cancel) : null;
            if (request.BuildingCode is not null && building is null) return Invalid.At("buildingCode", $"没有楼栋 {request.BuildingCode}");
            if (await Overlapping(staff.CommunityId, kind.Id, building?.Id, request, cancel) is { } there)
                return Overlaps.At("from", $"{there.From:yyyy-MM-dd} 至 {there.To:yyyy-MM-dd} 已有一次分摊，如有误请先作废（已出账的请走更正）");
            var period = new DateRange(request.From, request.To);
            var priced = await Tariff(staff.CommunityId, kind.Id, building?.Id, request.Slot, period, cancel);
            if (priced.Refusal is { } unpriced) return unpriced;
            var total = await Total(staff.CommunityId, kind.Id, building?.Id, request, priced.Value, cancel);
            return total.Refusal is { } unmeasured ? unmeasured : await Share(kind, building?.Id, priced.Value, request, total.Value, staff, cancel);
        }, cancel);

    static Error? Refusal(ApportionmentRequest request, DateOnly today)
    {
        if (request.To < request.From) return Invalid.At("to", "最后一天早于第一天");
        if (request.To >= request.From.AddMonths(12)) return Invalid.At("to", "一次最多分摊 12 个月");
        if (request.To > today) return Invalid.At("to", "期间还没有结束");
        if (request.TotalFen is null == request.MeterId is null) return Invalid.At("totalFen", "总额和总表填写其中一项");
        if (request.TotalFen is not null && string.IsNullOrWhiteSpace(request.Evidence)) return Invalid.At("evidence", "请填写总额的依据，如供电公司账单编号");
        return null;
    }

    /// <summary>The same charge of an overlapping period for any of the same houses: a building's houses are the community's too.</summary>
    Task<Apportionment?> Overlapping(Guid community, Guid kind, Guid? building, ApportionmentRequest request, CancellationToken cancel) =>
        db.Apportionments.AsNoTracking().Where(a => a.CommunityId == community && a.FeeKindId == kind && a.Slot == request.Slot
            && a.State == ApportionmentState.Closed && a.From <= request.To && a.To >= request.From
            && (building == null || a.BuildingId == null || a.BuildingId == building)).OrderBy(a => a.From).FirstOrDefaultAsync(cancel);

    /// <summary>The one tariff that holds on all days of the period.</summary>
    async Task<Result<Tariff>> Tariff(Guid community, Guid kind, Guid? building, string slot, DateRange period, CancellationToken cancel)
    {
        var all = await db.Tariffs.AsNoTracking().Where(t => t.CommunityId == community && t.FeeKindId == kind && t.Slot == slot && t.State == TariffState.Active
            && t.Formula == TariffFormula.Apportioned && (t.Scope == TariffScope.Community || t.ScopeId == building)).OrderBy(t => t.From).ToListAsync(cancel);
        var candidates = all.Where(t => t.Scope == TariffScope.Building).Concat(all.Where(t => t.Scope == TariffScope.Community)).ToList();
        if (candidates.Count == 0) return Invalid.At("slot", $"没有公摊收费标准 {slot}");
        return PriceSlot.Cut(candidates, period).ToList() switch
        {
            [{ Tariff: { } only }] => only,
            [{ Tariff: null }] => Invalid.At("from", "此期间没有收费标准"),
            var several => Invalid.At("to", $"收费标准在期间内有变化，请分段分摊，先到 {several[0].Days.To:yyyy-MM-dd}"),
        };
    }

    /// <param name="From">The readings of a shared meter; null where the total was entered.</param>
    /// <param name="Usage">0.001 units.</param>
    readonly record struct Measured(long TotalFen, Guid? MeterId, Guid? From, Guid? To, long Usage, long UnitPrice);

    async Task<Result<Measured>> Total(Guid community, Guid kind, Guid? building, ApportionmentRequest request, Tariff tariff, CancellationToken cancel)
    {
        if (request.TotalFen is { } entered) return new Measured(entered, null, null, null, 0, 0);
        var meter = await db.Meters.AsNoTracking().SingleOrDefaultAsync(m => m.Id == request.MeterId && m.CommunityId == community, cancel);
        if (meter is null || meter.HouseId is not null || meter.FeeKindId != kind || meter.Slot != request.Slot || meter.BuildingId != building)
            return Invalid.At("meterId", "不是这个项目和范围的公共表");
        if (tariff.UnitPrice == 0) return Invalid.At("meterId", "收费标准没有单价，请填写总额");
        var readings = await db.MeterReadings.AsNoTracking().Where(r => r.MeterId == meter.Id && r.LiveOn != null && r.ReadOn <= request.To).OrderBy(r => r.ReadOn).ToListAsync(cancel);
        var positions = MeterCounter.Positions(meter.Digits, readings.ConvertAll(r => r.OnCounter));
        var (first, last) = (readings.FindLastIndex(r => r.ReadOn < request.From), readings.FindLastIndex(r => r.ReadOn >= request.From));
        if (last < 0) return Invalid.At("meterId", $"总表 {meter.Serial} 在此期间没有读数");
        if (first < 0) return Invalid.At("meterId", $"总表 {meter.Serial} 在 {request.From:yyyy-MM-dd} 之前没有读数，不知道起点");
        var usage = checked((positions[last] - positions[first]) * meter.Multiplier);
        if (usage <= 0) return Invalid.At("meterId", $"总表 {meter.Serial} 在此期间用量为 {Readings.Units(usage)}，没有可以分摊的金额");
        return new Measured(MeterCounter.Price(usage, tariff.UnitPrice).Value, meter.Id, readings[first].Id, readings[last].Id, usage, tariff.UnitPrice);
    }

    async Task<Result<ApportionmentClosed>> Share(
        FeeKind kind, Guid? building, Tariff tariff, ApportionmentRequest request, Measured total, StaffMember staff, CancellationToken cancel)
    {
        var houses = await db.Houses.AsNoTracking().Where(h => h.CommunityId == staff.CommunityId && (building == null || h.BuildingId == building))
            .OrderBy(h => h.Code).Select(h => new { h.Id, h.Code, h.AreaHundredths, h.Vacant }).ToListAsync(cancel);
        var usage = tariff.Basis == ApportionBasis.Usage
            ? await HouseUsage.Of(db, staff.CommunityId, building, tariff.UsageKindId!.Value, new DateRange(request.From, request.To), cancel) : [];
        var weights = houses.ConvertAll(h => h.Vacant && !tariff.VacantShares ? 0 : tariff.Basis switch
        {
            ApportionBasis.Area => h.AreaHundredths,
            ApportionBasis.Household => 1,
            ApportionBasis.Usage => usage.GetValueOrDefault(h.Id),
            _ => throw new InvalidOperationException($"Basis {tariff.Basis} has no weight"),
        }).ToArray();
        if (total.TotalFen == 0) return Invalid.At("meterId", "总额为 0，没有可以分摊的金额");
        if (weights.Sum() == 0) return NoBasis;
        var parts = Apportion.Split(new Fen(total.TotalFen), weights);
        var of = new Apportionment
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, FeeKindId = kind.Id, Slot = request.Slot, TariffId = tariff.Id, BuildingId = building,
            From = request.From, To = request.To, TotalFen = total.TotalFen, Basis = tariff.Basis, BasisTotal = weights.Sum(), MeterId = total.MeterId,
            FromReadingId = total.From, ToReadingId = total.To, UsageThousandths = total.Usage, UnitPrice = total.UnitPrice,
            Evidence = request.Evidence?.Trim() ?? "", State = ApportionmentState.Closed, ClosedBy = staff.StaffId, ClosedAt = clock.Now(),
        };
        db.Add(of);
        for (var index = 0; index < houses.Count; index++)
            db.Add(new ApportionmentShare
            {
                Id = Guid.CreateVersion7(), CommunityId = of.CommunityId, ApportionmentId = of.Id, HouseId = houses[index].Id, Number = index + 1,
                Weight = weights[index], Fen = parts[index].Value,
            });
        audit.Add(staff, "apportionment.closed", of.Id, new { feeKind = kind.Code, of.Slot, of.From, of.To, of.TotalFen, houses = houses.Count });
        var silent = tariff.Basis == ApportionBasis.Usage ? houses.Where(h => !usage.ContainsKey(h.Id)).Select(h => h.Code).Take(2_000).ToList() : [];
        return new ApportionmentClosed(ApportionmentShown.Of(of, kind.Code, houses.Count), silent);
    }
}
