using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Promotions;

/// <summary>Budgets of offers against their uses: taken = reserved + used.</summary>
public sealed class CheckOffers : IVerifyCheck
{
    public string Name => "offer-budgets";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (community, uses) = (scope.CommunityId, scope.Db.OfferUses);
        var counted = uses.Where(u => !u.BeyondBudget && (u.State == OfferUseState.Reserved || u.State == OfferUseState.Used));
        var wrong = scope.Db.Offers.Where(o => community == null || o.CommunityId == community).Select(o => new
        {
            o.Id, o.Code, o.Version, o.TakenFen, o.TakenCount,
            Fen = counted.Where(u => u.OfferId == o.Id).Sum(u => (long?)u.Fen) ?? 0,
            Count = counted.LongCount(u => u.OfferId == o.Id),
        }).Where(o => o.Fen != o.TakenFen || o.Count != o.TakenCount).OrderBy(o => o.Id).AsAsyncEnumerable();
        await foreach (var offer in wrong.WithCancellation(cancel))
            yield return new(Name, $"Offers/{offer.Id:N}",
                $"活动 {offer.Code} 第 {offer.Version} 版：已占用 {offer.TakenFen} 分 {offer.TakenCount} 次，按使用记录应为 {offer.Fen} 分 {offer.Count} 次");

        var offers = scope.Db.Offers;
        var strays = uses.Where(u => (community == null || u.CommunityId == community) && !offers.Any(o => o.Id == u.OfferId && o.CommunityId == u.CommunityId))
            .OrderBy(u => u.Id).Select(u => u.Id).AsAsyncEnumerable();
        await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"OfferUses/{stray:N}", "优惠使用记录没有对应的活动");
    }
}
