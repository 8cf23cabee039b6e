using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace OwnerPay.WeChatEmulator.State;

/// <summary>The one way to the tables: any number of readers, one writer at a time, so that SQLite never answers "busy".</summary>
sealed class Store : IDisposable
{
    // Held open, never used: with the last connection the log would be written back and removed.
    readonly SqliteConnection anchor;
    readonly PooledDbContextFactory<EmulatorDb> contexts;
    readonly SemaphoreSlim writer = new(1, 1);

    Store(SqliteConnection anchor, PooledDbContextFactory<EmulatorDb> contexts) => (this.anchor, this.contexts) = (anchor, contexts);

    /// <exception cref="EmulatorStartException">The file was written by another version of the emulator.</exception>
    public static async Task<Store> Open(string directory, CancellationToken cancel)
    {
        var path = Path.Combine(directory, "emulator.db");
        OwnersFile.Make(path);    // it holds one-time codes and tokens
        // No pool: the driver's can give one handle to two connections (https://github.com/dotnet/efcore/issues/39008).
        var connection = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
        var anchor = new SqliteConnection(connection);
        await anchor.OpenAsync(cancel);
        var store = new Store(anchor, new(new DbContextOptionsBuilder<EmulatorDb>().UseSqlite(connection).AddInterceptors(new Durability()).Options));
        await using var db = await store.contexts.CreateDbContextAsync(cancel);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancel);
        var version = await db.Database.SqlQueryRaw<int>("SELECT user_version AS Value FROM pragma_user_version").SingleAsync(cancel);
        if (version == 0)
        {
            await db.Database.EnsureCreatedAsync(cancel);
            await db.Database.ExecuteSqlRawAsync($"PRAGMA user_version = {EmulatorDb.Version}", cancel);
        }
        else if (version != EmulatorDb.Version)
            throw new EmulatorStartException($"{path}: written by another version ({version}, not {EmulatorDb.Version}); move it away");
        return store;
    }

    /// <summary>Runs alone, saves what the work changed, and returns its outcome.</summary>
    public async Task<T> Write<T>(Func<EmulatorDb, Task<T>> work, CancellationToken cancel = default)
    {
        await writer.WaitAsync(cancel);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancel);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var outcome = await work(db);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return outcome;
        }
        finally
        {
            writer.Release();
        }
    }

    public async Task<T> Read<T>(Func<EmulatorDb, Task<T>> work, CancellationToken cancel = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await work(db);
    }

    /// <summary>A killed process loses nothing in this mode; only a power cut could lose the last moments.</summary>
    sealed class Durability : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = NORMAL";
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        anchor.Dispose();
    }
}
