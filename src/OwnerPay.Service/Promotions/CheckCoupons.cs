using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Promotions;

/// <summary>Coupons against the uses that hold them, what was issued against what is there, gifts against what earned them.</summary>
public sealed class CheckCoupons : IVerifyCheck
{
    public string Name => "coupons";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (community, db) = (scope.CommunityId, scope.Db);
        var (coupons, uses, offers) = (db.Coupons, db.OfferUses, db.Offers);
        var counted = offers.AsNoTracking().Where(o => community == null || o.CommunityId == community)
            .Select(o => new { o.Id, o.Code, o.Version, o.IssuedCount, Issued = coupons.LongCount(c => c.OfferId == o.Id) })
            .Where(o => o.Issued != o.IssuedCount).OrderBy(o => o.Id).AsAsyncEnumerable();
        await foreach (var offer in counted.WithCancellation(cancel))
            yield return new(Name, $"Offers/{offer.Id:N}", $"优惠券 {offer.Code} 第 {offer.Version} 版：记录已发 {offer.IssuedCount} 张，实有 {offer.Issued} 张");

        // A coupon is reserved or used by exactly one order, whose use of it is in the same state.
        var wrong = coupons.AsNoTracking().Where(c => community == null || c.CommunityId == community).Select(c => new
        {
            c.Id, c.Code, c.State, c.OrderId,
            Reserved = uses.Count(u => u.CouponId == c.Id && u.State == OfferUseState.Reserved && u.OrderId == c.OrderId),
            Used = uses.Count(u => u.CouponId == c.Id && u.State == OfferUseState.Used && !u.BeyondBudget && u.OrderId == c.OrderId),
            All = uses.Count(u => u.CouponId == c.Id && (u.State == OfferUseState.Reserved || u.State == OfferUseState.Used && !u.BeyondBudget)),
        }).Where(c => c.State == CouponState.Reserved || c.State == CouponState.Used || c.All != 0 || c.OrderId != null).OrderBy(c => c.Id).AsAsyncEnumerable();
        await foreach (var coupon in wrong.WithCancellation(cancel))
        {
            var held = coupon.State == CouponState.Reserved ? coupon.Reserved : coupon.State == CouponState.Used ? coupon.Used : 0;
            if (coupon.State is CouponState.Reserved or CouponState.Used && held == 1 && coupon.All == 1) continue;
            yield return new(Name, $"Coupons/{coupon.Id:N}", $"优惠券 {coupon.Code} 状态 {coupon.State} 与订单使用记录不符");
        }

        var gifts = db.GiftIssues.AsNoTracking().Where(g => (community == null || g.CommunityId == community) && g.OrderId != null
            && !uses.Any(u => u.OrderId == g.OrderId && u.OfferId == g.OfferId
                && (g.State == GiftState.Cancelled && u.State == OfferUseState.Freed || g.State != GiftState.Cancelled && u.State == OfferUseState.Used))
            && g.State != GiftState.HandedOut).OrderBy(g => g.Id).Select(g => g.Id).AsAsyncEnumerable();
        await foreach (var gift in gifts.WithCancellation(cancel)) yield return new(Name, $"GiftIssues/{gift:N}", "礼品记录没有对应的活动使用记录");
    }
}
