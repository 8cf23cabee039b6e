using System.Buffers;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace OwnerPay.Service.Storage;

/// <summary>Rows of any tables on their way into the database, past the change tracker. Adding is work of the processor alone and may go on while the
/// connection is busy with another batch.</summary>
public interface IBulkBatch
{
    /// <summary>Takes a row as it is and seals it; its table is that of its type.</summary>
    void Add(object row);

    /// <summary>Nothing is added any more: does at once what writing would begin with, while the connection may still be busy with another batch.</summary>
    void Close() { }

    /// <summary>Writes all rows in the caller's transaction, table by table in the order in which the tables were first named.</summary>
    /// <exception cref="DbException">The database refused a row; where MariaDB itself only warns, it is a <see cref="BulkRefusal"/>.</exception>
    Task Write(CancellationToken cancel);
}

/// <summary>Writes very many rows in the fastest way of the database at hand: <c>LOAD DATA</c> from a stream on MariaDB, statements of many rows where
/// its server allows no local infile, prepared statements on SQLite. Durability is the transaction's, as ever.</summary>
public sealed class BulkWriter
{
    readonly OwnerPayDb db;
    readonly bool localInfile;
    readonly IReadOnlyList<ICompletesRows> completes;

    BulkWriter(OwnerPayDb db, bool localInfile)
    {
        (this.db, this.localInfile) = (db, localInfile);
        completes = [.. db.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors?.OfType<ICompletesRows>() ?? []];
    }

    /// <summary>A writer for the transaction that this context is in.</summary>
    /// <param name="allowLocalInfile">False spells rows out as text even where the server would take a stream.</param>
    public static async Task<BulkWriter> Begin(OwnerPayDb db, CancellationToken cancel, bool allowLocalInfile = true)
    {
        if (!db.IsMariaDb || !allowLocalInfile) return new(db, localInfile: false);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT @@local_infile";
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return new(db, Convert.ToInt64(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) == 1);
    }

    public IBulkBatch NewBatch() => db.IsMariaDb ? localInfile ? new StreamedRows(this) : new SpelledRows(this) : new PreparedRows(this);

    readonly ConcurrentBag<ArrayBufferWriter<byte>> spare = [];

    /// <summary>Space for a table's rows, taken over from an earlier batch: memory does not grow with their number.</summary>
    internal ArrayBufferWriter<byte> Rent() => spare.TryTake(out var text) ? text : new(64 * 1024);

    internal void Return(ArrayBufferWriter<byte> text)
    {
        text.ResetWrittenCount();
        spare.Add(text);
    }

    internal IEntityType Complete(object row)
    {
        var type = db.TableOf(row.GetType());
        foreach (var each in completes) each.Complete(type, row);
        return type;
    }

    internal DbCommand Command(string text)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        (command.CommandText, command.CommandTimeout) = (text, Patience);
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    /// <summary>Seconds for one statement.</summary>
    const int Patience = 300;

    internal MySqlConnection MariaDb => (MySqlConnection)db.Database.GetDbConnection();

    /// <summary>Runs a statement of its own, of which loggers and interceptors are told as of all others.</summary>
    /// <param name="rows">How many rows it must write.</param>
    internal async Task Run(DbCommand told, string table, int rows, Func<Task<int>> execute, CancellationToken cancel)
    {
        var (logger, connection) = (db.GetService<IRelationalCommandDiagnosticsLogger>(), db.GetService<IRelationalConnection>());
        var (id, began) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        await logger.CommandNonQueryExecutingAsync(connection, told, db, id, connection.ConnectionId, began, CommandSource.SaveChanges, cancel);
        var written = await execute();
        var took = TimeProvider.System.GetUtcNow() - began;
        await logger.CommandNonQueryExecutedAsync(
            connection, told, db, id, connection.ConnectionId, written, began, took, CommandSource.SaveChanges, cancel);
        if (written != rows) throw new InvalidOperationException($"{rows} rows should have been written to {table}, {written} were");
    }
}

/// <summary>MariaDB's refusal of a row in a load from a stream, which the server itself calls a warning only.</summary>
public sealed class BulkRefusal(string table, int code, string message) : DbException($"{table}: {message}")
{
    /// <summary>MariaDB's error number.</summary>
    public int Code => code;
}
