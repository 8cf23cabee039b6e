using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Promotions;

namespace OwnerPay.Service.Rewards;

/// <summary>Parking rights hold exactly their days while their redemption lives; coupon rewards gave exactly one coupon.</summary>
public sealed class CheckRewardKinds : IVerifyCheck
{
    public string Name => "reward-kinds";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (standing, redemptions, rewards, rights, days, coupons) = (db.Redemptions.Where(Redemption.Counts), db.Redemptions, db.Rewards, db.ParkingRights, db.ParkingRightDays, db.Coupons);
        var held = rights.AsNoTracking().Where(r => community == null || r.CommunityId == community).Select(r => new
        {
            Right = r, Days = days.Count(d => d.RightId == r.Id), Own = days.Count(d => d.RightId == r.Id && d.SpaceId == r.SpaceId && d.Day >= r.From
                && d.Day <= r.To),
            Live = standing.Any(x => x.Id == r.Id),
        }).AsAsyncEnumerable();
        await foreach (var row in held.WithCancellation(cancel))
        {
            var due = row.Live ? row.Right.To.DayNumber - row.Right.From.DayNumber + 1 : 0;
            if (row.Days != due || row.Own != due) yield return new(Name, $"ParkingRights/{row.Right.Id:N}",
                $"车位 {row.Right.SpaceCode} 应占 {due} 天，实占 {row.Days} 天");
        }
        var strays = days.Where(d => !rights.Any(r => r.Id == d.RightId)).Select(d => d.RightId).Distinct().AsAsyncEnumerable();
        if (community is null) await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"ParkingRightDays/{stray:N}",
            "占用的车位没有对应的使用权");

        var given = redemptions.AsNoTracking().Where(r => community == null || r.CommunityId == community)
            .Join(rewards, r => r.RewardId, reward => reward.Id, (r, reward) => new
            {
                r.Id, reward.Kind, Coupons = coupons.Count(c => c.SourceKind == RedeemReward.Source && c.SourceId == r.Id
                    && c.PersonId == r.PersonId),
                Rights = rights.Count(right => right.Id == r.Id),
            }).Where(r => r.Coupons != (r.Kind == RewardKind.Coupon ? 1 : 0) || r.Rights != (r.Kind == RewardKind.Parking ? 1
                : 0)).AsAsyncEnumerable();
        await foreach (var row in given.WithCancellation(cancel))
            yield return new(Name, $"Redemptions/{row.Id:N}", $"类型 {row.Kind}：优惠券 {row.Coupons} 张，车位使用权 {row.Rights} 个");
    }
}
