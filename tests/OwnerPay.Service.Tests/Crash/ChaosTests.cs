using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>WeChat on its worst day: calls lost, doubled, late and lied about, while two instances serve owners who change their minds and finance gives
/// money back, and while their Redis dies and comes back.</summary>
public sealed class ChaosTests(Servers servers, ITestOutputHelper output)
{
    const int Owners = 20;
    const string Day = "2026-12-10";
    static readonly int Orders = Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? 2000 : 200;

    /// <summary>How long one payment may take, and how long all of them, on a machine that has other work.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromMinutes(3), AllOfIt = TimeSpan.FromMinutes(3) + TimeSpan.FromSeconds(3) * Orders;

    /// <summary>Shares of the occasions at which each fault strikes. Refunds are the fewest occasions, so theirs are the highest: each is to strike on
    /// every such day.</summary>
    static readonly object Rates = new
    {
        callbackLost = 0.1, callbackDouble = 0.15, callbackLate = 0.15, callbackOutOfOrder = 0.1, callbackBeforeAnswer = 0.05, systemErrorAfterDoing = 0.08,
        frequencyLimited = 0.05, slow = 0.05, badSignature = 0.03, connectionReset = 0.05, payWhileClosing = 0.3, userCancels = 0.1,
        refundStuck = 0.3, refundAbnormal = 0.15, refundClosed = 0.15, notEnough = 0.15, userAccountAbnormal = 0.15,
        tokenInvalid = 0.05, messageRateLimit = 0.05, subscriptionQuotaEmpty = 0.05, messageUndelivered = 0.1,
    };

    [Fact]
    public async Task After_a_day_on_which_WeChat_did_everything_wrong_each_payment_is_booked_once_each_refund_is_final_and_its_bill_agrees()
    {
        var seed = Seed.OfToday();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        await using var redis = await RedisServer.StartOwn();
        // Jobs hurry: half an hour's wait for a merchant's balance takes half a minute.
        await using var installation = await servers.Own(Database.MariaDb, 2, Mornings.At(Day, "14:00"), "--redis", redis.Socket, "--OwnerPay:JobPace=0.02");
        await using var estate = await Estate.Create(installation, Owners);
        await IssueMonths(estate, Orders / Owners);
        var templates = await estate.SetTemplates();
        var owners = await Task.WhenAll(estate.Houses.Select((house, at) => estate.SignIn(house, at % 2)));
        await Task.WhenAll(owners.Select(owner => owner.Allow(templates.Receipt, Orders / Owners)));
        await estate.EmulatorPost("/admin/chaos", new { seed, maximumSeconds = 0.5, rates = Rates });

        using var enough = new CancellationTokenSource();
        var (finance, restarting) = (new BusyFinance(estate, seed).Work(enough.Token), RedisComesAndGoes(estate, redis));
        await Task.WhenAll(owners.Select((owner, at) => PayBills(owner, new Random(seed + at))));
        await enough.CancelAsync();
        await Task.WhenAll(finance, restarting);

        await StormIsOver(installation);
        await EachBookedOnce(estate);
        await EachRefundIsFinal(estate);
        await NobodyWasToldTwice(estate, owners, templates);
        await ReconcilesToTheFen(estate);
        await estate.Clean();
    }

    /// <summary>Dies when a third is paid, and comes back empty when two thirds are.</summary>
    static async Task RedisComesAndGoes(Estate estate, RedisServer redis)
    {
        Task Until(int paid) => Estate.Eventually(async () => (await estate.Booked()).Count >= paid, $"{paid} are paid", seconds: (int)AllOfIt.TotalSeconds);
        await Until(Orders / 3);
        await redis.End();
        await Until(Orders * 2 / 3);
        await redis.Begin();
    }

    /// <summary>Each fault must have struck, else the test shows less than it says.</summary>
    async Task StormIsOver(Installation installation)
    {
        using var answer = await installation.EmulatorHttp.DeleteAsync("/admin/chaos");
        var struck = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["struck"]!.AsObject();
        output.WriteLine(struck.ToJsonString());
        Assert.Empty(Rates.GetType().GetProperties().Select(rate => rate.Name).Except(struck.Where(kind => kind.Value!.GetValue<int>() > 0).Select(kind => kind.Key)));
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

    async Task EachRefundIsFinal(Estate estate)
    {
        await Estate.Eventually(async () => !(await Refunds(estate)).Any(r => r.State is RefundState.Approved or RefundState.Accepted),
            "no refund is on its way any more", seconds: 180);
        // People name another card at the merchant platform; nothing else ends an abnormal one.
        foreach (var abnormal in (await Refunds(estate)).Where(r => r.State == RefundState.Abnormal)) await estate.SettleAtWeChat(abnormal.Id);
        await Estate.Eventually(async () => !(await Refunds(estate)).Any(r => r.State == RefundState.Abnormal), "the abnormal ones are done", seconds: 90);

        var refunds = await Refunds(estate);
        Assert.InRange(refunds.Count, Orders / 8, int.MaxValue);
        var there = JsonNode.Parse(await estate.Installation.EmulatorHttp.GetStringAsync("/admin/refunds"))!.AsArray()
            .ToDictionary(r => r!["outRefundNo"]!.GetValue<string>(), r => $"{r!["status"]} {r["refundFen"]}", StringComparer.OrdinalIgnoreCase);
        foreach (var refund in refunds)
            Assert.Equal(refund.State switch
            {
                RefundState.Done => $"success {refund.AmountFen}",
                RefundState.Closed => $"closed {refund.AmountFen}",
                RefundState.Failed or RefundState.Rejected => null,
                var state => $"{state} is not final",
            }, there.GetValueOrDefault(refund.OutRefundNo), ignoreCase: true);
        Assert.All(there.Keys, number => Assert.Contains(refunds, refund => refund.OutRefundNo == number));
        output.WriteLine(string.Join(", ", refunds.CountBy(r => r.State).Select(g => $"{g.Value} refunds {g.Key}")));
    }

    static Task<List<Refund>> Refunds(Estate estate) => estate.Installation.Db(db =>
    {
        var refunds = db.Refunds;
        return refunds.AsNoTracking().Where(r => r.CommunityId == estate.CommunityId).ToListAsync();
    });

    /// <summary>WeChat knows no repeat of a message: as many buzzed as it said it sent, and at most those of which it said nothing.</summary>
    static async Task NobodyWasToldTwice(Estate estate, IEnumerable<TestOwner> owners, TestTemplates templates)
    {
        var buzzed = 0;
        foreach (var owner in owners) buzzed += (await owner.Buzzed(templates.Receipt)).Count;
        var left = (await estate.Deliveries("payment.receipt")).Count(d => d.WeChatMessageId is not null || d.Reason == SendDelivery.OutcomeUnknown);
        Assert.InRange(buzzed, 1, left);
    }

    static async Task ReconcilesToTheFen(Estate estate)
    {
        estate.Installation.Clock.MoveTo(Mornings.At("2026-12-11", "10:31"));
        foreach (var trouble in new[] { "billNotReady", "billHashWrong", "billCut" }) await estate.Fault(trouble);
        await Estate.Eventually(async () => (await estate.Run(Day)).Status == 200, "the bill was fetched", seconds: 60);
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
            if (TimeProvider.System.GetElapsedTime(began) > AllOfIt) Assert.Fail($"{owner.House.OwnerName} never came to an end");
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
