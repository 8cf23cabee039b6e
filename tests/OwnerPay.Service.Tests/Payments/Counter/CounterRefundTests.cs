using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Payments.Bank;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Counter;

public sealed class CounterRefundTests(Servers servers)
{
    const long Fee = 25_088;
    static readonly object Payee = new { name = "业主1", account = "6222020200112233445", bank = "工商银行上海分行" };

    static Task<Answer> Ask(Estate estate, Guid payment, long? fen = null, string? channel = null, object? payee = null) =>
        estate.Finance.Post(estate.Path + "/refunds", new { paymentId = payment, amountFen = fen, channel, payee, reason = "多缴退回" });

    static Task<Answer> Pay(Estate estate, Answer refund, object how, Api? by = null) =>
        (by ?? estate.Cashier).Post($"{estate.Path}/refunds/{refund["refundId"].GetValue<Guid>()}/pay", how);

    [Theory, EachDatabase]
    public async Task Cash_goes_back_out_of_the_drawer_after_two_people_agreed_and_the_void_receipt_keeps_its_number(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer();
        var owner = await estate.SignIn(estate.Houses[0]);
        var shift = await estate.OpenShift(0);
        var payment = (await estate.Take(estate.Houses[0])).Done()["paymentId"].GetValue<Guid>();

        var refund = (await Ask(estate, payment)).Done();
        var early = await Pay(estate, refund, new { });
        await estate.ApproveAll(estate.Manager);
        (await Pay(estate, refund, new { })).Done();
        var twice = await Pay(estate, refund, new { });

        Assert.Equal(("refund_not_approved", "refund_not_approved"), (early.Code, twice.Code));
        Assert.Equal((Fee, 0L), (await owner.OpenFen(), await owner.Points()));
        Assert.Equal((0L, 0L), (await estate.Balance(Accounts.Cash(await estate.StaffId(StaffRole.Cashier))),
            await estate.Balance("6001/discount/early-bird")));
        var receipt = (await estate.Cashier.Get($"{estate.Path}/counter/payments/{payment}/receipt")).Done()["receipt"];
        Assert.Equal("2026-000001", receipt["number"]!.GetValue<string>());
        Assert.NotNull(receipt["voidedAt"]);
        Assert.Equal("2026-000002", (await estate.Take(estate.Houses[0])).Done()["receiptNumber"].GetValue<string>());
        (await estate.Count(shift, 23_834)).Done();
        await estate.Clean();
    }

    // The second part refused, or paid as a whole: each part has its own request and their sum is checked.
    [Theory, EachDatabase]
    public async Task Two_parts_of_a_card_payment_go_back_one_after_the_other_and_a_third_above_what_was_paid_is_refused(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.OpenShift(0);
        var payment = (await estate.Take(estate.Houses[0], new { way = "pos", terminal = "T01", reference = "000123" }))
            .Done()["paymentId"].GetValue<Guid>();

        foreach (var (fen, slip) in new[] { (10_000L, "000124"), (15_000L, "000125") })
        {
            var refund = (await Ask(estate, payment, fen)).Done();
            await estate.ApproveAll(estate.Manager);
            Assert.Equal("refund_payout_invalid", (await Pay(estate, refund, new { })).Code);
            (await Pay(estate, refund, new { terminal = "T01", reference = slip })).Done();
        }
        var above = await Ask(estate, payment, 89);

        Assert.Equal(("refund_above_left", 88L), (above.Code, above.Fen("leftFen")));
        Assert.Equal((25_000L, 88L), (await owner.OpenFen(), await estate.Balance(Accounts.Pos("T01"))));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_year_old_WeChat_payment_goes_back_by_bank_transfer_with_its_evidence(Database database)
    {
        await using var estate = await servers.OwnEstate(database, houses: 1);
        await estate.BillAll();
        await estate.AddBankAccount();
        var bank = (await estate.Finance.Get(estate.Path + "/bank/accounts")).Done()["items"][0]!["bankAccountId"]!.GetValue<Guid>();
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();
        var payment = (await estate.Booked()).Single().Id;
        var tooEarly = await Ask(estate, payment, channel: "transfer", payee: Payee);
        var wrong = await Ask(estate, payment, channel: "cash");
        estate.Installation.Clock.Advance(TimeSpan.FromDays(366));

        var withoutPayee = await Ask(estate, payment, channel: "transfer");
        var refund = (await Ask(estate, payment, channel: "transfer", payee: Payee)).Done();
        await estate.ApproveAll(estate.Manager);
        var byCashier = await Pay(estate, refund, new { bankAccountId = bank, reference = "ZZ20271211", evidence = "凭证册 12 页" });
        var withoutEvidence = await Pay(estate, refund, new { bankAccountId = bank, reference = "ZZ20271211" }, estate.Finance);
        var payee = (await estate.Finance.Get($"{estate.Path}/refunds/{refund["refundId"].GetValue<Guid>()}/payee")).Done();
        (await Pay(estate, refund, new { bankAccountId = bank, reference = "ZZ20271211", evidence = "凭证册 12 页" }, estate.Finance)).Done();

        Assert.Equal(("refund_channel_wrong", "refund_channel_wrong", "refund_payee_missing", "not_allowed", "refund_payout_invalid"),
            (tooEarly.Code, wrong.Code, withoutPayee.Code, byCashier.Code, withoutEvidence.Code));
        Assert.Equal("6222020200112233445", payee["account"].GetValue<string>());
        Assert.Equal((-Fee, Fee), (await estate.Balance(Accounts.Bank("icbc-01")), await owner.OpenFen()));
        Assert.Empty(await estate.RefundsAtWeChat((await estate.Booked()).Single().OrderId!.Value));    // nobody asked WeChat
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_drawer_never_pays_out_more_cash_than_it_holds_and_prepaid_money_that_was_used_is_not_given_back(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.OpenShift(0);
        var payment = (await estate.Take(estate.Houses[0], new { amountFen = 40_000 })).Done()["paymentId"].GetValue<Guid>();
        await estate.BillAll();    // the bill uses up 250.88 of it
        var used = await Ask(estate, payment, 20_000);
        var refund = (await Ask(estate, payment, 40_000 - Fee)).Done();
        await estate.ApproveAll(estate.Manager);
        var shift = (await estate.Cashier.Get(estate.Path + "/counter/shifts/mine")).Done()["shiftId"].GetValue<Guid>();
        (await estate.Count(shift, 40_000)).Done();
        await estate.OpenShift(1_000);

        var refused = await Pay(estate, refund, new { });

        Assert.Equal(("refund_prepaid_used", "drawer_too_little"), (used.Code, refused.Code));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Money_of_a_bank_statement_goes_back_by_transfer_like_any_other(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var bank = await estate.AddBankAccount();
        var code = await estate.TransferCode(estate.Houses[0]);
        (await estate.ImportStatement(BankSteps.Statement($"2026-12-09,A001,500.00,,{code},业主1,"))).Done();
        var payment = (await estate.Booked()).Single().Id;

        var refund = (await Ask(estate, payment, 20_000, payee: Payee)).Done();
        await estate.ApproveAll(estate.Manager);
        (await Pay(estate, refund, new { bankAccountId = bank, reference = "ZZ20261210", evidence = "网银回单" }, estate.Finance)).Done();

        Assert.Equal(30_000, await estate.Balance(Accounts.Bank("icbc-01")));
        await estate.Clean();
    }
}
