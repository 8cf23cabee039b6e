using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

public sealed record OfferProposed(Guid OfferId, string Code, int Version, Guid ApprovalId);

public sealed record OffersProposed(IReadOnlyList<OfferProposed> Offers);

/// <summary>A manager proposes offers; finance, whose budget it is, puts each into effect. A new version supersedes the one before.</summary>
/// <remarks>Errors: <c>offers_invalid</c> 400 with the field and, in <c>faults</c>, all that is wrong; when deciding <c>offer_window_over</c>,
/// <c>too_many_offers</c>, <c>offer_fee_kind_changed</c> 409.</remarks>
public sealed class ProposeOffers(OwnerPayDb db, Approvals approvals, Audit audit, Clock clock) : IApprovable
{
    public const string ApprovalKind = "offer";
    public static readonly Error Invalid = new(400, "offers_invalid", "优惠活动有误");
    public static readonly Error WindowOver = new(409, "offer_window_over", "活动时间已过，不能再批准");
    public static readonly Error TooMany = new(409, "too_many_offers", "同时有效的活动过多（最多 10 个叠加组、5000 种组合）");
    public static readonly Error KindChanged = new(409, "offer_fee_kind_changed", "活动涉及的费用科目已不能参加优惠");

    public string Kind => ApprovalKind;

    public StaffRole[] Approvers => [StaffRole.Finance];

    public static void Map(Doors doors) => doors.Staff.MapPost("/communities/{communityId:guid}/promotions/offers", Post)
        .WithName("proposeOffers").ForStaff(StaffRole.Manager).CanFail(Invalid);

    static async Task<Results<Created<OffersProposed>, ProblemHttpResult>> Post(StaffMember staff, OfferFile file, ProposeOffers propose, CancellationToken cancel) =>
        (await propose.Run(file, staff, cancel)).ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{staff.CommunityId}/promotions/offers", done));

    public async Task<Result<OffersProposed>> Run(OfferFile file, StaffMember staff, CancellationToken cancel)
    {
        var kinds = await db.FeeKinds.AsNoTracking().Where(k => k.CommunityId == staff.CommunityId).ToDictionaryAsync(k => k.Code, cancel);
        if (OfferLines.Faults(file, kinds, clock.Now()) is [var first, ..] faults) return Invalid.At(first.Field, first.Detail).With("faults", faults);
        var codes = file.Offers.Select(line => line.Code).ToList();
        var versions = await db.Offers.Where(o => o.CommunityId == staff.CommunityId && codes.Contains(o.Code)).GroupBy(o => o.Code)
            .Select(g => new { g.Key, Version = g.Max(o => o.Version) }).ToDictionaryAsync(g => g.Key, g => g.Version, cancel);
        var proposed = new List<OfferProposed>();
        foreach (var line in file.Offers)
        {
            var offer = OfferLines.ToOffer(line, staff.CommunityId, versions.GetValueOrDefault(line.Code) + 1);
            db.Add(offer);
            db.AddRange(OfferLines.ToTiers(line, offer));
            var approval = approvals.Propose(staff.CommunityId, Kind, offer.Id, staff.StaffId, $"{offer.Name}（{offer.Code} 第 {offer.Version} 版）");
            audit.Add(staff, "offer.proposed", offer.Id, new { offer.Code, offer.Version, offer.Value, offer.BudgetFen });
            proposed.Add(new(offer.Id, offer.Code, offer.Version, approval.Id));
        }
        await db.SaveChangesAsync(cancel);
        return new OffersProposed(proposed);
    }

    public async Task<Error?> Decide(Approval approval, bool approved, StaffMember by, CancellationToken cancel)
    {
        // One at a time: the limits are about all offers of the community together.
        await db.Communities.AsNoTracking().Where(c => c.Id == approval.CommunityId).ForUpdate().SingleAsync(cancel);
        var offer = await db.Offers.SingleAsync(o => o.Id == approval.SubjectId && o.CommunityId == approval.CommunityId, cancel);
        if (!approved)
        {
            offer.State = OfferState.Rejected;
            return null;
        }
        if (offer.End <= clock.Now()) return WindowOver;
        var codes = offer.FeeKinds.Split(',').ToList();
        var promotable = await db.FeeKinds.CountAsync(
            k => k.CommunityId == offer.CommunityId && codes.Contains(k.Code)
                && (k.Promotable && k.Beneficiary == Beneficiary.Company || offer.Funding != OfferFunding.Company && k.Beneficiary != Beneficiary.Company), cancel);
        if (promotable != codes.Count) return KindChanged;
        var active = await db.Offers.Where(o => o.CommunityId == offer.CommunityId && o.State == OfferState.Active).ToListAsync(cancel);
        foreach (var earlier in active.Where(o => o.Code == offer.Code)) earlier.State = OfferState.Superseded;
        offer.State = OfferState.Active;
        List<Offer> together = [offer, .. active.Where(o => o.Code != offer.Code && o.Start < offer.End && offer.Start < o.End)];
        var ids = together.ConvertAll(o => o.Id);
        var months = await db.OfferTiers.Where(t => ids.Contains(t.OfferId) && t.MinMonths > 0).GroupBy(t => t.OfferId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        return FitTogether(together, months) ? null : TooMany;
    }

    /// <summary>What a quote must be able to search, if all of these held for one choice of bills: of a coupon offer one coupon, of steps by date one, of steps
    /// by months all.</summary>
    static bool FitTogether(IReadOnlyList<Offer> offers, Dictionary<Guid, int> months)
    {
        var groups = offers.Where(o => o.Kind != OfferKind.Gift).GroupBy(o => o.StackingGroup).Select(g => g.Sum(o => months.GetValueOrDefault(o.Id, 1))).ToList();
        return groups.Count <= Quote.MostGroups && groups.Aggregate(1L, (sets, members) => Math.Min(sets * (1 + members), int.MaxValue)) <= Quote.MostSets;
    }
}
