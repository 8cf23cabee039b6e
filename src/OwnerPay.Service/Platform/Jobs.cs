using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Platform;

/// <summary>Work that is derived from data whenever it is woken. It may run on several instances at once and must be harmless then.</summary>
public interface IJob
{
    /// <summary>Does what is due now, and nothing twice.</summary>
    /// <returns>A short text for the health page: what was done.</returns>
    Task<string> Run(CancellationToken cancel);
}

/// <summary>How often a job is woken; waking is all that a schedule does.</summary>
public sealed record JobSchedule(string Name, TimeSpan Every, Type Type)
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How long the job sleeps between two runs at a pace (<see cref="ServiceSettings.JobPace"/>), at most a day.</summary>
    /// <remarks>Waking too often does no harm; a timer of the system takes no more than 49 days and ends the process beyond them.</remarks>
    public TimeSpan Pause(double pace) => TimeSpan.FromSeconds(Math.Min(Every.TotalSeconds * pace, Longest.TotalSeconds));
}

/// <summary>When a job last ran, on any instance. A job that did not run is an alarm.</summary>
public sealed class JobHeartbeat : IEntityTypeConfiguration<JobHeartbeat>
{
    public string Name { get; init; } = "";
    public DateTimeOffset LastRunAt { get; set; }
    public DateTimeOffset? LastGoodAt { get; set; }
    public string LastResult { get; set; } = "";

    public void Configure(EntityTypeBuilder<JobHeartbeat> table)
    {
        table.ToTable("JobHeartbeats");
        table.HasKey(h => h.Name);
        table.Property(h => h.LastResult).HasMaxLength(500);
    }
}

/// <summary>Wakes the jobs of this instance and keeps their heartbeats.</summary>
public sealed partial class JobRunner(
    IServiceScopeFactory scopes, IEnumerable<JobSchedule> schedules, ServiceSettings settings, IHostApplicationLifetime lifetime, ILogger<JobRunner> log)
    : Worker
{
    static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(20);

    protected override async Task Work(CancellationToken stopping)
    {
        if (await lifetime.HasStarted(stopping)) await Task.WhenAll(schedules.Select(schedule => Loop(schedule, stopping)));
    }

    async Task Loop(JobSchedule schedule, CancellationToken stopping)
    {
        var (lastBeat, pause) = (DateTimeOffset.MinValue, schedule.Pause(settings.JobPace));
        if (pause < settings.ShortestJobPause) pause = settings.ShortestJobPause;
        try
        {
            while (true)
            {
                var (good, result) = await RunOnce(schedule, stopping);
                var now = TimeProvider.System.GetUtcNow();
                if (!good || now - lastBeat >= BeatEvery)
                {
                    await Beat(schedule.Name, now, good, result, stopping);
                    lastBeat = now;
                }
                await Task.Delay(pause, stopping);
            }
        }
        catch (Exception) when (scopes.Ends(stopping)) { /* the instance stops; what was begun is undone by the database */ }
    }

    async Task<(bool Good, string Result)> RunOnce(JobSchedule schedule, CancellationToken stopping)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return (true, await ((IJob)scope.ServiceProvider.GetRequiredService(schedule.Type)).Run(stopping));
        }
        catch (Exception failure) when (!scopes.Ends(stopping))
        {
            JobFailed(log, failure, schedule.Name);
            return (false, failure.GetType().Name + ": " + failure.Message);
        }
    }

    async Task Beat(string name, DateTimeOffset now, bool good, string result, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OwnerPayDb>();
            var text = result.Length > 500 ? result[..500] : result;
            var beats = db.JobHeartbeats;
            var known = await beats.Where(h => h.Name == name).ExecuteUpdateAsync(set => set.SetProperty(h => h.LastRunAt, now)
                .SetProperty(h => h.LastGoodAt, h => good ? now : h.LastGoodAt).SetProperty(h => h.LastResult, text), cancel);
            // Where it is there by now, another instance wrote the first beat at the same moment.
            if (known == 0)
                await db.InsertUnlessThere(new JobHeartbeat { Name = name, LastRunAt = now, LastGoodAt = good ? now : null, LastResult = text }, cancel);
        }
        catch (Exception failure) when (!scopes.Ends(cancel)) { JobFailed(log, failure, name); }
    }

    [LoggerMessage(1010, LogLevel.Error, "Job {Name} failed")]
    static partial void JobFailed(ILogger log, Exception failure, string name);
}

public static class JobTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<JobHeartbeat> JobHeartbeats => db.Set<JobHeartbeat>();
    }

    /// <summary>Registers a job; all jobs are on by default.</summary>
    public static IServiceCollection AddJob<T>(this IServiceCollection services, string name, TimeSpan every) where T : class, IJob
    {
        services.AddScoped<T>();
        return services.AddSingleton(new JobSchedule(name, every, typeof(T)));
    }
}
