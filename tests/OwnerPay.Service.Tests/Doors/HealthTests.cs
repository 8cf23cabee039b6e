using OwnerPay.Service.Platform;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

public sealed class HealthTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_monitor_sees_that_the_service_lives_and_that_its_jobs_run(Database database)
    {
        var installation = await servers.Shared(database);
        using var monitor = new Api(installation.Addresses[0], "/health", null);
        Assert.Equal(200, (await monitor.Get("/live")).Status);
        Assert.Equal(200, (await monitor.Get("/ready")).Status);
        var work = (await monitor.Get("/work")).Done();
        Assert.Equal("ok", work["status"].GetValue<string>());
        Assert.Contains(work["jobs"].AsArray(), job => job!["name"]!.GetValue<string>() == "chain-audit");
        Assert.Contains(work["work"].AsArray(), gauge => gauge!["name"]!.GetValue<string>() == "outbox");
    }

    [Theory, EachDatabase]
    public async Task A_job_that_did_not_run_well_for_long_is_an_alarm(Database database)
    {
        await using var installation = await servers.Own(database);
        var schedule = new JobSchedule("never-runs", TimeSpan.FromMinutes(-1), typeof(Health));    // a period so short that it is late at once
        Assert.True(await Alarm(installation, schedule));
        Assert.False(await Alarm(installation, schedule with { Every = TimeSpan.FromHours(1) }));
    }

    [Theory, EachDatabase]
    public async Task Parked_work_is_shown_as_stuck(Database database)
    {
        await using var installation = await servers.Own(database);
        await installation.Db(db =>
        {
            db.Add(new OutboxRow { Id = Guid.CreateVersion7(), Kind = "test", Handler = "test", State = OutboxState.Parked });
            return db.SaveChangesAsync();
        });
        using var monitor = new Api(installation.Addresses[0], "/health", null);
        Answer? work = null;
        await Estate.Eventually(async () => (work = await monitor.Get("/work")).Status == 200, "each job has run once");
        var outbox = work!["work"].AsArray().Single(gauge => gauge!["name"]!.GetValue<string>() == "outbox");
        Assert.Equal((0, 1), (outbox!["waiting"]!.GetValue<int>(), outbox["stuck"]!.GetValue<int>()));
    }

    static async Task<bool> Alarm(Installation installation, JobSchedule schedule)
    {
        var settings = new ServiceSettings { JobPace = 1 };
        var answer = await installation.Db(db => new Health(db, [schedule], [], settings, new Clock(installation.Clock)).Run(default));
        return answer.Jobs.Single().Alarm;
    }
}
