using System.Data.Common;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Benchmarks;

/// <summary>One database that the settlement workload runs on: the product's, and a copy of it for the reference.</summary>
public abstract class SettlementStore : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>Command line that leads an instance to it.</summary>
    public abstract string[] Args { get; }

    /// <summary>Opens a transaction in a batch of statements.</summary>
    public abstract string Begin { get; }

    /// <summary>Copies all tables, before anything is measured.</summary>
    public abstract Task Copy(CancellationToken cancel);

    public abstract Task<DbConnection> OpenProduct(CancellationToken cancel);

    /// <summary>A connection of one client of the reference.</summary>
    public abstract Task<DbConnection> OpenCopy(CancellationToken cancel);

    /// <summary>Lets one reference client write at a time where the database has one writer only.</summary>
    public abstract SemaphoreSlim? Gate { get; }

    /// <summary>Processor time of the database's own process, if it has one.</summary>
    public abstract TimeSpan ProcessorTime();

    public abstract ValueTask DisposeAsync();
}

/// <summary>MariaDB, each commit flushed to disk.</summary>
public sealed class MariaDbStore(MariaDbServer server, string dataFolder) : SettlementStore
{
    const string Product = "ownerpay", Twin = "reference";

    public override string Name => "MariaDB";

    public override string[] Args => ["--data", dataFolder, "--database", server.ConnectionTo(Product)];

    public override string Begin => "START TRANSACTION;";

    public override SemaphoreSlim? Gate => null;

    public override TimeSpan ProcessorTime() => server.ProcessorTime();

    public override async Task Copy(CancellationToken cancel)
    {
        await using var connection = await Open(Product, cancel);
        await Run(connection, $"CREATE DATABASE {Twin} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", cancel);
        List<string> tables = [];
        await using (var command = new MySqlCommand("SHOW TABLES", connection))
        await using (var row = await command.ExecuteReaderAsync(cancel))
            while (await row.ReadAsync(cancel)) tables.Add(row.GetString(0));
        foreach (var table in tables) await Run(connection, $"CREATE TABLE {Twin}.`{table}` LIKE `{table}`; INSERT INTO {Twin}.`{table}` SELECT * FROM `{table}`", cancel);
    }

    public override async Task<DbConnection> OpenProduct(CancellationToken cancel) => await Open(Product, cancel);

    public override async Task<DbConnection> OpenCopy(CancellationToken cancel)
    {
        var connection = await Open(Twin, cancel);
        await Run(connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", cancel);
        return connection;
    }

    async Task<MySqlConnection> Open(string database, CancellationToken cancel)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder(server.ConnectionTo(database)) { GuidFormat = MySqlGuidFormat.Binary16, ConnectionReset = false }.ToString());
        await connection.OpenAsync(cancel);
        return connection;
    }

    static async Task Run(MySqlConnection connection, string text, CancellationToken cancel)
    {
        await using var command = new MySqlCommand(text, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    public override ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>SQLite in WAL mode with <c>synchronous=FULL</c>.</summary>
public sealed class SqliteStore(string dataFolder) : SettlementStore
{
    readonly SemaphoreSlim gate = new(1, 1);

    string ProductFile => Path.Combine(dataFolder, "ownerpay.db");

    string TwinFile => Path.Combine(dataFolder, "reference.db");

    public override string Name => "SQLite";

    public override string[] Args => ["--data", dataFolder];

    public override string Begin => "BEGIN IMMEDIATE;";

    public override SemaphoreSlim? Gate => gate;

    public override TimeSpan ProcessorTime() => TimeSpan.Zero;

    public override async Task Copy(CancellationToken cancel)
    {
        await using (var connection = await Open(ProductFile, cancel))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"VACUUM INTO '{TwinFile}'";
            await command.ExecuteNonQueryAsync(cancel);
        }
        SqliteConnection.ClearAllPools();
    }

    public override Task<DbConnection> OpenProduct(CancellationToken cancel) => Open(ProductFile, cancel);

    public override Task<DbConnection> OpenCopy(CancellationToken cancel) => Open(TwinFile, cancel);

    static async Task<DbConnection> Open(string file, CancellationToken cancel)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 60 }.ToString());
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;";
        await command.ExecuteNonQueryAsync(cancel);
        return connection;
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        gate.Dispose();
        return ValueTask.CompletedTask;
    }
}
