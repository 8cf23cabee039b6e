using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Points;

/// <summary>Each grant that was given made exactly its points, each other one none, and none stands without a grant.</summary>
public sealed class CheckPointsGrants : IVerifyCheck
{
    public string Name => "points-grants";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (db, community) = (scope.Db, scope.CommunityId);
        var (grants, lots) = (db.PointsGrants, db.PointsLots);
        var wrong = grants.Where(g => community == null || g.CommunityId == community).Select(g => new
        {
            g.Id, g.State, g.Points,
            Earned = lots.Where(l => l.SourceKind == GrantPoints.Kind && l.SourceId == g.Id && l.PersonId == g.PersonId).Sum(l => (long?)l.Earned)
                ?? 0,
        }).Where(g => g.Earned != (g.State == PointsGrantState.Granted ? g.Points : 0)).OrderBy(g => g.Id).AsAsyncEnumerable();
        await foreach (var grant in wrong.WithCancellation(cancel))
            yield return new(Name, $"PointsGrants/{grant.Id:N}", $"授予 {grant.Points} 积分，状态 {grant.State}，实际入账 {grant.Earned}");
        var strays = lots.Where(l => (community == null || l.CommunityId == community) && l.SourceKind == GrantPoints.Kind && !grants
            .Any(g => g.Id == l.SourceId))
            .OrderBy(l => l.Id).Select(l => l.Id).AsAsyncEnumerable();
        await foreach (var stray in strays.WithCancellation(cancel)) yield return new(Name, $"PointsLots/{stray:N}", "积分批次没有对应的授予记录");
    }
}
