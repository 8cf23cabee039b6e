using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Benchmarks;

/// <summary>P11: from the start of the process to its first answer, on SQLite with an existing database, against the least program that answers.</summary>
public sealed class StartUp : IWorkload
{
    static readonly TimeSpan Settles = TimeSpan.FromSeconds(4);

    public string Id => "P11";

    public string Title => "start and idle memory";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        var starts = bench.Quick ? 5 : 15;
        var (few, many) = (bench.Scale(2_000), bench.Scale(20_000));
        List<Began> small = [], large = [], empty = [];
        var (smallData, largeData) = (bench.NewFolder("start-few"), bench.NewFolder("start-many"));
        await Prepare(smallData, few, cancel);
        await Prepare(largeData, many, cancel);
        var service = await Publish(bench.NewFolder("start-published"), cancel);
        // One start of each is not counted: it only fills the page cache. The others take turns, so that a busy moment of the machine hits all alike.
        for (var start = 0; start <= starts; start++)
        {
            cancel.ThrowIfCancellationRequested();
            var last = start == starts;
            Began[] began =
            [
                await Once(Path.Combine(AppContext.BaseDirectory, "OwnerPay.Benchmarks.EmptyApi.dll"), "/", last),
                await Once(service, "/health/ready", last: false, "--data", smallData),
                await Once(service, "/health/ready", last, "--data", largeData),
            ];
            if (start == 0) continue;
            empty.Add(began[0]);
            small.Add(began[1]);
            large.Add(began[2]);
        }
        var (ours, least) = (Median(large, b => b.Seconds), Median(empty, b => b.Seconds));
        var (work, leastWork) = (Median(large, b => b.ProcessorSeconds), Median(empty, b => b.ProcessorSeconds));
        var (held, leastHeld) = (large[^1].MiB!.Value, empty[^1].MiB!.Value);
        var growth = Timed.Exponent(Median(small, b => b.Seconds), ours, (double)many / few);
        return new Outcome(
        [
            new Line("start to first answer", "s", ours, least, ours / least, "≤ reference + 1.5 s", ours - least <= 1.5),
            new Line("processor time of it", "s", work, leastWork, work / leastWork),
            new Line("idle memory after the start", "MiB", held, leastHeld, held / leastHeld, "≤ 200 MiB", held <= 200),
            new Line($"growth of the start from {few:#,0} to {many:#,0} houses", "exponent", growth, Goal: "≤ 1.05", Met: growth <= 1.05),
        ],
        [
            "the service opens its database, checks its schema and asks it before it answers; the reference answers a fixed text",
            $"medians of {starts} starts of the service as the README publishes it, compiled ahead of time",
        ],
        []);
    }

    /// <param name="MiB">Resident some seconds after the start, where it was weighed.</param>
    sealed record Began(double Seconds, double ProcessorSeconds, double? MiB);

    static async Task<Began> Once(string program, string probe, bool last, params string[] args)
    {
        await using var server = await ServerProcess.Start(program, Ports.Free(), probe, args);
        double? held = null;
        if (last)
        {
            await Task.Delay(Settles);
            held = server.ResidentMiB();
        }
        await server.Stop();
        return new(server.StartedWithin.TotalSeconds, server.StartedWith.TotalSeconds, held);
    }

    /// <returns>The program as it is put on a server.</returns>
    static async Task<string> Publish(string folder, CancellationToken cancel)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "OwnerPay.sln"))) root = root.Parent ?? throw new InvalidOperationException("Not started from the repository");
        var machine = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] args =
        [
            "publish", Path.Combine(root.FullName, "src", "OwnerPay.Service"), "-c", "Release", "-r", "linux-" + machine, "--self-contained", "false",
            "-p:PublishReadyToRun=true", "-o", folder, "-v", "q", "-nologo",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? Path.Combine(folder, "OwnerPay.Service.dll") : throw new InvalidOperationException("Publishing failed: " + output);
    }

    static async Task Prepare(string data, int houses, CancellationToken cancel)
    {
        await using var app = ServiceApp.Build(["--data", data], adjust: Quietly.Adjust);
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Migrate(cancel);
        await new PeopledCommunity(app.Services, "wx0123456789abcdef").Make(houses, cancel);
    }

    static double Median(List<Began> starts, Func<Began, double> value)
    {
        var sorted = starts.Select(value).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
