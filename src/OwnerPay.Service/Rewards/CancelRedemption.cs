using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <param name="PointsReturned">Whole points that are back in their lots.</param>
public sealed record CancelledRedemption(Guid RedemptionId, long PointsReturned);

/// <summary>A person gives a reserved reward back before fetching it: the points return to their lots.</summary>
/// <remarks>Errors: <c>redemption_not_found</c> 404, <c>redemption_ended</c> 409.</remarks>
public sealed class CancelRedemption(OwnerPayDb db, EndRedemption end)
{
    static readonly Error NotFound = new(404, "redemption_not_found", "没有找到该兑换");
    static readonly Error Ended = new(409, "redemption_ended", "该兑换已领取、取消或过期");

    public static void Map(Doors doors) =>
        doors.Owner.MapPost("/houses/{houseId}/redemptions/{redemptionId:guid}/cancel", Post).WithName("cancelRedemption").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, IdempotencyKey.Reused, NotFound, Ended);

    static async Task<Results<Ok<CancelledRedemption>, ProblemHttpResult>> Post(
        Guid redemptionId, IdempotencyKey key, Member member, CancelRedemption cancelRedemption, CancellationToken cancel) =>
        (await cancelRedemption.Run(redemptionId, key, member, cancel)).ToHttp(done => TypedResults.Ok(done));

    public Task<Result<CancelledRedemption>> Run(Guid redemptionId, IdempotencyKey key, Member member, CancellationToken cancel) =>
        db.Once<CancelledRedemption>(key, new { redemptionId }, async () =>
        {
            var redemption = await db.Redemptions.AsNoTracking().SingleOrDefaultAsync(r => r.Id == redemptionId && r.CommunityId == member.CommunityId
                && r.PersonId == member.PersonId, cancel);
            if (redemption is null) return NotFound;
            if (!await end.Run(redemption, RedemptionState.Cancelled, "取消兑换，积分退回", cancel)) return Ended;
            return new CancelledRedemption(redemption.Id, redemption.CostPoints);
        }, cancel);
}
