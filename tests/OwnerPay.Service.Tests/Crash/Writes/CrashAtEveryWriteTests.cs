using System.Globalization;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The process ends behind one step of a money flow: a statement, a commit, a call of WeChat's. Another one starts on the same database, the client
/// repeats its request under the same key, and it is as if nothing had happened.</summary>
/// <remarks>The short form tries a few steps of each flow, other ones each day, and each kind of step in some flow, every other flow on each database;
/// <c>OWNERPAY_FULL=1</c> tries all steps on both, of long runs of equal statements a sample.</remarks>
public sealed class CrashAtEveryWriteTests(CrashStages stages, ITestOutputHelper output) : IClassFixture<CrashStages>
{
    /// <summary>Steps of a flow that the short form tries.</summary>
    const int Few = 2;

    /// <summary>A flow may take another way than at its rehearsal, and end before its step comes; most must die.</summary>
    const double FewestDead = 0.6;

    static bool Full => Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1";

    public static TheoryData<Database, string> Flows()
    {
        var data = new TheoryData<Database, string>();
        foreach (var database in Enum.GetValues<Database>())
            foreach (var (number, flow) in MoneyFlows.All.Index())
                if (Full || number % 2 == (int)database) data.Add(database, flow.Name);
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
        var scenes = new List<PlayedScene>();
        foreach (var step in Full ? Each(steps) : InTurn(steps, MoneyFlows.All.ToList().IndexOf(flow) / 2))
        {
            scenes.Add(await stage.Play(flow, step));
            if (!Full && scenes.Count(scene => scene.Died) == Few) break;
        }
        var dead = scenes.Count(scene => scene.Died);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dead} of {scenes.Count} died behind {string.Join(", ", scenes.Select(scene => scene.Behind))}"));
        Assert.True(Full ? dead >= FewestDead * scenes.Count : dead == Few, $"only {dead} of {scenes.Count} died: the test shows nothing");

        await using var fresh = await stage.StartAgain(flow);
        var expected = await whole.Finish(flow, fresh, expected: null);
        foreach (var scene in scenes) await scene.Finish(flow, fresh, expected);
        await stage.Clear();
    }

    /// <summary>Every step; of many equal statements one behind the other, as an import writes its rows, the first ten, the last ten and each tenth between.</summary>
    static IEnumerable<int> Each(IReadOnlyList<string> steps)
    {
        const int Enough = 10;
        for (int from = 0, end; from < steps.Count; from = end)
        {
            for (end = from + 1; end < steps.Count && steps[end] == steps[from];) end++;
            for (var at = from; at < end; at++)
                if (at - from < Enough || end - at <= Enough || (at - from) % Enough == 0) yield return at + 1;
        }
    }

    /// <summary>All steps: first one behind which something had left the process for good, then one of each other kind, of which another is first in the next flow.</summary>
    List<int> InTurn(IReadOnlyList<string> steps, int turn)
    {
        var seed = Seed.OfToday();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"steps in the order of seed {seed}"));
        var all = Enumerable.Range(1, steps.Count).ToArray();
        new Random(seed).Shuffle(all);
        var kinds = all.GroupBy(step => Kind(steps[step - 1])).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToList();
        var gone = kinds.FirstOrDefault(kind => kind.Key == Call) ?? kinds.Single(kind => kind.Key == Commit);
        kinds.Remove(gone);
        var others = Enumerable.Range(0, kinds.Count).Select(at => kinds[(at + turn) % kinds.Count].First());
        return [.. others.Prepend(gone.First()).Concat(all).Distinct()];
    }

    const string Call = "call", Commit = "commit";

    static string Kind(string step) => step switch
    {
        Commit => Commit,
        _ when step.StartsWith("WeChat", StringComparison.Ordinal) => Call,
        _ when step.EndsWith(FuseOnDatabase.Locking, StringComparison.Ordinal) => "lock",
        _ => step.Split(' ')[0].ToUpperInvariant(),    // SELECT, INSERT, UPDATE, DELETE
    };
}
