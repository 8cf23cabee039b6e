using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Points;

public static class PointsEndpoints
{
    public static IServiceCollection AddPoints(this IServiceCollection services) => services
        .AddScoped<EarnPoints>().AddScoped<SpendPoints>().AddScoped<ReturnPoints>().AddScoped<TakeBackPoints>().AddScoped<PointsDebts>().AddScoped<ShowPoints>()
        .AddJob<ExpirePoints>("expire-points", TimeSpan.FromHours(1))
        .AddScoped<IVerifyCheck, CheckPoints>();

    public static Doors MapPoints(this Doors doors)
    {
        ShowPoints.Map(doors);
        return doors;
    }
}
