using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OwnerPay.Service.Storage;

/// <summary>Lets the transactions of this process queue without holding a thread while SQLite's single writer is busy.</summary>
/// <remarks>It only saves threads: what is right is decided by SQLite's own write lock (<c>BEGIN IMMEDIATE</c>).</remarks>
public sealed class SqliteWriteGate(string file) : DbTransactionInterceptor, IDbConnectionInterceptor
{
    static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new();
    readonly SemaphoreSlim gate = Gates.GetOrAdd(Path.GetFullPath(file), _ => new SemaphoreSlim(1, 1));

    // By connection. A transaction may end by commit, rollback or failure, or without any event when it is only disposed, as after a SaveChanges
    // that failed: then the closing of its connection is the last that is heard of it. Each holder leaves once.
    readonly ConcurrentDictionary<Guid, byte> inside = new();

    // The transaction is begun here, by nobody's token. Whoever gives up between the gate and BEGIN would else leave without a word, and a pooled
    // context keeps its connection open then: no write of this process would ever get in again. Who is inside already had a transaction of which only
    // the end was not told; waiting for himself he would wait for ever.
    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        if (!inside.ContainsKey(eventData.ConnectionId)) await gate.WaitAsync(cancellationToken);
        inside[eventData.ConnectionId] = 0;
        try
        {
            return InterceptionResult<DbTransaction>.SuppressWithResult(
                await connection.BeginTransactionAsync(eventData.IsolationLevel, CancellationToken.None));
        }
        catch
        {
            Leave(eventData.ConnectionId);
            throw;
        }
    }

    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        if (!inside.ContainsKey(eventData.ConnectionId)) gate.Wait();
        inside[eventData.ConnectionId] = 0;
        try { return InterceptionResult<DbTransaction>.SuppressWithResult(connection.BeginTransaction(eventData.IsolationLevel)); }
        catch
        {
            Leave(eventData.ConnectionId);
            throw;
        }
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Leave(eventData.ConnectionId);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Leave(eventData.ConnectionId);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => Leave(eventData.ConnectionId);

    public override Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(eventData.ConnectionId);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Leave(eventData.ConnectionId);
        return Task.CompletedTask;
    }

    void Leave(Guid connection)
    {
        if (inside.TryRemove(connection, out _)) gate.Release();
    }
}
