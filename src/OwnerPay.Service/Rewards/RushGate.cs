using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

/// <summary>Keeps a rush off the database: few taps for one reward are at its stock row at once, and once it is gone, whoever comes later is told so by
/// Redis.</summary>
/// <remarks>It decides nothing. The row gives out the pieces; what Redis knows the database has said seconds ago, and it may be lost at any time: then
/// everybody asks the database again.</remarks>
public sealed class RushGate(RedisLink redis)
{
    /// <summary>Taps of one reward at the database at once. More would only wait there, each with a connection and a transaction.</summary>
    const int AtOnce = 4;

    const int Lanes = 64;

    /// <summary>How long a piece that came back may go unseen.</summary>
    static readonly TimeSpan Closed = TimeSpan.FromSeconds(3);

    readonly SemaphoreSlim[] lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new SemaphoreSlim(AtOnce, AtOnce))];

    static string Key(Guid community, Guid reward) => $"reward-gone:{community:N}:{reward:N}";

    /// <summary>Waits behind the others who want this reward on this instance; the place is free again when it is disposed.</summary>
    public async ValueTask<Place> Queue(Guid reward, CancellationToken cancel)
    {
        var lane = lanes[(uint)reward.GetHashCode() % Lanes];
        if (lane.Wait(0, cancel)) return new(lane, waited: false);
        await lane.WaitAsync(cancel);
        return new(lane, waited: true);
    }

    public async ValueTask<bool> IsClosed(Guid community, Guid reward) =>
        (await redis.Try(store => store.KeyExistsAsync(Key(community, reward)))).Value;

    /// <summary>The database has just refused somebody for want of stock.</summary>
    public async ValueTask Close(Guid community, Guid reward) => await redis.Try(store => store.StringSetAsync(Key(community, reward), "1", Closed));

    /// <summary>A piece came back.</summary>
    public async ValueTask Open(Guid community, Guid reward) => await redis.Try(store => store.KeyDeleteAsync(Key(community, reward)));

    /// <summary>A place at the database.</summary>
    public readonly struct Place(SemaphoreSlim lane, bool waited) : IDisposable
    {
        /// <summary>Others were before, so that the last piece may be gone meanwhile.</summary>
        public bool Waited => waited;

        public void Dispose() => lane.Release();
    }
}
