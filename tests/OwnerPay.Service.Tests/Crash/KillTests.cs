using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>The power goes while owners pay. The service runs as a process of its own, on the system's clock, and is killed without a word.</summary>
public sealed class KillTests(Servers servers, ITestOutputHelper output)
{
    const int Owners = 50, FewestInFlight = 25;
    static bool Full => Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1";

    [Theory, EachDatabase]
    public async Task No_owner_loses_money_or_pays_twice_when_the_service_is_killed_while_fifty_pay(Database database)
    {
        var kills = Full ? 20 : 5;
        var seed = Seed.OfToday();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        await using var installation = await servers.Own(database, begin: TimeProvider.System.GetUtcNow());
        await using var estate = await Estate.Create(installation, Owners);
        await IssueMonths(estate, months: Full ? 36 : 12);
        using var payers = new PersistentPayers(await estate.SignInAll());
        var port = installation.Addresses[0].Port;
        await installation.EndInstances();

        var service = await Run(installation, port);
        payers.Begin();
        for (var kill = 1; kill <= kills; kill++)
        {
            // Somebody must have paid since it started, else only starts would be killed.
            var before = payers.Paid;
            await Estate.Eventually(async () =>
            {
                await payers.ThrowIfFailed();
                return payers.InFlight >= FewestInFlight && payers.Paid > before;
            }, "many owners pay at once", seconds: 120);
            await Task.Delay(random.Next(20, 800));
            var (inFlight, paid) = (payers.InFlight, payers.Paid);
            await service.Kill();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill {kill}: {inFlight} in flight, {paid} paid before"));
            Assert.True(inFlight > 0, "nobody was paying at this kill: the test shows nothing");
            await service.DisposeAsync();
            service = await Run(installation, port);
        }
        await payers.Finish();
        await service.Stop();
        await service.DisposeAsync();

        // What was half done is finished by whoever starts next; then the books are compared with WeChat's.
        await installation.AddInstance();
        var taken = await installation.PaidOrders();
        await Estate.Eventually(async () => (await Booked(installation)).Count >= taken.Count, "all that WeChat took is booked", seconds: 60);
        var booked = await Booked(installation);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{taken.Count} taken, {booked.Count} booked"));
        Assert.Equal(taken.Values.Order(StringComparer.Ordinal), booked.Select(payment => payment.TransactionId));
        Assert.All(booked, payment => Assert.Equal((PaymentOutcome.Settled, taken[payment.OrderId!.Value.ToString("N")]), (payment.Outcome, payment.TransactionId)));
        Assert.True(booked.Count >= payers.Paid);
        await estate.Clean();
    }

    static Task<ServerProcess> Run(Installation installation, int port) =>
        ServerProcess.Start(ServerProcess.Service, port, "/health/live", installation.Arguments(port));

    static Task<List<Payment>> Booked(Installation installation) => installation.Db(db =>
    {
        var payments = db.Payments;
        return payments.AsNoTracking().OrderBy(p => p.TransactionId).ToListAsync();
    });

    static async Task IssueMonths(Estate estate, int months)
    {
        await estate.SetTariffs();
        var today = Platform.Clock.DateOf(TimeProvider.System.GetUtcNow());
        var month = new DateOnly(today.Year, today.Month, 1);
        for (var ahead = 0; ahead < months; ahead++, month = month.AddMonths(1))
        {
            var last = Day(month.AddMonths(1).AddDays(-1));
            await estate.IssueBills(Day(month), last, last);
        }
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
