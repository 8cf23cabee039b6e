using System.Text;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Payments.Bank;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Payments.Bank;
using OwnerPay.Service.Tests.Payments.Counter;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Payments.Entrusted;

public sealed class EntrustedCollectionTests(Servers servers)
{
    static async Task Mandates(Estate estate)
    {
        foreach (var house in estate.Houses)
            (await estate.Finance.Post(estate.Path + "/collection/mandates",
                new
                {
                    houseId = house.Id, agreement = "XY-" + house.Code, bank = "工商银行", holder = "=业主", number = "622202020011223344"
                    + house.Code[^1]
                })).Done();
    }

    static async Task<(Guid Id, string Code)> Batch(Estate estate, string? dueBy = "2026-12-31")
    {
        var bank = await estate.AddBankAccount();
        var batch = (await estate.Finance.Post(estate.Path + "/collection/batches", new { bankAccountId = bank, dueBy })).Done();
        return (batch["batchId"].GetValue<Guid>(), batch["code"].GetValue<string>());
    }

    static async Task<Answer> Results(Estate estate, Guid batch, string csv, Api? by = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes("批次号,序号,金额(元),结果,原因\n" + csv)), "file",
            "results.csv" } };
        return await (by ?? estate.Finance).Send(HttpMethod.Post, $"{estate.Path}/collection/batches/{batch}/results", form, null);
    }

    static async Task<string> File(Estate estate, Guid batch)
    {
        using var http = new HttpClient { BaseAddress = estate.Installation.Addresses[0] };
        http.DefaultRequestHeaders.Authorization = new("Bearer", estate.Finance.Token);
        return await http.GetStringAsync($"/api/staff/v1{estate.Path}/collection/batches/{batch}/file");
    }

    [Theory, EachDatabase]
    public async Task What_the_bank_collects_settles_house_by_house_what_it_does_not_keeps_its_reason_and_the_same_file_again_does_nothing(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await Mandates(estate);
        var owner = await estate.SignIn(estate.Houses[0]);
        var (batch, code) = await Batch(estate);

        Assert.Equal("batch_not_approved", (await estate.Finance.Get($"{estate.Path}/collection/batches/{batch}/file")).Code);
        await estate.ApproveAll(estate.Manager);
        var file = await File(estate, batch);
        var results = $"{code},1,250.88,成功,\n{code},2,251.16,失败,余额不足\n";
        var first = (await Results(estate, batch, results)).Done();
        var again = (await Results(estate, batch, results)).Done();
        var contrary = (await Results(estate, batch, $"{code},2,251.16,成功,\n")).Done();

        Assert.Contains($"{code},1,XY-1-1-0001,'=业主,6222020200112233441,工商银行,250.88,物业费 1-1-0001\r\n", file, StringComparison.Ordinal);
        Assert.Equal([2L, 1, 1, 0, 0], [first.Fen("read"), first.Fen("collected"), first.Fen("failed"), first.Fen("unchanged"), first.Fen("bad")]);
        Assert.Equal([2L, 0, 0, 2, 0], [again.Fen("read"), again.Fen("collected"), again.Fen("failed"), again.Fen("unchanged"), again.Fen("bad")]);
        Assert.Equal(1, contrary.Fen("bad"));
        Assert.Empty(await owner.OpenBills());
        var items = (await estate.Finance.Get($"{estate.Path}/collection/batches/{batch}/items")).Done()["items"].AsArray();
        Assert.Equal(["collected", "failed"], items.Select(item => item!["state"]!.GetValue<string>()));
        Assert.Equal("余额不足", items[1]!["reason"]!.GetValue<string>());
        var list = (await estate.Finance.Get(estate.Path + "/collection/mandates")).Done().Body!.ToJsonString();
        Assert.DoesNotContain("622202020011223344", list, StringComparison.Ordinal);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Two_people_who_bring_the_same_results_at_once_book_them_once_and_the_banks_lump_sum_is_known_again(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await Mandates(estate);
        var (batch, code) = await Batch(estate);
        await estate.ApproveAll(estate.Manager);
        var results = $"{code},1,250.88,成功,\n{code},2,251.16,成功,\n";
        var other = database == Database.MariaDb ? estate.On(1, StaffRole.Finance) : estate.Finance;

        var reports = await Task.WhenAll(Results(estate, batch, results), Results(estate, batch, results, other));
        (await estate.ImportStatement(BankSteps.Statement($"2026-12-10,H001,502.04,,代扣 {code},工商银行,"))).Done();
        var late = await Results(estate, batch, results);

        Assert.Equal(2, reports.Sum(report => report.Done().Fen("collected")));
        Assert.Equal(BankRowState.Known, Assert.Single(await estate.BankRows()).State);
        Assert.Equal((0L, 50_204L), (await estate.Balance(Accounts.CollectionInTransit("icbc-01")), await estate.Balance(Accounts.Bank("icbc-01"))));
        Assert.Equal("batch_settled", late.Code);
        await estate.Clean();
    }

    // Money that comes twice is nobody's mistake to lose: what the bank collects for a bill that was paid meanwhile is the owner's prepaid money.
    [Theory, EachDatabase]
    public async Task What_the_bank_collects_although_the_owner_paid_meanwhile_is_his_prepaid_money_and_a_task_for_finance(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 1);
        await estate.BillAll();
        await Mandates(estate);
        var (batch, code) = await Batch(estate);
        await estate.ApproveAll(estate.Manager);
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();

        (await Results(estate, batch, $"{code},1,250.88,成功,\n")).Done();

        Assert.Equal(25_088, await estate.Prepaid(estate.Houses[0]));
        Assert.Contains("payment.prepaid", await estate.WorkKinds());
        await Estate.Eventually(async () => (await estate.Verify()).Count == 0, "all is numbered and right");
    }

    [Theory, EachDatabase]
    public async Task A_result_file_with_a_wrong_amount_an_unknown_number_or_a_number_twice_is_taken_not_at_all(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        await Mandates(estate);
        var (batch, code) = await Batch(estate);
        await estate.ApproveAll(estate.Manager);

        var report = (await Results(estate, batch,
            $"{code},1,250.88,成功,\n{code},2,251.00,成功,\n{code},3,1.00,成功,\n{code},1,250.88,成功,\nDKX,2,251.16,不明,\n")).Done();

        Assert.Equal([5L, 0, 1, 4], [report.Fen("read"), report.Fen("collected"), report.Fen("skipped"), report.Fen("bad")]);
        Assert.Equal([3L, 4, 5, 6, 6], report["faults"].AsArray().Select(fault => fault!["row"]!.GetValue<long>()));
        Assert.Empty(await estate.Booked());
        Assert.Equal("nothing_to_collect", (await estate.Finance.Post(estate.Path + "/collection/batches",
            new
            {
                bankAccountId = (await estate.Finance.Get(estate.Path + "/bank/accounts")).Done()["items"][0]!["bankAccountId"]!.GetValue<Guid>(),
                dueBy = "2026-12-31"
            })).Code);
        await estate.Clean();
    }
}
