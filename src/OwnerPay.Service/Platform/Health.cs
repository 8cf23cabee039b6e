using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>How much work of one kind waits, and how much of it is stuck.</summary>
/// <remarks>Registered by the slice whose work it is: <c>services.AddScoped&lt;IWorkGauge, …&gt;()</c>.</remarks>
public interface IWorkGauge
{
    /// <summary>Stable name: <c>outbox</c>, <c>deliveries</c>, <c>open-orders</c>.</summary>
    string Name { get; }

    /// <summary>True for what waits for somebody outside (an owner who has not paid yet): it keeps no machine busy.</summary>
    bool WaitsForPeople => false;

    Task<WorkCount> Count(CancellationToken cancel);
}

/// <param name="Waiting">Due now, and done without anybody's help.</param>
/// <param name="Stuck">Needs a person.</param>
/// <param name="OldestAt">Since when the oldest waits; null when nothing waits.</param>
public sealed record WorkCount(long Waiting, long Stuck, DateTimeOffset? OldestAt = null);

public sealed record WorkGaugeAnswer(string Name, long Waiting, long Stuck, DateTimeOffset? OldestAt);

/// <param name="LastGoodAt">When it last ran without error, on any instance; null when it never did.</param>
/// <param name="Alarm">It did not run well for five times its period and a minute.</param>
public sealed record JobAnswer(string Name, DateTimeOffset? LastRunAt, DateTimeOffset? LastGoodAt, bool Alarm);

/// <summary>Calls of today at WeChat's door that were refused: forged, altered, for another key, or gone astray.</summary>
/// <param name="Call"><c>payment</c>, <c>refund</c> or <c>push</c>.</param>
public sealed record RejectedAnswer(string Call, string Reason, int Times);

/// <param name="Status"><c>ok</c>, or <c>alarm</c> when a job did not run; then the answer is 503.</param>
/// <param name="Idle">Nothing is on its way: all that was promised after the last commit is done.</param>
/// <param name="Rejected">As written by the instances, seconds old.</param>
public sealed record WorkAnswer(string Status, bool Idle, IReadOnlyList<JobAnswer> Jobs, IReadOnlyList<WorkGaugeAnswer> Work, IReadOnlyList<RejectedAnswer> Rejected);

/// <summary>What a monitor asks: is the process there, can it serve, does the work behind the requests go on.</summary>
/// <remarks>Open to everybody: it tells counts and times, nobody's data and no error texts.</remarks>
public sealed class Health(OwnerPayDb db, IEnumerable<JobSchedule> schedules, IEnumerable<IWorkGauge> gauges, ServiceSettings settings, Clock clock)
{
    static readonly DateTimeOffset ProcessBegan = TimeProvider.System.GetUtcNow();

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).BeforeSignIn(Door.Public, RateLimits.Normal);
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") })
            .BeforeSignIn(Door.Public, RateLimits.Normal);
        app.MapGet("/health/work", Get).BeforeSignIn(Door.Public, RateLimits.Normal).ExcludeFromDescription();
    }

    static async Task<JsonHttpResult<WorkAnswer>> Get(Health health, CancellationToken cancel)
    {
        var answer = await health.Run(cancel);
        return TypedResults.Json(answer, statusCode: answer.Status == "ok" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    public async Task<WorkAnswer> Run(CancellationToken cancel)
    {
        var beats = await db.JobHeartbeats.AsNoTracking().ToDictionaryAsync(beat => beat.Name, cancel);
        var now = TimeProvider.System.GetUtcNow();
        var jobs = schedules.OrderBy(schedule => schedule.Name, StringComparer.Ordinal)
            .Select(schedule => Judge(schedule, beats.GetValueOrDefault(schedule.Name), now)).ToList();
        var (work, idle) = (new List<WorkGaugeAnswer>(), true);
        foreach (var gauge in gauges.OrderBy(gauge => gauge.Name, StringComparer.Ordinal))
        {
            var count = await gauge.Count(cancel);
            idle &= gauge.WaitsForPeople || count.Waiting == 0;
            work.Add(new WorkGaugeAnswer(gauge.Name, count.Waiting, count.Stuck, count.OldestAt));
        }
        return new WorkAnswer(jobs.Exists(job => job.Alarm) ? "alarm" : "ok", idle, jobs, work, await Rejected(cancel));
    }

    async Task<IReadOnlyList<RejectedAnswer>> Rejected(CancellationToken cancel)
    {
        var day = RejectedCalls.Day(clock.Today());
        var rows = await db.RejectedCalls.AsNoTracking().Where(r => r.Id.StartsWith(day)).OrderBy(r => r.Id).ToListAsync(cancel);
        return [.. rows.Select(row => (Parts: row.Id[day.Length..].Split('/'), row.Times)).Select(row => new RejectedAnswer(row.Parts[0], row.Parts[^1], row.Times))];
    }

    // A job that never ran gets as long as a late one, counted from the start of this process.
    JobAnswer Judge(JobSchedule schedule, JobHeartbeat? beat, DateTimeOffset now)
    {
        var patience = schedule.Pause(settings.JobPace) * 5 + TimeSpan.FromMinutes(1);
        return new JobAnswer(schedule.Name, beat?.LastRunAt, beat?.LastGoodAt, now - Later(beat?.LastGoodAt, ProcessBegan) > patience);
    }

    static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one is { } known && known > other ? known : other;
}

/// <summary>News that committed transactions promised to handlers.</summary>
public sealed class OutboxGauge(OwnerPayDb db) : IWorkGauge
{
    public string Name => "outbox";

    public async Task<WorkCount> Count(CancellationToken cancel)
    {
        var rows = db.OutboxRows;
        var waiting = rows.Where(r => r.State == OutboxState.Waiting);
        return new WorkCount(
            await waiting.CountAsync(cancel), await rows.CountAsync(r => r.State == OutboxState.Parked, cancel),
            await waiting.Select(r => (DateTimeOffset?)r.CreatedAt).MinAsync(cancel));
    }
}
