using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <summary>Makes coupons inside the caller's transaction. The offer's row is the lock under which they are counted; a unique key over offer, person and
/// sequence keeps the per-person limit whatever is read.</summary>
public sealed class CouponIssuing(OwnerPayDb db, Clock clock)
{
    /// <summary>The version in force of a coupon offer, locked.</summary>
    /// <returns>Null when there is none now.</returns>
    public async Task<Offer?> Lock(Guid community, string code, CancellationToken cancel)
    {
        var now = clock.Now();
        return await db.Offers.AsNoTracking().Where(o => o.CommunityId == community && o.Code == code && o.Kind == OfferKind.Coupon && o.State == OfferState.Active
            && o.Start <= now && o.End > now).ForUpdate().SingleOrDefaultAsync(cancel);
    }

    /// <summary>Issues coupons of a locked offer as far as its count goes.</summary>
    /// <returns>False when its budget holds no so many: then none was issued.</returns>
    public async Task<bool> Count(Offer offer, long coupons, CancellationToken cancel) => await db.Offers
        .Where(o => o.Id == offer.Id && (o.BudgetCount == null || o.IssuedCount + coupons <= o.BudgetCount))
        .ExecuteUpdateAsync(set => set.SetProperty(o => o.IssuedCount, o => o.IssuedCount + coupons), cancel) == 1;

    /// <summary>How many coupons of an offer persons have had, over all its versions, withdrawn ones too: their places stay taken.</summary>
    public async Task<Dictionary<Guid, int>> Had(Offer offer, IReadOnlyCollection<Guid> persons, CancellationToken cancel) =>
        await db.Coupons.Where(c => c.CommunityId == offer.CommunityId && c.OfferCode == offer.Code && c.PersonId != null && persons.Contains(c.PersonId.Value))
            .GroupBy(c => c.PersonId!.Value).Select(g => new { g.Key, Last = g.Max(c => c.Sequence) ?? 0 }).ToDictionaryAsync(g => g.Key, g => g.Last, cancel);

    public Coupon New(Offer offer, Guid? person, int? sequence, string sourceKind, Guid source)
    {
        var now = clock.Now();
        var coupon = new Coupon
        {
            Id = Guid.CreateVersion7(), CommunityId = offer.CommunityId, OfferId = offer.Id, OfferCode = offer.Code, Code = Coupon.NewCode(), PersonId = person,
            Sequence = sequence, IssuedAt = now, ExpiresAt = now.AddDays(offer.CouponDays), SourceKind = sourceKind, SourceId = source, State = CouponState.Issued,
        };
        db.Add(coupon);
        return coupon;
    }

    /// <summary>What an order earned; nothing where the offer is over, used up or its limit reached: it was promised as long as there are any. A refund that
    /// did not happen after all gives back what it had withdrawn.</summary>
    public async Task ForOrder(OfferUse use, string code, CancellationToken cancel)
    {
        if (await Lock(use.CommunityId, code, cancel) is not { } offer) return;
        var before = await db.Coupons.Where(c => c.SourceKind == Coupon.ByOrder && c.SourceId == use.OrderId && c.OfferCode == code).ToListAsync(cancel);
        if (before.Count > 0)
        {
            foreach (var withdrawn in before.Where(c => c.State == CouponState.Withdrawn)) withdrawn.State = CouponState.Issued;
            return;
        }
        var had = (await Had(offer, [use.PersonId], cancel)).GetValueOrDefault(use.PersonId);
        if (had >= offer.LimitPerPerson || !await Count(offer, 1, cancel)) return;
        New(offer, use.PersonId, had + 1, Coupon.ByOrder, use.OrderId);
    }
}
