using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

public sealed record RedeemRequest(Guid RewardId);

/// <param name="PickUpCode">Eight digits to show at the counter.</param>
/// <param name="CostPoints">Whole points taken.</param>
/// <param name="ExpiresOn">Last Shanghai day to fetch it; after it the points come back.</param>
public sealed record RedeemAnswer(Guid RedemptionId, string PickUpCode, long CostPoints, DateOnly ExpiresOn);

/// <summary>A person exchanges points for a reward: one piece of stock and the points in one transaction, or nothing.</summary>
/// <remarks>Errors: <c>reward_not_offered</c> 404; <c>reward_out_of_stock</c>, <c>reward_limit_reached</c>, <c>points_insufficient</c> 409.</remarks>
public sealed class RedeemReward(OwnerPayDb db, SpendPoints points, Outbox outbox, Clock clock)
{
    /// <summary>Under which the points are spent.</summary>
    public const string Source = "redemption";

    static readonly Error NotOffered = new(404, "reward_not_offered", "该礼品当前不可兑换");
    static readonly Error OutOfStock = new(409, "reward_out_of_stock", "礼品已兑完");
    static readonly Error LimitReached = new(409, "reward_limit_reached", "已达到每人兑换上限");
    static readonly Error TooFewPoints = new(409, "points_insufficient", "积分不足");

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/houses/{houseId}/redemptions", Post).WithName("redeemReward").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, IdempotencyKey.Reused, NotOffered, OutOfStock, LimitReached, TooFewPoints);

    static async Task<Results<Created<RedeemAnswer>, ProblemHttpResult>> Post(
        IdempotencyKey key, Member member, RedeemRequest request, RedeemReward redeem, CancellationToken cancel) =>
        (await redeem.Run(request, key, member, cancel)).ToHttp(done =>
            TypedResults.Created($"/api/owner/v1/houses/{member.HouseId}/redemptions/{done.RedemptionId}", done));

    public Task<Result<RedeemAnswer>> Run(RedeemRequest request, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<RedeemAnswer>(key, request, async () =>
        {
            var today = clock.Today();
            var reward = await db.Rewards.AsNoTracking().SingleOrDefaultAsync(r => r.Id == request.RewardId && r.CommunityId == member.CommunityId
                && r.State == RewardState.Active && r.From <= today && today <= r.To, cancel);
            if (reward is null) return NotOffered;

            // In a rush the stock row is the queue: the database gives out the last piece, whatever was read before.
            var taken = await db.Rewards.Where(r => r.Id == reward.Id && r.StockLeft > 0)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.StockLeft, r => r.StockLeft - 1), cancel);
            if (taken == 0) return OutOfStock;

            // Counted while the stock row is held, so two taps of one person cannot both pass.
            var had = await db.Redemptions.CountAsync(r => r.RewardId == reward.Id && r.PersonId == member.PersonId
                && (r.State == RedemptionState.Reserved || r.State == RedemptionState.Fulfilled), cancel);
            if (had >= reward.LimitPerPerson) return LimitReached;

            var redemption = new Redemption
            {
                Id = Guid.CreateVersion7(), CommunityId = member.CommunityId, RewardId = reward.Id, PersonId = member.PersonId, CostPoints = reward.CostPoints,
                PickUpCode = await FreeCode(member.CommunityId, cancel), ReservedAt = clock.Now(), ExpiresOn = today.AddDays(reward.PickUpDays), State = RedemptionState.Reserved,
            };
            if (!await points.Run(member.CommunityId, member.PersonId, reward.CostPoints, Source, redemption.Id, today, $"兑换 {reward.Name}", cancel))
                return TooFewPoints;
            db.Add(redemption);
            outbox.Add("redemption.reserved", member.CommunityId, redemption.Id);
            return new RedeemAnswer(redemption.Id, redemption.PickUpCode, redemption.CostPoints, redemption.ExpiresOn);
        }, cancel);

    // Eight digits are guessed too seldom to matter at a counter where the clerk sees the name as well; the unique key has the last word.
    async Task<string> FreeCode(Guid community, CancellationToken cancel)
    {
        while (true)
        {
            var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);
            if (!await db.Redemptions.AnyAsync(r => r.CommunityId == community && r.PickUpCode == code, cancel)) return code;
        }
    }
}
