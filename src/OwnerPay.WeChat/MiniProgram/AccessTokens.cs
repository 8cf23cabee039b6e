using System.Collections.Concurrent;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>A token for api.weixin.qq.com. Never printed.</summary>
/// <param name="UsableUntil">From then on it is fetched anew, 5 minutes before its end.</param>
public sealed record AccessToken(string Value, DateTimeOffset UsableUntil)
{
    public override string ToString() => "access token";
}

/// <summary>Keeps access tokens, and sees to it that only one fetches a new one: in this process, or, over Redis, among all instances.</summary>
/// <remarks>What is kept may be lost at any time: WeChat's stable token answers the same token again.</remarks>
public interface IAccessTokenStore
{
    ValueTask<AccessToken?> GetAsync(string appid, CancellationToken cancel);

    ValueTask PutAsync(string appid, AccessToken token, CancellationToken cancel);

    /// <summary>Forgets <paramref name="token"/>, unless another one was put meanwhile.</summary>
    ValueTask DropAsync(string appid, AccessToken token, CancellationToken cancel);

    /// <summary>Waits for the right to fetch; disposing gives it back.</summary>
    ValueTask<IAsyncDisposable> LockAsync(string appid, CancellationToken cancel);
}

/// <summary>The store of a single process.</summary>
public sealed class InMemoryAccessTokenStore : IAccessTokenStore
{
    readonly ConcurrentDictionary<string, AccessToken> tokens = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    public ValueTask<AccessToken?> GetAsync(string appid, CancellationToken cancel) => ValueTask.FromResult(tokens.GetValueOrDefault(appid));

    public ValueTask PutAsync(string appid, AccessToken token, CancellationToken cancel)
    {
        tokens[appid] = token;
        return ValueTask.CompletedTask;
    }

    public ValueTask DropAsync(string appid, AccessToken token, CancellationToken cancel)
    {
        tokens.TryRemove(new(appid, token));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<IAsyncDisposable> LockAsync(string appid, CancellationToken cancel)
    {
        var gate = gates.GetOrAdd(appid, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancel);
        return new Held(gate);
    }

    sealed class Held(SemaphoreSlim gate) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            gate.Release();
            return ValueTask.CompletedTask;
        }
    }
}
