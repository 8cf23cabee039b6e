using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Promotions;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Rewards;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Reversals;

/// <summary>Something that can be done and taken back.</summary>
/// <param name="Do">Does it to one of the estate's houses, by chance; returns what takes it back.</param>
public sealed record Reversal(string Name, Func<Estate, TestOwner, Random, Task<Func<Task>>> Do);

/// <summary>Whatever is done and taken back leaves every balance as it was: money, points, stock, budgets.</summary>
public sealed class ReversalTests(Servers servers, ITestOutputHelper output)
{
    const int Houses = 3;

    static bool Full => Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1";

    static readonly IReadOnlyList<Reversal> All =
    [
        new("pay, refund in full", async (estate, owner, random) =>
        {
            var order = await Pay(owner, random);
            return () => Refunded(estate, order, null);
        }),
        new("pay, refund in two parts", async (estate, owner, random) =>
        {
            var order = await Pay(owner, random);
            var received = await estate.Installation.Db(db => db.Payments.Where(p => p.OrderId == order).Select(p => p.ReceivedFen).SingleAsync());
            return async () =>
            {
                await Refunded(estate, order, random.NextInt64(1, received));
                estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));    // WeChat wants a minute between parts
                await Refunded(estate, order, null);
            };
        }),
        new("order, leave it", async (estate, owner, random) =>
        {
            var bills = await owner.OpenBillIds();
            random.Shuffle(bills);
            var order = (await owner.Checkout(bills[..1])).Done()["orderId"].GetValue<Guid>();
            return () =>
            {
                estate.Installation.Clock.Advance(TimeSpan.FromMinutes(16));
                return Estate.Eventually(async () => await owner.OrderState(order) == "closed", "the order is closed");
            };
        }),
        new("pay in cash, give back", async (estate, owner, _) =>
        {
            var taken = (await estate.Take(owner.House)).Done()["paymentId"].GetValue<Guid>();
            return async () =>
            {
                var refund = await estate.Approved(await estate.RequestRefund(Guid.Empty, payment: taken));
                (await estate.Cashier.Post($"{estate.Path}/refunds/{refund}/pay", new { })).Done();
            };
        }),
        new("raise a bill, lower it", (estate, owner, random) => Corrected(estate, owner, random.NextInt64(1, 20_000))),
        new("lower a bill, raise it", (estate, owner, random) => Corrected(estate, owner, -random.NextInt64(1, 20_000))),
        new("redeem, cancel", async (estate, owner, _) =>
        {
            var gifts = await estate.Installation.Db(db => db.Rewards.Where(r => r.CommunityId == estate.CommunityId).Select(r => r.Id).ToListAsync());
            var redemption = (await owner.Redeem(gifts[0])).Done()["redemptionId"].GetValue<Guid>();
            return async () => (await owner.Api.Post($"{owner.Path}/redemptions/{redemption}/cancel")).Done();
        }),
    ];

    [Theory, EachDatabase]
    public async Task What_is_done_and_taken_back_leaves_every_balance_as_it_was(Database database)
    {
        var seed = Seed.OfToday();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, Houses);
        await estate.BillAll();
        await estate.IssueBills("2027-01-01", "2027-01-31", "2027-01-31");
        await estate.Offer(budgetYuan: "500.00", end: "2027-06-01T00:00:00+08:00");
        await estate.OpenShift();
        await estate.AddReward(stock: 50, costPoints: 100, limit: 50);
        var owners = await estate.SignInAll();
        foreach (var owner in owners) await estate.GivePoints(owner, 400);

        for (var left = All.Count * (Full ? 10 : 1); left > 0; left--)
        {
            var (reversal, owner) = (All[left % All.Count], owners[random.Next(owners.Length)]);
            var before = await Balances(estate);
            var undo = await reversal.Do(estate, owner, random);
            Assert.NotEqual(before, await Balances(estate));    // or nothing is shown
            await undo();
            Assert.Equal(before, await Balances(estate));
            output.WriteLine($"{reversal.Name}: {owner.House.Code}");
        }
        await estate.Clean();
    }

    static async Task<Func<Task>> Corrected(Estate estate, TestOwner owner, long fen)
    {
        var bill = (await owner.OpenBillIds())[0];
        var line = await estate.FirstLine(bill);
        await estate.Adjust(bill, line.Id, fen);
        return () => estate.Adjust(bill, line.Id, -fen);
    }

    static async Task<Guid> Pay(TestOwner owner, Random random)
    {
        var bills = await owner.OpenBillIds();
        random.Shuffle(bills);
        var order = (await owner.Checkout(bills[..random.Next(1, bills.Length + 1)])).Done()["orderId"].GetValue<Guid>();
        await owner.TypePassword(order);
        await owner.UntilPaid(order);
        return order;
    }

    static async Task Refunded(Estate estate, Guid order, long? fen) => await estate.UntilRefund(await estate.Refund(order, fen), RefundState.Done);

    /// <summary>Each account that is not empty, each open bill, each person's points, stock, and what offers have left.</summary>
    static Task<string> Balances(Estate estate) => estate.Installation.Db(async db =>
    {
        var lines = new List<string>();
        var accounts = await db.Postings.Where(p => p.CommunityId == estate.CommunityId).GroupBy(p => new { p.Account, p.Commodity })
            .Select(g => new { g.Key.Account, g.Key.Commodity, Sum = g.Sum(p => p.Amount) }).ToListAsync();
        lines.AddRange(accounts.Where(a => a.Sum != 0).Select(a => $"{a.Account} {a.Sum} {a.Commodity}"));
        lines.AddRange((await db.Bills.Where(b => b.CommunityId == estate.CommunityId).Select(b => new { b.Id, b.OpenFen, b.State }).ToListAsync()).Select(b => $"{b}"));
        lines.AddRange((await db.Rewards.Where(r => r.CommunityId == estate.CommunityId).Select(r => new { r.Id, r.StockLeft }).ToListAsync()).Select(r => $"{r}"));
        lines.AddRange((await db.Offers.Where(o => o.CommunityId == estate.CommunityId).Select(o => new { o.Id, o.TakenFen, o.TakenCount }).ToListAsync()).Select(o => $"{o}"));
        var bills = db.Bills;
        lines.AddRange((await db.BillHolds.Where(h => bills.Any(b => b.Id == h.BillId && b.CommunityId == estate.CommunityId)).ToListAsync()).Select(h => $"held {h.BillId}"));
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    });
}
