using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="From">First Shanghai day of a parking right; left out: tomorrow. For other rewards nothing.</param>
public sealed record RedeemRequest(Guid RewardId, DateOnly? From = null);

/// <param name="PickUpCode">Eight digits to show at the counter; a coupon needs none and is in the owner's hands at once.</param>
/// <param name="CostPoints">Whole points taken.</param>
/// <param name="ExpiresOn">Last Shanghai day to fetch it; after it the points come back.</param>
/// <param name="CouponCode">Of the coupon that was given.</param>
/// <param name="ParkingSpace">Of the parking right, from <paramref name="From"/> to <paramref name="To"/>.</param>
public sealed record RedeemAnswer(
    Guid RedemptionId, string PickUpCode, long CostPoints, DateOnly ExpiresOn, RedemptionState State = RedemptionState.Reserved, string? CouponCode = null,
    string? ParkingSpace = null, DateOnly? From = null, DateOnly? To = null);

/// <summary>A person exchanges points for a reward: one piece of stock and the points in one transaction, or nothing.</summary>
/// <remarks>Locks are taken in the order offer, parking spaces, points, stock; ending a redemption keeps to it. The stock row, which a whole rush wants,
/// comes last and is held for the commit only. Errors: <c>reward_not_offered</c> 404; <c>reward_not_open</c>, <c>reward_out_of_stock</c>, <c>reward_limit_reached</c>, <c>points_insufficient</c>,
/// <c>parking_spaces_taken</c>, <c>coupon_offer_not_in_force</c>, <c>coupons_used_up</c> 409; <c>parking_from_unsound</c> 400.</remarks>
public sealed class RedeemReward(
    OwnerPayDb db, SpendPoints points, ParkingRights parking, CouponIssuing coupons, Outbox outbox, Clock clock)
{
    /// <summary>Under which the points are spent.</summary>
    public const string Source = PointsSpending.Redemption;

    /// <summary>Told when a reward waits to be fetched.</summary>
    public const string Reserved = "redemption.reserved";

    const int MostDaysAhead = 90;
    static readonly Error NotOffered = new(404, "reward_not_offered", "该礼品当前不可兑换");
    static readonly Error NotOpen = new(409, "reward_not_open", "该礼品尚未开放兑换");
    internal static readonly Error OutOfStock = new(409, "reward_out_of_stock", "礼品已兑完");
    static readonly Error LimitReached = new(409, "reward_limit_reached", "已达到每人兑换上限");
    static readonly Error TooFewPoints = new(409, "points_insufficient", "积分不足");
    static readonly Error SpacesTaken = new(409, "parking_spaces_taken", "所选时段的车位已被兑换") { Field = "from", Detail = "请换一个开始日期再试" };
    static readonly Error FromUnsound = new(400, "parking_from_unsound", "开始日期须为今天起 90 天之内") { Field = "from" };
    static readonly Error CouponsUsedUp = new(409, "coupons_used_up", "优惠券已发完");

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/houses/{houseId}/redemptions", Post).WithName("redeemReward").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, IdempotencyKey.Reused, NotOffered, NotOpen, OutOfStock, LimitReached, TooFewPoints,
                SpacesTaken, FromUnsound, IssueCoupons.NotInForce, CouponsUsedUp);

    static async Task<Results<Created<RedeemAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, Member member, RedeemRequest request, RushQueue rush) =>
        (await rush.Run(new Tap(request, key, member))).ToHttp(done =>
            TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/redemptions/{done.RedemptionId}", done));

    public Task<Result<RedeemAnswer>> Run(Tap tap, CancellationToken cancel) =>
        db.Once(tap.Key, tap.Request, () => Redeem(tap.Request, tap.Member, cancel), cancel);

    async Task<Result<RedeemAnswer>> Redeem(RedeemRequest request, Member member, CancellationToken cancel)
    {
        var today = clock.Today();
        var reward = await db.Rewards.AsNoTracking().SingleOrDefaultAsync(r => r.Id == request.RewardId && r.CommunityId == member.CommunityId
            && r.State == RewardState.Active && today <= r.To, cancel);
        if (reward is null) return NotOffered;
        if (Closed(reward, clock.Now()) is { } closed) return closed;
        var offer = reward.CouponCode is { } code ? await coupons.Lock(member.CommunityId, code, cancel) : null;
        if (offer is null && reward.Kind == RewardKind.Coupon) return IssueCoupons.NotInForce;

        var redemption = Redemption.Reserve(
            reward, Guid.CreateVersion7(), member.PersonId, await FreeCode(member.CommunityId, cancel), clock.Now(), today.AddDays(reward.PickUpDays));
        ParkingRight? right = null;
        if (reward.Kind == RewardKind.Parking)
        {
            var from = request.From ?? today.AddDays(1);
            if (from < today || from > today.AddDays(MostDaysAhead)) return FromUnsound;
            right = await parking.Give(redemption.Id, member.CommunityId, reward.SpaceCodes, from, reward.PeriodDays, cancel);
            if (right is null) return SpacesTaken;
        }
        var paid = await points.Run(member.CommunityId, member.PersonId, reward.CostPoints, Source, redemption.Id, today, $"兑换 {reward.Name}", cancel);
        // Counted while the person's points are held, so two taps of one person cannot both pass.
        var had = await db.Redemptions.Where(Redemption.Counts).CountAsync(r => r.RewardId == reward.Id && r.PersonId == member.PersonId, cancel);
        if (had >= reward.LimitPerPerson) return LimitReached;
        if (!paid) return TooFewPoints;
        var coupon = offer is null ? null : await Coupon(offer, redemption, cancel);
        if (offer is not null && coupon is null) return CouponsUsedUp;
        db.Add(redemption);
        outbox.Add(Reserved, member.CommunityId, redemption.Id);
        await db.SaveChangesAsync(cancel);
        // In a rush the stock row is the queue: the database gives out the last piece, whatever was read before.
        var taken = await db.Rewards.Where(r => r.Id == reward.Id && r.StockLeft > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.StockLeft, r => r.StockLeft - 1), cancel);
        if (taken == 0) return OutOfStock;
        return new RedeemAnswer(redemption.Id, redemption.PickUpCode, redemption.CostPoints, redemption.ExpiresOn, redemption.State, coupon?.Code,
            right?.SpaceCode, right?.From, right?.To);
    }

    /// <summary>Why nobody can have it at this moment, whoever asks: it opens later, or all of it is gone. Null: it can be had.</summary>
    internal static Error? Closed(Reward reward, DateTimeOffset now) =>
        now < reward.OpensAt ? NotOpen with { Detail = $"{reward.OpensAt:M月d日 HH:mm} 开放，请届时再来" } : reward.StockLeft == 0 ? OutOfStock : null;

    /// <summary>A coupon is in the owner's hands at once: nothing is left to fetch.</summary>
    /// <returns>Null when the offer's budget or the person's limit holds no more.</returns>
    async Task<Coupon?> Coupon(Offer offer, Redemption redemption, CancellationToken cancel)
    {
        var had = (await coupons.Had(offer, [redemption.PersonId], cancel)).GetValueOrDefault(redemption.PersonId);
        if (had >= offer.LimitPerPerson || !await coupons.Count(offer, 1, cancel)) return null;
        (redemption.State, redemption.EndedAt) = (RedemptionState.Fulfilled, redemption.ReservedAt);
        return coupons.New(offer, redemption.PersonId, had + 1, Source, redemption.Id);
    }

    // The unique key has the last word.
    async Task<string> FreeCode(Guid community, CancellationToken cancel)
    {
        while (true)
        {
            var code = PickUpCodes.ForReward();
            if (!await db.Redemptions.AnyAsync(r => r.CommunityId == community && r.PickUpCode == code, cancel)) return code;
        }
    }
}
