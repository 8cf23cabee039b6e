using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Billing;

/// <param name="From">First day on which it holds; it supersedes an earlier one.</param>
/// <param name="DueDay">1 to 31 with a rule by day; left out with <c>asRun</c>.</param>
/// <param name="Method">How and how often it is paid.</param>
/// <param name="Consequences">What follows from paying late.</param>
/// <param name="EvidenceFile">Where the signed paper is.</param>
public sealed record FeeAgreementRequest(
    [property: Required] string HouseCode, DateOnly From, DateOnly SignedOn, DueRule DueRule, [property: Required, StringLength(190, MinimumLength = 2)] string Method,
    [property: Required, StringLength(1000, MinimumLength = 2)] string Consequences, [property: Required, StringLength(190, MinimumLength = 2)] string EvidenceFile,
    [property: Range(1, 31)] int? DueDay = null);

/// <summary>A price that holds for a house.</summary>
/// <param name="UnitPriceYuan">Per unit and month, or per unit of a meter; 0 where tiers have their own.</param>
/// <param name="AgreedForHouse">It was agreed for this house alone.</param>
public sealed record AgreedPrice(string FeeKind, string Name, TariffFormula Formula, decimal UnitPriceYuan, bool AgreedForHouse, DateOnly From, DateOnly? To);

/// <summary>What stands between a house and the company about its fees.</summary>
/// <param name="DueRule">With <c>dueDay</c>: on which day a bill is due.</param>
/// <param name="Prices">The prices that hold today.</param>
public sealed record FeeAgreementShown(
    Guid FeeAgreementId, DateOnly From, DateOnly SignedOn, DueRule DueRule, int? DueDay, string Method, string Consequences, string EvidenceFile,
    FeeAgreementState State, IReadOnlyList<AgreedPrice> Prices);

/// <summary>A clerk writes down what a house's fee agreement says; finance approves it. Bills are due as it says, and its owner reads it.</summary>
/// <remarks>Errors: <c>fee_agreement_invalid</c> 400 with the field; <c>fee_agreement_not_found</c> 404; <c>fee_agreement_exists</c> 409.</remarks>
public sealed class ProposeFeeAgreement(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    static readonly Error Invalid = new(400, "fee_agreement_invalid", "收费约定有误");
    static readonly Error NotFound = new(404, "fee_agreement_not_found", "该房屋还没有登记收费约定");
    static readonly Error Exists = new(409, "fee_agreement_exists", "该房屋已有同一天起的收费约定") { Field = "from" };

    public string Kind => "fee-agreement";

    public StaffRole[] Approvers => [StaffRole.Finance];

    public static void Map(Doors doors)
    {
        doors.Staff.MapPost("/communities/{communityId:guid}/billing/agreements", Post).WithName("proposeFeeAgreement").ForStaff(StaffRole.Clerk)
            .CanFail(Problems.Validation, Invalid, Exists);
        doors.Staff.MapGet("/communities/{communityId:guid}/billing/agreements", GetForStaff).WithName("listFeeAgreements")
            .ForStaff(StaffRole.Clerk, StaffRole.Collector, StaffRole.Cashier, StaffRole.Finance, StaffRole.Manager).CanFail(Invalid);
        doors.Owner.MapGet("/houses/{houseId}/fee-agreement", GetForOwner).WithName("showFeeAgreement").ForOwners().CanFail(NotFound, Member.HouseNotFound);
    }

    static async Task<Results<Created<FeeAgreementShown>, ProblemHttpResult>> Post(
        StaffMember staff, FeeAgreementRequest request, ProposeFeeAgreement propose, CancellationToken cancel) =>
        (await propose.Run(request, staff, cancel)).ToHttp(
            done => TypedResults.Created($"/api/staff/v1/communities/{staff.CommunityId}/billing/agreements/{done.FeeAgreementId}", done));

    static async Task<Results<Ok<IReadOnlyList<FeeAgreementShown>>, ProblemHttpResult>> GetForStaff(
        string house, StaffMember staff, ProposeFeeAgreement propose, CancellationToken cancel) =>
        (await propose.List(staff.CommunityId, house, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<FeeAgreementShown>, ProblemHttpResult>> GetForOwner(Member member, ProposeFeeAgreement propose, CancellationToken cancel) =>
        (await propose.InForce(member, cancel)).ToHttp(TypedResults.Ok);

    public async Task<Result<FeeAgreementShown>> Run(FeeAgreementRequest request, StaffMember staff, CancellationToken cancel)
    {
        var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.CommunityId == staff.CommunityId && h.Code == request.HouseCode, cancel);
        if (house is null) return Invalid.At("houseCode", $"没有房号 {request.HouseCode}");
        if (request.DueRule == DueRule.AsRun != request.DueDay is null)
            return Invalid.At("dueDay", request.DueRule == DueRule.AsRun ? "到期日以账单为准时不填日子" : "请填写每月几日，1 至 31");
        if (request.SignedOn > clock.Today()) return Invalid.At("signedOn", "签订日期不能晚于今天");
        if (await Taken(house.Id, request.From, cancel)) return Exists;
        var agreement = new FeeAgreement
        {
            Id = Guid.CreateVersion7(), CommunityId = staff.CommunityId, HouseId = house.Id, From = request.From, SignedOn = request.SignedOn,
            DueRule = request.DueRule, DueDay = request.DueDay ?? 0, Method = request.Method.Trim(), Consequences = request.Consequences.Trim(),
            EvidenceFile = request.EvidenceFile.Trim(), State = FeeAgreementState.Proposed, ProposedBy = staff.StaffId, ProposedAt = clock.Now(),
        };
        db.Add(agreement);
        approvals.Propose(staff.CommunityId, Kind, agreement.Id, staff.StaffId,
            $"{house.Code} 自 {agreement.From:yyyy-MM-dd} 起的收费约定，原件 {agreement.EvidenceFile}");
        audit.Add(staff, "fee-agreement.proposed", agreement.Id, new { house = house.Code, agreement.From, agreement.DueRule, agreement.DueDay });
        await db.SaveChangesAsync(cancel);
        return Shown(agreement, []);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        await db.Communities.AsNoTracking().Where(c => c.Id == approval.CommunityId).ForUpdate().SingleAsync(cancel);    // of two of one day one is approved
        var agreement = await db.FeeAgreements.SingleAsync(a => a.Id == approval.SubjectId && a.CommunityId == approval.CommunityId, cancel);
        if (approved && await Taken(agreement.HouseId, agreement.From, cancel)) return Exists;
        agreement.State = approved ? FeeAgreementState.Approved : FeeAgreementState.Rejected;
        return null;
    }

    Task<bool> Taken(Guid house, DateOnly from, CancellationToken cancel) =>
        db.FeeAgreements.AnyAsync(a => a.HouseId == house && a.From == from && a.State == FeeAgreementState.Approved, cancel);

    /// <summary>All agreements of a house, the youngest first.</summary>
    public async Task<Result<IReadOnlyList<FeeAgreementShown>>> List(Guid community, string houseCode, CancellationToken cancel)
    {
        var house = await db.Houses.AsNoTracking().SingleOrDefaultAsync(h => h.CommunityId == community && h.Code == houseCode, cancel);
        if (house is null) return Invalid.At("house", $"没有房号 {houseCode}");
        var prices = await Prices(house, cancel);
        var found = await db.FeeAgreements.AsNoTracking().Where(a => a.HouseId == house.Id).OrderByDescending(a => a.From).ThenByDescending(a => a.Id).ToListAsync(cancel);
        return found.ConvertAll(a => Shown(a, prices));
    }

    /// <summary>The agreement in force today, for an owner of the house.</summary>
    public async Task<Result<FeeAgreementShown>> InForce(Member member, CancellationToken cancel)
    {
        var today = clock.Today();
        var parties = member.PartyIds.ToList();
        // Whoever sold the house has no business with what its buyer agreed to.
        var holds = await db.LiableParties.AnyAsync(p => parties.Contains(p.Id) && p.From <= today && (p.To == null || p.To >= today), cancel);
        var agreement = !holds ? null : await db.FeeAgreements.AsNoTracking().Where(a => a.HouseId == member.HouseId && a.State == FeeAgreementState.Approved && a.From <= today)
            .OrderByDescending(a => a.From).FirstOrDefaultAsync(cancel);
        if (agreement is null) return NotFound;
        return Shown(agreement, await Prices(await db.Houses.AsNoTracking().SingleAsync(h => h.Id == member.HouseId, cancel), cancel));
    }

    static FeeAgreementShown Shown(FeeAgreement a, IReadOnlyList<AgreedPrice> prices) => new(a.Id, a.From, a.SignedOn, a.DueRule,
        a.DueRule == DueRule.AsRun ? null : a.DueDay, a.Method, a.Consequences, a.EvidenceFile, a.State, prices);

    async Task<IReadOnlyList<AgreedPrice>> Prices(House house, CancellationToken cancel)
    {
        var today = clock.Today();
        var codes = await db.FeeKinds.Where(k => k.CommunityId == house.CommunityId).Select(k => k.Code).ToListAsync(cancel);
        var book = await PriceBook.Load(db, house.CommunityId, codes, cancel);
        return [.. book.Slots.SelectMany(slot => PriceSlot.Cut(slot.ForHouse(house), new Domain.DateRange(today, today)).Where(cut => cut.Tariff is not null)
            .Select(cut => new AgreedPrice(slot.Kind.Code, cut.Tariff!.Name, cut.Tariff.Formula, cut.Tariff.UnitPrice / 10_000m,
                cut.Tariff.Scope == TariffScope.House, cut.Tariff.From, cut.Tariff.To)))];
    }
}
