using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

/// <summary>Keeps the end of a rush off the database: once a reward is gone, whoever comes later is told so by Redis.</summary>
/// <remarks>It decides nothing. The row gives out the pieces; what Redis knows the database has said seconds ago, and it may be lost at any time: then
/// everybody asks the database again.</remarks>
public sealed class RushGate(RedisLink redis)
{
    /// <summary>How long a piece that came back may go unseen.</summary>
    static readonly TimeSpan Closed = TimeSpan.FromSeconds(3);

    static string Key(Guid reward) => $"reward-gone:{reward:N}";

    public async ValueTask<bool> IsClosed(Guid reward) =>
        (await redis.Try(store => store.KeyExistsAsync(Key(reward)))).Value;

    /// <summary>The database has just refused somebody for want of stock.</summary>
    public async ValueTask Close(Guid reward) => await redis.Try(store => store.StringSetAsync(Key(reward), "1", Closed));

    /// <summary>A piece came back.</summary>
    public async ValueTask Open(Guid reward) => await redis.Try(store => store.KeyDeleteAsync(Key(reward)));
}
