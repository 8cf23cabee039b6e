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

    public async Task<TResult> ExecuteAsync<TState, TResult>(
        TState state, Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded, CancellationToken cancellationToken = default)
    {
        var context = dependencies.CurrentContext.Context;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation(context, state, cancellationToken);
            }
            catch (Exception failure) when (context.Database.CurrentTransaction is null && WriteFailure.MayBeRepeated(failure, attempt))
            {
                await WriteFailure.Pause(attempt, cancellationToken);
            }
        }
    }
}
