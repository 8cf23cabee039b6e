using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Disclosure.Events;

/// <summary>Places taken = places of confirmed sign-ups; no house has more than its limit; nobody waits for a place that is free.</summary>
public sealed class CheckEvents : IVerifyCheck
{
    public string Name => "events";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var signUps = scope.Db.EventSignUps;
        var events = scope.Db.CommunityEvents.AsNoTracking().Where(e => scope.CommunityId == null || e.CommunityId == scope.CommunityId);
        var counted = events.Select(e => new
        {
            e.Id, e.State, e.Places, e.PlacesTaken, Confirmed = signUps.Where(s => s.EventId == e.Id && s.State == SignUpState.Confirmed)
                .Sum(s => (int?)s.Places) ?? 0,
            Least = signUps.Where(s => s.EventId == e.Id && s.State == SignUpState.Waiting).Min(s => (int?)s.Places),
        });
        await foreach (var e in counted.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (e.PlacesTaken != e.Confirmed) yield return new Finding(Name, $"CommunityEvents/{e.Id:N}", $"已占名额 {e.PlacesTaken} 应为 {e.Confirmed}");
            if (e.State == EventState.Published && e.Least <= e.Places - e.PlacesTaken)
                yield return new Finding(Name, $"CommunityEvents/{e.Id:N}", $"尚余 {e.Places - e.PlacesTaken} 个名额，候补中有 {e.Least} 人的报名应已转正");
        }
        var beyond = signUps.Where(s => s.Live == true && (scope.CommunityId == null || s.CommunityId == scope.CommunityId))
            .Join(scope.Db.CommunityEvents, s => s.EventId, e => e.Id, (s, e) => new { s.EventId, s.HouseId, s.Places, e.PerHouse })
            .GroupBy(s => new { s.EventId, s.HouseId, s.PerHouse }).Where(g => g.Sum(s => s.Places) > g.Key.PerHouse).Select(g => g.Key);
        await foreach (var house in beyond.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"CommunityEvents/{house.EventId:N}", $"房屋 {house.HouseId:N} 超过每户 {house.PerHouse} 人");
        var dead = signUps.Where(s => (scope.CommunityId == null || s.CommunityId == scope.CommunityId)
            && (s.State == SignUpState.Cancelled) != (s.Live == null)).Select(s => s.Id);
        await foreach (var id in dead.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"EventSignUps/{id:N}", "取消状态与有效标记不一致");
    }
}
