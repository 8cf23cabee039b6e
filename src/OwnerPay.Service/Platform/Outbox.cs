using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

public enum OutboxState { Waiting, Done, Parked }

/// <summary>One piece of work that a committed transaction promised to one handler.</summary>
public sealed class OutboxRow : IEntityTypeConfiguration<OutboxRow>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>What happened, owned by the raising slice: <c>bill-run.issued</c>, <c>payment.settled</c> …</summary>
    public string Kind { get; init; } = "";

    /// <summary>Which handler does it; each handler of a kind has a row of its own, so that one that fails holds up no other.</summary>
    public string Handler { get; init; } = "";

    /// <summary>What it is about: the id of a bill run, payment, redemption …</summary>
    public Guid SubjectId { get; init; }

    public OutboxState State { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextTryAt { get; set; }

    /// <summary>Token and end of the lease of the worker that has it; longer than the work.</summary>
    public Guid? Claim { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public string? LastError { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DoneAt { get; set; }

    public void Configure(EntityTypeBuilder<OutboxRow> table)
    {
        table.ToTable("OutboxRows");
        table.Property(r => r.LastError).HasMaxLength(1000);
        table.HasIndex(r => new { r.State, r.NextTryAt });    // the next ones to claim
        table.HasIndex(r => r.Claim);                         // what a worker has just claimed
        table.HasIndex(r => r.SubjectId);                     // explain: what became of this subject
    }
}

/// <summary>Handles one kind of outbox row. It runs in a scope of its own and must be idempotent: after a crash it is called again.</summary>
public interface IOutboxHandler
{
    /// <summary>Does the work. An exception means: try again later; after many tries the row is parked and shown to staff.</summary>
    Task Handle(OutboxRow row, CancellationToken cancel);
}

/// <summary>A handler that hangs on a kind of news.</summary>
public sealed record OutboxSubscription(string Kind, string Handler, Type Type);

/// <summary>Adds news to the transaction that causes it: one row per handler, written with the state that it tells of, or not at all.</summary>
public sealed class Outbox(OwnerPayDb db, IEnumerable<OutboxSubscription> subscriptions, OutboxSignal signal)
{
    public void Add(string kind, Guid community, Guid about)
    {
        var now = TimeProvider.System.GetUtcNow();
        var listened = false;
        foreach (var subscription in subscriptions.Where(s => s.Kind == kind))
        {
            listened = true;
            db.Add(new OutboxRow
            {
                Id = Guid.CreateVersion7(), CommunityId = community, Kind = kind, Handler = subscription.Handler, SubjectId = about,
                State = OutboxState.Waiting, NextTryAt = now, CreatedAt = now,
            });
        }
        if (listened) signal.Wake();
    }
}

/// <summary>Wakes the workers early: this instance's at news, the others' when there is more to do than one worker takes at once. Only a shortcut:
/// rows are found by looking, also those of other instances.</summary>
public sealed class OutboxSignal : IDisposable
{
    const string Channel = "outbox";

    readonly SemaphoreSlim woken = new(0, 1);
    readonly RedisLink redis;

    public OutboxSignal(RedisLink redis)
    {
        this.redis = redis;
        redis.Listen(Channel, Wake);
    }

    public void Wake()
    {
        if (woken.CurrentCount == 0)
            try { woken.Release(); } catch (SemaphoreFullException) { /* woken already */ }
    }

    /// <summary>Asks the other instances for help.</summary>
    public void WakeOthers() => redis.Tell(Channel);

    public void Dispose() => woken.Dispose();

    public Task Wait(TimeSpan atMost, CancellationToken cancel) => woken.WaitAsync(atMost, cancel);
}

public static class OutboxTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<OutboxRow> OutboxRows => db.Set<OutboxRow>();
    }

    public static IServiceCollection AddOutboxHandler<T>(this IServiceCollection services, string kind, string handler) where T : class, IOutboxHandler
    {
        services.AddScoped<T>();
        return services.AddSingleton(new OutboxSubscription(kind, handler, typeof(T)));
    }
}
