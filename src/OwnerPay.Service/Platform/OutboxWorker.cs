using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>Does the outbox's work on any instance: claims a batch by one conditional update, then handles row by row.</summary>
/// <remarks>The claim is an <c>UPDATE … WHERE the lease is over</c>, alike on SQLite, MariaDB, Galera and distributed engines, which SKIP LOCKED is not.</remarks>
public sealed partial class OutboxWorker(
    IServiceScopeFactory scopes, IEnumerable<OutboxSubscription> subscriptions, OutboxSignal signal, ServiceSettings settings,
    IHostApplicationLifetime lifetime, ILogger<OutboxWorker> log)
    : Worker
{
    const int Batch = 20;
    const int MostAttempts = 12;

    readonly Dictionary<(string Kind, string Handler), Type> handlers = subscriptions.ToDictionary(s => (s.Kind, s.Handler), s => s.Type);

    protected override async Task Work(CancellationToken stopping)
    {
        if (!await lifetime.HasStarted(stopping)) return;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await Step(stopping) == 0) await signal.Wait(settings.OutboxPoll, stopping);
            }
            catch (Exception) when (scopes.Ends(stopping)) { return; }
            catch (Exception failure)
            {
                StepFailed(log, failure);
                await Task.Delay(TimeSpan.FromSeconds(1), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>How many rows were handled.</returns>
    async Task<int> Step(CancellationToken cancel)
    {
        var token = Guid.CreateVersion7();
        List<OutboxRow> mine;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
            mine = await Claim(db, token, cancel);
        }
        if (mine.Count == Batch) signal.WakeOthers();
        foreach (var row in mine) await Handle(row, cancel);
        return mine.Count;
    }

    async Task<List<OutboxRow>> Claim(OwnerPayDb db, Guid token, CancellationToken cancel)
    {
        var rows = db.OutboxRows;
        var now = TimeProvider.System.GetUtcNow();
        var due = await rows.Where(r => r.State == OutboxState.Waiting && r.NextTryAt <= now && (r.LeaseUntil == null || r.LeaseUntil < now))
            .OrderBy(r => r.NextTryAt).ThenBy(r => r.Id).Select(r => r.Id).Take(Batch).ToListAsync(cancel);
        if (due.Count == 0) return [];
        await rows.Where(r => due.Contains(r.Id) && r.State == OutboxState.Waiting && (r.LeaseUntil == null || r.LeaseUntil < now))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Claim, token).SetProperty(r => r.LeaseUntil, now + settings.OutboxLease), cancel);
        return await rows.AsNoTracking().Where(r => r.Claim == token).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancel);
    }

    async Task Handle(OutboxRow row, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
        var mine = db.OutboxRows.Where(r => r.Id == row.Id && r.Claim == row.Claim);
        try
        {
            if (!handlers.TryGetValue((row.Kind, row.Handler), out var type)) throw new InvalidOperationException($"No handler {row.Handler} for {row.Kind}");
            await ((IOutboxHandler)scope.ServiceProvider.GetRequiredService(type)).Handle(row, cancel);
            db.ChangeTracker.Clear();
            await mine.ExecuteUpdateAsync(set => set.SetProperty(r => r.State, OutboxState.Done)
                .SetProperty(r => r.DoneAt, TimeProvider.System.GetUtcNow()).SetProperty(r => r.Claim, (Guid?)null).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null), cancel);
        }
        catch (Exception failure) when (!scopes.Ends(cancel))
        {
            HandlerFailed(log, failure, row.Kind, row.Handler, row.SubjectId, row.Attempts + 1);
            var next = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(900, Math.Pow(2, row.Attempts)));
            var text = failure.GetType().Name + ": " + failure.Message;
            if (text.Length > 1000) text = text[..1000];
            db.ChangeTracker.Clear();
            await mine.ExecuteUpdateAsync(set => set.SetProperty(r => r.Attempts, r => r.Attempts + 1)
                .SetProperty(r => r.State, row.Attempts + 1 >= MostAttempts ? OutboxState.Parked : OutboxState.Waiting).SetProperty(r => r.NextTryAt, next)
                .SetProperty(r => r.LastError, text)
                .SetProperty(r => r.Claim, (Guid?)null).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null), CancellationToken.None);
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "The outbox step failed")]
    static partial void StepFailed(ILogger log, Exception failure);

    [LoggerMessage(1002, LogLevel.Warning, "Handler {Handler} of {Kind} failed for {SubjectId}, attempt {Attempt}")]
    static partial void HandlerFailed(ILogger log, Exception failure, string kind, string handler, Guid subjectId, int attempt);
}
