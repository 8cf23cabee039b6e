using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>The payment clients as a program gets them from its container.</summary>
static class PayKit
{
    public static ServiceProvider Start(Action<PayOptions> configure, IMerchantCredentialsSource? merchants = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (merchants is not null) services.AddSingleton(merchants);
        services.AddWeChatPay(configure);
        return services.BuildServiceProvider();
    }

    public static PayClient Client(this ServiceProvider kit) => kit.GetRequiredService<PayClient>();

    public static NotificationReader Reader(this ServiceProvider kit) => kit.GetRequiredService<NotificationReader>();
}
