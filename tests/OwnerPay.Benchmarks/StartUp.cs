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
        List<double> small = [], large = [], empty = [], memory = [], emptyMemory = [];
        var (smallData, largeData) = (bench.NewFolder("start-few"), bench.NewFolder("start-many"));
        await Prepare(smallData, few, cancel);
        await Prepare(largeData, many, cancel);
        // One start of each is not counted: it only fills the page cache. The others take turns, so that a busy moment of the machine hits all alike.
        for (var start = 0; start <= starts; start++)
        {
            cancel.ThrowIfCancellationRequested();
            var last = start == starts;
            Keep(start, empty, emptyMemory, await Once(Path.Combine(AppContext.BaseDirectory, "OwnerPay.Benchmarks.EmptyApi.dll"), "/", last));
            Keep(start, small, memory, await Once(ServerProcess.Service, "/health/ready", last: false, "--data", smallData));
            Keep(start, large, memory, await Once(ServerProcess.Service, "/health/ready", last, "--data", largeData));
        }
        var (ours, least, resident) = (Median(large), Median(empty), memory[^1]);
        return new Outcome(
        [
            new Line("start to first answer", "s", ours, least, ours / least, "≤ reference + 1.5 s", ours - least <= 1.5),
            new Line("idle memory after the start", "MiB", resident, emptyMemory[^1], resident / emptyMemory[^1], "≤ 200 MiB", resident <= 200),
            new Line($"growth from {few:#,0} to {many:#,0} houses", "exponent", Timed.Exponent(Median(small), ours, (double)many / few), Goal: "≤ 1.05",
                Met: Timed.Exponent(Median(small), ours, (double)many / few) <= 1.05),
        ],
        ["the service opens its database, checks its schema and asks it before it answers; the reference answers a fixed text", $"medians of {starts} starts, from the build output, not published ahead of time"],
        []);
    }

    static void Keep(int start, List<double> times, List<double> memory, (double Seconds, double? MiB) measured)
    {
        if (start > 0) times.Add(measured.Seconds);
        if (measured.MiB is { } held) memory.Add(held);
    }

    /// <param name="last">Weigh it too, some seconds after the start.</param>
    static async Task<(double Seconds, double? MiB)> Once(string program, string probe, bool last, params string[] args)
    {
        await using var server = await ServerProcess.Start(program, Ports.Free(), probe, args);
        double? held = null;
        if (last)
        {
            await Task.Delay(Settles);
            held = server.ResidentMiB();
        }
        await server.Stop();
        return (server.StartedWithin.TotalSeconds, held);
    }

    static async Task Prepare(string data, int houses, CancellationToken cancel)
    {
        await using var app = ServiceApp.Build(["--data", data], adjust: Quietly.Adjust);
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Migrate(cancel);
        await new PeopledCommunity(app.Services).Make(houses, cancel);
    }

    static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
