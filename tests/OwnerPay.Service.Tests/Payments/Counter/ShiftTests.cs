using OwnerPay.Service.Ledger;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Counter;

public sealed class ShiftTests(Servers servers)
{
    const long Fee = 25_088;

    [Theory, EachDatabase]
    public async Task Cash_of_a_shift_goes_through_two_pairs_of_hands_into_the_bank_and_nothing_stays_on_the_way(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var bank = await estate.AddBankAccount();
        var shift = await estate.OpenShift();
        (await estate.Take(estate.Houses[0])).Done();

        var counted = (await estate.Cashier.Post($"{estate.Path}/counter/shifts/{shift}/close", new
        {
            pieces = new[] { new { faceFen = 10_000, pieces = 7 }, new { faceFen = 5_000, pieces = 1 }, new { faceFen = 50, pieces = 1 },
                new { faceFen = 10, pieces = 3 }, new { faceFen = 1, pieces = 8 } },
        })).Done();
        var later = await estate.Take(estate.Houses[1]);
        (await estate.Confirm(shift, 75_088)).Done();
        var deposit = (await estate.Finance.Post($"{estate.Path}/counter/shifts/{shift}/deposit",
            new { bankAccountId = bank, slip = "JK001", on = "2026-12-10" })).Done();
        var twice = await estate.Finance.Post($"{estate.Path}/counter/shifts/{shift}/deposit",
            new { bankAccountId = bank, slip = "JK002", on = "2026-12-10" });

        Assert.Equal([75_088L, 0, Fee], [counted.Fen("countedFen"), counted.Fen("differenceFen"), deposit.Fen("amountFen")]);
        Assert.Equal(("no_open_shift", "shift_deposited"), (later.Code, twice.Code));
        Assert.Equal((0L, 0L, Fee),
            (await estate.Balance(Accounts.Cash(await estate.StaffId(StaffRole.Cashier))), await estate.Balance(Accounts.CashSafe),
                await estate.Balance(Accounts.Bank("icbc-01"))));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_drawer_that_lacks_money_closes_with_a_word_and_the_difference_stands_in_the_books(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var shift = await estate.OpenShift();
        (await estate.Take(estate.Houses[0])).Done();

        var silent = await estate.Count(shift, 75_000);
        (await estate.Count(shift, 75_000, "少找零 0.88 元，待查")).Done();
        var other = await estate.Confirm(shift, 75_088);
        var confirmed = (await estate.Confirm(shift, 75_000)).Done();
        var recount = await estate.Count(shift, 75_088);

        Assert.Equal(("difference_unexplained", "count_changed", "shift_confirmed"), (silent.Code, other.Code, recount.Code));
        Assert.Equal(-88, confirmed.Fen("differenceFen"));
        Assert.Equal(88, await estate.Balance(Accounts.CashDifference));
        Assert.Contains("shift.difference", await estate.WorkKinds());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_shift_that_is_closed_twice_at_once_is_closed_once_and_money_taken_meanwhile_is_in_it_or_refused(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 2);
        await estate.BillAll();
        var shift = await estate.OpenShift(0);
        var other = database == Database.MariaDb ? estate.On(1, StaffRole.Cashier) : estate.Cashier;
        var house = estate.Houses[0];
        var bills = await estate.BillsAtCounter(house);
        var hash = await estate.HashAtCounter(house, bills);

        var closing = new[] { estate.Count(shift, 0), estate.Count(shift, 0, by: other) };
        var taking = other.Post(estate.Path + "/counter/payments", new { houseId = house.Id, way = "cash", billIds = bills, quoteHash = hash });
        await Task.WhenAll(closing);
        var taken = await taking;
        var expected = taken.Status == 201 ? Fee : 0;
        (await estate.Count(shift, expected)).Done();
        var confirms = await Task.WhenAll(estate.Confirm(shift, expected), estate.Confirm(shift, expected, database == Database.MariaDb
            ? estate.On(1, StaffRole.Finance) : null));

        if (taken.Status != 201) Assert.Equal("no_open_shift", taken.Code);
        Assert.Single(confirms, answer => answer.Status == 200);
        Assert.Single(confirms, answer => answer.Code == "shift_confirmed");
        Assert.Equal(expected, await estate.Balance(Accounts.CashSafe));
        await estate.Clean();
    }

    // A limit that is read before it is written: two taps, two drawers.
    [Theory, EachDatabase]
    public async Task However_often_a_cashier_taps_there_is_one_open_drawer(Database database)
    {
        await using var estate = await servers.Estate(database);
        var instances = database == Database.MariaDb ? new[] { estate.Cashier, estate.On(1, StaffRole.Cashier) } : [estate.Cashier];

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => instances[n % instances.Length].Post(estate.Path + "/counter/shifts",
            new { floatFen = 1_000 })));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("shift_already_open", answer.Code));
        await estate.Clean();
    }
}
