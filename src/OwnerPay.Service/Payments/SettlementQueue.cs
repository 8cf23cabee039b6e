using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments;

/// <summary>Collects the callbacks that arrive while others are being booked, and books them together: nobody waits for company, but who must wait waits in company.</summary>
/// <remarks>Only a shortcut of this instance: what is right is decided by keys and locks in the database, and what cannot go together goes alone.</remarks>
public sealed partial class SettlementQueue(IServiceScopeFactory scopes, DatabaseChoice database, ILogger<SettlementQueue> log) : IDisposable
{
    const int MostTogether = 32;

    // SQLite has one writer; on a server one group computes while another is being written.
    readonly SemaphoreSlim lanes = new(database.IsMariaDb ? 2 : 1);
    readonly Lock gate = new();
    readonly List<Waiting> waiting = [];

    sealed class Waiting(Arrival arrival) : TaskCompletionSource<SettleAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Arrival Arrival { get; } = arrival;

        public Guid Community => Arrival.Money.Merchant.CommunityId;
    }

    /// <summary>Books it, and stores the callback with it; its <c>Outcome</c> stays null where the money was booked before.</summary>
    /// <returns>What became of it. An exception means that nothing was booked: WeChat must tell again.</returns>
    /// <remarks>Not cancelled when WeChat hangs up: what was genuine is booked.</remarks>
    public Task<SettleAnswer> Run(Arrival arrival)
    {
        var mine = new Waiting(arrival);
        lock (gate) waiting.Add(mine);
        Begin();
        return mine.Task;
    }

    void Begin()
    {
        if (lanes.Wait(0)) _ = Drain();
    }

    async Task Drain()
    {
        bool more;
        try
        {
            while (Next() is { Count: > 0 } group) await Book(group);
        }
        finally
        {
            lanes.Release();
            lock (gate) more = waiting.Count > 0;
        }
        if (more) Begin();    // came between the last look and the release
    }

    /// <summary>Those of the community whose turn it is: a transaction never spans two.</summary>
    List<Waiting> Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0) return [];
            var community = waiting[0].Community;
            List<Waiting> group = [.. waiting.Where(each => each.Community == community).Take(MostTogether)];
            waiting.RemoveAll(group.Contains);
            return group;
        }
    }

    async Task Book(List<Waiting> group)
    {
        var alone = group;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var answers = await scope.ServiceProvider.GetRequiredService<SettleTogether>()
                .Run(group[0].Community, [.. group.Select(each => each.Arrival)], CancellationToken.None);
            alone = [.. group.Where((_, at) => answers[at] is null)];
            foreach (var (each, answer) in group.Zip(answers).Where(pair => pair.Second is not null)) each.SetResult(answer!);
        }
        catch (Exception failure)
        {
            NotTogether(log, failure, group.Count);
        }
        foreach (var each in alone) await Alone(each);
    }

    async Task Alone(Waiting each)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var settle = scope.ServiceProvider.GetRequiredService<SettlePayment>();
            each.SetResult(await settle.Run(each.Arrival.Money, Proof.Callback, each.Arrival.Callback, CancellationToken.None));
        }
        catch (Exception failure)
        {
            each.SetException(failure);    // whoever waits for it answers and logs
        }
    }

    public void Dispose() => lanes.Dispose();

    [LoggerMessage(8030, LogLevel.Warning, "{Count} payments could not be booked together; each goes alone")]
    static partial void NotTogether(ILogger log, Exception failure, int count);
}
