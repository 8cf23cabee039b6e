using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Messaging;

public sealed class SendPaceTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Instances_that_ask_at_the_same_moment_never_get_the_same_stretch_of_time_and_so_stay_under_WeChats_limit_together(Database database)
    {
        var installation = await servers.Shared(database);
        var channel = "test-" + Guid.CreateVersion7().ToString("N")[^10..];

        var slots = (await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Take(installation, n, channel, count: 1 + n * 7)))).OrderBy(s => s.FromMs).ToList();

        for (var at = 1; at < slots.Count; at++)
            Assert.True(slots[at].FromMs >= slots[at - 1].FromMs + slots[at - 1].Count * 1_000L / slots[at - 1].PerSecond, $"{slots[at - 1]} runs into {slots[at]}");
        var last = slots[^1];
        Assert.Equal((last.Count - 1) * 1_000L / last.PerSecond,
            last.WaitOf(last.Count - 1, DateTimeOffset.FromUnixTimeMilliseconds(last.FromMs)).TotalMilliseconds);
        Assert.Equal(TimeSpan.Zero, last.WaitOf(0, DateTimeOffset.FromUnixTimeMilliseconds(last.FromMs + 5_000)));
    }

    [Theory, EachDatabase]
    public async Task After_too_frequent_no_instance_sends_before_the_rest_is_over(Database database)
    {
        var installation = await servers.Shared(database);
        var channel = "test-" + Guid.CreateVersion7().ToString("N")[^10..];
        await using var scope = installation.Services.CreateAsyncScope();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await scope.ServiceProvider.GetRequiredService<SendPace>().Rest(channel, TimeSpan.FromMinutes(1), default);

        var slots = await Take(installation, installation.Instances.Count - 1, channel, count: 3);

        Assert.True(slots.FromMs >= before + 60_000);
    }

    static async Task<SendSlots> Take(Installation installation, int instance, string channel, int count)
    {
        await using var scope = installation.Instances[instance % installation.Instances.Count].Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SendPace>().Take(channel, count, default);
    }
}
