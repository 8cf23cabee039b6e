using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Crash;
using OwnerPay.Service.Tests.Ledger;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Rewards;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Verbs;

namespace OwnerPay.Service.Tests.Year;

/// <summary>A house and who lives in it: after a sale the old owner keeps his phone and his debts.</summary>
sealed record Household(TestHouse House, List<TestOwner> Owners)
{
    public TestOwner Owner => Owners[^1];
}

/// <summary>A community over a year, day by day: bills on the first, people who pay, forget, change their minds, sell; finance who refunds, reconciles and
/// closes; and WeChat in its moods.</summary>
sealed class Year(Estate estate, Random random, List<Household> households, Guid gift)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>From the morning until the last counter closes.</summary>
    const int MinutesOpen = 660;

    readonly Dictionary<string, int> done = [];
    Guid cashier, shift;
    readonly List<DateOnly> notClosed = [];
    DateOnly open = new(2025, 12, 1), playing;
    int numbers;

    public Estate Estate => estate;
    public Random Random => random;
    public IReadOnlyList<Household> Households => households;
    public Guid Gift => gift;

    /// <summary>Redemptions that wait to be fetched.</summary>
    public List<(TestOwner Owner, Guid Id, string Code)> Reserved { get; } = [];

    public DateOnly Today => Clock.DateOf(estate.Installation.Clock.GetUtcNow());

    /// <summary>How often each thing was done.</summary>
    public string Done => string.Join(", ", done.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Key} {d.Value}")));

    /// <summary>A number that nobody had this year.</summary>
    public int NextNumber() => ++numbers;

    public void Count(string what) => done[what] = done.GetValueOrDefault(what) + 1;

    static readonly object Voucher = new
    {
        code = "voucher", name = "缴费立减券", kind = "coupon", feeKinds = new[] { "property" }, start = "2026-01-01T00:00:00+08:00", end = "2027-01-01T00:00:00+08:00",
        stackingGroup = "coupon", priority = 5, amountYuan = "15", couponDays = 60,
    };

    public static async Task<Year> Begin(Estate estate, Random random)
    {
        await estate.SetTariffs();
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new
        {
            offers = new[]
            {
                new
                {
                    code = "spring", name = "春季早缴优惠", kind = "earlyBird", feeKinds = new[] { "property" }, start = "2026-03-01T00:00:00+08:00",
                    end = "2026-06-01T00:00:00+08:00", stackingGroup = "early", priority = 1, percent = "3.00", budgetYuan = "600.00",
                },
            },
        })).Done();
        (await estate.Manager.Post(estate.Path + "/promotions/offers", new { offers = new[] { Voucher } })).Done();
        await estate.ApproveAll(estate.Finance);
        await estate.AllowParts();
        await estate.AddBankAccount();
        var gift = await estate.AddReward(stock: 200, costPoints: 150, limit: 12);
        var owners = new List<Household>();
        foreach (var house in estate.Houses) owners.Add(new(house, [await estate.SignIn(house, owners.Count % estate.Installation.Addresses.Count)]));
        return new(estate, random, owners, gift) { cashier = await estate.StaffId(StaffRole.Cashier), shift = await estate.OpenShift() };
    }

    /// <summary>One day from morning to night, and its books.</summary>
    public async Task Day(DateOnly day, IReadOnlyList<YearOperation> operations)
    {
        playing = day;
        var morning = Mornings.At(Text(day), "10:31");
        if (estate.Installation.Clock.GetUtcNow() < morning)    // or yesterday's sale reached into today
        {
            estate.Installation.Clock.MoveTo(morning);
            await estate.Installation.Db(BookingsEnd);
        }
        if (day.Day == 1) await Bill(day);
        if (day.DayOfWeek == DayOfWeek.Monday) await HandOver();
        await CloseBooks(day.AddDays(-1));
        if (day.Day % 4 == 0) await CloseMonths(day);
        var acts = random.Next(Households.Count / 6);
        var mostBetween = Math.Min(30, MinutesOpen / Math.Max(1, acts));
        for (var left = acts; left > 0; left--)
        {
            estate.Installation.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, mostBetween)));
            await Choose(operations).Act(this);
        }
        var broken = await estate.Verify();
        Assert.True(broken.Count == 0, $"{Text(day)}: {string.Join('\n', broken.Take(5))}");
    }

    /// <summary>Waits for what was being booked when the night was skipped: on a clock that runs, no booking lasts from one evening to the next morning's reconciliation.</summary>
    async Task<bool> BookingsEnd(OwnerPayDb db)
    {
        await Task.Delay(Pause);    // what has taken the evening's time writes its payment a moment later
        if (db.IsMariaDb) await db.Payments.Where(p => p.CommunityId == estate.CommunityId && p.PaidOn >= playing.AddDays(-1)).ForShare().Select(p => p.Id).ToListAsync();
        else await using (await db.Database.BeginTransactionAsync()) { }    // behind all writers
        return true;
    }

    /// <summary>The cashier counts the drawer, finance takes the cash over, a new week begins.</summary>
    async Task HandOver()
    {
        var drawer = await estate.Balance(Accounts.Cash(cashier));
        (await estate.Count(shift, drawer)).Done();
        (await estate.Confirm(shift, drawer)).Done();
        shift = await estate.OpenShift();
        Count("shift");
    }

    /// <summary>The oldest month that is open. Refused while a day of it is not reconciled yet; then it is tried again some days later.</summary>
    async Task CloseMonths(DateOnly today)
    {
        while (open < today.AddDays(1 - today.Day))
        {
            var proposed = await estate.ProposeClose(Text(open)[..7]);
            if (proposed.Status >= 300 || (await estate.Approve(proposed)).Status >= 300) return;
            Count("month closed");
            open = open.AddMonths(1);
        }
    }

    YearOperation Choose(IReadOnlyList<YearOperation> operations)
    {
        var at = random.Next(operations.Sum(o => o.Weight));
        foreach (var operation in operations)
            if ((at -= operation.Weight) < 0) return operation;
        throw new InvalidOperationException("No weight is left");
    }

    async Task Bill(DateOnly first)
    {
        await estate.IssueBills(Text(first), Text(first.AddMonths(1).AddDays(-1)), Text(first.AddDays(19)));
        Count("bill run");
    }

    /// <summary>Finance reconciles yesterday and closes it. Days that could not be closed, because WeChat's bill was late or a payment was booked after it,
    /// are tried again each morning.</summary>
    async Task CloseBooks(DateOnly yesterday)
    {
        notClosed.Add(yesterday);
        foreach (var day in notClosed.ToList())
            if ((await estate.Run(Text(day))).Status < 300 && (await estate.Close(Text(day))).Status < 300)
            {
                notClosed.Remove(day);
                Count("day closed");
            }
    }

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>As a phone does: asks again while WeChat is busy, under the same key.</summary>
    public static async Task<Answer> Persist(Func<Task<Answer>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await ask();
            if (answer.Status < 500) return answer;
            Assert.True(answer.Status is 502 or 503, $"{answer.Status} {answer.Body}");
            if (tries == 30) return answer;
            await Task.Delay(Pause);
        }
    }

    /// <summary>The storm is over: whatever was left open comes to its end, and the last days are reconciled.</summary>
    public async Task End(DateOnly last)
    {
        using (await estate.Installation.EmulatorHttp.DeleteAsync("/admin/chaos")) { }
        estate.Installation.Clock.MoveTo(Mornings.At(Text(last.AddDays(1)), "10:31"));
        await Estate.Eventually(() => estate.Installation.Db(async db =>
        {
            estate.Installation.Clock.Advance(TimeSpan.FromSeconds(61));
            var (orders, refunds, outbox) = (db.PaymentOrders, db.Refunds, db.OutboxRows);
            return !await orders.AnyAsync(o => o.State == OrderState.Created || o.State == OrderState.Placed)
                && !await refunds.AnyAsync(r => r.Channel == RefundChannel.WeChat && (r.State == RefundState.Approved || r.State == RefundState.Accepted))
                && !await outbox.AnyAsync(r => r.State == OutboxState.Waiting)
                && (await estate.Installation.PaidOrders()).Count == await db.Payments.CountAsync(p => p.Channel == Payment.WeChat);
        }), "the year has come to its end", seconds: 120);
        estate.Installation.Clock.MoveTo(Mornings.At(Text(last.AddDays(2)), "10:31"));
        foreach (var day in notClosed.Append(last).Append(last.AddDays(1))) (await estate.Run(Text(day))).Done();
    }

    /// <summary>Our books, WeChat's, hledger's and the statements of the houses agree to the fen.</summary>
    public async Task AllAgree()
    {
        Assert.Empty(await estate.Verify());
        await WithWeChat();
        await WithStatements();
        await HledgerBooks.Agree(estate);
    }

    async Task WithWeChat()
    {
        var (days, open) = (0, new List<string>());
        for (var day = new DateOnly(2026, 1, 1); day < Today; day = day.AddDays(1))
        {
            var shown = await estate.Finance.Get($"{estate.Path}/reconciliation/days/{Text(day)}");
            if (shown.Status >= 300) continue;
            days++;
            open.AddRange(shown["differences"].AsArray().Where(d => d!["state"]!.GetValue<string>() == "open").Select(d => $"{Text(day)} {d}"));
        }
        Assert.True(open.Count == 0, string.Join('\n', open));
        Assert.True(days > 300, $"only {days} days were reconciled");
        Assert.True(this.open >= new DateOnly(2026, 12, 1), $"{Text(this.open)[..7]} could not be closed");
        var (taken, booked) = (await estate.Installation.PaidOrders(), (await estate.Booked()).FindAll(p => p.Channel == Payment.WeChat));
        Assert.Equal(taken.Values.Order(StringComparer.Ordinal), booked.Select(p => p.TransactionId).Order(StringComparer.Ordinal));
        var refunded = await estate.Installation.Db(db => db.Refunds.Where(r => r.Channel == RefundChannel.WeChat && r.State == RefundState.Done).SumAsync(r => r.AmountFen));
        var fees = await estate.Balance(Accounts.ChannelFees);
        Assert.Equal(booked.Sum(p => p.ReceivedFen) - refunded - fees, await estate.Balance(Accounts.WeChatClearing(estate.Installation.Emulator.Merchant.Mchid)));
        Assert.Equal(0, await estate.Balance(Accounts.RefundInTransit));
    }

    /// <summary>What each owner reads on his phone is what the books say of him.</summary>
    async Task WithStatements()
    {
        foreach (var household in households)
            foreach (var owner in household.Owners)
            {
                var open = (await owner.OpenBills()).Sum(bill => bill!["openFen"]!.GetValue<long>());
                Assert.Equal(await estate.Balance(Accounts.Receivable(owner.House.Id, owner.House.PartyId)), open);
            }
        var bills = await estate.Installation.Db(db => db.Bills.Where(b => b.State != BillState.Voided).SumAsync(b => b.OpenFen));
        var receivable = await estate.Installation.Db(db => db.Postings.Where(p => p.Account.StartsWith("1122/")).SumAsync(p => p.Amount));
        Assert.Equal(bills, receivable);
    }

    /// <summary>A house is sold from tomorrow on; the new owner takes out his phone. One house a day.</summary>
    /// <returns>False when it is tomorrow already.</returns>
    public async Task<bool> Sell(Household household)
    {
        if (Today > playing) return false;
        var (old, on) = (household.Owner.House, Today.AddDays(1));
        var phone = string.Create(CultureInfo.InvariantCulture, $"188{random.Next(100_000_000):00000000}");
        var sold = old with { PersonId = Guid.CreateVersion7(), PartyId = Guid.CreateVersion7(), Phone = phone, OwnerName = "新业主" };
        await estate.Change(async db =>
        {
            (await db.LiableParties.SingleAsync(p => p.Id == old.PartyId)).To = on.AddDays(-1);
            (await db.Tenures.SingleAsync(t => t.HouseId == old.Id && t.PersonId == old.PersonId)).To = on.AddDays(-1);
            db.Add(new Person { Id = sold.PersonId, CommunityId = estate.CommunityId, Name = sold.OwnerName, Kind = PersonKind.Human });
            db.Add(new PersonPhone { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, PersonId = sold.PersonId, Number = sold.Phone });
            db.Add(new LiableParty { Id = sold.PartyId, CommunityId = estate.CommunityId, HouseId = old.Id, Kind = PartyKind.Owners, From = on });
            db.Add(new Tenure { Id = Guid.CreateVersion7(), CommunityId = estate.CommunityId, HouseId = old.Id, PersonId = sold.PersonId, Kind = TenureKind.Owner, From = on });
        });
        estate.Installation.Clock.MoveTo(Mornings.At(Text(on), "08:00"));
        household.Owners.Add(await estate.SignIn(sold));
        return true;
    }
}
