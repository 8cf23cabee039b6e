using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OwnerPay.Service.Storage;

/// <summary>Row locks for queries: <c>db.Bills.Where(…).ForUpdate()</c>. On SQLite the whole transaction already holds the only write lock.</summary>
public sealed class RowLocks : DbCommandInterceptor
{
    public static readonly RowLocks Instance = new();
    public const string Mark = "locks its rows", SharedMark = "shares its rows";

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Append(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Append(command);
        return new(result);
    }

    static void Append(DbCommand command)
    {
        if (command.CommandText.StartsWith("-- " + Mark, StringComparison.Ordinal)) command.CommandText += "\nFOR UPDATE";
        else if (command.CommandText.StartsWith("-- " + SharedMark, StringComparison.Ordinal)) command.CommandText += "\nLOCK IN SHARE MODE";
    }
}

public static class RowLockExtensions
{
    /// <summary>Locks the rows that the query returns until the transaction ends. Lock in one order everywhere: order, bills by id, budgets, stock, points, prepaid, ledger.</summary>
    public static IQueryable<T> ForUpdate<T>(this IQueryable<T> query) where T : class => query.TagWith(RowLocks.Mark);

    /// <summary>Keeps others from changing the rows that the query returns until the transaction ends; several may do so at once.</summary>
    public static IQueryable<T> ForShare<T>(this IQueryable<T> query) where T : class => query.TagWith(RowLocks.SharedMark);
}
