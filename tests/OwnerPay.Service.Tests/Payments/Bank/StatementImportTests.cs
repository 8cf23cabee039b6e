using System.Text;
using MiniExcelLibs;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Verbs;

namespace OwnerPay.Service.Tests.Payments.Bank;

public sealed class StatementImportTests(Servers servers)
{
    const long Fee = 25_088;

    [Theory, EachDatabase]
    public async Task Money_with_a_transfer_code_pays_the_bills_by_itself_other_money_waits_for_a_person_and_all_of_it_is_in_the_books(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.AddBankAccount();
        var owner = await estate.SignIn(estate.Houses[0]);
        var code = await estate.TransferCode(estate.Houses[0]);

        var report = (await estate.ImportStatement(BankSteps.Statement(
            $"2026-12-09,A001,250.88,,物业费 {code},业主1,6222000011112222", "2026-12-09,A002,251.16,,1-1-0002物业费,业主2,6222000011113333",
            "2026-12-09,A003,88.00,,谢谢,陌生人,6222000011114444", "2026-12-09,A004,,120.00,水费,自来水公司,6222000011115555",
            "2026-12-09,A005,5000.00,,结算款,财付通支付科技有限公司,6222000011116666"))).Done();

        Assert.Equal([5L, 5, 0, 0, 0], report.Counts());
        Assert.Equal([1L, 1, 1], [report.Fen("settled"), report.Fen("proposed"), report.Fen("unknown")]);
        Assert.Empty(await owner.OpenBills());
        Assert.Equal(250, await owner.Points());
        Assert.Equal((25_088L + 25_116 + 8_800, -(25_116L + 8_800)), (await estate.Balance(Accounts.Bank("icbc-01")),
            await estate.Balance(Accounts.Suspense)));
        Assert.Equal([BankRowState.Settled, BankRowState.Waiting, BankRowState.Waiting, BankRowState.Out, BankRowState.PayOut],
            (await estate.BankRows()).Select(r => r.State));
        Assert.Contains("bank.unknown", await estate.WorkKinds());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_person_accepts_what_is_proposed_and_finds_a_house_for_unknown_money_and_nobody_claims_it_twice(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.AddBankAccount();
        (await estate.ImportStatement(BankSteps.Statement("2026-12-09,A001,251.16,,1-1-0002物业费,业主2,", "2026-12-09,A002,300.00,,谢谢,陌生人,"))).Done();
        var rows = await estate.BankRows();
        string Claim(int row) => $"{estate.Path}/bank/rows/{rows[row].Id}/claim";

        var proposed = (await estate.Finance.Post(Claim(0), new { })).Done();
        var nothing = await estate.Finance.Post(Claim(1), new { });
        var named = (await estate.Finance.Post(Claim(1), new { houseId = estate.Houses[0].Id })).Done();
        var twice = await estate.Finance.Post(Claim(1), new { houseId = estate.Houses[1].Id });

        Assert.Equal((BankMatch.HouseCode, BankMatch.None), (rows[0].Match, rows[1].Match));
        Assert.Equal([25_116L, 0, Fee, 30_000 - Fee], [proposed.Fen("paidFen"), proposed.Fen("prepaidFen"), named.Fen("paidFen"),
            named.Fen("prepaidFen")]);
        Assert.Equal(("nothing_proposed", "bank_row_decided"), (nothing.Code, twice.Code));
        Assert.Equal((0L, 30_000 - Fee), (await estate.Balance(Accounts.Suspense), await estate.Prepaid(estate.Houses[0])));
        await estate.Clean();
    }

    // Nobody's import that reports success and imports nothing, or fails from the second row on: all rows are read, each bad one is named, and
    // nothing is stored.
    [Theory, EachDatabase]
    public async Task Every_bad_row_is_named_with_its_column_and_then_nothing_is_stored(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.AddBankAccount();

        var report = (await estate.ImportStatement(BankSteps.Statement(
            "2026-12-09,A001,250.88,,好的一行,业主1,", "2026-13-09,A002,1.00,,,,", "2026-12-09,,1.00,,,,", "2026-12-09,A004,1.005,,,,",
                "2026-12-09,A005,1.00,2.00,,,",
            "2026-12-09,A006,,,,,", "2026-12-09,A007,一百,,,,"))).Done();

        Assert.Equal([7L, 0, 0, 1, 6], report.Counts());
        Assert.Equal([(3L, "日期"), (4, "流水号"), (5, "收入(元)"), (6, "收入(元)"), (7, "收入(元)"), (8, "收入(元)")],
            report["faults"].AsArray().Select(fault => (fault!["row"]!.GetValue<long>(), fault["column"]!.GetValue<string>())));
        Assert.Empty(await estate.BankRows());
        Assert.Equal("statement_layout_unknown", (await estate.ImportStatement("a,b,c\n1,2,3\n")).Code);
        Assert.Equal("bank_account_not_found", (await estate.ImportStatement(BankSteps.Statement("2026-12-09,A001,1.00,,,,"), account: "boc-01"))
            .Code);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task The_same_statement_again_or_one_that_overlaps_it_writes_each_row_once(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.AddBankAccount();
        string[] rows = ["2026-12-08,B001,1.00,,同日同额,甲,", "2026-12-08,B001,1.00,,同日同额,甲,", "2026-12-09,B002,2.00,,,乙,"];

        var first = (await estate.ImportStatement(BankSteps.Statement(rows))).Done();
        var again = (await estate.ImportStatement(BankSteps.Statement(rows))).Done();
        var next = (await estate.ImportStatement(BankSteps.Statement([.. rows, "2026-12-10,B003,3.00,,,丙,"]))).Done();

        Assert.Equal([3L, 3, 0, 0, 0], first.Counts());
        Assert.Equal([3L, 0, 3, 0, 0], again.Counts());
        Assert.Equal([4L, 1, 3, 0, 0], next.Counts());
        Assert.Equal(700, await estate.Balance(Accounts.Bank("icbc-01")));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Two_people_who_import_the_same_statement_at_once_book_its_money_once(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.AddBankAccount();
        var code = await estate.TransferCode(estate.Houses[0]);
        var statement = BankSteps.Statement([$"2026-12-09,C000,250.88,,{code},业主1,", .. Enumerable.Range(1, 40)
            .Select(n => $"2026-12-09,C{n:000},{n}.00,,,甲{n},")]);
        var other = database == Database.MariaDb ? estate.On(1, StaffRole.Finance) : estate.Finance;

        var reports = await Task.WhenAll(estate.ImportStatement(statement), estate.ImportStatement(statement, by: other),
            estate.ImportStatement(statement));

        Assert.Equal(41, reports.Sum(report => report.Done().Fen("written")));
        Assert.Equal((82_000L + Fee, -82_000L), (await estate.Balance(Accounts.Bank("icbc-01")), await estate.Balance(Accounts.Suspense)));
        Assert.Single(await estate.Booked());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_transfer_that_the_counter_accepted_and_cash_that_was_paid_in_are_known_again_and_not_booked_twice(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var bank = await estate.AddBankAccount();
        var shift = await estate.OpenShift(0);
        (await estate.Take(estate.Houses[0], new { way = "transfer", bankAccountId = bank, reference = "TX20261210" })).Done();
        (await estate.Take(estate.Houses[1])).Done();
        (await estate.Count(shift, 25_116)).Done();
        (await estate.Confirm(shift, 25_116)).Done();
        (await estate.Finance.Post($"{estate.Path}/counter/shifts/{shift}/deposit", new { bankAccountId = bank, slip = "JK0001", on = "2026-12-10" }))
            .Done();

        (await estate.ImportStatement(BankSteps.Statement("2026-12-10,TX20261210,250.88,,手机转账,业主1,", "2026-12-10,Z777,251.16,,现金缴存 JK0001,,",
            "2026-12-10,TX20261210,250.88,,手机转账,业主1,"))).Done();

        await estate.OpenShift(0);
        var late = await estate.Take(estate.Houses[1], new { way = "transfer", bankAccountId = bank, reference = "TX20261210", amountFen = 25_088 });

        Assert.Equal("transfer_on_statement", late.Code);    // what the statement shows already is claimed, not taken again
        // The second row with the same number is other money: only one transfer was accepted.
        Assert.Equal([BankRowState.Known, BankRowState.Waiting, BankRowState.Known], (await estate.BankRows()).Select(r => r.State));
        Assert.Equal((0L, 25_088L + 25_116 + 25_088, -25_088L),
            (await estate.Balance(Accounts.TransferInTransit("icbc-01")), await estate.Balance(Accounts.Bank("icbc-01")),
                await estate.Balance(Accounts.Suspense)));
        await estate.Clean();
    }

    // Late money is neither paid nor over, it is somebody's: it counts for the day on which it came, not for the day of its import.
    [Theory, EachDatabase]
    public async Task Money_that_came_in_time_but_is_imported_late_pays_the_price_of_its_day(Database database)
    {
        await using var installation = await servers.Own(database, 1, new DateTimeOffset(2026, 12, 31, 10, 0, 0, TimeSpan.FromHours(8)));
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        await estate.Offer();
        await estate.AddBankAccount();
        var code = await estate.TransferCode(estate.Houses[0]);
        installation.Clock.Advance(TimeSpan.FromDays(20));    // overdue with late fee, and the offer is over

        (await estate.ImportStatement(BankSteps.Statement($"2026-12-31,D001,238.34,,{code},业主1,"))).Done();

        var owner = await estate.SignIn(estate.Houses[0]);
        Assert.Empty(await owner.OpenBills());
        Assert.Equal((238L, 0L), (await owner.Points(), await estate.Prepaid(estate.Houses[0])));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Statements_of_old_and_new_terminals_read_alike_in_GBK_UTF8_with_a_mark_tabs_and_Excel(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.AddBankAccount();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gbk = "账户明细查询\n户名：物业公司,账号：6222\n\n交易日期,交易流水号,贷方发生额,借方发生额,摘要,对方户名,对方账号\n20261208,G001,\"1,234.50\",0.00,跨行转账,龘先生,=\"6222000011112222\"\n合计,,\"1,234.50\",,,,\n";
        var tabs = "交易时间\t日志号\t收入金额\t支出金额\t交易附言\t对方户名\n2026-12-08 09:08:07\tG002\t2.00\t\t附言\t乙\n";
        var sign = "\uFEFF交易日期,流水号,金额,借贷标志,附言,对方户名\n2026/12/8,G003,3.00,贷,附言,丙\n2026/12/8,G004,4.00,借,付款,丁\n";
        using var book = new MemoryStream();
        book.SaveAs(new[] { new Dictionary<string, object?> { ["交易日"] = new DateTime(2026, 12, 8), ["流水号"] = "G005", ["贷方金额"] = 5.55m,
            ["借方金额"] = null, ["摘要"] = "来自Excel", ["收/付方名称"] = "戊" } });

        var reports = new[]
        {
            await estate.ImportStatement(gbk, Encoding.GetEncoding("GB18030")), await estate.ImportStatement(tabs, Encoding.GetEncoding("GBK")),
                await estate.ImportStatement(sign),
            await estate.ImportStatement(book.ToArray(), "statement.xlsx"),
        };

        Assert.All(reports, report => Assert.Equal(0, report.Done().Fen("bad")));
        Assert.Equal(["工商银行", "农业银行", "金额与借贷标志", "招商银行"], reports.Select(report => report["layout"].GetValue<string>()));
        var rows = await estate.BankRows();
        Assert.Equal([123_450L, 200, 300, -400, 555], rows.Select(row => row.AmountFen));
        Assert.Equal(("龘先生", "2222", "跨行转账"), (rows[0].Payer, rows[0].PayerTail, rows[0].Memo));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Money_that_is_nobodys_goes_back_where_it_came_from_once_two_people_agreed(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.AddBankAccount();
        (await estate.ImportStatement(BankSteps.Statement("2026-12-09,A001,300.00,,错账,陌生人,"))).Done();
        var at = $"{estate.Path}/bank/rows/{(await estate.BankRows()).Single().Id}";
        var transfer = new { reference = "TH0001", on = "2026-12-10" };

        (await estate.Finance.Post(at + "/return", new { reason = "汇错账户" })).Done();
        var early = await estate.Finance.Post(at + "/returned", transfer);
        var claimed = await estate.Finance.Post(at + "/claim", new { houseId = estate.Houses[0].Id });
        await estate.ApproveAll(estate.Manager);
        (await estate.Finance.Post(at + "/returned", transfer)).Done();

        Assert.Equal(("return_not_approved", "bank_row_decided"), (early.Code, claimed.Code));
        Assert.Equal((0L, 0L), (await estate.Balance(Accounts.Suspense), await estate.Balance(Accounts.Bank("icbc-01"))));
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_script_imports_a_statement_by_the_verb_and_reads_how_many_rows_were_new(Database database)
    {
        await using var installation = await servers.Own(database);
        await using var estate = await Estate.Create(installation, houses: 1);
        await estate.BillAll();
        await estate.AddBankAccount();
        var file = Path.Combine(installation.Folder, "statement.csv");    // of days that are past for the verb's own clock too
        await File.WriteAllTextAsync(file, BankSteps.Statement($"2026-11-20,A001,250.88,,{await estate.TransferCode(estate.Houses[0])},业主1,",
            "2026-11-20,A002,1.00,,,乙,"));
        string[] verb = ["import", "bank", file, "--account", "icbc-01"];
        var (finance, clerks) = (estate.Finance.Token, estate.Clerk.Token);
        if (database == Database.Sqlite) await installation.EndInstances();    // one writing process on SQLite

        var first = await CommandLine.Run(finance, [.. verb, .. installation.Of()]);
        var again = await CommandLine.Run(finance, [.. verb, .. installation.Of()]);
        var clerk = await CommandLine.Run(clerks, [.. verb, .. installation.Of()]);

        Assert.True(first.ExitCode == 0, first.Complaint);
        Assert.Contains("写入 2，未变 0", first.Output, StringComparison.Ordinal);
        Assert.Contains("已入账 1 笔，待确认 0 笔，待认领 1 笔", first.Output, StringComparison.Ordinal);
        Assert.Contains("写入 0，未变 2", again.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, clerk.ExitCode);
    }
}
