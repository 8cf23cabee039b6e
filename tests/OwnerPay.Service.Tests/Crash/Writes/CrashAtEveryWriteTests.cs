using System.Globalization;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The process ends behind one step of a money flow: a statement, a commit, a call of WeChat's. Another one starts on the same database, the client
/// repeats its request under the same key, and it is as if nothing had happened.</summary>
/// <remarks>The short form tries a few steps of each flow, other ones each time; <c>OWNERPAY_FULL=1</c> tries all.</remarks>
public sealed class CrashAtEveryWriteTests(CrashStages stages, ITestOutputHelper output) : IClassFixture<CrashStages>
{
    /// <summary>Steps of a flow that the short form tries.</summary>
    const int Few = 3;

    /// <summary>A flow may take another way than at its rehearsal, and end before its step comes; most must die.</summary>
    const double FewestDead = 0.6;

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
        var stage = await stages.For(database, flow);

        var whole = await stage.Play(flow, behind: null);    // the rehearsal: nothing happens to it
        var steps = whole.Steps;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps.Count} steps: {string.Join(" | ", steps)}"));
        var tried = Full ? Enumerable.Range(1, steps.Count).ToList() : Some(steps);
        var scenes = new List<PlayedScene>();
        foreach (var step in tried) scenes.Add(await stage.Play(flow, step));
        var dead = scenes.Count(scene => scene.Died);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dead} of {scenes.Count} died behind {string.Join(", ", tried)}"));
        Assert.True(dead >= FewestDead * scenes.Count, $"only {dead} of {scenes.Count} died: the test shows nothing");

        await using var fresh = await stage.StartAgain(flow);
        var expected = await whole.Finish(flow, fresh, expected: null);
        foreach (var scene in scenes) await scene.Finish(flow, fresh, expected);
        await stage.Clear();
    }

    /// <summary>Where something left the process for good, and some steps between.</summary>
    List<int> Some(IReadOnlyList<string> steps)
    {
        var all = Enumerable.Range(1, steps.Count).ToArray();
        var seed = Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"steps chosen by seed {seed}"));
        new Random(seed).Shuffle(all);
        return [.. all.OrderByDescending(step => steps[step - 1] == "commit" || steps[step - 1].StartsWith("WeChat", StringComparison.Ordinal)).Take(Few / 2)
            .Concat(all).Distinct().Take(Few).Order()];
    }
}
