using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Doors;

/// <summary>Calls at WeChat's door that are not WeChat's: nothing of them is done, and an operator sees that they come.</summary>
public sealed class RejectedCallsTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Forged_altered_and_stray_calls_are_counted_by_door_and_reason_with_a_small_sample(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, 1);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });
        var metric = Listen(installation, out var measured);
        using var stranger = new HttpClient { BaseAddress = installation.Addresses[0] };

        Assert.Equal((int[])[401, 401], await estate.TellAgain(order, new { badSignature = true, times = 2 }));
        var refunds = (await estate.NotifyUrl()).Replace("/transactions", "/refunds", StringComparison.Ordinal);
        Assert.Equal(401, await estate.TellInvented(refunds, new { any = "thing" }, badSignature: true));
        Assert.Equal(404, (int)(await stranger.PostAsJsonAsync($"/wechat/pay/{Guid.CreateVersion7()}/transactions", new { id = "one character wrong" })).StatusCode);
        Assert.Equal(403, (int)(await stranger.PostAsync("/wechat/push/wx00000000?signature=a&timestamp=1&nonce=b", new StringContent("<xml>名\u0001</xml>"))).StatusCode);
        Assert.Equal(413, (int)(await stranger.PostAsync(refunds, new StringContent(new string('x', 70_000)))).StatusCode);

        string[] expected =
        [
            "payment BadSignature 2", "payment UnknownAddress 1", "push UnknownAddress 1", "refund BadSignature 1", "refund TooLarge 1",
        ];
        await Estate.Eventually(async () => (await Shown(installation)).SequenceEqual(expected), "the health page counts them");
        Assert.Equal(expected.Length + 1, measured());
        metric.Dispose();
        var samples = await installation.Db(db => db.RejectedCalls.AsNoTracking().ToDictionaryAsync(r => r.Id, r => r.Sample));
        Assert.Equal("{\"id\":\"one character wrong\"}", samples["2026-12-10/payment/UnknownAddress"]);
        Assert.Equal("<xml>....</xml>", samples["2026-12-10/push/UnknownAddress"]);    // nothing that a terminal would obey
        Assert.All(samples.Values, sample => Assert.InRange(Encoding.UTF8.GetByteCount(sample), 0, 200));
        // The payment itself may be booked by now, because the service asked WeChat; no refused call is kept as word of it.
        Assert.Equal(0, await installation.Db(db => db.WeChatCallbacks.CountAsync()));

        installation.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await Shown(installation));    // of today
    }

    static async Task<IEnumerable<string>> Shown(Installation installation)
    {
        using var monitor = new Api(installation.Addresses[0], "/health", null);
        return [.. (await monitor.Get("/work"))["rejected"].AsArray().Select(row => $"{row!["call"]} {row["reason"]} {row["times"]}")];
    }

    /// <summary>What a collector of metrics sees.</summary>
    static MeterListener Listen(Installation installation, out Func<long> measured)
    {
        var (sum, ours) = (0L, installation.Services.GetRequiredService<IMeterFactory>());
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == RejectedCalls.CounterName && instrument.Meter.Scope == ours) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref sum, count));
        listener.Start();
        measured = () => Interlocked.Read(ref sum);
        return listener;
    }
}
