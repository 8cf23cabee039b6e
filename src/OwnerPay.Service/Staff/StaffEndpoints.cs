using Microsoft.AspNetCore.Identity;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Staff;

/// <summary>The people who work with OwnerPay: who they are, what they may do, what waits for them, what they did.</summary>
public static class StaffEndpoints
{
    public static IServiceCollection AddStaff(this IServiceCollection services)
    {
        services.AddStaffDoor();
        services.AddSingleton<IPasswordHasher<StaffAccount>, PasswordHasher<StaffAccount>>();
        services.AddSingleton<AnnounceFirstAdmin>(FirstAdmin.Print);
        services.AddScoped<FirstAdmin>();
        services.AddScoped<CheckPassword>();
        services.AddScoped<CheckTotp>().AddScoped<EnrolTotp>().AddScoped<ResetTotp>();
        services.AddSingleton(built => new TotpPolicy(built.GetRequiredService<ServiceSettings>().RequireTotp ?? built.GetRequiredService<IHostEnvironment>().IsProduction()));
        services.AddScoped<SignIn>();
        services.AddScoped<ChangePassword>();
        services.AddScoped<Tokens>();
        services.AddScoped<Guardians>();
        services.AddScoped<KeepAccounts>();
        services.AddScoped<Roles>();
        services.AddScoped<Audit>();
        services.AddScoped<ExportSheet>();
        services.AddScoped<WorkItems>();
        services.AddScoped<FinishWorkItem>();
        services.AddScoped<Approvals>();
        services.AddScoped<DecideApproval>();
        services.AddScoped<IWorkGauge, AuditGauge>();
        services.AddJob<ChainAudit>("chain-audit", TimeSpan.FromSeconds(5));
        return services;
    }

    public static void MapStaff(this Doors doors)
    {
        SignIn.Map(doors);
        ShowStaffMember.Map(doors);
        ChangePassword.Map(doors);
        EnrolTotp.Map(doors);
        ResetTotp.Map(doors);
        Tokens.Map(doors);
        KeepAccounts.Map(doors);
        Roles.Map(doors);
        ListApprovals.Map(doors);
        DecideApproval.Map(doors);
        ListWorkItems.Map(doors);
        FinishWorkItem.Map(doors);
        ReadAudit.Map(doors);
    }
}
