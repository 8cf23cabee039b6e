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
}
