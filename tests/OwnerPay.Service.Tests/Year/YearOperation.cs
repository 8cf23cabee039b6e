using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Collection;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Collection;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Payments.Bank;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Rewards;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Year;

/// <summary>Something that happens in a year.</summary>
/// <param name="Weight">How often, compared with the others.</param>
sealed record YearOperation(string Name, int Weight, Func<Year, Task> Act)
{
    public static readonly IReadOnlyList<YearOperation> All =
    [
        new("pay", 60, Pay), new("look and leave", 6, year => Order(year, Any(year))), new("refund", 4, Refund), new("redeem", 8, Redeem),
        new("cancel", 3, Cancel), new("fetch", 4, Fetch), new("sell", 1, Sell), new("cash", 8, Cash), new("correct", 4, Correct), new("withdraw", 1, Withdraw),
        new("pay a part", 6, PayPart), new("transfer", 6, Transfer), new("coupon", 3, Coupon), new("waive", 3, Waive), new("defer", 2, Defer), new("plan", 2, Plan),
        new("dispute", 2, Dispute), new("take back", 1, TakeBack),
    ];

    static Household Any(Year year) => year.Households[year.Random.Next(year.Households.Count)];

    static async Task Pay(Year year)
    {
        var household = Any(year);
        if (await Order(year, household) is not { } order) return;
        using var typed = await year.Estate.Installation.EmulatorHttp.PostAsJsonAsync($"/admin/orders/{order:N}/pay", new { });
        if (typed.IsSuccessStatusCode) year.Count("paid");
    }

    /// <returns>Null when there is nothing to pay, or it did not come about.</returns>
    static async Task<Guid?> Order(Year year, Household household)
    {
        var owner = household.Owners[year.Random.Next(household.Owners.Count)];
        var bills = await owner.OpenBillIds();
        if (bills.Length == 0) return null;
        if (bills.Length > 1 && year.Random.Next(3) == 0) bills = [bills[year.Random.Next(bills.Length)]];
        var quote = await owner.Quote(bills);
        if (quote.Status >= 300) return null;
        var key = Guid.CreateVersion7().ToString("N");
        var answer = await Year.Persist(() => owner.Api.Post(owner.Path + "/payments", new { billIds = bills, quoteHash = quote["quoteHash"].GetValue<string>() }, key));
        if (answer.Status >= 300) return null;
        year.Count("ordered");
        return answer["orderId"].GetValue<Guid>();
    }

    static async Task Refund(Year year)
    {
        var since = year.Estate.Installation.Clock.GetUtcNow().AddDays(-60);
        var payments = await year.Estate.Installation.Db(db => db.Payments.AsNoTracking().Where(p => p.CommunityId == year.Estate.CommunityId && p.BookedAt > since)
            .OrderBy(p => p.Id).Select(p => new { p.Id, p.ReceivedFen, p.Channel }).ToListAsync());
        if (payments.Count == 0) return;
        var payment = payments[year.Random.Next(payments.Count)];
        var part = year.Random.Next(2) == 0 ? (long?)year.Random.NextInt64(1, payment.ReceivedFen + 1) : null;
        var answer = await year.Estate.Finance.Post(year.Estate.Path + "/refunds", new { paymentId = payment.Id, amountFen = part, reason = "重复缴费，退回" });
        if (answer.Status >= 300) return;    // more than is left, or another one is on its way
        if (!await Decided(year)) return;
        if (payment.Channel == Payment.Cash)
        {
            if ((await year.Estate.Cashier.Post($"{year.Estate.Path}/refunds/{answer["refundId"].GetValue<Guid>()}/pay", new { })).Status < 300) year.Count("refund in cash");
        }
        else year.Count("refund");
    }

    /// <summary>The manager agrees, or says no where it can no longer be done.</summary>
    static async Task<bool> Decided(Year year)
    {
        var (manager, all) = (year.Estate.Manager, true);
        foreach (var waiting in (await manager.Get(year.Estate.Path + "/approvals?state=proposed")).Done()["items"].AsArray())
        {
            var at = $"{year.Estate.Path}/approvals/{waiting!["id"]!.GetValue<Guid>()}";
            if ((await manager.Post(at + "/approve", new { note = "同意" })).Status < 300) continue;
            all = false;
            (await manager.Post(at + "/reject", new { note = "已不能办理" })).Done();
        }
        return all;
    }

    /// <summary>Somebody comes to the counter with what he owes, or with a little more.</summary>
    static async Task Cash(Year year)
    {
        var answer = await year.Estate.Take(Any(year).House, year.Random.Next(4) == 0 ? new { amountFen = year.Random.NextInt64(50_000, 90_000) } : null);
        if (answer.Status < 300) year.Count("paid in cash");
    }

    /// <summary>A bill of the last months was too high or too low, paid or not.</summary>
    static async Task Correct(Year year)
    {
        if (await Bill(year) is not { } bill) return;
        var line = await year.Estate.Installation.Db(db => db.BillLines.Where(l => l.BillId == bill).OrderBy(l => l.Number).Select(l => l.Id).FirstAsync());
        var fen = year.Random.NextInt64(1, 5_000) * (year.Random.Next(3) == 0 ? 1 : -1);
        if ((await year.Estate.ProposeAdjustment(bill, line, fen)).Status < 300 && await Decided(year)) year.Count("corrected");
    }

    static async Task Withdraw(Year year)
    {
        if (await Bill(year) is { } bill && (await year.Estate.ProposeVoid(bill)).Status < 300 && await Decided(year)) year.Count("withdrawn");
    }

    static async Task<Guid?> Bill(Year year)
    {
        var (community, since) = (year.Estate.CommunityId, year.Today.AddDays(-90));
        var bills = await year.Estate.Installation.Db(db => db.Bills.Where(b => b.CommunityId == community && b.DueOn > since && b.State != BillState.Voided)
            .OrderBy(b => b.Id).Select(b => b.Id).ToListAsync());
        return bills.Count == 0 ? null : bills[year.Random.Next(bills.Count)];
    }

    static async Task PayPart(Year year)
    {
        var owner = Any(year).Owner;
        var open = await owner.OpenBills();
        if (open.Count == 0) return;
        var bill = open[year.Random.Next(open.Count)]!;
        var (id, left) = (bill["billId"]!.GetValue<Guid>(), bill["openFen"]!.GetValue<long>());
        var fen = left < 100 ? left : year.Random.NextInt64(100, left + 1);
        var order = await owner.CheckoutParts([id], new { billId = id, fen });
        if (order.Status >= 300) return;
        using var typed = await year.Estate.Installation.EmulatorHttp.PostAsJsonAsync($"/admin/orders/{order["orderId"].GetValue<Guid>():N}/pay", new { });
        if (typed.IsSuccessStatusCode) year.Count("paid in part");
    }

    /// <summary>Money comes by bank, most of it with a code that says whose it is; the rest waits until finance finds a house for it.</summary>
    static async Task Transfer(Year year)
    {
        var (estate, house, knows) = (year.Estate, Any(year).House, year.Random.Next(4) > 0);
        var remark = knows ? await estate.TransferCode(house) : "谢谢";
        var yuan = new Fen(year.Random.NextInt64(10_000, 60_000)).InYuan();
        (await estate.ImportStatement(BankSteps.Statement($"{Year.Text(year.Today)},Y{year.NextNumber():000000},{yuan},,{remark},某人,"))).Done();
        year.Count("transferred");
        if (knows) return;
        foreach (var row in (await estate.BankRows()).Where(r => r.State == BankRowState.Waiting))
            if ((await estate.Finance.Post($"{estate.Path}/bank/rows/{row.Id}/claim", new { houseId = house.Id })).Status < 300) year.Count("claimed");
    }

    static async Task Coupon(Year year)
    {
        var answer = await year.Estate.Manager.Post(year.Estate.Path + "/promotions/coupons", new { offerCode = "voucher", houseCodes = new[] { Any(year).House.Code } });
        if (answer.Status < 300) year.Count("coupon");
    }

    static async Task Waive(Year year)
    {
        if (await Bill(year) is not { } bill) return;
        if ((await year.Estate.ProposeWaiver(bill, year.Random.NextInt64(1, 3_000), 0)).Status < 300 && await Decided(year)) year.Count("waived");
    }

    static async Task Defer(Year year)
    {
        if (await Bill(year) is not { } bill) return;
        if ((await year.Estate.ProposeDeferral(Year.Text(year.Today.AddDays(year.Random.Next(5, 60))), bill)).Status < 300 && await Decided(year)) year.Count("deferred");
    }

    static async Task Plan(Year year)
    {
        if (await Bill(year) is not { } bill) return;
        var open = await year.Estate.Installation.Db(db => db.Bills.Where(b => b.Id == bill).Select(b => b.OpenFen).SingleAsync());
        if (open < 2) return;
        var first = year.Random.NextInt64(1, open);
        var parts = ((string, long)[])[(Year.Text(year.Today.AddDays(15)), first), (Year.Text(year.Today.AddDays(45)), open - first)];
        if ((await year.Estate.ProposePlan([bill], year.Random.Next(6), parts)).Status < 300 && await Decided(year)) year.Count("on a plan");
    }

    /// <summary>An owner does not accept a bill; most of the time he hears an answer the same day.</summary>
    static async Task Dispute(Year year)
    {
        var owner = Any(year).Owner;
        var bills = await owner.OpenBillIds();
        if (bills.Length == 0) return;
        var opened = await owner.Dispute(bills[year.Random.Next(bills.Length)]);
        if (opened.Status >= 300) return;
        year.Count("disputed");
        if (year.Random.Next(4) == 0) return;
        (await year.Estate.CloseDispute(opened["disputeId"].GetValue<Guid>(), year.Random.Next(2) == 0 ? "upheld" : "rejected")).Done();
    }

    /// <summary>What was granted is taken back by two people.</summary>
    static async Task TakeBack(Year year)
    {
        var community = year.Estate.CommunityId;
        var waivers = await year.Estate.Installation.Db(db => db.Waivers.Where(w => w.CommunityId == community && w.State == GrantState.Granted).OrderBy(w => w.Id).Select(w => w.Id).ToListAsync());
        if (waivers.Count == 0) return;
        if ((await year.Estate.ProposeReversal("waiver", waivers[year.Random.Next(waivers.Count)])).Status < 300 && await Decided(year)) year.Count("waiver taken back");
    }

    static async Task Redeem(Year year)
    {
        var owner = Any(year).Owner;
        var answer = await owner.Redeem(year.Gift);
        if (answer.Status >= 300) return;
        year.Reserved.Add((owner, answer["redemptionId"].GetValue<Guid>(), answer["pickUpCode"].GetValue<string>()));
        year.Count("redeemed");
    }

    static async Task Cancel(Year year)
    {
        if (Take(year) is not { } mine) return;
        if ((await mine.Owner.Api.Post($"{mine.Owner.Path}/redemptions/{mine.Id}/cancel")).Status < 300) year.Count("cancelled");
    }

    static async Task Fetch(Year year)
    {
        if (Take(year) is not { } mine) return;
        if ((await year.Estate.Clerk.Post(year.Estate.Path + "/redemptions/fulfil", new { pickUpCode = mine.Code })).Status < 300) year.Count("fetched");
    }

    static (TestOwner Owner, Guid Id, string Code)? Take(Year year)
    {
        if (year.Reserved.Count == 0) return null;
        var at = year.Random.Next(year.Reserved.Count);
        var mine = year.Reserved[at];
        year.Reserved.RemoveAt(at);
        return mine;
    }

    static async Task Sell(Year year)
    {
        var household = Any(year);
        if (household.Owners.Count > 2 || year.Today.Day is 1 or > 25) return;
        if (await year.Sell(household)) year.Count("sold");
    }
}
