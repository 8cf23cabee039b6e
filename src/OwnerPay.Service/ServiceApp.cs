using OwnerPay.Service.Billing;
using OwnerPay.Service.Campaigns;
using OwnerPay.Service.Collection;
using OwnerPay.Service.Disclosure;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Home;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Reports;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Verbs;

namespace OwnerPay.Service;

/// <summary>Builds and serves one instance of OwnerPay. Read down: the rooms from the ground up, then the doors.</summary>
public static class ServiceApp
{
    static readonly Dictionary<string, string> Switches = new()
    {
        ["--data"] = "OwnerPay:Data",
        ["--database"] = "OwnerPay:Database",
        ["--redis"] = "OwnerPay:Redis",
        ["--public-url"] = "OwnerPay:PublicUrl",
    };

    /// <summary>An instance that is ready to be started.</summary>
    /// <param name="args">Command line: <c>--data DIR</c>, <c>--database "Server=…"</c>, <c>--urls</c>, <c>--OwnerPay:…</c>.</param>
    /// <param name="businessTime">Null in production: the system's time.</param>
    /// <param name="adjust">Last changes of a test or of the demo.</param>
    public static WebApplication Build(string[] args, TimeProvider? businessTime = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var (builder, settings) = Begin(args);
        builder.AddPlatform(settings, businessTime ?? ShiftedTime.Of(settings, builder.Environment));
        builder.Services.AddStorage(Database(settings));
        // One line per slice, from the ground up.
        builder.Services.AddStaff();
        builder.Services.AddRoster();
        builder.Services.AddLedger();
        builder.Services.AddPoints();
        builder.Services.AddOwners(settings);
        builder.Services.AddDocuments();
        builder.Services.AddMessaging();
        builder.Services.AddScoped<IVerifyCheck, VerifyRoster>();
        builder.Services.AddBilling();
        builder.Services.AddPromotions();
        builder.Services.AddPayments(settings);
        builder.Services.AddRewards();
        builder.Services.AddCollection();
        builder.Services.AddReconciliation();
        builder.Services.AddCampaigns();
        builder.Services.AddDisclosure();
        builder.Services.AddReports();
        builder.Services.AddHome();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UsePlatform();
        app.MapApiDocuments();
        Health.Map(app);
        var doors = app.OpenDoors();
        doors.MapRoster();
        doors.MapStaff();
        doors.MapOwners();
        doors.MapDocuments();
        doors.MapMessaging();
        doors.MapPoints();
        doors.MapLedger();
        doors.MapBilling();
        doors.MapPromotions();
        doors.MapPayments();
        doors.MapRewards();
        doors.MapCollection();
        doors.MapReconciliation();
        doors.MapCampaigns();
        doors.MapDisclosure();
        doors.MapReports();
        doors.MapHome();
        RoutesMadeOnce.Keep(app);
        return app;
    }

    static (WebApplicationBuilder Builder, ServiceSettings Settings) Begin(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, Switches);
        return (builder, builder.Configuration.GetSection("OwnerPay").Get<ServiceSettings>() ?? new ServiceSettings());
    }

    /// <summary>The settings to which these arguments, the environment and the settings files lead.</summary>
    public static ServiceSettings Settings(string[] args) => Begin(args).Settings;

    public static DatabaseChoice Database(ServiceSettings settings) =>
        new(settings.Data, string.IsNullOrWhiteSpace(settings.Database) ? null : settings.Database) { ReadOnly = settings.ReadOnly };

    /// <summary>Migrates, then starts; returns when the instance is listening.</summary>
    public static async Task Start(this WebApplication app, CancellationToken cancel = default)
    {
        var routes = Task.Run(() => RoutesMadeOnce.Make(app), cancel);    // as long as the database's model, and neither needs the other
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Migrate(cancel);
            await scope.ServiceProvider.GetRequiredService<FirstAdmin>().Run(cancel);
        }
        await routes;
        await app.StartAsync(cancel);
    }
}
