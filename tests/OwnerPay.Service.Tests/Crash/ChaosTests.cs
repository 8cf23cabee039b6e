using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>WeChat on its worst day: calls lost, doubled, late and lied about, while two instances serve owners who change their minds.</summary>
public sealed class ChaosTests(Servers servers, ITestOutputHelper output)
{
    const int Owners = 20;
    const string Day = "2026-12-10";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromMinutes(2);

    /// <summary>Shares of the occasions at which each fault strikes.</summary>
    static readonly object Rates = new
    {
        callbackLost = 0.1, callbackDouble = 0.15, callbackLate = 0.15, callbackOutOfOrder = 0.1, callbackBeforeAnswer = 0.05, systemErrorAfterDoing = 0.08,
        frequencyLimited = 0.05, slow = 0.05, badSignature = 0.03, connectionReset = 0.05, payWhileClosing = 0.3, userCancels = 0.1,
    };

    [Fact]
    public async Task After_a_day_on_which_WeChat_did_everything_wrong_each_payment_is_booked_once_and_its_bill_agrees()
    {
        var orders = Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? 2000 : 200;
        var seed = Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        await using var installation = await servers.Own(Database.MariaDb, 2, Mornings.At(Day, "14:00"));
        await using var estate = await Estate.Create(installation, Owners);
        await IssueMonths(estate, orders / Owners);
        var owners = await Task.WhenAll(estate.Houses.Select((house, at) => estate.SignIn(house, at % 2)));
        await estate.EmulatorPost("/admin/chaos", new { seed, maximumSeconds = 0.5, rates = Rates });

        await Task.WhenAll(owners.Select((owner, at) => PayBills(owner, new Random(seed + at))));

        await StormIsOver(installation);
        await EachBookedOnce(estate);
        await ReconcilesToTheFen(estate);
        await estate.Clean();
    }

    /// <summary>Each fault must have struck, else the test shows less than it says.</summary>
    async Task StormIsOver(Installation installation)
    {
        using var answer = await installation.EmulatorHttp.DeleteAsync("/admin/chaos");
        var struck = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["struck"]!.AsObject();
        output.WriteLine(struck.ToJsonString());
        Assert.Equal(Rates.GetType().GetProperties().Length, struck.Count(kind => kind.Value!.GetValue<int>() > 0));
    }

    async Task EachBookedOnce(Estate estate)
    {
        // Whatever was left open comes to its end: asked about, booked or closed.
        estate.Installation.Clock.MoveTo(Mornings.At(Day, "15:30"));
        await Estate.Eventually(() => estate.Installation.Db(async db =>
        {
            var orders = db.PaymentOrders;
            return !await orders.AnyAsync(o => o.State == OrderState.Created || o.State == OrderState.Placed);
        }), "no order is open any more", seconds: 90);
        var taken = await estate.Installation.PaidOrders();
        await Estate.Eventually(async () => (await estate.Booked()).Count >= taken.Count, "all that WeChat took is booked", seconds: 90);
        var booked = await estate.Booked();
        Assert.Equal(taken.Values.Order(StringComparer.Ordinal), booked.Select(payment => payment.TransactionId).Order(StringComparer.Ordinal));
        Assert.All(booked, payment => Assert.Equal(taken[payment.OrderId!.Value.ToString("N")], payment.TransactionId));
        Assert.All(booked, payment => Assert.Contains(payment.Outcome, (PaymentOutcome[])[PaymentOutcome.Settled, PaymentOutcome.Prepaid]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{taken.Count} taken and booked, {booked.Count(payment => payment.Outcome == PaymentOutcome.Prepaid)} of them for bills that were paid meanwhile"));
    }

    static async Task ReconcilesToTheFen(Estate estate)
    {
        estate.Installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        (await estate.Run(Day)).Done();
        var day = await estate.Day(Day);
        Assert.Empty(day["differences"].AsArray());
        var account = day["accounts"].AsArray().Single()!;
        Assert.Equal(account.Fen("billRows"), account.Fen("matchedRows"));
        Assert.Equal(account.Fen("billFen"), account.Fen("ourFen"));
    }

    static async Task IssueMonths(Estate estate, int months)
    {
        await estate.SetTariffs();
        for (var month = new DateOnly(2026, 12, 1); months > 0; months--, month = month.AddMonths(1))
        {
            var last = Text(month.AddMonths(1).AddDays(-1));
            await estate.IssueBills(Text(month), last, last);
        }
    }

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static async Task PayBills(TestOwner owner, Random random)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            if (await Try(() => owner.Api.Get(owner.Path + "/bills?state=open")) is not { } answer) continue;
            var open = answer["items"].AsArray().Select(bill => bill!["billId"]!.GetValue<Guid>()).ToList();
            if (open.Count == 0) return;
            if (TimeProvider.System.GetElapsedTime(began) > Patience * 5) Assert.Fail($"{owner.House.OwnerName} never came to an end");
            // One in four first takes more bills than he wants, and changes his mind before the pay sheet.
            if (open.Count > 1 && random.Next(4) == 0) await Order(owner, [.. open.Take(2)]);
            if (await Order(owner, [open[0]]) is { } order) await Pay(owner, order);
        }
    }

    /// <returns>Null when the order did not come about: then he looks at his bills again.</returns>
    static async Task<Guid?> Order(TestOwner owner, Guid[] bills)
    {
        if (await Try(() => owner.Quote(bills)) is not { Status: < 300 } quote) return null;
        var key = Guid.CreateVersion7().ToString("N");
        for (var tap = 0; tap < 20; tap++)
        {
            var answer = await Try(() => owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = quote["quoteHash"].GetValue<string>() }, key));
            if (answer is { Status: < 300 }) return answer["orderId"].GetValue<Guid>();
            // Another order of his still holds the bill, or the price moved, or the order ended meanwhile: no fault, but nothing to wait for either.
            if (answer is { Status: 409 }) break;
            Assert.True(answer is null or { Status: 503 }, $"{answer?.Status}");
            await Task.Delay(Pause);
        }
        await Task.Delay(Pause);
        return null;
    }

    static async Task Pay(TestOwner owner, Guid order)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause))
        {
            var state = (await Try(() => owner.Api.Get($"{owner.Path}/payments/{order}")))?["state"].GetValue<string>();
            if (state is "paid" or "closed") return;
            // He may cancel, and WeChat may say that it is paid already: either way he looks again.
            using var typed = await owner.Estate.Installation.EmulatorHttp.PostAsJsonAsync($"/admin/orders/{order:N}/pay", new { });
            if (TimeProvider.System.GetElapsedTime(began) > Patience) Assert.Fail($"{owner.House.OwnerName} paid order {order:N}, and it was never booked");
        }
    }

    static async Task<Answer?> Try(Func<Task<Answer>> ask)
    {
        try { return await ask(); }
        catch (Exception broken) when (broken is HttpRequestException or IOException) { return null; }
    }
}
