using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Rewards;

/// <summary>A member's wish for a reward.</summary>
public sealed record Tap(RedeemRequest Request, IdempotencyKey Key, Member Member);

/// <summary>Taps for one reward at one moment are given out together: in a rush its stock row is written once for thirty of them.</summary>
public sealed partial class RushQueue(IServiceScopeFactory scopes, DatabaseChoice database, ILogger<RushQueue> log)
    : CompanyQueue<Tap, Result<RedeemAnswer>>(scopes, database.IsMariaDb ? 2 : 1, mostTogether: 32)
{
    protected override Guid KindOf(Tap item) => item.Request.RewardId;

    protected override async Task<IReadOnlyList<(bool Done, Result<RedeemAnswer> Answer)>> Together(IServiceProvider services, IReadOnlyList<Tap> items)
    {
        var answers = await services.GetRequiredService<RedeemTogether>().Run(items, CancellationToken.None);
        return [.. answers.Select(answer => (answer is not null, answer ?? default))];
    }

    protected override Task<Result<RedeemAnswer>> Alone(IServiceProvider services, Tap item) =>
        services.GetRequiredService<RedeemReward>().Run(item, CancellationToken.None);

    protected override void NotTogether(Exception failure, int count) => NotTogether(log, failure, count);

    [LoggerMessage(9010, LogLevel.Warning, "{Count} taps could not be served together; each goes alone")]
    static partial void NotTogether(ILogger log, Exception failure, int count);
}
