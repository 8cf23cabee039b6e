using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Promotions;

/// <param name="Code">What is printed on a coupon, or the code of an offer that owners may claim from.</param>
public sealed record CouponClaim([property: Required, StringLength(40, MinimumLength = 2)] string Code);

/// <param name="CouponId">Now the claimant's.</param>
public sealed record CouponClaimed(Guid CouponId, string Code, string Name, DateTimeOffset ExpiresAt);

/// <summary>An owner makes a coupon his own: by the code of a printed one, or from an offer that hands out one to each who asks.</summary>
/// <remarks>Errors: <c>coupon_code_invalid</c> 404; <c>coupon_limit_reached</c>, <c>coupons_used_up</c> 409.</remarks>
public sealed class ClaimCoupon(OwnerPayDb db, CouponIssuing issuing, Clock clock)
{
    static readonly Error CodeInvalid = new(404, "coupon_code_invalid", "券码无效、已被领取或已过期") { Field = "code" };
    static readonly Error LimitReached = new(409, "coupon_limit_reached", "已达到每人领取上限");
    static readonly Error UsedUp = new(409, "coupons_used_up", "优惠券已领完");

    public static void Map(Doors doors) => doors.Owner.MapPost("/houses/{houseId}/coupons", Post).WithName("claimCoupon").ForOwners()
        .CanFail(Problems.Validation, Member.HouseNotFound, CodeInvalid, LimitReached, UsedUp, IdempotencyKey.Missing, IdempotencyKey.Reused);

    static async Task<Results<Ok<CouponClaimed>, ProblemHttpResult>> Post(
        IdempotencyKey key, Member member, CouponClaim request, ClaimCoupon claim, CancellationToken cancel) =>
        (await claim.Run(request, key, member, cancel)).ToHttp(done => TypedResults.Ok(done));

    public Task<Result<CouponClaimed>> Run(CouponClaim request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<CouponClaimed>(key, new { member.HouseId, request }, async () =>
        {
            var code = request.Code.Trim();
            if (await issuing.Lock(member.CommunityId, code, cancel) is { Claimable: true } offer) return await FromOffer(offer, member, cancel);
            return await FromPaper(code.ToUpperInvariant(), member, cancel);
        }, cancel);

    /// <summary>The offer is locked: claims of one offer are counted one after another, and a unique key keeps the limit besides.</summary>
    async Task<Result<CouponClaimed>> FromOffer(Offer offer, Member member, CancellationToken cancel)
    {
        var had = (await issuing.Had(offer, [member.PersonId], cancel)).GetValueOrDefault(member.PersonId);
        if (had >= offer.LimitPerPerson) return LimitReached;
        if (!await issuing.Count(offer, 1, cancel)) return UsedUp;
        var coupon = issuing.New(offer, member.PersonId, had + 1, Coupon.ByClaim, Guid.CreateVersion7());
        return new CouponClaimed(coupon.Id, coupon.Code, offer.Name, coupon.ExpiresAt);
    }

    async Task<Result<CouponClaimed>> FromPaper(string code, Member member, CancellationToken cancel)
    {
        var found = await db.Coupons.AsNoTracking().SingleOrDefaultAsync(c => c.CommunityId == member.CommunityId && c.Code == code, cancel);
        if (found is null) return CodeInvalid;
        // The lock in the order of all: the offer before its coupons.
        var offer = await db.Offers.AsNoTracking().Where(o => o.Id == found.OfferId).ForUpdate().SingleAsync(cancel);
        var coupon = await db.Coupons.Where(c => c.Id == found.Id).ForUpdate().SingleAsync(cancel);
        if (coupon.PersonId == member.PersonId) return new CouponClaimed(coupon.Id, coupon.Code, offer.Name, coupon.ExpiresAt);
        if (coupon.PersonId is not null || coupon.State != CouponState.Issued || coupon.ExpiresAt <= clock.Now()) return CodeInvalid;
        var had = (await issuing.Had(offer, [member.PersonId], cancel)).GetValueOrDefault(member.PersonId);
        if (had >= offer.LimitPerPerson) return LimitReached;
        (coupon.PersonId, coupon.Sequence) = (member.PersonId, had + 1);
        return new CouponClaimed(coupon.Id, coupon.Code, offer.Name, coupon.ExpiresAt);
    }
}
