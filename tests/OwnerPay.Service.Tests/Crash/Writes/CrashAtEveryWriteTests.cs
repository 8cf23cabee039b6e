using System.Globalization;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The process ends behind one step of a money flow: a statement, a commit, a call of WeChat's. Another one starts on the same database, the client
/// repeats its request under the same key, and it is as if nothing had happened.</summary>
/// <remarks>The short form tries a few steps of each flow, other ones each time; <c>OWNERPAY_FULL=1</c> tries all.</remarks>
public sealed class CrashAtEveryWriteTests(Servers servers, ITestOutputHelper output)
{
    /// <summary>Steps of a flow that the short form tries.</summary>
    const int Few = 5;

    /// <summary>A flow may take another way than at its rehearsal, and end before its step comes; most must die.</summary>
    const double FewestDead = 0.7;

    static bool Full => Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1";

    public static TheoryData<Database, string> Flows()
    {
        var data = new TheoryData<Database, string>();
        foreach (var database in Enum.GetValues<Database>())
            foreach (var flow in MoneyFlows.All) data.Add(database, flow.Name);
        return data;
    }

    [Theory, MemberData(nameof(Flows))]
    public async Task Nobody_loses_or_gains_a_fen_when_the_service_stops_behind_any_step(Database database, string name)
    {
        var flow = MoneyFlows.All.Single(f => f.Name == name);
        await using var board = await Switchboard.Start();
        await using var installation = await servers.Own(database, 1, flow.Begin, "--public-url", board.Address.GetLeftPart(UriPartial.Authority), "--OwnerPay:JobPace=300");
        await using var stage = new CrashStage(installation, board, flow);

        var whole = await stage.Play(behind: null);    // the rehearsal: nothing happens to it
        var steps = whole.Steps;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps.Count} steps: {string.Join(" | ", steps)}"));
        var tried = Full ? Enumerable.Range(1, steps.Count).ToList() : Some(steps);
        var scenes = new List<PlayedScene>();
        foreach (var step in tried) scenes.Add(await stage.Play(step));
        var dead = scenes.Count(scene => scene.Died);
        Assert.True(dead >= FewestDead * scenes.Count, $"only {dead} of {scenes.Count} died: the test shows nothing");

        await stage.StartAgain();
        var expected = await stage.Finish(whole, expected: null);
        foreach (var scene in scenes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stopped behind {scene.Behind}: {scene.Steps.LastOrDefault()}"));
            await stage.Finish(scene, expected);
        }
    }

    /// <summary>Where something left the process for good, and some steps between.</summary>
    static List<int> Some(IReadOnlyList<string> steps)
    {
        var all = Enumerable.Range(1, steps.Count).ToArray();
        var seed = Random.Shared.Next();
        var chosen = new Random(seed);
        chosen.Shuffle(all);
        return [.. all.OrderByDescending(step => steps[step - 1] == "commit" || steps[step - 1].StartsWith("WeChat", StringComparison.Ordinal)).Take(Few / 2)
            .Concat(all).Distinct().Take(Few).Order()];
    }
}

/// <summary>Hosts that die one after the other on one installation, and the one that comes after them.</summary>
sealed class CrashStage(Installation installation, Switchboard board, MoneyFlow flow) : IAsyncDisposable
{
    readonly List<Estate> estates = [];
    Host? fresh;

    /// <param name="behind">The step behind which the host dies; null: it lives.</param>
    public async Task<PlayedScene> Play(int? behind)
    {
        board.Targets = [installation.Addresses[0]];
        var estate = await Estate.Create(installation, flow.Houses);
        estates.Add(estate);
        var act = await flow.Prepare(estate);
        await using var host = await Host.Doomed(installation, board.Address);
        board.Targets = [host.Address];
        host.Fuse.Arm(behind);
        var status = await act(host);
        host.Fuse.Disarm();
        if (behind is null) Assert.True(status is >= 200 and < 300, $"{flow.Name} answers {status} when nothing happens");
        return new(estate, act, behind, host.Fuse.Blown, host.Fuse.Steps);
    }

    public async Task StartAgain()
    {
        fresh = await Host.Fresh(installation, board.Address, flow.Jobs);
        board.Targets = [fresh.Address];
    }

    /// <returns>What the estate came to.</returns>
    public Task<string> Finish(PlayedScene scene, string? expected) => scene.Finish(flow, fresh!, expected);

    public async ValueTask DisposeAsync()
    {
        if (fresh is not null) await fresh.DisposeAsync();
        foreach (var estate in estates) await estate.DisposeAsync();
    }
}
