using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OwnerPay.WeChat.Pay;

/// <summary>Registers the WeChat Pay clients.</summary>
public static class PayRegistration
{
    /// <summary>Adds <see cref="PayClient"/>, <see cref="NotificationReader"/> and <see cref="PlatformCertificates"/> as singletons.
    /// Register an <see cref="IMerchantCredentialsSource"/> as well to name merchants by number.</summary>
    /// <remarks>Each merchant has its own circuit breaker per host, so that one with a wrong key does not silence the others.
    /// Requests and their addresses are not logged by the HTTP stack.</remarks>
    public static IHttpClientBuilder AddWeChatPay(this IServiceCollection services, Action<PayOptions>? configure = null)
    {
        services.AddOptions<PayOptions>();
        if (configure is not null) services.Configure(configure);
        services.TryAddTransient<SigningHandler>();
        services.TryAddSingleton<ClockSkewMeter>();
        services.TryAddSingleton(sp => new PayTransport(sp.GetRequiredService<IHttpClientFactory>(), sp.GetRequiredService<IOptions<PayOptions>>(),
            sp.GetRequiredService<ClockSkewMeter>(), sp.GetRequiredService<ILogger<PayTransport>>()));
        services.TryAddSingleton(sp => new PlatformCertificates(
            sp.GetRequiredService<PayTransport>(), sp.GetRequiredService<ILogger<PlatformCertificates>>()));
        services.TryAddSingleton(sp => new PayClient(sp.GetRequiredService<PayTransport>(), sp.GetRequiredService<PlatformCertificates>(),
            sp.GetRequiredService<ILogger<PayClient>>(), sp.GetService<IMerchantCredentialsSource>()));
        services.TryAddSingleton(sp => new NotificationReader(sp.GetRequiredService<PayClient>(), sp.GetRequiredService<PlatformCertificates>(),
            sp.GetRequiredService<ILogger<NotificationReader>>()));

        var builder = services.AddHttpClient(PayTransport.ClientName)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)    // the limits below and the caller's own hold
            .RemoveAllLoggers();
        builder.AddStandardResilienceHandler()
            .Configure(static (resilience, sp) =>
            {
                var options = sp.GetRequiredService<IOptions<PayOptions>>().Value;
                resilience.AttemptTimeout.Timeout = options.AttemptTimeout;
                resilience.TotalRequestTimeout.Timeout = options.TotalTimeout;
                resilience.Retry.MaxRetryAttempts = options.ReadRetries;
                resilience.Retry.Delay = options.RetryDelay;
                resilience.Retry.DisableForUnsafeHttpMethods();
                resilience.CircuitBreaker.SamplingDuration = TimeSpan.FromTicks(
                    Math.Max(TimeSpan.FromSeconds(30).Ticks, options.AttemptTimeout.Ticks * 2));
                resilience.CircuitBreaker.MinimumThroughput = 20;
                resilience.CircuitBreaker.FailureRatio = 0.5;
                resilience.CircuitBreaker.BreakDuration = options.CircuitPause;
                // Who says "not so fast" is well; a limit on one call, of bills say, must not keep the merchant from taking payments.
                resilience.CircuitBreaker.ShouldHandle = static tried => ValueTask.FromResult(
                    tried.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests && HttpClientResiliencePredicates.IsTransient(tried.Outcome));
            })
            .SelectPipelineBy(static _ => request =>
                request.Options.TryGetValue(SigningHandler.Merchant, out var merchant)
                    ? $"{request.RequestUri!.Authority}/{merchant.Mchid}"
                    : request.RequestUri!.Authority);
        // Added last, so it stands innermost and signs every repeat anew.
        builder.AddHttpMessageHandler<SigningHandler>();
        return builder;
    }
}
