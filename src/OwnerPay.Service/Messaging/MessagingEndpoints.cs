using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging;

/// <summary>Telling people: templates, grants, the in-app inbox, and the sending.</summary>
public static class MessagingEndpoints
{
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddScoped<MessageKinds>();
        services.AddScoped<Messages>();
        return services;
    }

    /// <summary>Registers a kind of message; called by the slice that owns its data.</summary>
    public static IServiceCollection AddMessageKind<T>(this IServiceCollection services) where T : class, IMessageKind =>
        services.AddScoped<IMessageKind, T>();

    public static Doors MapMessaging(this Doors doors)
    {
        return doors;
    }
}
