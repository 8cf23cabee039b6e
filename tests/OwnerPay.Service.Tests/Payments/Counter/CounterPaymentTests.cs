using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Counter;

public sealed class CounterPaymentTests(Servers servers)
{
    const long Fee = 25_088;    // a month of the first house

    [Theory, EachDatabase]
    public async Task Who_pays_in_cash_gets_change_and_a_numbered_receipt_on_the_spot_and_the_drawer_holds_the_money(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.OpenShift();

        var taken = (await estate.Take(estate.Houses[0], new { tenderedFen = 30_000 })).Done();

        Assert.Equal([Fee, Fee, 0, 30_000, 30_000 - Fee],
            [taken.Fen("amountFen"), taken.Fen("paidFen"), taken.Fen("prepaidFen"), taken.Fen("tenderedFen"), taken.Fen("changeFen")]);
        Assert.Equal("2026-000001", taken["receiptNumber"].GetValue<string>());
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(250, await owner.Points());
        Assert.Equal(50_000 + Fee, await estate.Balance(Accounts.Cash(await estate.StaffId(StaffRole.Cashier))));
        var printed = (await estate.Cashier.Get($"{estate.Path}/counter/payments/{taken["paymentId"].GetValue<Guid>()}/receipt")).Done();
        Assert.Equal(("贰佰伍拾元捌角捌分", "现金", "Cashier"), (printed["receipt"]["amountInWords"]!.GetValue<string>(),
            printed["receipt"]["channel"]!.GetValue<string>(), printed["cashier"].GetValue<string>()));
        var own = (await owner.Api.Get($"{owner.Path}/payments/{taken["orderId"].GetValue<Guid>()}/receipt")).Done();
        Assert.Equal("2026-000001", own["number"].GetValue<string>());    // the owner finds it on his phone as well
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_payer_at_the_counter_gets_the_price_that_he_was_shown_with_offers_or_is_shown_the_new_one(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.OpenShift();
        var house = estate.Houses[0];
        var bills = await estate.BillsAtCounter(house);
        var seen = await estate.HashAtCounter(house, bills);
        await estate.Offer();

        var refused = await estate.Cashier.Post(estate.Path + "/counter/payments", new
        {
            houseId = house.Id, way = "cash", billIds = bills,
            quoteHash = seen
        });
        var taken = (await estate.Take(house)).Done();

        Assert.Equal((409, "quote_changed", 23_834L), (refused.Status, refused.Code, refused["quote"]["payableFen"]!.GetValue<long>()));
        Assert.Equal([23_834L, 1_254], [taken.Fen("amountFen"), taken.Fen("discountFen")]);
        Assert.Equal("2026-000001", taken["receiptNumber"].GetValue<string>());    // what was refused took no number
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Two_taps_of_a_tired_cashier_take_the_money_once(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.OpenShift();
        var key = Guid.CreateVersion7().ToString("N");
        var house = estate.Houses[0];
        var bills = await estate.BillsAtCounter(house);
        var body = new { houseId = house.Id, way = "cash", billIds = bills, quoteHash = await estate.HashAtCounter(house, bills) };

        var taps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => estate.Cashier.Post(estate.Path + "/counter/payments", body, key)));
        var late = await estate.Cashier.Post(estate.Path + "/counter/payments", body);

        Assert.Single(taps.Select(tap => tap.Done()["paymentId"].GetValue<Guid>()).Distinct());
        Assert.Equal("bill_not_open", late.Code);
        Assert.Single(await estate.Booked());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Cards_and_transfers_need_their_slip_and_no_slip_is_taken_twice(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.OpenShift();
        var bank = await estate.AddBankAccount();
        var (first, second) = (estate.Houses[0], estate.Houses[1]);

        var without = await estate.Take(first, new { way = "pos" });
        (await estate.Take(first, new { way = "pos", terminal = "T01", reference = "000123" })).Done();
        var again = await estate.Take(second, new { way = "pos", terminal = "T01", reference = "000123" });
        (await estate.Take(second, new { way = "transfer", bankAccountId = bank, reference = "TX20261210" })).Done();

        Assert.Equal(("counter_payment_invalid", "slip_known"), (without.Code, again.Code));
        Assert.Equal((Fee, 25_116L), (await estate.Balance(Accounts.Pos("T01")), await estate.Balance(Accounts.TransferInTransit("icbc-01"))));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_part_is_taken_where_the_community_allows_it_and_the_rest_stays_open(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await estate.OpenShift();

        var refused = await estate.Take(estate.Houses[0], new { amountFen = 10_000 });
        await estate.AllowParts(5_000);
        var tooLittle = await estate.Take(estate.Houses[0], new { amountFen = 4_999 });
        (await estate.Take(estate.Houses[0], new { amountFen = 10_000 })).Done();
        var open = await owner.OpenFen();
        (await estate.Take(estate.Houses[0])).Done();

        Assert.Equal(("part_payment_refused", "part_payment_refused", 5_000L), (refused.Code, tooLittle.Code, tooLittle.Fen("leastFen")));
        Assert.Equal((Fee - 10_000, 0L), (open, await owner.OpenFen()));
        await estate.Clean();
    }

    // Overpaid money that is "due 0" and belongs to nobody: what is too much must be a balance with an owner.
    [Theory, EachDatabase]
    public async Task What_a_payer_gives_beyond_his_bills_is_his_prepaid_money_and_a_top_up_needs_no_bill(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.OpenShift();

        var more = (await estate.Take(estate.Houses[0], new { amountFen = 30_000 })).Done();
        var topUp = (await estate.Take(estate.Houses[0], new { amountFen = 120_000, tenderedFen = 120_000 })).Done();

        Assert.Equal([30_000 - Fee, 120_000], [more.Fen("prepaidFen"), topUp.Fen("prepaidFen")]);
        Assert.Equal(150_000 - Fee, await estate.Prepaid(estate.Houses[0]));
        Assert.DoesNotContain("payment.prepaid", await estate.WorkKinds());    // nobody needs to look: it was meant so
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Without_a_shift_nobody_takes_money_and_at_the_end_of_the_receipt_book_the_cashier_is_told_what_to_do(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();

        var noShift = await estate.Take(estate.Houses[0]);
        await estate.OpenShift();
        (await estate.Finance.Put(estate.Path + "/counter/receipt-books", new { year = 2026, lastNumber = 1 })).Done();
        (await estate.Take(estate.Houses[0])).Done();
        var full = await estate.Take(estate.Houses[1]);
        (await estate.Finance.Put(estate.Path + "/counter/receipt-books", new { year = 2026, lastNumber = 100 })).Done();
        var next = (await estate.Take(estate.Houses[1])).Done();

        Assert.Equal(("no_open_shift", "receipt_book_full"), (noShift.Code, full.Code));
        Assert.Contains("领用新号段", full["detail"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("2026-000002", next["receiptNumber"].GetValue<string>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Numbers_of_the_counter_and_of_phones_run_on_without_a_gap(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 6);
        await estate.BillAll();
        await estate.OpenShift();
        var owners = await Task.WhenAll(estate.Houses.Take(3).Select(house => estate.SignIn(house)));

        await Task.WhenAll(owners.Select(owner => (Task)owner.PayAll()).Concat(estate.Houses.Skip(3)
            .Select(async house => (await estate.Take(house)).Done())));

        await Estate.Eventually(async () => (await estate.Verify()).Count == 0 && await estate.NumberedReceipts() == 6, "all receipts are numbered");
    }
}
