using System.Globalization;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The same flows, and the service is a process of its own that is killed in the middle of each.</summary>
/// <remarks>The short form takes some of the flows, other ones each day; <c>OWNERPAY_FULL=1</c> takes all.</remarks>
public sealed class KillMidFlowTests(Servers servers, ITestOutputHelper output)
{
    /// <summary>What a killed one had taken of the outbox is free again before the patience of the test is over.</summary>
    const string ShortLease = "--OwnerPay:OutboxLease=00:00:10";

    static readonly int Kills = Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? int.MaxValue : 4;

    [Fact]
    public async Task Nobody_loses_or_gains_a_fen_when_the_process_is_killed_in_the_middle_of_each_flow()
    {
        var seed = Seed.OfToday();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        var flows = MoneyFlows.All.Where(f => f.Killable).ToArray();
        random.Shuffle(flows);
        await using var board = await Switchboard.Start();
        await using var installation = await servers.Own(Database.MariaDb, 1, TimeProvider.System.GetUtcNow(),
            "--public-url", board.Address.GetLeftPart(UriPartial.Authority), "--OwnerPay:JobPace=300", ShortLease);
        var service = await Start(installation, board);
        try
        {
            foreach (var flow in flows.Take(Kills))
            {
                var (whole, milliseconds) = await Play(installation, board, flow, service, killAfter: null);
                var (broken, after) = await Play(installation, board, flow, service, random.NextDouble() * milliseconds);
                await service.DisposeAsync();
                service = await Start(installation, board);
                board.Targets = [service.Address];

                await using var fresh = new Host(service.Address);
                var expected = await whole.Finish(flow, fresh, expected: null);
                await broken.Finish(flow, fresh, expected);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{flow.Name}: killed after {after:0} of about {milliseconds:0} ms"));
                await whole.Estate.DisposeAsync();
                await broken.Estate.DisposeAsync();
            }
        }
        finally { await service.DisposeAsync(); }
    }

    static Task<ServerProcess> Start(Installation installation, Switchboard board)
    {
        var port = Ports.Free();
        return ServerProcess.Start(ServerProcess.Service, port, "/health/live",
            [.. installation.Arguments(port), "--public-url", board.Address.GetLeftPart(UriPartial.Authority), ShortLease]);
    }

    static async Task<(PlayedScene Scene, double Milliseconds)> Play(
        Installation installation, Switchboard board, MoneyFlow flow, ServerProcess service, double? killAfter)
    {
        board.Targets = [installation.Addresses[0]];
        var estate = await Estate.Create(installation, flow.Houses);
        var act = await flow.Prepare(estate);
        board.Targets = [service.Address];
        await using var host = new Host(service.Address);
        var began = TimeProvider.System.GetTimestamp();
        if (killAfter is not { } after)
        {
            Assert.InRange(await act(host), 200, 299);
            return (new(estate, act, null, Died: false, []), TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }
        var acting = act(host);
        await Task.Delay(TimeSpan.FromMilliseconds(after));
        await service.Kill();
        host.Fuse.Blow();
        board.Targets = [];
        await acting;
        return (new(estate, act, null, Died: true, []), after);
    }
}
