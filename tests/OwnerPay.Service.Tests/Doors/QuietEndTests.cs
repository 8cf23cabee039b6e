using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

public sealed class QuietEndTests
{
    // Whoever watches the log for errors is called out of bed by an instance that merely ended.
    [Fact]
    public async Task An_instance_that_is_taken_away_while_its_jobs_work_leaves_no_error_in_the_log()
    {
        var errors = new ConcurrentQueue<string>();
        for (var round = 0; round < 8; round++)
        {
            var app = Build(errors, "--OwnerPay:JobPace=0.0001", "--OwnerPay:OutboxPoll=00:00:00.01");
            await app.Start();
            await Estate.Eventually(() => HasWorked(app), "the first job has run");
            await Task.Delay(70 * round);
            await app.DisposeAsync();    // nobody asked it to stop first
            await Task.Delay(100);
        }
        Assert.True(errors.IsEmpty, string.Join("\n\n", errors));
    }

    // A timer takes no more than 49 days: the job's loop ended, and with it the process.
    [Fact]
    public async Task A_pace_that_stretches_a_pause_beyond_all_timers_lets_the_instance_live()
    {
        var errors = new ConcurrentQueue<string>();
        await using var app = Build(errors, "--OwnerPay:JobPace=1000000000");
        await app.Start();
        await Task.Delay(1_500);

        Assert.False(app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.True((await http.GetAsync("/health/work")).IsSuccessStatusCode);
        Assert.True(errors.IsEmpty, string.Join("\n\n", errors));
        await app.StopAsync();
    }

    static async Task<bool> HasWorked(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().JobHeartbeats.AnyAsync();
    }

    static WebApplication Build(ConcurrentQueue<string> errors, params string[] args)
    {
        var folder = Path.Combine(Path.GetTempPath(), "ownerpay-end-" + Guid.CreateVersion7().ToString("N"));
        string[] all = ["--urls", $"http://127.0.0.1:{Ports.Free()}", "--data", folder, "--environment=Development", .. args];
        return ServiceApp.Build(all, adjust: builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new ErrorLog(errors.Enqueue));
        });
    }
}
