using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Collection;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Rewards;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Bank;

/// <summary>A crowd that moves the same money at the same time through two instances: owners with two phones each, finance and managers with many hands.
/// What is paid is refunded and paid again, so that it never ends by itself.</summary>
sealed class Bank(Estate estate, IReadOnlyList<TestOwner[]> phones, Guid gift, int seed)
{
    readonly ConcurrentDictionary<string, int> answers = new();
    readonly ConcurrentBag<string> broken = [];
    readonly ConcurrentQueue<(TestOwner Owner, Guid Id)> reserved = new();
    IReadOnlyList<Guid> payments = [];
    IReadOnlyList<(Guid Bill, Guid Line)> bills = [];
    int done;

    /// <summary>Requests that change something and were answered, whether done or refused.</summary>
    public int Operations => Volatile.Read(ref done);

    /// <summary>Faults of the service that a user saw.</summary>
    public IReadOnlyCollection<string> Broken => broken;

    /// <summary>How often each request was answered in which way.</summary>
    public string Answers => string.Join(", ", answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {a.Value}")));

    public static async Task<Bank> Open(Estate estate, int months, int seed)
    {
        await estate.SetTariffs();
        for (var (month, left) = (new DateOnly(2026, 12, 1), months); left > 0; month = month.AddMonths(1), left--)
        {
            var last = Text(month.AddMonths(1).AddDays(-1));
            await estate.IssueBills(Text(month), last, last);
        }
        await estate.Offer(percent: "5.00", budgetYuan: "300.00", end: "2027-12-31T00:00:00+08:00");
        var gift = await estate.AddReward(stock: 40, costPoints: 120, limit: 3);
        var phones = new List<TestOwner[]>();
        foreach (var house in estate.Houses)
            phones.Add(await Task.WhenAll(Enumerable.Range(0, estate.Installation.Addresses.Count).Select(instance => estate.SignIn(house, instance))));
        await estate.OpenShift();
        var lines = await estate.Installation.Db(db => db.BillLines.Where(l => l.CommunityId == estate.CommunityId).Select(l => new { l.BillId, l.Id }).ToListAsync());
        return new(estate, phones, gift, seed) { bills = [.. lines.Select(l => (l.BillId, l.Id))] };
    }

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Runs until so many operations were answered.</summary>
    public async Task Run(int clients, int operations)
    {
        using var enough = new CancellationTokenSource();
        var looking = Watch(enough.Token);
        var target = Operations + operations;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(seed + client);
            while (Operations < target) await Act(random, client % phones[0].Length);
        })));
        await enough.CancelAsync();
        await looking;
    }

    /// <summary>What finance sees on its screen, a moment old.</summary>
    async Task Watch(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            payments = await estate.Installation.Db(db => db.Payments.Where(p => p.CommunityId == estate.CommunityId && p.Outcome == PaymentOutcome.Settled)
                .OrderByDescending(p => p.BookedAt).Select(p => p.Id).Take(200).ToListAsync(CancellationToken.None));
            try { await Task.Delay(200, enough); } catch (OperationCanceledException) { /* the crowd went home */ }
        }
    }

    Task Act(Random random, int instance) => random.Next(100) switch
    {
        < 38 => Pay(random, instance),
        < 44 => ChangeMind(random, instance),
        < 55 => Refund(random, instance),
        < 62 => Adjust(random, instance),
        < 65 => Waive(random, instance),
        < 70 => Decide(random, instance),
        < 71 => CloseBooks(random, instance),
        < 77 => PayInCash(random, instance),
        < 82 => GiveBack(random, instance),
        < 83 => HandOver(instance),
        < 91 => Redeem(random, instance),
        < 97 => Cancel(),
        _ => Fulfil(instance),
    };

    TestOwner Phone(Random random, int instance) => phones[random.Next(phones.Count)][instance];

    async Task Pay(Random random, int instance)
    {
        var owner = Phone(random, instance);
        if (await Order(owner, random, many: random.Next(3) == 0) is not { } order) return;
        using var typed = await estate.Installation.EmulatorHttp.PostAsJsonAsync($"/admin/orders/{order:N}/pay", new { });
        Interlocked.Increment(ref done);    // what WeChat calls back with
    }

    async Task ChangeMind(Random random, int instance)
    {
        var owner = Phone(random, instance);
        await Order(owner, random, many: true);
        await Order(owner, random, many: false);
    }

    async Task<Guid?> Order(TestOwner owner, Random random, bool many)
    {
        var open = (await owner.Api.Get(owner.Path + "/bills?state=open")).Done()["items"].AsArray().Select(bill => bill!["billId"]!.GetValue<Guid>()).ToArray();
        if (open.Length == 0) return null;
        random.Shuffle(open);
        var bills = open[..Math.Min(open.Length, many ? 2 : 1)];
        var quote = Look("quote", await owner.Quote(bills));
        if (quote.Status >= 400) return null;    // somebody paid them a moment ago
        var answer = Count("checkout", await owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = quote["quoteHash"].GetValue<string>() }));
        return answer.Status < 300 ? answer["orderId"].GetValue<Guid>() : null;
    }

    async Task Refund(Random random, int instance)
    {
        if (payments is not { Count: > 0 } known) return;
        // Two clerks at once at the payments of the last moments: they meet.
        var payment = known[random.Next(Math.Min(known.Count, 40))];
        var fen = random.Next(3) == 0 ? (long?)random.Next(1, 20_000) : null;
        await Propose("refund", Staff(StaffRole.Finance, instance).Post(estate.Path + "/refunds", new { paymentId = payment, amountFen = fen, reason = "重复缴费，退回" }),
            random, instance);
    }

    /// <summary>A bill was wrong, up or down by chance, so that bills neither vanish nor grow; who pays it just then is asked to wait, or has paid.</summary>
    async Task Adjust(Random random, int instance)
    {
        var (bill, line) = bills[random.Next(bills.Count)];
        var fen = random.Next(2) == 0 ? random.Next(1, 2_000) : -random.Next(1, 2_000);
        await Propose("adjust", estate.ProposeAdjustment(bill, line, fen, Staff(StaffRole.Finance, instance)), random, instance);
    }

    /// <summary>A little of a bill is forgiven, also of one that somebody pays just then.</summary>
    async Task Waive(Random random, int instance) => await Propose("waive",
        estate.ProposeWaiver(bills[random.Next(bills.Count)].Bill, random.Next(1, 500), 0, Staff(StaffRole.Finance, instance)), random, instance);

    /// <summary>Finance closes the month before these bills, or opens it again.</summary>
    async Task CloseBooks(Random random, int instance)
    {
        var what = random.Next(2) == 0 ? "close" : "reopen";
        await Propose(what + " the month",
            Staff(StaffRole.Finance, instance).Post($"{estate.Path}/books/months/2026-11/{what}", new { reason = "月末结账" }), random, instance);
    }

    /// <summary>What finance proposes, a manager decides about on the other instance, it or something else that waits.</summary>
    async Task Propose(string what, Task<Answer> proposing, Random random, int instance)
    {
        if (Count(what, await proposing).Status < 300) await Decide(random, 1 - instance % 2);
    }

    async Task PayInCash(Random random, int instance)
    {
        var (house, cashier) = (estate.Houses[random.Next(estate.Houses.Count)].Id, Staff(StaffRole.Cashier, instance));
        var open = (await cashier.Get($"{estate.Path}/counter/houses/{house}")).Done()["bills"].AsArray().Select(bill => bill!["billId"]!.GetValue<Guid>()).ToArray();
        if (open.Length == 0) return;
        random.Shuffle(open);
        open = open[..1];
        var quote = Look("quote at the counter", await cashier.Post(estate.Path + "/counter/quotes", new { houseId = house, billIds = open }));
        if (quote.Status >= 400) return;    // somebody paid it a moment ago
        Count("cash", await cashier.Post(
            estate.Path + "/counter/payments", new { houseId = house, way = "cash", billIds = open, quoteHash = quote["quoteHash"].GetValue<string>() }));
    }

    /// <summary>What was approved to go back in cash, out of the drawer.</summary>
    async Task GiveBack(Random random, int instance)
    {
        var waiting = await CashToGive();
        if (waiting.Count == 0) return;
        await GiveBack(waiting[random.Next(waiting.Count)], instance);
    }

    async Task<Answer> GiveBack(Guid refund, int instance) => Count("give back", await Staff(StaffRole.Cashier, instance).Post($"{estate.Path}/refunds/{refund}/pay", new { }));

    Task<List<Guid>> CashToGive() => estate.Installation.Db(db => db.Refunds
        .Where(r => r.CommunityId == estate.CommunityId && r.Channel == RefundChannel.Cash && r.State == RefundState.Approved).Select(r => r.Id).ToListAsync());

    /// <summary>The cashier counts the drawer while a colleague takes money in her name, and begins a new shift.</summary>
    async Task HandOver(int instance)
    {
        var cashier = Staff(StaffRole.Cashier, instance);
        var shift = await estate.Installation.Db(db => db.CashShifts.Where(s => s.CommunityId == estate.CommunityId && s.OpenFor != null).Select(s => (Guid?)s.Id).FirstOrDefaultAsync());
        if (shift is not null) Count("close shift", await cashier.Post($"{estate.Path}/counter/shifts/{shift}/close", new { countedFen = 50_000, note = "清点有差额，待查" }));
        Count("open shift", await cashier.Post(estate.Path + "/counter/shifts", new { floatFen = 50_000 }));
    }

    async Task Decide(Random random, int instance)
    {
        var manager = Staff(StaffRole.Manager, instance % phones[0].Length);
        var waiting = (await manager.Get(estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray();
        if (waiting.Count == 0) return;
        var approval = waiting[random.Next(waiting.Count)]!["id"]!.GetValue<Guid>();
        Count("approve", await manager.Post($"{estate.Path}/approvals/{approval}/{(random.Next(8) == 0 ? "reject" : "approve")}", new { note = "同意" }));
    }

    async Task Redeem(Random random, int instance)
    {
        var owner = Phone(random, instance);
        var answer = Count("redeem", await owner.Redeem(gift));
        if (answer.Status < 300) reserved.Enqueue((owner, answer["redemptionId"].GetValue<Guid>()));
    }

    async Task Cancel()
    {
        if (!reserved.TryDequeue(out var mine)) return;
        // He taps twice, as people do.
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => mine.Owner.Api.Post($"{mine.Owner.Path}/redemptions/{mine.Id}/cancel")));
        foreach (var answer in both) Count("cancel", answer);
    }

    async Task Fulfil(int instance)
    {
        if (!reserved.TryDequeue(out var mine)) return;
        var code = await estate.Installation.Db(db => db.Redemptions.Where(r => r.Id == mine.Id).Select(r => r.PickUpCode).SingleAsync());
        // The clerk hands it out while the owner cancels.
        var clerk = Staff(StaffRole.Clerk, instance).Post(estate.Path + "/redemptions/fulfil", new { pickUpCode = code });
        var owner = mine.Owner.Api.Post($"{mine.Owner.Path}/redemptions/{mine.Id}/cancel");
        Count("fulfil", await clerk);
        Count("cancel", await owner);
    }

    readonly ConcurrentDictionary<(StaffRole, int), Api> staff = new();

    Api Staff(StaffRole role, int instance) => staff.GetOrAdd((role, instance), key => estate.On(key.Item2, key.Item1));

    Answer Count(string what, Answer answer)
    {
        Interlocked.Increment(ref done);
        answers.AddOrUpdate($"{what} {answer.Code ?? "done"}", 1, (_, before) => before + 1);
        return Look(what, answer);
    }

    /// <summary>Whatever is asked, nobody may see a fault of the service.</summary>
    Answer Look(string what, Answer answer)
    {
        if (answer.Status >= 500 && answer.Code != "wechat_busy") broken.Add($"{what}: {answer.Status} {answer.Body?.ToJsonString()}\n{answer.Fault}");
        return answer;
    }

    /// <summary>Everything that is on its way comes to its end.</summary>
    public async Task CloseDoors()
    {
        await HandOver(instance: 0);
        (await Staff(StaffRole.Cashier, 0).Post(estate.Path + "/counter/payments", new { houseId = estate.Houses[0].Id, way = "cash", amountFen = 1_000_000 })).Done();    // change
        foreach (var refund in await CashToGive()) (await GiveBack(refund, instance: 0)).Done();
        // What was left at the pay sheet expires, and parts of refunds are a minute apart.
        estate.Installation.Clock.Advance(TimeSpan.FromMinutes(20));
        await Estate.Eventually(() => estate.Installation.Db(async db =>
        {
            var (orders, refunds) = (db.PaymentOrders, db.Refunds);
            estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
            return !await orders.AnyAsync(o => o.State == OrderState.Created || o.State == OrderState.Placed)
                && !await refunds.AnyAsync(r => r.State == RefundState.Approved || r.State == RefundState.Accepted);
        }), "nothing is on its way any more", seconds: 120);
    }

    /// <summary>What is wrong: rows against rows, our books against WeChat's, stock and points against what was handed out.</summary>
    public async Task<IReadOnlyList<string>> Audit()
    {
        var found = (await estate.Verify()).Select(f => $"{f.Check} {f.Subject} {f.Message}").ToList();
        var taken = await estate.Installation.PaidOrders();
        var booked = (await estate.Booked()).FindAll(p => p.Channel == Payment.WeChat);
        if (!taken.Values.ToHashSet().SetEquals(booked.Select(p => p.TransactionId)) || booked.Count != taken.Count)
            found.Add($"WeChat took {taken.Count} payments, {booked.Count} are booked");
        var clearing = await estate.Balance(Accounts.WeChatClearing(estate.Installation.Emulator.Merchant.Mchid));
        var refunded = await estate.Installation.Db(db => db.Refunds
            .Where(r => r.CommunityId == estate.CommunityId && r.Channel == RefundChannel.WeChat && r.State == RefundState.Done).SumAsync(r => r.AmountFen));
        if (clearing != booked.Sum(p => p.ReceivedFen) - refunded) found.Add($"clearing holds {clearing} fen, received less refunded is {booked.Sum(p => p.ReceivedFen) - refunded}");
        return found;
    }
}
