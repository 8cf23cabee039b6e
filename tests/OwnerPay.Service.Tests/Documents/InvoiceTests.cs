using System.Text;
using OwnerPay.Service.Payments;
using OwnerPay.Service.Payments.Invoices;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Tests.Staff;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>E-invoices: asked for, made in the tax system, results taken back, reversed after refunds.</summary>
public sealed class InvoiceTests(Servers servers)
{
    static readonly object Firm = new { titleKind = "company", title = "某某科技有限公司", taxNumber = "91350100m000100y43", email = "kuaiji@example.cn" };

    [Theory, EachDatabase]
    public async Task An_owner_asks_finance_takes_the_list_to_the_tax_system_and_the_number_comes_back_however_often(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();

        var asked = (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)).Done();
        var again = (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)).Done();
        var other = await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", new { titleKind = "personal", title = "李四" });
        var csv = await estate.Csv();
        var id = asked["invoiceId"].GetValue<Guid>();
        var first = await estate.Results($"{id:N},开具,成功,24312000000012345678,2026-12-11,");
        var second = await estate.Results($"{id:N},开具,成功,24312000000012345678,2026-12-11,");
        var wrong = await estate.Results($"{id:N},开具,成功,24312000000099999999,2026-12-11,");

        Assert.Equal(id, again["invoiceId"].GetValue<Guid>());
        Assert.Equal("invoice_requested", other.Code);
        // 250.88 with 6 % in it: 236.68 and 14.20, as the bill's line froze them.
        Assert.Equal([$"{id:N}", "开具", "1-1-0001", "单位", "某某科技有限公司", "91350100M000100Y43", "住宅物业费", "250.88", "6", "236.68", "14.20"],
            new[] { 0, 1, 3, 4, 5, 6, 9, 13, 14, 15, 16 }.Select(column => csv[1].Split(',')[column]));
        Assert.Equal((1, 0), (first["changed"].GetValue<int>(), first["unchanged"].GetValue<int>()));
        Assert.Equal((0, 1), (second["changed"].GetValue<int>(), second["unchanged"].GetValue<int>()));
        Assert.Contains("24312000000012345678", wrong["bad"][0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var shown = (await owner.Api.Get($"{owner.Path}/payments/{order}/invoice")).Done();
        Assert.Equal(("issued", "24312000000012345678"), (shown["state"].GetValue<string>(), shown["number"].GetValue<string>()));
        Assert.Single(await estate.Csv());    // nothing waits any more
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task After_a_refund_an_issued_invoice_waits_for_its_red_letter_and_the_rest_can_be_invoiced_anew(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var id = (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)).Done()["invoiceId"].GetValue<Guid>();
        await estate.Results($"{id:N},开具,成功,24312000000012345678,2026-12-11,");
        await estate.UntilRefund(await estate.Refund(order, fen: 5_000), RefundState.Done);
        await estate.Watch();

        Assert.Equal("redNeeded", (await owner.Api.Get($"{owner.Path}/payments/{order}/invoice")).Done()["state"].GetValue<string>());
        Assert.Contains("invoice.red-needed", await estate.WorkKinds());
        var waiting = (await estate.Csv())[1].Split(',');
        Assert.Equal(("红冲", "24312000000012345678"), (waiting[1], waiting[17]));
        Assert.Equal("invoice_requested", (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", new { titleKind = "personal", title = "李四" })).Code);
        Assert.Equal(1, (await estate.Results($"{id:N},红冲,成功,24312000000022222222,2026-12-12,"))["changed"].GetValue<int>());
        Assert.Equal(1, (await estate.Results($"{id:N},红冲,成功,24312000000022222222,2026-12-12,"))["unchanged"].GetValue<int>());
        var rest = (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", new { titleKind = "personal", title = "李四" })).Done();
        Assert.Equal(25_088 - 5_000, rest["grossFen"].GetValue<long>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Money_that_went_back_before_the_invoice_was_made_takes_the_wish_with_it_but_not_an_invoice_made_meanwhile(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var id = (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)).Done()["invoiceId"].GetValue<Guid>();
        await estate.UntilRefund(await estate.Refund(order), RefundState.Done);
        await estate.Watch();

        Assert.Equal("cancelled", (await owner.Api.Get($"{owner.Path}/payments/{order}/invoice")).Done()["state"].GetValue<string>());
        Assert.Equal("invoice_nothing", (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)).Code);
        await estate.Results($"{id:N},开具,成功,24312000000012345678,2026-12-11,");    // the tax system was faster
        Assert.Equal("redNeeded", (await owner.Api.Get($"{owner.Path}/payments/{order}/invoice")).Done()["state"].GetValue<string>());
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task A_file_with_one_wrong_row_changes_nothing_and_names_row_and_column(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        var order = await owner.PayAll();
        var id = (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)).Done()["invoiceId"].GetValue<Guid>();

        var answer = await estate.Results(
            $"{id:N},开具,成功,24312000000012345678,2026-12-11,", $"{Guid.CreateVersion7():N},开具,成功,24312000000012345679,2026-12-11,", "x,开具,成功,1,2026-12-11,",
            $"{id:N},开具,成功,24312000000012345678,11.12.2026,", $"{id:N},冲,成功,24312000000012345678,2026-12-11,");

        Assert.Equal(0, answer["changed"].GetValue<int>());
        Assert.Equal(["3 申请编号", "4 申请编号", "5 开票日期", "6 动作"],
            answer["bad"].AsArray().Select(bad => $"{bad!["row"]!.GetValue<int>()} {bad["column"]!.GetValue<string>()}"));
        Assert.Equal("requested", (await owner.Api.Get($"{owner.Path}/payments/{order}/invoice")).Done()["state"].GetValue<string>());
        Assert.Equal("invoice_file_columns", (await estate.Upload("a,b\r\n1,2\r\n")).Code);
    }

    [Theory, EachDatabase]
    public async Task Two_taps_make_one_request_and_nobody_asks_for_somebody_elses_payment(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var (owner, neighbour) = (await estate.SignIn(estate.Houses[0]), await estate.SignIn(estate.Houses[1]));
        var order = await owner.PayAll();

        var taps = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => owner.Api.Post($"{owner.Path}/payments/{order}/invoice", Firm)));

        Assert.Single(taps.Select(tap => tap.Done()["invoiceId"].GetValue<Guid>()).Distinct());
        Assert.Equal("order_not_found", (await neighbour.Api.Post($"{neighbour.Path}/payments/{order}/invoice", Firm)).Code);
        Assert.Equal("house_not_found", (await neighbour.Api.Get($"{owner.Path}/payments/{order}/invoice")).Code);
        Assert.Equal("tax_number_invalid", (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", new { titleKind = "company", title = "某公司", taxNumber = "91350100M000100Y44" })).Code);
        Assert.Equal("tax_number_invalid", (await owner.Api.Post($"{owner.Path}/payments/{order}/invoice", new { titleKind = "company", title = "某公司" })).Code);
        await estate.Clean();
    }
}

static class InvoiceSteps
{
    /// <summary>Lines of the list for the tax system, its titles first.</summary>
    public static async Task<string[]> Csv(this Estate estate) =>
        (await estate.Fetch(estate.Finance, estate.StaffApi("/invoices/export.csv"))).Done().Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    public static async Task<Answer> Results(this Estate estate, params string[] rows) =>
        (await estate.Upload("申请编号,动作,结果,发票号码,开票日期,原因\r\n" + string.Join("\r\n", rows))).Done();

    public static Task<Answer> Upload(this Estate estate, string csv)
    {
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        return estate.Finance.Post(estate.Path + "/invoices/results", new MultipartFormDataContent { { file, "file", "results.csv" } });
    }

    /// <summary>The job of the next minute, now.</summary>
    public static Task Watch(this Estate estate) => estate.Installation.Start<WatchInvoices>(watch => watch.Run(default));
}
