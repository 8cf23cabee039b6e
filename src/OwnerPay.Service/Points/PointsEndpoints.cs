using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Points;

public static class PointsEndpoints
{
    public static IServiceCollection AddPoints(this IServiceCollection services) => services
        .AddScoped<EarnPoints>().AddScoped<SpendPoints>().AddScoped<SpendTogether>().AddScoped<ReturnPoints>().AddScoped<TakeBackPoints>().AddScoped<PointsDebts>().AddScoped<ShowPoints>()
        .AddScoped<PointsTermsBook>().AddScoped<ProposePointsTerms>().AddScoped<IApprovable, ApprovePointsTerms>()
        .AddScoped<GrantPoints>().AddScoped<IApprovable, ApprovePointsGrant>().AddScoped<ListPointsLots>().AddScoped<ReportPoints>()
        .AddJob<ExpirePoints>("expire-points", TimeSpan.FromHours(1))
        .AddScoped<IVerifyCheck, CheckPoints>().AddScoped<IVerifyCheck, CheckPointsGrants>();

    public static Doors MapPoints(this Doors doors)
    {
        ShowPoints.Map(doors);
        ListPointsLots.Map(doors);
        ProposePointsTerms.Map(doors);
        GrantPoints.Map(doors);
        ReportPoints.Map(doors);
        return doors;
    }
}
