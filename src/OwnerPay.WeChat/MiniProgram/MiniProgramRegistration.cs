using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OwnerPay.WeChat.OfficialAccount;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>Settings of the mini-program client.</summary>
public sealed class MiniProgramOptions
{
    public Uri BaseAddress { get; set; } = new("https://api.weixin.qq.com");

    /// <summary>How long one call may take, body included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause before a call is repeated because WeChat was busy; the second is twice as long.</summary>
    public TimeSpan BusyDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The system's clock, for the age of access tokens.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;
}

/// <summary>Registers the mini-program client.</summary>
public static class MiniProgramRegistration
{
    /// <summary>Adds <see cref="MiniProgramClient"/>, <see cref="Shipping"/> and <see cref="OfficialAccountClient"/> as singletons. Register an
    /// <see cref="IAccessTokenStore"/> before to share tokens
    /// among instances; otherwise each keeps its own.</summary>
    /// <remarks>Addresses carry secrets and tokens in their query, so the HTTP stack logs none.</remarks>
    public static IHttpClientBuilder AddWeChatMiniProgram(this IServiceCollection services, Action<MiniProgramOptions>? configure = null)
    {
        services.AddOptions<MiniProgramOptions>();
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<IAccessTokenStore, InMemoryAccessTokenStore>();
        services.TryAddSingleton<AccessTokens>();
        services.TryAddSingleton<Api>();
        services.TryAddSingleton(sp => new MiniProgramClient(sp.GetRequiredService<Api>()));
        services.TryAddSingleton(sp => new Shipping(sp.GetRequiredService<Api>()));
        services.TryAddSingleton(sp => new OfficialAccountClient(sp.GetRequiredService<Api>()));
        var builder = services.AddHttpClient(Api.ClientName)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)    // the limits below and the caller's own hold
            .RemoveAllLoggers();
        builder.AddStandardResilienceHandler().Configure(static (resilience, sp) =>
        {
            var options = sp.GetRequiredService<IOptions<MiniProgramOptions>>().Value;
            resilience.AttemptTimeout.Timeout = options.Timeout;
            resilience.TotalRequestTimeout.Timeout = options.Timeout * 2;
            resilience.Retry.ShouldHandle = static _ => ValueTask.FromResult(false);    // codes and grants work once
            resilience.CircuitBreaker.SamplingDuration = TimeSpan.FromTicks(Math.Max(TimeSpan.FromSeconds(30).Ticks, options.Timeout.Ticks * 2));
            resilience.CircuitBreaker.MinimumThroughput = 20;
            resilience.CircuitBreaker.FailureRatio = 0.5;
        });
        return builder;
    }
}

/// <summary>What the mini-program client logs: appid, code and WeChat's id of the call, never users, texts, tokens or addresses.</summary>
static partial class MiniProgramLog
{
    [LoggerMessage(EventId = 1101, Message = "WeChat {Call} of {Appid} answered {Errcode}, rid {Rid}")]
    public static partial void Failed(this ILogger log, LogLevel level, string call, string appid, int errcode, string? rid);

    [LoggerMessage(1102, LogLevel.Warning, "WeChat {Call} of {Appid}: HTTP {Status} without a usable answer")]
    public static partial void Unusable(this ILogger log, string call, string appid, int status);

    [LoggerMessage(1104, LogLevel.Warning, "The shared store of access tokens failed for {Appid} ({Reason}); this process goes on with its own")]
    public static partial void StoreFailed(this ILogger log, string appid, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "WeChat {Call} of {Appid}: no answer ({Reason})")]
    public static partial void Unreachable(this ILogger log, string call, string appid, string reason);
}
