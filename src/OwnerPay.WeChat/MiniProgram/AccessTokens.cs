using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>A token for api.weixin.qq.com. Never printed.</summary>
/// <param name="UsableUntil">From then on it is fetched anew, 5 minutes before its end.</param>
public sealed record AccessToken(string Value, DateTimeOffset UsableUntil)
{
    public override string ToString() => "access token";
}

/// <summary>Keeps access tokens, and sees to it that only one fetches a new one: in this process, or, over Redis, among all instances.</summary>
/// <remarks>What is kept may be lost at any time: WeChat's stable token answers the same token again. A store may throw when it is out of reach;
/// the process then goes on with a token of its own.</remarks>
public interface IAccessTokenStore
{
    ValueTask<AccessToken?> GetAsync(string appid, CancellationToken cancel);

    /// <summary>Keeps it until <see cref="AccessToken.UsableUntil"/>.</summary>
    ValueTask PutAsync(string appid, AccessToken token, CancellationToken cancel);

    /// <summary>Forgets <paramref name="token"/>, unless one of another value was put meanwhile.</summary>
    ValueTask DropAsync(string appid, AccessToken token, CancellationToken cancel);

    /// <summary>Waits for the right to fetch; disposing gives it back.</summary>
    /// <remarks>A lock must end by itself when its holder died, and the wait must too: two fetches do no harm, no fetch stops everything.</remarks>
    ValueTask<IAsyncDisposable> LockAsync(string appid, CancellationToken cancel);
}

/// <summary>The registered store, with the process's own behind it for the time that the registered one is out of reach.</summary>
sealed class AccessTokens(IAccessTokenStore shared, ILogger<AccessTokens> log)
{
    readonly InMemoryAccessTokenStore own = new();

    public async ValueTask<AccessToken?> GetAsync(string appid, CancellationToken cancel)
    {
        try
        {
            return await shared.GetAsync(appid, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.StoreFailed(appid, e.GetType().Name);
            return await own.GetAsync(appid, cancel);
        }
    }

    public async ValueTask PutAsync(string appid, AccessToken token, CancellationToken cancel)
    {
        await own.PutAsync(appid, token, cancel);
        await TryAsync(appid, shared.PutAsync, token, cancel);
    }

    public async ValueTask DropAsync(string appid, AccessToken token, CancellationToken cancel)
    {
        await own.DropAsync(appid, token, cancel);
        await TryAsync(appid, shared.DropAsync, token, cancel);
    }

    /// <summary>One of this process at a time, and of those one among all instances, if that can be told.</summary>
    public async ValueTask<IAsyncDisposable> LockAsync(string appid, CancellationToken cancel)
    {
        var inner = await own.LockAsync(appid, cancel);
        try
        {
            return new Both(await shared.LockAsync(appid, cancel), inner, appid, log);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.StoreFailed(appid, e.GetType().Name);
            return inner;
        }
        catch (OperationCanceledException)
        {
            await inner.DisposeAsync();
            throw;
        }
    }

    async ValueTask TryAsync(string appid, Func<string, AccessToken, CancellationToken, ValueTask> act, AccessToken token, CancellationToken cancel)
    {
        try
        {
            await act(appid, token, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.StoreFailed(appid, e.GetType().Name);
        }
    }

    sealed class Both(IAsyncDisposable outer, IAsyncDisposable inner, string appid, ILogger log) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await outer.DisposeAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.StoreFailed(appid, e.GetType().Name);
            }
            finally
            {
                await inner.DisposeAsync();
            }
        }
    }
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
