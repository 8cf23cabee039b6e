using Microsoft.Extensions.Options;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>In Production real money may only be talked about with WeChat itself: any other base address stops the start.</summary>
public sealed class WeChatHosts(ServiceSettings settings, IHostEnvironment environment) : IHostedService
{
    static readonly string[] Pay = ["https://api.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com"], Api = ["https://api.weixin.qq.com", "https://api2.weixin.qq.com"];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsProduction()) return Task.CompletedTask;
        Check(nameof(settings.WeChatPayUrl), settings.WeChatPayUrl, Pay);
        Check(nameof(settings.WeChatApiUrl), settings.WeChatApiUrl, Api);
        if (!settings.PublicUrl.StartsWith("https://", StringComparison.Ordinal) && !IsLoopback(settings.PublicUrl))
            throw new OptionsValidationException(nameof(settings.PublicUrl), typeof(ServiceSettings), ["OwnerPay:PublicUrl 必须是 https 地址，微信只回调 https。"]);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static void Check(string name, string value, string[] allowed)
    {
        if (!allowed.Contains(value.TrimEnd('/'), StringComparer.Ordinal))
            throw new OptionsValidationException(name, typeof(ServiceSettings), [$"OwnerPay:{name} 在生产环境只能是 {string.Join(" 或 ", allowed)}，不能是 {value}。"]);
    }

    // Not yet behind a public address: nothing can be paid, but looking around is allowed.
    static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
