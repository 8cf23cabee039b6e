using Microsoft.EntityFrameworkCore;
using MiniExcelLibs;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>Lists that staff take away as Excel files.</summary>
public sealed class ExportTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task A_list_in_excel_has_amounts_that_add_up_people_masked_and_an_entry_of_who_took_it(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 120);    // more than a page of any list
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.PayAll();

        var bills = await estate.Sheet(estate.Clerk, "bills");
        var open = await estate.Sheet(estate.Clerk, "bills", "?state=open");
        var payments = await estate.Sheet(estate.Finance, "payments");
        var houses = await estate.Sheet(estate.Clerk, "houses");
        var journals = await estate.Sheet(estate.Finance, "journals");

        Assert.Equal((120, 119), (bills.Count, open.Count));
        Assert.Equal((await estate.Bills()).Sum(b => b.AmountFen) / 100m, bills.Sum(row => Convert.ToDecimal(row["金额（元）"], null)));
        Assert.IsType<DateTime>(bills[0]["应缴日"]);
        Assert.Equal(250.88m, Convert.ToDecimal(Assert.Single(payments)["支付金额（元）"], null));
        Assert.Equal(120, houses.Count);
        Assert.DoesNotContain(houses, row => string.Join('|', row.Values).Contains(estate.Houses[0].Phone, StringComparison.Ordinal));
        Assert.Contains(houses, row => row["业主及住户"] is string name && name.StartsWith("业*", StringComparison.Ordinal));
        Assert.Equal(journals.Sum(row => Convert.ToDecimal(row["借方（元）"] ?? 0m, null)), journals.Sum(row => Convert.ToDecimal(row["贷方（元）"] ?? 0m, null)));
        foreach (var name in new[] { "receipts", "refunds", "redemptions", "work-items" }) await estate.Sheet(estate.Manager, name);
        var taken = await estate.Installation.Db(db => db.AuditEntries.Where(e => e.CommunityId == estate.CommunityId && e.Action == "bills.exported").OrderBy(e => e.At)
            .Select(e => e.Detail).ToListAsync());
        Assert.Equal(["{\"rows\":120}", "{\"rows\":119}"], taken);
    }

    [Theory, EachDatabase]
    public async Task A_name_that_is_a_formula_does_not_run_on_the_machine_of_whoever_opens_the_list(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.SetPrices(BillingSteps.Tariff("2.8000", "2020-01-01", name: "=HYPERLINK(\"//e.example\",\"x\")"));
        await estate.IssueBills();

        var bills = await estate.Sheet(estate.Clerk, "bills");

        Assert.All(bills, row => Assert.Equal("'=HYPERLINK(\"//e.example\",\"x\")", row["费用项目"]));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+86", "'+86")]
    [InlineData("-5", "'-5")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("阳光", "阳光")]
    [InlineData("", "")]
    public void Text_stays_text(string text, string written) => Assert.Equal(written, SheetFile.Neutral(text));

    [Theory, EachDatabase]
    public async Task An_empty_list_still_says_what_its_columns_are(Database database)
    {
        await using var estate = await servers.Estate(database);
        var file = (await estate.Fetch(estate.Finance, estate.StaffApi("/refunds/export.xlsx"))).Done();
        using var stream = new MemoryStream(file.Body);
        Assert.Equal("退款单号", stream.Query(useHeaderRow: false).Cast<IDictionary<string, object?>>().Single().Values.First());
    }

    [Theory, EachDatabase]
    public async Task Staff_find_the_bills_of_a_house_a_page_at_a_time(Database database)
    {
        await using var estate = await servers.Estate(database, houses: 101);
        await estate.BillAll();

        var first = (await estate.Clerk.Get(estate.Path + "/bills")).Done();
        var second = (await estate.Clerk.Get($"{estate.Path}/bills?cursor={first["nextCursor"].GetValue<string>()}")).Done();
        var one = (await estate.Clerk.Get($"{estate.Path}/bills?house={estate.Houses[5].Id}")).Done();

        Assert.Equal((100, 1), (first["items"].AsArray().Count, second["items"].AsArray().Count));
        Assert.Equal(estate.Houses[5].Code, Assert.Single(one["items"].AsArray())!["house"]!.GetValue<string>());
    }
}

static class SheetSteps
{
    public static async Task<List<IDictionary<string, object?>>> Sheet(this Estate estate, Api who, string list, string query = "")
    {
        var file = (await estate.Fetch(who, estate.StaffApi($"/{list}/export.xlsx{query}"))).Done();
        Assert.Equal(SheetFile.MediaType, file.MediaType);
        using var stream = new MemoryStream(file.Body);
        return [.. stream.Query(useHeaderRow: true).Cast<IDictionary<string, object?>>()];
    }
}
