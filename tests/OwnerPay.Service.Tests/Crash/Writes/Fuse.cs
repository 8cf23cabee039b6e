using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The process is gone: nothing of it goes on, not even what would tidy up.</summary>
public sealed class HostDiedException() : Exception("the host is dead");

/// <summary>Stops a host at one step: after a statement, a commit or a call of WeChat's. From then on it refuses everything that leaves the process, so that
/// what it had not committed is lost as in a real end. The next story may use the same host: what its last life began stays dead.</summary>
public sealed class Fuse
{
    readonly Lock gate = new();
    readonly List<string> steps = [];
    readonly ConditionalWeakTable<DbTransaction, StrongBox<int>> begun = [];
    readonly HashSet<DbTransaction> committing = [];
    int? blowAt;
    int life;
    bool armed;

    public bool Blown { get; private set; }

    /// <summary>What was done since it was armed, in order.</summary>
    public IReadOnlyList<string> Steps
    {
        get { lock (gate) return [.. steps]; }
    }

    /// <summary>A new life begins.</summary>
    /// <param name="at">Number of the step behind which the host dies, from 1; null only counts.</param>
    public void Arm(int? at)
    {
        lock (gate)
        {
            steps.Clear();
            (armed, blowAt, Blown) = (true, at, false);
            life++;
        }
    }

    /// <summary>Counts no further steps; what is dead stays dead. A commit that others see already is still waited for and counted.</summary>
    public async Task Disarm()
    {
        await Setup.Estate.Eventually(() => Task.FromResult(Commits() == 0), "no commit is on its way");
        lock (gate) armed = false;
    }

    int Commits()
    {
        lock (gate) return committing.Count;
    }

    public void Committing(DbTransaction transaction)
    {
        lock (gate) committing.Add(transaction);
    }

    /// <summary>It has committed, or failed to.</summary>
    public void Ended(DbTransaction transaction)
    {
        lock (gate) committing.Remove(transaction);
    }

    /// <summary>It died by other means.</summary>
    public void Blow() => Blown = true;

    public void Began(DbTransaction transaction)
    {
        lock (gate) begun.AddOrUpdate(transaction, new(life));
    }

    public void Before(DbTransaction? transaction = null)
    {
        lock (gate)
            if (Blown || transaction is not null && begun.TryGetValue(transaction, out var then) && then.Value != life) throw new HostDiedException();
    }

    public void After(string step)
    {
        lock (gate)
        {
            if (Blown) throw new HostDiedException();
            if (!armed) return;
            steps.Add(step);
            if (steps.Count != blowAt) return;
            Blown = true;
        }
        throw new HostDiedException();
    }
}

/// <summary>The fuse in the line to the database.</summary>
public sealed class FuseOnDatabase(Fuse fuse) : DbCommandInterceptor, IDbTransactionInterceptor
{
    const int Shown = 60;

    /// <summary>At the end of a statement that locks rows.</summary>
    public const string Locking = " … FOR UPDATE";

    static string Name(DbCommand command)
    {
        var lines = command.CommandText.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var locks = lines.Any(line => line == "-- " + RowLocks.Mark) ? Locking : "";
        var text = string.Join(' ', lines.Where(line => !line.StartsWith("--", StringComparison.Ordinal))).Replace("SET AUTOCOMMIT = 1; ", "", StringComparison.Ordinal);
        return (text.Length > Shown ? text[..Shown] : text) + locks;
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        fuse.Before(command.Transaction);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        fuse.Before(command.Transaction);
        return new(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        fuse.Before(command.Transaction);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        fuse.Before(command.Transaction);
        return new(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        fuse.Before(command.Transaction);
        return new(result);
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        try { fuse.After(Name(command)); }
        catch (HostDiedException)
        {
            result.Dispose();    // nobody reads it any more, and it would hold the connection
            throw;
        }
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        try { fuse.After(Name(command)); }
        catch (HostDiedException)
        {
            await result.DisposeAsync();
            throw;
        }
        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        fuse.After(Name(command));
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        fuse.After(Name(command));
        return new(result);
    }

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default)
    {
        fuse.After(Name(command));
        return new(result);
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        fuse.Began(result);
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        fuse.Began(result);
        return new(result);
    }

    public InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        fuse.Before(transaction);
        fuse.Committing(transaction);
        return result;
    }

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        fuse.Before(transaction);
        fuse.Committing(transaction);
        return new(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Committed(transaction);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Committed(transaction);
        return Task.CompletedTask;
    }

    void Committed(DbTransaction transaction)
    {
        try { fuse.After("commit"); }
        finally { fuse.Ended(transaction); }
    }

    public void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => fuse.Ended(transaction);

    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        fuse.Ended(transaction);
        return Task.CompletedTask;
    }
}

/// <summary>The fuse in the line to WeChat. What reached WeChat before the end was done there.</summary>
public sealed class FuseOnWeChat(Fuse fuse) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        fuse.Before();
        var answer = await base.SendAsync(request, cancellationToken);
        fuse.After($"WeChat {request.Method} {request.RequestUri?.AbsolutePath}");
        return answer;
    }
}
