namespace OwnerPay.Service.Platform;

/// <summary>Collects what arrives while others of its kind are being worked on, and works on it together: nobody waits for company, but who must wait waits in
/// company.</summary>
/// <remarks>Only a shortcut of this instance: what is right is decided by keys and locks in the database, and what cannot go together goes alone. Nothing here is
/// cancelled when a caller leaves.</remarks>
/// <param name="lanes">Groups that are worked on at once.</param>
/// <param name="mostTogether">Items of a group.</param>
/// <param name="scopes">Each group, and each item that goes alone, gets services of its own.</param>
public abstract class CompanyQueue<TItem, TAnswer>(IServiceScopeFactory scopes, int lanes, int mostTogether) : IDisposable
{
    readonly SemaphoreSlim free = new(lanes);
    readonly Lock gate = new();
    readonly List<Waiting> waiting = [];

    sealed class Waiting(TItem item) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item { get; } = item;
    }

    /// <summary>Only items of one kind are worked on together.</summary>
    protected abstract Guid KindOf(TItem item);

    /// <returns>The answer of each; with <c>Done</c> false for those that must go alone.</returns>
    /// <exception cref="Exception">Nothing was done: each goes alone, or fails for the same reason.</exception>
    protected abstract Task<IReadOnlyList<(bool Done, TAnswer? Answer)>> Together(IServiceProvider services, IReadOnlyList<TItem> items);

    /// <returns>Null where items never go alone, because none can be the cause of a failure: what failed for all has failed for each.</returns>
    /// <exception cref="Exception">Goes to whoever waits for it.</exception>
    protected virtual Task<TAnswer>? Alone(IServiceProvider services, TItem item) => null;

    /// <summary>Told when a group failed.</summary>
    protected abstract void NotTogether(Exception failure, int count);

    /// <summary>Does it, alone or in company.</summary>
    public Task<TAnswer> Run(TItem item)
    {
        var mine = new Waiting(item);
        lock (gate) waiting.Add(mine);
        Begin();
        return mine.Task;
    }

    void Begin()
    {
        // Behind everything that waits for a thread: requests that came already still join the group. And never by whoever begins: where the database
        // answers without waiting, as SQLite does, he would work for all who come after him.
        if (free.Wait(0)) _ = Task.Factory.StartNew(Drain, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).Unwrap();
    }

    async Task Drain()
    {
        bool more;
        try
        {
            while (Next() is { Count: > 0 } group) await Work(group);
        }
        finally
        {
            free.Release();
            lock (gate) more = waiting.Count > 0;
        }
        if (more) Begin();    // came between the last look and the release
    }

    /// <summary>Those of the kind whose turn it is.</summary>
    List<Waiting> Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0) return [];
            var kind = KindOf(waiting[0].Item);
            List<Waiting> group = [.. waiting.Where(each => KindOf(each.Item) == kind).Take(mostTogether)];
            waiting.RemoveAll(group.Contains);
            return group;
        }
    }

    async Task Work(List<Waiting> group)
    {
        var (alone, failed) = (group, (Exception?)null);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var answers = await Together(scope.ServiceProvider, [.. group.Select(each => each.Item)]);
            alone = [.. group.Where((_, at) => !answers[at].Done)];
            foreach (var (each, answer) in group.Zip(answers).Where(pair => pair.Second.Done)) each.SetResult(answer.Answer!);
        }
        catch (Exception failure)
        {
            NotTogether(failure, group.Count);
            failed = failure;
        }
        foreach (var each in alone)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                if (Alone(scope.ServiceProvider, each.Item) is { } own) each.SetResult(await own);
                else each.SetException(failed ?? new InvalidOperationException("Left to go alone, where nothing does"));
            }
            catch (Exception failure) { each.TrySetException(failure); }    // whoever waits for it answers and logs
        }
    }

    public void Dispose()
    {
        free.Dispose();
        GC.SuppressFinalize(this);
    }
}
