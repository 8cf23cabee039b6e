using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>Gives what orders earned beside their price: a gift for staff to hand out, or a coupon for next time; and takes it back when the money goes back.
/// Inside the caller's transaction.</summary>
public sealed class EarnedGifts(OwnerPayDb db, CouponIssuing coupons, Clock clock)
{
    /// <param name="uses">Uses of gift offers that have just become used.</param>
    public async Task Give(IReadOnlyList<OfferUse> uses, CancellationToken cancel)
    {
        if (uses.Count == 0) return;
        var ids = uses.Select(use => use.OfferId).Distinct().ToList();
        var offers = await db.Offers.AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, cancel);
        foreach (var use in uses)
        {
            var offer = offers[use.OfferId];
            if (offer.GivesCoupon is { } code) await coupons.ForOrder(use, code, cancel);
            else await Due(use, offer, cancel);
        }
    }

    async Task Due(OfferUse use, Offer offer, CancellationToken cancel)
    {
        var known = await db.GiftIssues.SingleOrDefaultAsync(g => g.OrderId == use.OrderId && g.OfferId == use.OfferId, cancel);
        if (known is null)
            db.Add(new GiftIssue
            {
                Id = Guid.CreateVersion7(), CommunityId = use.CommunityId, OfferId = use.OfferId, OrderId = use.OrderId, HouseId = use.HouseId, Name = offer.Name,
                CreatedAt = clock.Now(), State = GiftState.Due,
            });
        else if (known.State == GiftState.Cancelled) known.State = GiftState.Due;
    }

    /// <summary>A gift that was handed out stays with its house; a coupon that was used stays used.</summary>
    public async Task TakeBack(IReadOnlyList<OfferUse> uses, CancellationToken cancel)
    {
        if (uses.Count == 0) return;
        var orders = uses.Select(use => (Guid?)use.OrderId).Distinct().ToList();
        foreach (var gift in await db.GiftIssues.Where(g => orders.Contains(g.OrderId) && g.State == GiftState.Due).ToListAsync(cancel)) gift.State = GiftState.Cancelled;
        var sources = uses.Select(use => use.OrderId).ToList();
        await db.Coupons.Where(c => c.SourceKind == Coupon.ByOrder && sources.Contains(c.SourceId) && c.State == CouponState.Issued)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CouponState.Withdrawn), cancel);
    }
}
