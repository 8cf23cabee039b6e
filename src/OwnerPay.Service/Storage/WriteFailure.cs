using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace OwnerPay.Service.Storage;

/// <summary>Why the database refused a write. A failed write is judged by the key that it violated, never by the mere fact that it failed.</summary>
public static class WriteFailure
{
    /// <summary>A dead-lock costs its loser milliseconds, a wait that ended without the lock costs nearly a minute.</summary>
    const int TriesWhenDeadLocked = 8, TriesWhenKeptWaiting = 3;

    /// <summary>True when a transaction lost a dead-lock or waited too long for a lock: it did nothing and may be run again from its start.</summary>
    /// <param name="attempt">The try that failed, counted from 1: after the last that is worth while the answer is false.</param>
    public static bool MayBeRepeated(Exception failure, int attempt = 1) => Innermost(failure) switch
    {
        MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock } => attempt < TriesWhenDeadLocked,
        MySqlException { ErrorCode: MySqlErrorCode.LockWaitTimeout } => attempt < TriesWhenKeptWaiting,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 && attempt < TriesWhenKeptWaiting,
        _ => false,
    };

    /// <summary>Runs what does nothing when it fails until it succeeds, fails for another reason or has lost too often; each time after a pause of chance, so
    /// that the same two do not meet again.</summary>
    public static async Task<T> Repeated<T>(Func<Task<T>> act, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (Exception failure) when (MayBeRepeated(failure, attempt))
            {
                await Task.Delay(Random.Shared.Next(10, 50) * attempt, cancel);
            }
        }
    }

    /// <summary>True when exactly the unique key over these columns of this table was violated.</summary>
    /// <param name="table">Table name as in the model.</param>
    /// <param name="columns">The columns of the key in its order.</param>
    public static bool Violates(Exception failure, string table, params ReadOnlySpan<string> columns)
    {
        switch (Innermost(failure))
        {
            case MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry } maria:
                return maria.Message.Contains($"'IX_{table}_{string.Join('_', columns)}'", StringComparison.Ordinal)
                    || maria.Message.EndsWith("'PRIMARY'", StringComparison.Ordinal) && columns is ["Id"];
            case BulkRefusal { Code: (int)MySqlErrorCode.DuplicateKeyEntry } bulk:
                return bulk.Message.Contains($"'IX_{table}_{string.Join('_', columns)}'", StringComparison.Ordinal);
            case SqliteException { SqliteErrorCode: 19 } sqlite:
                var named = new List<string>();
                foreach (var column in columns) named.Add($"{table}.{column}");
                return sqlite.Message.Contains($"UNIQUE constraint failed: {string.Join(", ", named)}'", StringComparison.Ordinal);
            default:
                return false;
        }
    }

    static Exception? Innermost(Exception? failure)
    {
        while (failure is DbUpdateException or InvalidOperationException && failure.InnerException is not null) failure = failure.InnerException;
        return failure;
    }
}
