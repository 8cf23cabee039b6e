namespace OwnerPay.Service.Staff;

/// <summary>The people who work with OwnerPay: who they are, what they may do, what waits for them, what they did.</summary>
public static class StaffEndpoints
{
    public static IServiceCollection AddStaff(this IServiceCollection services)
    {
        services.AddScoped<Audit>();
        services.AddScoped<WorkItems>();
        services.AddScoped<Approvals>();
        return services;
    }
}
