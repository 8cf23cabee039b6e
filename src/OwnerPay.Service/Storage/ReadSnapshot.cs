using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace OwnerPay.Service.Storage;

public static class ReadSnapshot
{
    /// <summary>From here on this context reads one state of the database, whatever a running service writes meanwhile. It takes no writer's lock.</summary>
    /// <remarks>It lasts until the context is disposed. SQLite: a deferred transaction, whose first read fixes what it sees (WAL). MariaDB: a consistent
    /// snapshot under REPEATABLE READ, declared read only.</remarks>
    public static async Task BeginReadSnapshot(this OwnerPayDb db, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        DbTransaction transaction = db.Database.GetDbConnection() switch
        {
            MySqlConnection maria => await maria.BeginTransactionAsync(IsolationLevel.Snapshot, isReadOnly: true, cancel),
            SqliteConnection sqlite => sqlite.BeginTransaction(deferred: true),
            var other => throw new NotSupportedException($"No snapshot on {other.GetType().Name}."),
        };
        await db.Database.UseTransactionAsync(transaction, cancel);
    }

    /// <summary>Runs several queries as of one moment. Inside a transaction they belong to it, and its locks decide what they see.</summary>
    /// <remarks>Without it a bill read open and its lines read a moment later, when they are paid, do not fit each other.</remarks>
    public static async Task<T> AsOfOneMoment<T>(this OwnerPayDb db, Func<Task<T>> read, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is not null) return await read();
        await db.BeginReadSnapshot(cancel);
        try { return await read(); }
        finally
        {
            await db.Database.RollbackTransactionAsync(CancellationToken.None);    // it only read
            await db.Database.CloseConnectionAsync();
        }
    }
}
