using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OwnerPay.Demo;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>One installation of OwnerPay as it runs for real: an emulator, one or two instances on one database, on real ports, on one story clock.</summary>
public sealed class Installation : IAsyncDisposable
{
    /// <summary>A Thursday morning, far from quiet hours and month ends.</summary>
    public static readonly DateTimeOffset UsualBegin = new(2026, 12, 10, 10, 0, 0, TimeSpan.FromHours(8));

    readonly List<WebApplication> instances = [];
    readonly MariaDbServer? server;
    readonly string? database;
    bool stopped;

    Installation(Database kind, string folder, StoryTime clock, EmulatorHost emulator, MariaDbServer? server, string? database)
    {
        (Kind, Folder, Clock, Emulator, this.server, this.database) = (kind, folder, clock, emulator, server, database);
        EmulatorHttp = new HttpClient { BaseAddress = emulator.BaseAddress };
    }

    public Database Kind { get; }
    public string Folder { get; }
    public StoryTime Clock { get; }
    public EmulatorHost Emulator { get; }

    /// <summary>The emulator's admin API: what owners do with their phones.</summary>
    public HttpClient EmulatorHttp { get; }

    /// <summary>One-time passwords of the first admin as they were shown: one in the life of an installation.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> FirstAdminPasswords { get; } = new();

    public IReadOnlyList<WebApplication> Instances => instances;

    /// <summary>Base addresses of the instances.</summary>
    public IReadOnlyList<Uri> Addresses => [.. instances.Select(AddressOf)];

    public IServiceProvider Services => instances[0].Services;

    /// <summary>Connection string of the MariaDB database, or null on SQLite.</summary>
    public string? Connection => database is null ? null : server!.ConnectionTo(database);

    public static async Task<Installation> Start(Database kind, MariaDbServer? server, int instances, DateTimeOffset? begin = null, params string[] args)
    {
        var name = "ownerpay_" + Guid.CreateVersion7().ToString("N")[^12..];
        var folder = Path.Combine(MariaDbServer.FastFolder, name);
        Directory.CreateDirectory(folder);
        var clock = new StoryTime(begin ?? UsualBegin);
        var weChat = Path.Combine(folder, "wechat");
        EmulatorKeys.Give(weChat);
        var emulator = await EmulatorHost.Start(new EmulatorOptions { DataDirectory = weChat, BusinessTime = clock, RetrySpeed = 30 });
        EmulatorKeys.Keep(weChat);
        var installation = new Installation(kind, folder, clock, emulator, server, kind == Database.MariaDb ? name : null);
        for (var number = 0; number < instances; number++) await installation.AddInstance(args);
        return installation;
    }

    /// <summary>Starts one more instance on the same database.</summary>
    public Task<WebApplication> AddInstance(params string[] args) => AddInstance(_ => { }, args);

    /// <param name="adjust">Last changes to its services.</param>
    public async Task<WebApplication> AddInstance(Action<WebApplicationBuilder> adjust, params string[] args)
    {
        var app = await Build(adjust, args);
        instances.Add(app);
        return app;
    }

    /// <summary>Starts an instance on the same database that the caller ends himself.</summary>
    /// <param name="adjust">Last changes to its services.</param>
    public async Task<WebApplication> Build(Action<WebApplicationBuilder> adjust, params string[] args)
    {
        // The port is chosen first, because the notify URL must name it before WeChat is ever called.
        var port = Ports.Free();
        string[] hurry = args.Any(arg => arg.StartsWith("--OwnerPay:JobPace", StringComparison.Ordinal)) ? ["--OwnerPay:ShortestJobPause=00:00:00.02"] : [];
        string[] all = ["--urls", $"http://127.0.0.1:{port}", .. Arguments(port), .. hurry, .. args];
        var app = ServiceApp.Build(all, Clock, builder =>
        {
            builder.Logging.AddProvider(Faults.Log());
            builder.Services.AddSingleton<AnnounceFirstAdmin>((_, password) => FirstAdminPasswords.Enqueue(password));
            adjust(builder);
        });
        await app.Start();
        return app;
    }

    /// <summary>What goes well, and what tests make go wrong on purpose, stays out of their output. The settings file names each of these.</summary>
    static readonly string[] Quiet =
        [.. new[] { "Default", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Hosting.Lifetime", "System.Net.Http", "Polly" }
            .Select(category => $"--Logging:LogLevel:{category}=Error")];

    /// <summary>Command line of an instance of this installation, without the addresses that it listens on.</summary>
    public string[] Arguments(int port)
    {
        List<string> all =
        [
            "--data", Path.Combine(Folder, "data"), "--public-url", $"http://127.0.0.1:{port}",
            $"--OwnerPay:WeChatPayUrl={Emulator.BaseAddress}", $"--OwnerPay:WeChatApiUrl={Emulator.BaseAddress}",
            "--OwnerPay:JobPace=0.1", "--OwnerPay:ShortestJobPause=00:00:00.4", "--OwnerPay:OutboxPoll=00:00:00.2", "--OwnerPay:RateLimitsOn=false", "--environment=Development", .. Quiet,
        ];
        if (Connection is { } connection) all.Add($"--OwnerPay:Database={connection}");
        return [.. all];
    }

    /// <summary>Ends all instances, so that processes can take their places on the same data and ports.</summary>
    public async Task EndInstances()
    {
        foreach (var app in instances) await app.DisposeAsync();
        instances.Clear();
    }

    /// <summary>Runs something on the database of the first instance, in a scope of its own.</summary>
    public async Task<T> Db<T>(Func<OwnerPayDb, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<OwnerPayDb>());
    }

    static async Task<string?> ConnectionOf(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Database.GetConnectionString();
    }

    static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public async ValueTask DisposeAsync()
    {
        if (stopped) return;
        stopped = true;
        string? connection = null;
        foreach (var app in instances)
        {
            await app.StopAsync();    // jobs end before what they use
            connection ??= await ConnectionOf(app);
            await app.DisposeAsync();
        }
        EmulatorHttp.Dispose();
        await Emulator.DisposeAsync();
        if (database is not null)
        {
            // Only its own idle connections: other tests run beside this one.
            if (connection is not null) await using (var idle = new MySqlConnector.MySqlConnection(connection)) await MySqlConnector.MySqlConnection.ClearPoolAsync(idle);
            await server!.Drop(database);
        }
        else if (connection is not null) await using (var idle = new Microsoft.Data.Sqlite.SqliteConnection(connection)) Microsoft.Data.Sqlite.SqliteConnection.ClearPool(idle);
        try { Directory.Delete(Folder, recursive: true); } catch (IOException) { /* left to the system's own tidying */ }
    }
}
