using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Points;

namespace OwnerPay.Service.Rewards;

/// <summary>Stock left = stock in all − reserved − fulfilled; limits hold; every redemption cost its points once and, when ended unfetched, gave them back once.</summary>
public sealed class CheckRewards : IVerifyCheck
{
    public string Name => "rewards";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var redemptions = scope.Db.Redemptions.AsNoTracking().Where(r => scope.CommunityId == null || r.CommunityId == scope.CommunityId);
        var rewards = scope.Db.Rewards.AsNoTracking().Where(r => scope.CommunityId == null || r.CommunityId == scope.CommunityId);
        var standing = scope.Db.Redemptions.Where(Redemption.Counts);
        var stock = rewards.Select(r => new
        {
            r.Id, r.StockTotal, r.StockLeft,
            Live = standing.Count(x => x.RewardId == r.Id),
        }).Where(r => r.StockLeft != r.StockTotal - r.Live);
        await foreach (var off in stock.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Rewards/{off.Id:N}", $"库存 {off.StockLeft} 应为 {off.StockTotal - off.Live}");

        var beyond = redemptions.Where(Redemption.Counts)
            .Join(scope.Db.Rewards, r => r.RewardId, reward => reward.Id, (r, reward) => new { r.RewardId, r.PersonId, reward.LimitPerPerson })
            .GroupBy(r => new { r.RewardId, r.PersonId, r.LimitPerPerson }).Where(g => g.Count() > g.Key.LimitPerPerson).Select(g => g.Key);
        await foreach (var off in beyond.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Rewards/{off.RewardId:N}", $"住户 {off.PersonId:N} 超过每人限兑 {off.LimitPerPerson} 份");

        var entries = scope.Db.PointsEntries;
        var cost = redemptions.Select(r => new
        {
            r.Id, r.CostPoints, r.State,
            Spent = -(entries.Where(e => e.SourceKind == RedeemReward.Source && e.SourceId == r.Id).Sum(e => (long?)e.Delta) ?? 0),
            Back = entries.Where(e => (e.SourceKind == "redemption-cancelled" || e.SourceKind == "redemption-expired") && e.SourceId == r.Id).Sum(e => (long?)e.Delta) ?? 0,
        });
        var wrong = cost.Where(r => r.Spent != r.CostPoints
            || r.Back != (r.State == RedemptionState.Cancelled || r.State == RedemptionState.Expired ? r.CostPoints : 0));
        await foreach (var off in wrong.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"Redemptions/{off.Id:N}", $"应扣 {off.CostPoints} 积分，实扣 {off.Spent}，退回 {off.Back}，状态 {off.State}");
    }
}
