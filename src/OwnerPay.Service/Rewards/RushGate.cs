using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

/// <summary>Keeps a rush off the database once a reward is gone: whoever comes later is told so by Redis. It knows nothing that the database did not
/// say seconds ago, and may be lost at any time: then everybody asks the database again.</summary>
public sealed class RushGate(RedisLink redis)
{
    /// <summary>How long a piece that came back may go unseen.</summary>
    static readonly TimeSpan Closed = TimeSpan.FromSeconds(3);

    static string Key(Guid community, Guid reward) => $"reward-gone:{community:N}:{reward:N}";

    public async ValueTask<bool> IsClosed(Guid community, Guid reward) =>
        (await redis.Try(store => store.KeyExistsAsync(Key(community, reward)))).Value;

    /// <summary>The database has just refused somebody for want of stock.</summary>
    public async ValueTask Close(Guid community, Guid reward) => await redis.Try(store => store.StringSetAsync(Key(community, reward), "1", Closed));

    /// <summary>A piece came back.</summary>
    public async ValueTask Open(Guid community, Guid reward) => await redis.Try(store => store.KeyDeleteAsync(Key(community, reward)));
}
