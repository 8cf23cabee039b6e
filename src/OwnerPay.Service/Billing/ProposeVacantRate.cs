using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="To">Last day; at most two years later, then it is looked at again.</param>
/// <param name="Percent">Part of the price that is charged.</param>
/// <param name="Evidence">What proves that nobody lives there, and where the paper is.</param>
public sealed record VacantRateRequest(
    [property: Required] string HouseCode, [property: Required] string FeeKind, DateOnly From, DateOnly To, [property: Range(0, 99)] int Percent,
    [property: Required, StringLength(190, MinimumLength = 2)] string Evidence);

public sealed record VacantRateShown(
    Guid VacantRateId, Guid HouseId, Guid FeeKindId, DateOnly From, DateOnly To, int Percent, string Evidence, VacantRateState State, Guid ProposedBy,
    DateTimeOffset ProposedAt)
{
    public static VacantRateShown Of(VacantRate r) => new(r.Id, r.HouseId, r.FeeKindId, r.From, r.To, r.Percent, r.Evidence, r.State, r.ProposedBy, r.ProposedAt);
}

/// <param name="To">The last vacant day: from the next one on the whole price is charged.</param>
public sealed record VacantRateEnd(DateOnly To);

/// <summary>A clerk proposes that a vacant house (空置) pays a part of a fee, with evidence; finance approves it, and finance ends it early. It lowers
/// fees by months; what is billed already is not touched.</summary>
/// <remarks>Errors: <c>vacant_rate_invalid</c> 400 with the field; <c>vacant_rate_overlaps</c> 409; <c>vacant_rate_not_found</c> 404.</remarks>
public sealed class ProposeVacantRate(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error Invalid = new(400, "vacant_rate_invalid", "空置优惠资料有误");
    static readonly Error Overlaps = new(409, "vacant_rate_overlaps", "该户此科目在此期间已有空置优惠") { Field = "from" };
    static readonly Error NotFound = new(404, "vacant_rate_not_found", "没有找到该空置优惠");
    const int PageSize = 50;

    public string Kind => "vacant-rate";

    public StaffRole[] Approvers => [StaffRole.Finance];

    public static void Map(Doors doors)
    {
        var at = "/communities/{communityId:guid}/billing/vacant-rates";
        doors.Staff.MapPost(at, Post).WithName("proposeVacantRate").ForStaff(StaffRole.Clerk).CanFail(Problems.Validation, Invalid, Overlaps);
        doors.Staff.MapGet(at, Get).WithName("listVacantRates").ForStaff(StaffRole.Clerk, StaffRole.Finance, StaffRole.Manager).CanFail(Cursor.Invalid);
        doors.Staff.MapPost(at + "/{vacantRateId:guid}/end", PostEnd).WithName("endVacantRate").ForStaff(StaffRole.Finance).CanFail(Problems.Validation, Invalid, NotFound);
    }

    static async Task<Results<Created<VacantRateShown>, ProblemHttpResult>> Post(
        StaffMember staff, VacantRateRequest request, ProposeVacantRate propose, CancellationToken cancel) =>
        (await propose.Run(request, staff, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{staff.CommunityId}/billing/vacant-rates/{done.VacantRateId}", done));

    static async Task<Results<Ok<Page<VacantRateShown>>, ProblemHttpResult>> Get(string? cursor, StaffMember staff, ProposeVacantRate propose, CancellationToken cancel) =>
        (await propose.List(staff.CommunityId, cursor, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<VacantRateShown>, ProblemHttpResult>> PostEnd(
        Guid vacantRateId, StaffMember staff, VacantRateEnd request, ProposeVacantRate propose, CancellationToken cancel) =>
        (await propose.End(vacantRateId, request.To, staff, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<VacantRateShown>> Run(VacantRateRequest request, StaffMember staff, CancellationToken cancel)
    {
        if (request.To < request.From) return Invalid.At("to", "最后一天早于第一天");
        if (request.To >= request.From.AddYears(2)) return Invalid.At("to", "一次最多两年，到期后重新核实");
        var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.CommunityId == staff.CommunityId && h.Code == request.HouseCode, cancel);
        if (house is null) return Invalid.At("houseCode", $"没有房号 {request.HouseCode}");
        var kind = await db.FeeKinds.AsNoTracking().SingleOrDefaultAsync(k => k.CommunityId == staff.CommunityId && k.Code == request.FeeKind, cancel);
        if (kind is null) return Invalid.At("feeKind", $"没有费用科目 {request.FeeKind}");
        var rate = new VacantRate
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, HouseId = house.Id, FeeKindId = kind.Id, From = request.From, To = request.To,
            Percent = request.Percent, Evidence = request.Evidence.Trim(), State = VacantRateState.Proposed, ProposedBy = staff.StaffId, ProposedAt = clock.Now(),
        };
        if (await Overlapping(rate, cancel)) return Overlaps;
        db.Add(rate);
        approvals.Propose(staff.CommunityId, Kind, rate.Id, staff.StaffId,
            $"{house.Code} {kind.Name} {rate.From:yyyy-MM-dd} 至 {rate.To:yyyy-MM-dd} 按 {rate.Percent}% 收取：{rate.Evidence}");
        audit.Add(staff, "vacant-rate.proposed", rate.Id, new { house = house.Code, feeKind = kind.Code, rate.From, rate.To, rate.Percent });
        await db.SaveChangesAsync(cancel);
        return VacantRateShown.Of(rate);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        // One at a time: of two for the same days only one may be approved.
        await db.Communities.AsNoTracking().Where(c => c.Id == approval.CommunityId).ForUpdate().SingleAsync(cancel);
        var rate = await db.VacantRates.SingleAsync(r => r.Id == approval.SubjectId && r.CommunityId == approval.CommunityId, cancel);
        if (approved && await Overlapping(rate, cancel)) return Overlaps;
        rate.State = approved ? VacantRateState.Approved : VacantRateState.Rejected;
        return null;
    }

    Task<bool> Overlapping(VacantRate rate, CancellationToken cancel) => db.VacantRates.AnyAsync(r => r.HouseId == rate.HouseId && r.FeeKindId == rate.FeeKindId
        && r.Id != rate.Id && r.State == VacantRateState.Approved && r.From <= rate.To && r.To >= rate.From, cancel);

    async Task<Result<Page<VacantRateShown>>> List(Guid community, string? cursor, CancellationToken cancel)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid;
        var found = await db.VacantRates.AsNoTracking().Where(r => r.CommunityId == community)
            .NewestFirst(after, r => new Cursor(r.ProposedAt, r.Id)).Take(PageSize + 1).ToListAsync(cancel);
        return Pages.Of(found, PageSize, r => new Cursor(r.ProposedAt, r.Id)).Select(VacantRateShown.Of);
    }

    async Task<Result<VacantRateShown>> End(Guid id, DateOnly to, StaffMember staff, CancellationToken cancel)
    {
        var rate = await db.VacantRates.SingleOrDefaultAsync(r => r.Id == id && r.CommunityId == staff.CommunityId && r.State == VacantRateState.Approved, cancel);
        if (rate is null) return NotFound;
        if (to < rate.From || to > rate.To) return Invalid.At("to", $"应在 {rate.From:yyyy-MM-dd} 到 {rate.To:yyyy-MM-dd} 之间");
        audit.Add(staff, "vacant-rate.ended", rate.Id, new { from = rate.To, to });
        rate.To = to;
        await db.SaveChangesAsync(cancel);
        return VacantRateShown.Of(rate);
    }
}
