using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Home;

/// <summary>The owner's start page. It reads all rooms below and writes nothing.</summary>
public static class HomeEndpoints
{
    public static IServiceCollection AddHome(this IServiceCollection services) => services.AddScoped<ShowHome>();

    public static Doors MapHome(this Doors doors)
    {
        ShowHome.Map(doors);
        return doors;
    }
}
