using System.Text.Json.Nodes;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>Owners who pay bill after bill and try again when the line breaks, as a phone does: the same request under the same key.</summary>
public sealed class PersistentPayers(IReadOnlyList<TestOwner> owners) : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromMinutes(6);
    readonly CancellationTokenSource enough = new();
    int inFlight, paid;
    Task paying = Task.CompletedTask;

    /// <summary>Payments that were begun and are not yet shown as paid.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    public int Paid => Volatile.Read(ref paid);

    public void Begin() => paying = Task.WhenAll(owners.Select(PayBills));

    /// <summary>Lets each owner finish the payment that he is at, then no more.</summary>
    public async Task Finish()
    {
        await enough.CancelAsync();
        await paying;
    }

    public void Dispose() => enough.Dispose();

    /// <summary>A payer who failed makes the whole test fail, at once.</summary>
    public Task ThrowIfFailed() => paying.IsFaulted ? paying : Task.CompletedTask;

    async Task PayBills(TestOwner owner)
    {
        var bills = (await Persist(() => owner.Api.Get(owner.Path + "/bills?state=open")))["items"].AsArray().Select(bill => bill!["billId"]!.GetValue<Guid>()).ToList();
        foreach (var bill in bills.TakeWhile(_ => !enough.IsCancellationRequested))
        {
            Interlocked.Increment(ref inFlight);
            await Pay(owner, bill);
            Interlocked.Decrement(ref inFlight);
            Interlocked.Increment(ref paid);
        }
    }

    static async Task Pay(TestOwner owner, Guid bill)
    {
        var quote = (await Persist(() => owner.Quote(bill)))["quoteHash"].GetValue<string>();
        var key = Guid.CreateVersion7().ToString("N");
        var order = (await Persist(() => owner.Api.Post(owner.Path + "/payments", new { billIds = new[] { bill }, quoteHash = quote }, key)))["orderId"].GetValue<Guid>();
        await owner.TypePassword(order);
        var began = TimeProvider.System.GetTimestamp();
        while ((await Persist(() => owner.Api.Get($"{owner.Path}/payments/{order}")))["state"].GetValue<string>() != "paid")
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) Assert.Fail($"{owner.House.OwnerName} paid order {order:N}, and it was never booked");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks again while nobody answers or WeChat is said to be busy; any other refusal fails the test.</summary>
    static async Task<Answer> Persist(Func<Task<Answer>> ask)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause))
        {
            try
            {
                var answer = await ask();
                if (answer.Status != 503) return answer.Done();
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException) { /* the service is down: try again */ }
            if (TimeProvider.System.GetElapsedTime(began) > Patience) Assert.Fail("Nobody answered");
        }
    }
}

/// <summary>What WeChat took, by the emulator's own books.</summary>
public static class TakenByWeChat
{
    /// <returns>Transaction number by out_trade_no of every paid order.</returns>
    public static async Task<Dictionary<string, string>> PaidOrders(this Installation installation)
    {
        var orders = JsonNode.Parse(await installation.EmulatorHttp.GetStringAsync("/admin/orders?state=success"))!.AsArray();
        return orders.ToDictionary(order => order!["outTradeNo"]!.GetValue<string>(), order => order!["transactionId"]!.GetValue<string>());
    }
}
