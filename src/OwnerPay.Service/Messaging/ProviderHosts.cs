using Microsoft.Extensions.Options;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging;

/// <summary>In Production numbers and texts of owners go to the provider itself and nowhere else: any other base address stops the start.</summary>
public sealed class ProviderHosts(ServiceSettings settings, IHostEnvironment environment) : IHostedService
{
    static readonly string[] Sms = ["https://dysmsapi.aliyuncs.com", "https://dysmsapi.cn-hangzhou.aliyuncs.com"];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsProduction() && !Sms.Contains(settings.SmsUrl.TrimEnd('/'), StringComparer.Ordinal))
            throw new OptionsValidationException(nameof(settings.SmsUrl), typeof(ServiceSettings),
                [$"OwnerPay:SmsUrl 在生产环境只能是 {string.Join(" 或 ", Sms)}，不能是 {settings.SmsUrl}。"]);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
