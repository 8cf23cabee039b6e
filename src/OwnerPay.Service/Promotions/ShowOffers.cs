using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <param name="Value">0.01 % for <c>percent</c>, fen for <c>fixed</c>.</param>
/// <param name="Tiers">Its steps; empty where it gives the same to all.</param>
/// <param name="IssuedCount">Coupons of this version that were issued.</param>
/// <param name="TakenFen">Reserved by open orders and used by paid ones.</param>
public sealed record OfferShown(
    Guid OfferId, string Code, int Version, string Name, OfferKind Kind, OfferState State, OfferType Type, long Value, IReadOnlyList<string> FeeKinds,
    DateTimeOffset Start, DateTimeOffset End, string StackingGroup, int Priority, long MinFen, long? CapFen, long? BudgetFen, long? BudgetCount, long TakenFen, long TakenCount,
    OfferFor Who, string? Tag, OfferRounding Rounding, OfferFunding Funding, IReadOnlyList<OfferTierShown> Tiers, int CouponDays, int LimitPerPerson, bool Claimable,
    string? GivesCoupon, long IssuedCount);

/// <param name="Value">0.01 % or fen, as the offer's type says.</param>
public sealed record OfferTierShown(int Number, DateTimeOffset? Until, int MinMonths, long Value);

public sealed record OffersShown(IReadOnlyList<OfferShown> Items);

/// <summary>All offers of a community with all their versions, and how far their budgets are taken.</summary>
public sealed class ShowOffers(OwnerPayDb db)
{
    public static void Map(Doors doors) => doors.Staff.MapGet("/communities/{communityId:guid}/promotions/offers", Get)
        .WithName("showOffers").ForStaff(StaffRole.Manager, StaffRole.Finance, StaffRole.Clerk, StaffRole.Cashier);

    static async Task<Ok<OffersShown>> Get(StaffMember staff, ShowOffers show, CancellationToken cancel) => TypedResults.Ok(await show.Run(staff.CommunityId, cancel));

    public async Task<OffersShown> Run(Guid community, CancellationToken cancel)
    {
        var offers = await db.Offers.AsNoTracking().Where(o => o.CommunityId == community).ToListAsync(cancel);
        var tiers = (await db.OfferTiers.AsNoTracking().Where(t => t.CommunityId == community).ToListAsync(cancel)).ToLookup(t => t.OfferId);
        return new([.. offers.OrderBy(o => o.Code, StringComparer.Ordinal).ThenBy(o => o.Version).Select(o => new OfferShown(
            o.Id, o.Code, o.Version, o.Name, o.Kind, o.State, o.Type, o.Value, o.FeeKinds.Split(','), o.Start, o.End, o.StackingGroup, o.Priority,
            o.MinFen, o.CapFen, o.BudgetFen, o.BudgetCount, o.TakenFen, o.TakenCount, o.Who, o.Tag, o.Rounding, o.Funding,
            [.. tiers[o.Id].OrderBy(t => t.Number).Select(t => new OfferTierShown(t.Number, t.Until, t.MinMonths, t.Value))],
            o.CouponDays, o.LimitPerPerson, o.Claimable, o.GivesCoupon, o.IssuedCount))]);
    }
}
