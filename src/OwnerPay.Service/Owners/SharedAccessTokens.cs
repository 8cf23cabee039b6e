using System.Buffers.Binary;
using System.Security.Cryptography;
using OwnerPay.Service.Platform;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Owners;

/// <summary>WeChat's access token of a mini-program, shared by all instances through Redis and fetched by one of them at a time. While Redis is away each
/// instance has its own: WeChat's stable token is the same for all of them anyway.</summary>
/// <remarks>In Redis it lies wrapped by the master key. The right to fetch ends by itself after 15 s, should its holder have died; whoever waited 6 s for
/// it fetches all the same.</remarks>
public sealed class SharedAccessTokens(RedisLink redis, MasterKey master) : IAccessTokenStore
{
    const string Purpose = "wechat-access-token";

    static readonly TimeSpan Life = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromSeconds(6), Pause = TimeSpan.FromMilliseconds(50);

    readonly InMemoryAccessTokenStore own = new();

    static string Key(string appid) => $"token:{appid}";

    public async ValueTask<AccessToken?> GetAsync(string appid, CancellationToken cancel)
    {
        var (done, kept) = await redis.Try(db => db.StringGetAsync(Key(appid)));
        if (!done) return await own.GetAsync(appid, cancel);
        return kept.IsNull ? null : Read((byte[])kept!);
    }

    public async ValueTask PutAsync(string appid, AccessToken token, CancellationToken cancel)
    {
        await own.PutAsync(appid, token, cancel);
        var life = token.UsableUntil - TimeProvider.System.GetUtcNow();
        if (life > TimeSpan.Zero) await redis.Try(db => db.StringSetAsync(Key(appid), Written(token), life));
    }

    public async ValueTask DropAsync(string appid, AccessToken token, CancellationToken cancel)
    {
        await own.DropAsync(appid, token, cancel);
        await redis.Try(async db =>
        {
            var kept = await db.StringGetAsync(Key(appid));
            if (kept.IsNull || Read((byte[])kept!) is { } other && other.Value != token.Value) return false;
            // Deletes it only while that very value stands there: another instance may put a new one at this moment.
            return await db.LockReleaseAsync(Key(appid), kept);
        });
    }

    public async ValueTask<IAsyncDisposable> LockAsync(string appid, CancellationToken cancel)
    {
        var (key, mine, began) = ($"token-turn:{appid}", Guid.CreateVersion7().ToString("N"), TimeProvider.System.GetTimestamp());
        while (true)
        {
            var (done, taken) = await redis.Try(db => db.LockTakeAsync(key, mine, Life));
            if (!done) return new Turn(null);
            if (taken) return new Turn(() => redis.Try(db => db.LockReleaseAsync(key, mine)));
            if (TimeProvider.System.GetElapsedTime(began) > Patience) return new Turn(null);
            await Task.Delay(Pause, cancel);
        }
    }

    byte[] Written(AccessToken token)
    {
        var wrapped = master.Wrap(Purpose, token.Value);
        var written = new byte[8 + wrapped.Length];
        BinaryPrimitives.WriteInt64BigEndian(written, token.UsableUntil.ToUnixTimeMilliseconds());
        wrapped.CopyTo(written, 8);
        return written;
    }

    /// <returns>Null for what was not written with this master key.</returns>
    AccessToken? Read(byte[] written)
    {
        if (written.Length <= 8) return null;
        try
        {
            return new AccessToken(
                master.UnwrapText(Purpose, written.AsSpan(8)), DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(written)));
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentOutOfRangeException) { return null; }
    }

    sealed class Turn(Func<ValueTask<(bool, bool)>>? release) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (release is not null) await release();
        }
    }
}
