using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Rewards;
using OwnerPay.Service.Tests.Roster;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>The money flows. A new one: bring the estate to where it begins, return what the client does.</summary>
static class MoneyFlows
{
    /// <summary>What WeChat holds of the merchant is the same for all stories, and each adds to it.</summary>
    const string Balances = "FundFlowDays";

    public static readonly IReadOnlyList<MoneyFlow> All =
    [
        new("checkout", async estate =>
        {
            await estate.BillNow();
            await estate.Offer(end: "2028-01-01T00:00:00+08:00");
            var owner = await estate.SignIn(estate.Houses[0]);
            return await Checkout(owner, await owner.OpenBillIds());
        }),
        new("settle by callback", async estate =>
        {
            var (_, order) = await Paid(estate);
            return async _ => (await estate.TellAgain(order)).Max();
        }),
        new("settle together", async estate =>
        {
            await estate.BillNow();
            var orders = await Task.WhenAll((await estate.SignInAll()).Select(OrderAndPay));
            return async _ => (await Task.WhenAll(orders.Select(order => estate.TellAgain(order)))).Max(statuses => statuses.Max());
        }) { Houses = 4 },
        new("chase a silent payment", async estate =>
        {
            await Paid(estate);
            return host => JobFor<ChaseOpenOrders>(estate, host);
        }) { Killable = false },
        new("close for another choice", async estate =>
        {
            await estate.BillNow();
            await estate.BillAhead();
            var owner = await estate.SignIn(estate.Houses[0]);
            var bills = await owner.OpenBillIds();
            (await owner.Checkout(bills)).Done();
            return await Checkout(owner, [bills[0]]);
        }),
        new("request a refund", async estate =>
        {
            var order = await Booked(estate);
            var key = Key();
            return host => host.Staff(estate.Finance, estate.Path + "/refunds", new { orderId = order, amountFen = 10_000, reason = "重复缴费，退回" }, key);
        }),
        new("approve a refund", async estate =>
        {
            (await estate.RequestRefund(await Booked(estate), 10_000)).Done();
            return await Approve(estate, estate.Manager);
        }) { Jobs = false },
        new("send a refund", async estate =>
        {
            await estate.Refund(await Booked(estate), 10_000, fault: "refundStuck");
            return host => JobFor<SendRefunds>(estate, host);
        }) { Killable = false },
        new("hear that a refund is done", async estate =>
        {
            var refund = await estate.Refund(await Booked(estate), 10_000, fault: "refundStuck");
            await estate.Installation.Services.RunJob<SendRefunds>();
            await estate.EmulatorPost($"/admin/refunds/{refund:N}/settle", new { callback = "suppress" });
            return host => JobFor<ChaseRefunds>(estate, host);
        }) { Killable = false },
        new("redeem a gift", async estate =>
        {
            var (owner, gift) = await WithPoints(estate);
            var key = Key();
            return host => host.Owner(owner, owner.Path + "/redemptions", new { rewardId = gift }, key);
        }),
        new("cancel a redemption", async estate =>
        {
            var (owner, gift) = await WithPoints(estate);
            var redemption = (await owner.Redeem(gift)).Done()["redemptionId"].GetValue<Guid>();
            var key = Key();
            return host => host.Owner(owner, $"{owner.Path}/redemptions/{redemption}/cancel", null, key);
        }),
        new("hand a gift out", async estate =>
        {
            var (owner, gift) = await WithPoints(estate);
            var code = (await owner.Redeem(gift)).Done()["pickUpCode"].GetValue<string>();
            var key = Key();
            return host => host.Staff(estate.Clerk, estate.Path + "/redemptions/fulfil", new { pickUpCode = code }, key);
        }),
        new("confirm a bill run", async estate =>
        {
            await estate.SetTariffs();
            await estate.GivePrepaid(estate.Houses[0], 10_000);
            var (from, to) = Month(estate, ahead: 0);
            var run = (await estate.Clerk.Post(estate.Path + "/billing/runs", new { periodFrom = from, periodTo = to, dueOn = to, feeKinds = new[] { "property" } })).Done();
            var key = Key();
            return host => host.Staff(estate.Finance, $"{estate.Path}/billing/runs/{run["runId"].GetValue<Guid>()}/confirm", null, key);
        }) { Houses = 3 },
        new("import a roster", estate => Task.FromResult<Func<Host, Task<int>>>(host => host.Import(estate, DemoRoster.File("roster.xlsx"))))
        {
            Houses = 0, Except = new HashSet<string>(["RosterImports", "AuditEntries", "AuditChainHeads"]),
        },
        new("reconcile a day", async estate =>
        {
            var day = await PaidYesterday(estate);
            var key = Key();
            return async host =>
            {
                await estate.StandsForItsNumber();
                return await host.Staff(estate.Finance, estate.Path + "/reconciliation/run", new { day }, key);
            };
        }) { Jobs = false, Killable = false, Travels = true, Except = new HashSet<string>(["AuditEntries", "AuditChainHeads", Balances]) },
        new("close a day", async estate =>
        {
            var day = await PaidYesterday(estate);
            (await estate.Run(day)).Done();
            var key = Key();
            return async host =>
            {
                await estate.StandsForItsNumber();
                return await host.Staff(estate.Finance, $"{estate.Path}/reconciliation/days/{day}/close", null, key);
            };
        }) { Jobs = false, Killable = false, Travels = true, Except = new HashSet<string>([Balances]) },
        .. CounterFlows.All, .. CorrectionFlows.All,
    ];

    /// <summary>A job comes by when this estate's work is due and no other's.</summary>
    static async Task<int> JobFor<T>(Estate estate, Host host) where T : IJob
    {
        var later = TimeProvider.System.GetUtcNow().AddDays(1);
        await estate.Installation.Db(async db =>
        {
            await db.PaymentOrders.ExecuteUpdateAsync(set => set.SetProperty(o => o.NextAskAt, later));
            await db.PaymentOrders.Where(o => o.CommunityId == estate.CommunityId).ExecuteUpdateAsync(set => set.SetProperty(o => o.NextAskAt, DateTimeOffset.UnixEpoch));
            await db.Refunds.ExecuteUpdateAsync(set => set.SetProperty(r => r.NextTryAt, later));
            return await db.Refunds.Where(r => r.CommunityId == estate.CommunityId).ExecuteUpdateAsync(set => set.SetProperty(r => r.NextTryAt, DateTimeOffset.UnixEpoch));
        });
        return await host.Job<T>();
    }

    /// <summary>Of those who share a merchant number the eldest account alone books what moved at WeChat: each story is told as if it were the only one.</summary>
    static Task StandsForItsNumber(this Estate estate) => estate.Installation.Db(async db =>
    {
        var number = estate.Installation.Emulator.Merchant.Mchid;
        await db.MerchantAccounts.Where(m => m.CommunityId != estate.CommunityId && m.MchId == number).ExecuteUpdateAsync(set => set.SetProperty(m => m.MchId, "0" + number));
        return await db.MerchantAccounts.Where(m => m.CommunityId == estate.CommunityId).ExecuteUpdateAsync(set => set.SetProperty(m => m.MchId, number));
    });

    static async Task RunJob<T>(this IServiceProvider services) where T : IJob
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<T>().Run(default);
    }

    internal static string Key() => Guid.CreateVersion7().ToString("N");

    internal static async Task<Func<Host, Task<int>>> Checkout(TestOwner owner, Guid[] bills)
    {
        var hash = (await owner.Quote(bills)).Done()["quoteHash"].GetValue<string>();
        var key = Key();
        return host => host.Owner(owner, owner.Path + "/payments", new { billIds = bills, quoteHash = hash }, key);
    }

    internal static async Task<Func<Host, Task<int>>> Approve(Estate estate, Api approver)
    {
        var waiting = (await approver.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray().Single()!["id"]!.GetValue<Guid>();
        var key = Key();
        return host => host.Staff(approver, $"{estate.Path}/approvals/{waiting}/approve", new { note = "同意" }, key);
    }

    /// <summary>An order that WeChat has the money for and has told nobody.</summary>
    static async Task<(TestOwner Owner, Guid Order)> Paid(Estate estate)
    {
        await estate.BillNow();
        var owner = await estate.SignIn(estate.Houses[0]);
        return (owner, await OrderAndPay(owner));
    }

    internal static async Task<Guid> OrderAndPay(TestOwner owner)
    {
        var order = await owner.Order();
        await owner.TypePassword(order, new { callback = "suppress" });
        return order;
    }

    internal static async Task<Guid> Booked(Estate estate)
    {
        await estate.BillNow();
        return await (await estate.SignIn(estate.Houses[0])).PayAll();
    }

    static async Task<(TestOwner Owner, Guid Gift)> WithPoints(Estate estate)
    {
        var gift = await estate.AddReward(stock: 2, costPoints: 300);
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.GivePoints(owner, 500);
        return (owner, gift);
    }

    /// <returns>The day on which it was paid; now it is the next morning, when WeChat's bill is out.</returns>
    static async Task<string> PaidYesterday(Estate estate)
    {
        await estate.StandsForItsNumber();
        await Booked(estate);
        var day = Text(estate.Today());
        estate.Installation.Clock.MoveTo(Mornings.At(Text(estate.Today().AddDays(1)), "10:31"));
        return day;
    }

    internal static DateOnly Today(this Estate estate) => Clock.DateOf(estate.Installation.Clock.GetUtcNow());

    internal static Task BillNow(this Estate estate)
    {
        var (from, to) = Month(estate, ahead: 0);
        return estate.BillAll(from, to, to);
    }

    static Task BillAhead(this Estate estate)
    {
        var (from, to) = Month(estate, ahead: 1);
        return estate.IssueBills(from, to, to);
    }

    internal static (string From, string To) Month(Estate estate, int ahead)
    {
        var first = new DateOnly(estate.Today().Year, estate.Today().Month, 1).AddMonths(ahead);
        return (Text(first), Text(first.AddMonths(1).AddDays(-1)));
    }

    internal static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
