using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reports;

/// <summary>What leaves the house for others to read.</summary>
public static class ReportsSetup
{
    public static IServiceCollection AddReports(this IServiceCollection services) =>
        services.AddScoped<ReadJournals>().AddScoped<WriteHledger>().AddScoped<WriteVouchers>();

    public static Doors MapReports(this Doors doors)
    {
        ExportJournals.Map(doors);
        return doors;
    }
}
