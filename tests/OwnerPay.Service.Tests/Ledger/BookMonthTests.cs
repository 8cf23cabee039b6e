using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Reconciliation;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Ledger;

/// <summary>Months of the books: what was served becomes income, a closed month stays as it was, and nobody closes or opens one alone.</summary>
public sealed class BookMonthTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task Two_months_paid_in_advance_are_income_month_by_month_and_the_company_never_counts_what_it_still_owes_in_service(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-30", "20:00"), Mornings.JobsHurry);
        var estate = await Estate.Create(installation, 1);
        await estate.BillAll("2026-12-01", "2027-01-31");    // 2 × 250.88 = 501.76 yuan: 473.36 net and 28.40 tax
        await estate.Offer();                                  // 5 %: 25.09 yuan: 23.67 net and 1.42 tax
        await (await estate.SignIn(estate.Houses[0])).PayAll();
        Assert.Equal((-44_969, -2_698), (await On(estate, "2204/property"), await On(estate, Accounts.PendingTax)));
        Assert.Equal("month_not_over", (await estate.ProposeClose("2026-12")).Code);

        installation.Clock.MoveTo(Mornings.At("2027-01-02", "10:31"));
        await estate.UntilReconciled("2026-12-30", "2026-12-31", "2027-01-01");
        await estate.CloseMonth("2026-12");

        // Half is earned, of the price less its discount; the rest waits for its month.
        Assert.Equal((-22_485, -22_484), (await On(estate, "6001/property"), await On(estate, "2204/property")));
        Assert.Equal((-1_349, -1_349), (await On(estate, Accounts.OutputTax), await On(estate, Accounts.PendingTax)));
        Assert.Empty(await estate.Verify());

        await RefundAll(estate);    // the discount comes back too, although half of it is earned already
        Assert.Empty(await estate.Verify());
        installation.Clock.MoveTo(Mornings.At("2027-02-01", "10:31"));
        await estate.UntilAllAreReconciled(new(2026, 12, 30), new(2027, 1, 31));
        await estate.CloseMonth("2027-01");

        // All is served and the discount was taken back: both months are income to the fen, nothing is left over.
        Assert.Equal((-47_336, 0), (await On(estate, "6001/"), await On(estate, "2204/property")));
        Assert.Equal((-2_840, 0), (await On(estate, Accounts.OutputTax), await On(estate, Accounts.PendingTax)));
        Assert.Equal(50_176, await On(estate, "1122/"));
        var trial = (await estate.Finance.Get(estate.Path + "/books/months/2027-01")).Done()["trialBalance"].AsArray();
        Assert.Equal(0, trial.Sum(line => line!["closingFen"]!.GetValue<long>()));
        Assert.Equal(["2027-01 closed", "2026-12 closed"],
            (await estate.Finance.Get(estate.Path + "/books/months")).Done()["items"].AsArray().Select(m => $"{m!["month"]} {m["state"]}"));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Bills_of_broken_months_are_earned_to_the_last_fen_also_where_one_is_withdrawn_or_corrected_after_a_part_of_it_was_income(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-30", "20:00"), Mornings.JobsSleep);
        var estate = await Estate.Create(installation, 3);
        await estate.HandOver(estate.Houses[0], new DateOnly(2026, 12, 11));
        await estate.HandOver(estate.Houses[1], new DateOnly(2027, 1, 20));
        await estate.BillAll("2026-12-01", "2027-02-28");
        installation.Clock.MoveTo(Mornings.At("2027-01-02", "09:00"));
        Assert.Equal("month_is_closed", (await Closing("2026-12")).Code);
        // What turns out to be wrong after a part of it is income: one bill is withdrawn, another lowered.
        await estate.VoidBill((await estate.LiveBill(estate.Houses[0])).Id);
        var bill = await estate.LiveBill(estate.Houses[2]);
        await estate.Adjust(bill.Id, (await estate.FirstLine(bill.Id)).Id, -3_001);
        Assert.Empty(await estate.Verify());
        installation.Clock.MoveTo(Mornings.At("2027-03-01", "09:00"));
        Assert.Equal("earlier_month_open", (await estate.ProposeClose("2027-02")).Code);
        await Closing("2027-01");
        await Closing("2027-02");

        var worth = (await estate.Lines()).Sum(l => l.NetFen + l.AdjustedNetFen);
        Assert.Equal((-worth, worth - await On(estate, "1122/")), (await On(estate, "6001/property"), await On(estate, Accounts.OutputTax)));
        Assert.Equal((0, 0), (await On(estate, "2204/property"), await On(estate, Accounts.PendingTax)));

        async Task<Answer> Closing(string month)
        {
            await estate.CloseMonth(month);
            Assert.Empty(await estate.Verify());
            return await estate.ProposeClose(month);
        }
    }

    [Theory, EachDatabase]
    public async Task A_closed_month_keeps_its_figures_and_what_comes_late_stands_in_the_next_one_and_says_so(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-31", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 2);
        var owners = await estate.SignInAll();
        await owners[0].PayAll();
        var late = await owners[1].Order();
        await owners[1].TypePassword(late, new { callback = "suppress" });
        await estate.Plant("2026-12-31", "drop", $"{late:N}");    // neither callback nor trade bill tells of it
        installation.Clock.MoveTo(Mornings.At("2027-01-01", "10:31"));
        await estate.ReconcileDays("2026-12-31");
        var unknown = (await estate.Day("2026-12-31"))["differences"].AsArray().Single()!;    // the balance at WeChat moved by it all the same
        Assert.Equal("flowUnknown", unknown["cause"]!.GetValue<string>());
        (await estate.Finance.Post($"{estate.Path}/reconciliation/differences/{unknown["id"]!.GetValue<Guid>()}/explain", new { text = "待微信客服查明" })).Done();
        await estate.CloseMonth("2026-12");
        var before = await Month(estate, "2026-12");

        await estate.TellAgain(late);    // at last
        await owners[1].UntilPaid(late);

        Assert.Equal(before, await Month(estate, "2026-12"));
        var journals = await installation.Db(db => db.Journals.AsNoTracking().Where(j => j.CommunityId == estate.CommunityId && j.MeantFor != null).ToListAsync());
        Assert.All(journals, j => Assert.Equal((new DateOnly(2027, 1, 1), new DateOnly(2026, 12, 31)), (j.BusinessDate, j.MeantFor!.Value)));
        Assert.Equal(["payment", "points-earned"], journals.Select(j => j.SourceKind).Order(StringComparer.Ordinal));    // the money and its points
        var journal = journals.Single(j => j.SourceKind == "payment");
        Assert.Equal("微信支付（补记 2026-12-31 业务）", journal.Summary);
        Assert.Empty(await estate.Verify());

        // Opened again by two people, with a reason; the closing after that books only what has changed.
        Assert.Equal("reason_missing", (await estate.Finance.Post(estate.Path + "/books/months/2026-12/reopen", new { })).Code);
        Assert.Equal("month_not_closed", (await estate.Finance.Post(estate.Path + "/books/months/2027-01/reopen", new { reason = "误操作" })).Code);
        (await estate.Finance.Post(estate.Path + "/books/months/2026-12/reopen", new { reason = "审计调整" })).Done();
        await estate.ApproveAll(estate.Manager);
        await estate.CloseMonth("2026-12");
        Assert.Equal(before, await Month(estate, "2026-12"));
        var detail = (await estate.Manager.Get(estate.Path + "/books/months/2026-12")).Done();
        Assert.Equal(["close approved", "reopen approved", "close approved"], detail["history"].AsArray().Select(step => $"{step!["action"]} {step["state"]}"));
        Assert.Empty(await estate.Verify());
    }

    [Theory, EachDatabase]
    public async Task Nobody_closes_a_month_alone_and_finance_cannot_close_over_differences_that_nobody_explained(Database database)
    {
        await using var installation = await servers.Own(database, 1, Mornings.At("2026-12-31", "20:00"), Mornings.JobsSleep);
        var estate = await installation.BilledEstate(houses: 1);
        var orders = await (await estate.SignInAll()).EachPays();
        await estate.Plant("2026-12-31", "amount", $"{orders[0]:N}", 12_345);
        installation.Clock.MoveTo(Mornings.At("2027-01-01", "10:31"));
        var refused = await estate.ProposeClose("2026-12");
        Assert.Equal("month_has_obstacles", refused.Code);
        Assert.Contains("还有 1 天未对账", refused["detail"].GetValue<string>(), StringComparison.Ordinal);
        await estate.ReconcileDays("2026-12-31");
        await estate.GiveRole(StaffRole.Finance, StaffRole.Manager);

        Assert.Contains("1 处对账差异未处理", (await estate.ProposeClose("2026-12"))["detail"].GetValue<string>(), StringComparison.Ordinal);
        var difference = (await estate.Day("2026-12-31"))["differences"][0]!["id"]!.GetValue<Guid>();
        (await estate.Finance.Post($"{estate.Path}/reconciliation/differences/{difference}/explain", new { text = "账单有误，微信已出具说明" })).Done();
        Assert.Equal(403, (await estate.Clerk.Post(estate.Path + "/books/months/2026-12/close")).Status);
        Assert.Equal("month_invalid", (await estate.Finance.Post(estate.Path + "/books/months/202612/close")).Code);
        var key = Guid.CreateVersion7().ToString("N");
        var proposed = (await estate.Finance.Post(estate.Path + "/books/months/2026-12/close", null, key)).Done();
        Assert.Equal(proposed.Body!.ToJsonString(), (await estate.Finance.Post(estate.Path + "/books/months/2026-12/close", null, key)).Done().Body!.ToJsonString());
        Assert.Equal("month_change_pending", (await estate.ProposeClose("2026-12")).Code);
        var approval = $"{estate.Path}/approvals/{proposed["approvalId"].GetValue<Guid>()}/approve";
        Assert.Equal("own_proposal", (await estate.Finance.Post(approval)).Code);
        (await estate.Manager.Post(approval)).Done();
        Assert.Equal("month_is_closed", (await estate.ProposeClose("2026-12")).Code);
        Assert.Empty(await estate.Verify());
    }

    static Task<long> On(Estate estate, string account) => estate.Installation.Db(db => db.Postings
        .Where(p => p.CommunityId == estate.CommunityId && p.Commodity == Posting.Yuan && p.Account.StartsWith(account)).SumAsync(p => p.Amount));

    static async Task<(long, long)> Month(Estate estate, string month)
    {
        var view = (await estate.Finance.Get($"{estate.Path}/books/months/{month}")).Done()["month"];
        return (view["journals"]!.GetValue<long>(), view["turnoverFen"]!.GetValue<long>());
    }

    static async Task RefundAll(Estate estate)
    {
        var payment = await estate.Installation.Db(db => db.Set<Service.Payments.Payment>().SingleAsync(p => p.CommunityId == estate.CommunityId));
        (await estate.Finance.Post(estate.Path + "/refunds", new { paymentId = payment.Id, reason = "业主要求退回" })).Done();
        await estate.ApproveAll(estate.Manager);
        await Estate.Eventually(() => estate.Installation.Db(db => db.Set<Service.Payments.Refund>().AnyAsync(r => r.CommunityId == estate.CommunityId
            && r.State == Service.Payments.RefundState.Done)), "the refund is done");
    }
}
