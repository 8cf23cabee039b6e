using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

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
        .AddScoped<Communities>()
        .AddScoped<CommunityExists>(built => (community, cancel) =>
            built.GetRequiredService<OwnerPayDb>().Communities.AnyAsync(c => c.Id == community, cancel))
        .AddJob<CloseLostImports>("close-lost-imports", TimeSpan.FromMinutes(5));

    public static Doors MapRoster(this Doors doors)
    {
        Communities.Map(doors);
        RosterImports.Map(doors);
        ListHouses.Map(doors);
        ExportHouses.Map(doors);
        return doors;
    }
}
