using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Roster;

/// <summary>Communities, houses, persons and what they are to each other.</summary>
public static class RosterEndpoints
{
    public static IServiceCollection AddRoster(this IServiceCollection services) => services
        .AddSingleton<ImportProgress>()
        .AddSingleton<ImportQueue>()
        .AddHostedService(built => built.GetRequiredService<ImportQueue>())
        .AddScoped<ImportRoster>()
        .AddScoped<ListHouses>()
        .AddJob<CloseLostImports>("close-lost-imports", TimeSpan.FromMinutes(5));

    public static Doors MapRoster(this Doors doors)
    {
        RosterImports.Map(doors);
        ListHouses.Map(doors);
        return doors;
    }
}
