using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

public static class PlatformSetup
{
    /// <summary>Everything that all slices stand on: clock, errors, outbox, jobs, keys, seals, limits, health.</summary>
    /// <param name="businessTime">The system's time in production; a story's in tests and the demo.</param>
    public static void AddPlatform(this WebApplicationBuilder builder, ServiceSettings settings, TimeProvider businessTime)
    {
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(new Clock(businessTime));
        services.AddSingleton(MasterKey.LoadOrMake(settings.MasterKeyPath));
        services.AddSingleton<RowSeal>();
        services.AddSingleton<IInterceptor, SealRows>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<RedisLink>();
        services.AddHostedService(built => built.GetRequiredService<RedisLink>());
        services.AddSingleton<OutboxSignal>();
        services.AddScoped<Outbox>();
        services.AddSingleton<PaperFonts>().AddSingleton<PaperPdf>().AddSingleton<PosterPdf>();
        services.AddHostedService<OutboxWorker>();
        services.AddHostedService<JobRunner>();
        services.AddJob<ForgetOldKeys>("forget-old-keys", TimeSpan.FromHours(1));
        services.AddSingleton<RejectedCalls>();
        services.AddJob<KeepRejectedCalls>("keep-rejected-calls", TimeSpan.FromSeconds(5));
        services.AddProblems();
        services.AddRateLimits(settings);
        services.AddValidation();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddDataProtection().SetApplicationName("OwnerPay");
        // It warns of keys stored in the clear, for it does not see that the repository itself wraps them with the master key.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // It calls an error what was only cancelled because the instance ends; whoever asked for the connection gets the exception and reports it.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Connection", LogLevel.None);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(built => new ConfigureOptions<KeyManagementOptions>(
            options => options.XmlRepository = new DataProtectionKeys(built.GetRequiredService<IServiceScopeFactory>(), built.GetRequiredService<MasterKey>())));
        services.AddAuthentication();    // the schemes come from the slices behind the doors
        services.AddAuthorization();
        services.AddApiDocuments();
        services.AddScoped<Health>();
        services.AddScoped<IWorkGauge, OutboxGauge>();
        services.AddHealthChecks().AddDbContextCheck<OwnerPayDb>("database", tags: ["ready"]).AddCheck<RedisHealth>("redis", tags: ["ready"]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 1 << 20;    // uploads raise it on their own route
            kestrel.AddServerHeader = false;
        });
    }

    /// <summary>The middleware in its order: errors, sign-in, limits.</summary>
    public static void UsePlatform(this WebApplication app)
    {
        app.UseProblems();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        // A form is only read where one was sent: binding would break off on anything else.
        app.Use((http, next) =>
        {
            var accepts = http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>();
            if (accepts?.ContentTypes.Contains("multipart/form-data") != true || http.Request.HasFormContentType) return next(http);
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        });
    }
}
