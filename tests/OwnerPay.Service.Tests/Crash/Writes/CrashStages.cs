using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>Where the flows are played: on each database one installation, and one more for those at which the clock runs ahead.</summary>
public sealed class CrashStages(Servers servers) : IAsyncDisposable
{
    readonly Dictionary<(Database, bool), CrashStage> stages = [];

    public async Task<CrashStage> For(Database database, MoneyFlow flow)
    {
        if (!stages.TryGetValue((database, flow.Travels), out var stage))
            stages[(database, flow.Travels)] = stage = await CrashStage.Build(await servers.Own(database, 0, new(2026, 12, 1, 10, 0, 0, TimeSpan.FromHours(8))));
        return stage;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stage in stages.Values) await stage.DisposeAsync();
    }
}

/// <summary>One installation with a host at which stories begin, and one that dies in them again and again.</summary>
public sealed class CrashStage : IAsyncDisposable
{
    readonly Installation installation;
    readonly Switchboard board;
    readonly Host doomed;
    readonly List<Estate> estates = [];

    CrashStage(Installation installation, Switchboard board, Host doomed) => (this.installation, this.board, this.doomed) = (installation, board, doomed);

    public static async Task<CrashStage> Build(Installation installation)
    {
        var board = await Switchboard.Start();
        await Host.Still(installation, board.Address);
        return new(installation, board, await Host.Doomed(installation, board.Address));
    }

    /// <param name="behind">The step behind which the host dies; null: it lives.</param>
    public async Task<PlayedScene> Play(MoneyFlow flow, int? behind)
    {
        board.Targets = [installation.Addresses[0]];
        var estate = await Estate.Create(installation, flow.Houses);
        estates.Add(estate);
        var act = await flow.Prepare(estate);
        board.Targets = [doomed.Address];
        doomed.Fuse.Arm(behind);
        var status = await act(doomed);
        // WeChat waits five seconds for an answer; on a busy machine it tells again.
        for (var again = 0; behind is null && status == 0 && again < 10; again++) status = await act(doomed);
        await doomed.Fuse.Disarm();
        if (behind is null) Assert.True(status is >= 200 and < 300, $"{flow.Name} answers {status} when nothing happens");
        return new(estate, act, behind, doomed.Fuse.Blown, doomed.Fuse.Steps);
    }

    /// <summary>A new host takes the place of those that died.</summary>
    public async Task<Host> StartAgain(MoneyFlow flow)
    {
        var fresh = await Host.Fresh(installation, board.Address, flow.Jobs);
        board.Targets = [fresh.Address];
        return fresh;
    }

    public async Task Clear()
    {
        foreach (var estate in estates) await estate.DisposeAsync();
        estates.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Clear();
        await doomed.DisposeAsync();
        await board.DisposeAsync();
        await installation.DisposeAsync();
    }
}
