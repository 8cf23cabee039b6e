using OwnerPay.Service.Tests.Setup;

[assembly: AssemblyFixture(typeof(Servers))]

namespace OwnerPay.Service.Tests.Setup;

/// <summary>The long-lived servers of a test run: one instance on SQLite, two on MariaDB, each kind with its own emulator. Started when first asked for.</summary>
public sealed class Servers : IAsyncDisposable
{
    readonly SemaphoreSlim one = new(1, 1);
    readonly Dictionary<Database, Installation> shared = [];
    readonly List<Installation> own = [];
    MariaDbServer? mariaDb;
    RedisServer? redis;

    /// <summary>A fresh community with its own houses, owners and staff on the shared servers.</summary>
    public async Task<Estate> Estate(Database database, int houses = 2) => await Setup.Estate.Create(await Shared(database), houses);

    public async Task<Installation> Shared(Database database)
    {
        await one.WaitAsync();
        try
        {
            if (!shared.TryGetValue(database, out var installation))
                shared[database] = installation = database == Database.MariaDb
                    ? await Installation.Start(database, await Server(database), instances: 2, begin: null, "--redis", (redis ??= await RedisServer.Start()).Socket)
                    : await Installation.Start(database, server: null, instances: 1);
            return installation;
        }
        finally { one.Release(); }
    }

    /// <summary>A community on servers of this test alone; they end with it.</summary>
    public async Task<Estate> OwnEstate(Database database, int houses, params string[] args) =>
        (await Setup.Estate.Create(await Own(database, args: args), houses)).WithServers();

    /// <summary>Servers of this test alone: for moving the clock, for killing, for counting everything.</summary>
    public async Task<Installation> Own(Database database, int instances = 1, DateTimeOffset? begin = null, params string[] args)
    {
        await one.WaitAsync();
        try
        {
            var installation = await Installation.Start(database, await Server(database), instances, begin, args);
            own.Add(installation);
            return installation;
        }
        finally { one.Release(); }
    }

    async Task<MariaDbServer?> Server(Database database) => database == Database.MariaDb ? mariaDb ??= await MariaDbServer.Start() : null;

    /// <summary>The MariaDB server itself, for tests that start processes of their own.</summary>
    public async Task<MariaDbServer> MariaDb()
    {
        await one.WaitAsync();
        try { return mariaDb ??= await MariaDbServer.Start(); }
        finally { one.Release(); }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var installation in shared.Values.Concat(own)) await installation.DisposeAsync();
        if (redis is not null) await redis.DisposeAsync();
        if (mariaDb is not null) await mariaDb.DisposeAsync();
        one.Dispose();
    }
}
