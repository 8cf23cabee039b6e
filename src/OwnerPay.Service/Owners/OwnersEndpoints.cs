using Microsoft.AspNetCore.Authentication.JwtBearer;
using OwnerPay.Service.Platform;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.Service.Owners;

/// <summary>WeChat users: mini-programs, login, binding to persons, and who may see which house.</summary>
public static class OwnersEndpoints
{
    public static IServiceCollection AddOwners(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<IAccessTokenStore, SharedAccessTokens>();
        services.AddWeChatMiniProgram(options => options.BaseAddress = new Uri(settings.WeChatApiUrl));
        services.AddSingleton<OwnerTokens>();
        services.AddSingleton<PhoneMarks>();
        services.AddScoped<Members>().AddSingleton<MemberQueue>();
        services.AddScoped<BoundUsers>();
        services.AddScoped<MiniPrograms>();
        services.AddScoped<OpenSession>();
        services.AddScoped<ShowMe>();
        services.AddScoped<BindPerson>();
        services.AddScoped<IssueBindingCode>();
        services.AddScoped<SetMiniProgram>();
        services.AddOutboxHandler<SuspendBindings>(SuspendBindings.News, "suspend-bindings");
        services.AddAuthentication().AddJwtBearer(OwnerTokens.Door);
        services.AddOptions<JwtBearerOptions>(OwnerTokens.Door).Configure<OwnerTokens>((options, tokens) => tokens.Configure(options));
        services.AddAuthorizationBuilder()
            .AddPolicy(DoorSetup.OwnerPolicy, policy => policy.AddAuthenticationSchemes(OwnerTokens.Door).RequireAuthenticatedUser());
        return services;
    }

    public static Doors MapOwners(this Doors doors)
    {
        OpenSession.Map(doors);
        ShowMe.Map(doors);
        BindPerson.Map(doors);
        IssueBindingCode.Map(doors);
        SetMiniProgram.Map(doors);
        return doors;
    }
}
