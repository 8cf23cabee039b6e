using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using StackExchange.Redis.KeyspaceIsolation;

namespace OwnerPay.Service.Platform;

/// <summary>Whether there is a Redis, and whether it can be reached.</summary>
public enum RedisState { Off, Ok, Down }

/// <summary>The way to Redis, which carries only what may be lost: WeChat's access token, rate limits, signals between instances. Without it, while
/// it is away and when it comes back everything goes on: whoever asks here is told «not now» at once and helps himself.</summary>
/// <remarks>No call is made while the connection is down; one that fails or takes longer than 300 ms keeps all away for two seconds, so that a Redis
/// that hangs slows nothing down. Keys carry a name derived from the master key: the instances of one installation share them, others do not.</remarks>
public sealed partial class RedisLink(ServiceSettings settings, MasterKey master, ILogger<RedisLink> log) : IHostedService, IAsyncDisposable
{
    static readonly TimeSpan StayAway = TimeSpan.FromSeconds(2);

    readonly string prefix = $"ownerpay:{Convert.ToHexStringLower(master.For("redis-names"))[..12]}:";
    readonly Dictionary<string, Action> heard = [];
    readonly Lock listening = new();
    ConnectionMultiplexer? connection;
    long failedAt;
    bool subscribed;

    /// <summary>Whether a Redis is set at all.</summary>
    public bool IsWanted { get; } = settings.Redis is { Length: > 0 };

    public bool IsUp => connection is { IsConnected: true } && (failedAt == 0 || TimeProvider.System.GetElapsedTime(failedAt) > StayAway);

    public RedisState State => !IsWanted ? RedisState.Off : IsUp ? RedisState.Ok : RedisState.Down;

    /// <summary>Begins to connect, and waits for nothing.</summary>
    /// <exception cref="InvalidDataException">The setting names no address.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsWanted) _ = Connect(Options(settings.Redis!));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidDataException">The setting names no address.</exception>
    static ConfigurationOptions Options(string text)
    {
        ConfigurationOptions options;
        try { options = ConfigurationOptions.Parse(text.StartsWith('/') ? "!" + text : text); }
        catch (ArgumentException wrong) { throw new InvalidDataException($"OwnerPay:Redis 无法识别：{wrong.Message}", wrong); }
        if (options.EndPoints.Count == 0) throw new InvalidDataException("OwnerPay:Redis 应为 主机:端口 或 unix 套接字路径。");
        options.AbortOnConnectFail = false;
        (options.ConnectTimeout, options.AsyncTimeout, options.SyncTimeout) = (500, 300, 300);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "OwnerPay";
        return options;
    }

    async Task Connect(ConfigurationOptions options)
    {
        try
        {
            var made = await ConnectionMultiplexer.ConnectAsync(options);
            made.ConnectionFailed += (_, lost) => { if (lost.ConnectionType == ConnectionType.Interactive) Lost(log, lost.FailureType); };
            made.ConnectionRestored += (_, back) =>
            {
                if (back.ConnectionType == ConnectionType.Interactive) Back(log);
                Subscribe();
            };
            connection = made;
            if (!made.IsConnected) Lost(log, ConnectionFailureType.UnableToConnect);
            Subscribe();
        }
        catch (Exception failure) { NeverConnected(log, failure); }
    }

    /// <summary>Does something with Redis, if it is there.</summary>
    /// <returns>False when it is not; then nothing may be concluded from the value.</returns>
    public async ValueTask<(bool Done, T? Value)> Try<T>(Func<IDatabase, Task<T>> act)
    {
        if (!IsUp) return default;
        try
        {
            return (true, await act(connection!.GetDatabase().WithKeyPrefix(prefix)));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            failedAt = TimeProvider.System.GetTimestamp();
            Failed(log, failure.GetType().Name);
            return default;
        }
    }

    /// <summary>Calls <paramref name="act"/> when another instance tells something on the channel.</summary>
    public void Listen(string channel, Action act)
    {
        if (!IsWanted) return;
        lock (listening)
        {
            heard[channel] = act;
            subscribed = false;
        }
        Subscribe();
    }

    /// <summary>Tells the other instances, if they can be reached; nobody waits for it.</summary>
    public void Tell(string channel)
    {
        if (IsUp) connection!.GetSubscriber().Publish(Channel(channel), RedisValue.EmptyString, CommandFlags.FireAndForget);
    }

    RedisChannel Channel(string name) => RedisChannel.Literal(prefix + name);

    // After the first success the connection itself subscribes again whenever it comes back.
    void Subscribe()
    {
        if (connection is not { } made) return;
        lock (listening)
        {
            if (subscribed || !made.IsConnected) return;
            try
            {
                foreach (var (name, act) in heard) made.GetSubscriber().Subscribe(Channel(name), (_, _) => act(), CommandFlags.FireAndForget);
                subscribed = true;
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException) { Failed(log, failure.GetType().Name); }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is { } made) await made.DisposeAsync();
    }

    [LoggerMessage(1020, LogLevel.Warning, "Redis cannot be reached ({Reason}); this instance goes on without it")]
    static partial void Lost(ILogger log, ConnectionFailureType reason);

    [LoggerMessage(1021, LogLevel.Information, "Redis is back")]
    static partial void Back(ILogger log);

    [LoggerMessage(1022, LogLevel.Warning, "Redis failed ({Reason}); it is left alone for two seconds")]
    static partial void Failed(ILogger log, string reason);

    [LoggerMessage(1023, LogLevel.Error, "There is no connection to Redis")]
    static partial void NeverConnected(ILogger log, Exception failure);
}

/// <summary>Without Redis the service is slower, not ill: it stays in the load balancer.</summary>
public sealed class RedisHealth(RedisLink redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        redis.State == RedisState.Down ? HealthCheckResult.Degraded("Redis cannot be reached") : HealthCheckResult.Healthy());
}
