using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>One trial of a flow, played until the host died.</summary>
/// <param name="Act">What the client does, and does again.</param>
/// <param name="Behind">The step behind which it died, if that is known.</param>
public sealed record PlayedScene(Estate Estate, Func<Host, Task<int>> Act, int? Behind, bool Died, IReadOnlyList<string> Steps)
{
    /// <summary>Looks that must find the same where nothing is expected: then the jobs are done.</summary>
    const int Alike = 3;

    /// <summary>The client repeats at a living host what it did; then all comes to its end.</summary>
    /// <param name="expected">What it must come to; null: whatever it comes to.</param>
    /// <returns>What the estate came to.</returns>
    public async Task<string> Finish(MoneyFlow flow, Host fresh, string? expected)
    {
        var status = 0;
        // While the dead host's claim is still held, or WeChat is asked, a client is told to come again.
        await Setup.Estate.Eventually(async () => (status = await Act(fresh)) is >= 200 and < 300 || status < 500 && status != 0 && status != 409, $"{flow.Name} is done");
        Assert.True(status is >= 200 and < 300, $"{flow.Name}, stopped behind {Behind}, answers {status} to the repeated request");
        var (came, alike) = ("", 0);
        async Task<bool> Settled()
        {
            if (await Waiting(Estate)) return false;
            var before = came;
            came = await Outcome.Of(Estate, flow.Except);
            alike = came == before ? alike + 1 : 0;
            return expected is null ? alike >= Alike : came == expected;
        }
        var began = TimeProvider.System.GetTimestamp();
        while (!await Settled())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(120))
                Assert.Fail($"{flow.Name}, stopped behind {Behind} ({(Steps.Count == 0 ? "" : Steps[^1])}), came to\n{Differing(came, expected)}\n{await StillWaiting()}");
            await Task.Delay(200);
        }
        Assert.Empty(await Estate.Verify());
        return came;
    }

    static string Differing(string came, string? expected)
    {
        var (ours, theirs) = (came.Split('\n'), (expected ?? "").Split('\n'));
        return string.Join('\n', ours.Except(theirs).Select(line => "is    " + line).Concat(theirs.Except(ours).Select(line => "not   " + line)));
    }

    Task<string> StillWaiting() => Estate.Installation.Db(async db =>
    {
        var rows = await db.OutboxRows.AsNoTracking().Where(r => r.CommunityId == Estate.CommunityId && r.State == OutboxState.Waiting).ToListAsync();
        return string.Join('\n', rows.Select(r =>
            $"waits {r.Kind} for {r.Handler}, attempts {r.Attempts}, next {r.NextTryAt:T}, lease {r.LeaseUntil:T}, now {TimeProvider.System.GetUtcNow():T}: {r.LastError}"));
    });

    static Task<bool> Waiting(Estate estate) => estate.Installation.Db(db =>
    {
        var rows = db.OutboxRows;
        return rows.AnyAsync(r => r.CommunityId == estate.CommunityId && r.State == OutboxState.Waiting);
    });
}
