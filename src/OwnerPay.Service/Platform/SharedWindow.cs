using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using StackExchange.Redis;

namespace OwnerPay.Service.Platform;

/// <summary>A rate limit of so many calls a minute that all instances count together, by one counter in Redis. Without Redis each instance counts
/// by itself: for a while somebody may do so much on each of them, but nobody is locked out and nothing is unlimited.</summary>
/// <param name="key">Of one limit and one caller.</param>
/// <param name="window">The limit, and that of this instance alone.</param>
sealed class SharedWindow(RedisLink redis, string key, FixedWindowRateLimiterOptions window) : RateLimiter
{
    readonly FixedWindowRateLimiter own = new(window);

    public override TimeSpan? IdleDuration => own.IdleDuration;

    public override RateLimiterStatistics? GetStatistics() => own.GetStatistics();

    // The counter can only be asked without blocking: a lease that is refused here is asked for again below.
    protected override RateLimitLease AttemptAcquireCore(int permitCount) => redis.IsUp ? Lease.NotYet : own.AttemptAcquire(permitCount);

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var length = (long)window.Window.TotalMilliseconds;
        var counter = $"{key}:{now / length}";
        var (done, count) = await redis.Try(async db =>
        {
            // Both leave in one packet, so that no counter stays for ever.
            var (counted, _) = (db.StringIncrementAsync(counter, permitCount), db.KeyExpireAsync(counter, window.Window * 2, CommandFlags.FireAndForget));
            return await counted;
        });
        if (!done) return own.AttemptAcquire(permitCount);
        return count <= window.PermitLimit ? Lease.Given : new Lease(false, TimeSpan.FromMilliseconds(length - now % length));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) own.Dispose();
        base.Dispose(disposing);
    }

    sealed class Lease(bool acquired, TimeSpan? retryAfter) : RateLimitLease
    {
        public static readonly Lease Given = new(true, null), NotYet = new(false, null);

        public override bool IsAcquired => acquired;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}
