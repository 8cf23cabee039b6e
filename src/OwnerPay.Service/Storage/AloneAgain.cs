using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace OwnerPay.Service.Storage;

/// <summary>A statement that is a transaction of its own is run again when it lost a dead-lock: it did nothing. Within a transaction the whole of it must begin anew,
/// which is for <see cref="FromTheStart"/>.</summary>
/// <remarks>Even a single update may lose: it comes through one index, and another transaction holds the row and moves the index entry.</remarks>
sealed class AloneAgain(ExecutionStrategyDependencies dependencies) : IExecutionStrategy
{
    /// <summary>Said to be false because transactions may begin under it, and results need not be held back: what fails has given out nothing.</summary>
    public bool RetriesOnFailure => false;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded) =>
        operation(dependencies.CurrentContext.Context, state);

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state, Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded, CancellationToken cancellationToken = default)
    {
        var context = dependencies.CurrentContext.Context;
        return context.Database.CurrentTransaction is null
            ? WriteFailure.Repeated(() => operation(context, state, cancellationToken), cancellationToken)
            : operation(context, state, cancellationToken);
    }
}
