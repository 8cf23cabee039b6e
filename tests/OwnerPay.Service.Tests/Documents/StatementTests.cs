using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Documents;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Tests.Billing;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Documents;

/// <summary>The statement (交费通知单) that goes into a letter box.</summary>
public sealed class StatementTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task An_owner_finds_each_fee_with_its_computation_the_total_in_words_and_how_to_pay(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        (await estate.Clerk.Post(estate.Path + "/letterhead", new
        {
            company = "安居物业服务有限公司", address = "1号楼一层", hours = "每日 9:00–18:00", bankHolder = "安居物业服务有限公司", bankName = "工商银行浦东支行",
            bankAccount = "1001 2345 6789",
        })).Done();
        await estate.ApproveAll(estate.Finance);

        var page = (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{estate.Houses[0].Id}/statement"))).Done();

        Assert.Equal("text/html", page.MediaType);
        foreach (var words in new[]
        {
            "安居物业服务有限公司", "交费通知单", "1-1-0001", "89.60㎡ × 2.80元/㎡·月 × 1个月 = 250.88元", "¥250.88", "贰佰伍拾元捌角捌分", "2026年12月31日", "1001 2345 6789",
            "业*",
        })
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,", page.Text, StringComparison.Ordinal);    // the mini-program code of a pay link of these bills
        Assert.Contains("微信扫码缴费", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(estate.Houses[0].OwnerName, page.Text, StringComparison.Ordinal);    // masked: paper lies about
    }

    [Theory, EachDatabase]
    public async Task A_page_runs_no_script_and_loads_nothing_whatever_somebody_wrote_into_a_name_or_a_fee(Database database)
    {
        await using var estate = await servers.Estate(database);
        const string Evil = "<script>alert(1)</script>\"><img src=//e.example/x>";
        await estate.SetPrices(BillingSteps.Tariff("2.8000", "2020-01-01", name: Evil));
        await estate.IssueBills();
        await estate.Change(async db =>
        {
            (await db.Communities.SingleAsync(c => c.Id == estate.CommunityId)).Name = Evil;
            (await db.Buildings.SingleAsync(b => b.CommunityId == estate.CommunityId)).Name = "<b>1</b>";
            (await db.Persons.SingleAsync(p => p.Id == estate.Houses[0].PersonId)).Name = "<script>";
        });

        var page = (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{estate.Houses[0].Id}/statement"))).Done();

        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=//", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>1</b>", page.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("https?:", page.Text);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Policy, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_buyer_of_a_house_never_reads_what_the_seller_still_owes(Database database)
    {
        await using var estate = await servers.Estate(database);
        var house = estate.Houses[0];
        await estate.SetTariffs();
        await estate.IssueBills("2026-10-01", "2026-10-31", "2026-12-11");
        await estate.Sell(house, new DateOnly(2026, 11, 1));
        await estate.IssueBills("2026-11-01", "2026-11-30", "2026-12-31");

        var both = (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{house.Id}/statement?asOf=2026-12-31"))).Done().Text.Split("<article");
        var letterBox = (await estate.Fetch(estate.Clerk, estate.Print("/statements?building=1"))).Done().Text.Split("<article").Single(sheet => sheet.Contains(house.Code, StringComparison.Ordinal));
        var pdf = (await estate.Fetch((await estate.SignIn(house)).Api, $"/api/owner/v1/houses/{house.Id}/statement.pdf")).Done();

        Assert.Equal(3, both.Length);    // two pages, one for each
        Assert.Contains("2026.10.01–2026.10.31", both[1], StringComparison.Ordinal);
        Assert.Contains("原业主", both[1], StringComparison.Ordinal);
        Assert.Contains("违约金", both[1], StringComparison.Ordinal);
        Assert.DoesNotContain("2026.10.01", both[2], StringComparison.Ordinal);
        Assert.DoesNotContain("2026.10.01", letterBox, StringComparison.Ordinal);
        Assert.Contains("2026.11.01–2026.11.30", letterBox, StringComparison.Ordinal);
        var sellers = await DocumentSteps.PdfText(pdf.Body);    // the seller sees his own time and nothing of the buyer's
        Assert.Contains("2026.10.01", sellers, StringComparison.Ordinal);
        Assert.DoesNotContain("2026.11.01", sellers, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_pdf_says_what_the_page_says_and_a_paper_that_somebody_brings_can_be_compared(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var owner = await estate.SignIn(estate.Houses[0]);

        var first = (await estate.Fetch(owner.Api, owner.OwnerApi("/statement.pdf"))).Done();
        var again = (await estate.Fetch(estate.Clerk, estate.StaffApi($"/houses/{owner.House.Id}/statement.pdf"))).Done();
        var text = await DocumentSteps.PdfText(first.Body);
        var code = text.Split("校验码")[1].TrimStart()[..19];
        var kept = (await estate.Cashier.Get($"{estate.Path}/papers/{Uri.EscapeDataString(code)}")).Done();

        Assert.Equal("application/pdf", first.MediaType);
        Assert.Contains("交费通知单", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);    // set wide
        foreach (var words in new[] { "1-1-0001", "250.88", "贰佰伍拾元捌角捌分" }) Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Equal(IssuedPaper.Statement, kept["kind"].GetValue<string>());
        Assert.NotEqual(again.Body, first.Body);    // what staff print carries a pay code, what the owner fetches needs none
        Assert.True(kept["intact"].GetValue<bool>());
        Assert.Contains("¥250.88\t贰佰伍拾元捌角捌分", kept["text"].GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(404, (await estate.Cashier.Get($"{estate.Path}/papers/0123456789ABCDEF")).Status);
        await estate.Clean();
    }

    [Theory, EachDatabase]
    public async Task Nobody_opens_the_statement_of_a_house_that_is_not_his_or_of_another_community(Database database)
    {
        await using var estate = await servers.Estate(database);
        await using var other = await servers.Estate(database);
        await estate.BillAll();
        var (owner, foreign) = (await estate.SignIn(estate.Houses[0]), other.Houses[0].Id);

        Assert.Equal(404, (await estate.Fetch(owner.Api, $"/api/owner/v1/houses/{estate.Houses[1].Id}/statement.pdf")).Status);
        Assert.Equal(404, (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{foreign}/statement"))).Status);
        Assert.Equal(404, (await estate.Fetch(estate.Clerk, estate.StaffApi($"/houses/{foreign}/statement.pdf"))).Status);
        Assert.Equal(404, (await estate.Fetch(other.Clerk, estate.Print("/statements"))).Status);
        Assert.Equal(404, (await estate.Fetch(estate.Clerk, estate.Print("/statements?building=99"))).Status);
        Assert.Equal(401, (await estate.Fetch(owner.Api, estate.Print($"/houses/{owner.House.Id}/statement"))).Status);    // an owner's key opens no staff page
        Assert.Equal(400, (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{owner.House.Id}/statement?asOf=2020-01-01"))).Status);
    }

    [Theory, EachDatabase]
    public async Task A_whole_building_prints_in_one_go_one_page_for_each_house_that_owes_something(Database database)
    {
        await using var estate = await servers.Estate(database, houses: Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? 500 : 120);
        await estate.BillAll();
        await (await estate.SignIn(estate.Houses[3])).PayAll();

        var page = (await estate.Fetch(estate.Clerk, estate.Print("/statements?building=1"))).Done().Text;
        var pdf = (await estate.Fetch(estate.Clerk, estate.StaffApi("/statements.pdf?building=1"))).Done();

        Assert.Equal(estate.Houses.Count - 1, page.Split("<article").Length - 1);
        Assert.DoesNotContain("1-1-0004", page, StringComparison.Ordinal);
        Assert.Equal(estate.Houses.Count - 1, (await DocumentSteps.PdfText(pdf.Body)).Split("应缴合计").Length - 1);
        Assert.Contains("没有待缴账单", (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{estate.Houses[3].Id}/statement"))).Done().Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Nobody_alone_changes_the_account_to_which_an_estate_sends_its_fees(Database database)
    {
        await using var estate = await servers.Estate(database);
        await estate.BillAll();
        var head = new { company = "安居物业", bankHolder = "某人", bankName = "某银行", bankAccount = "6222 0000 1111" };
        (await estate.Manager.Post(estate.Path + "/letterhead", head)).Done();
        var approval = (await estate.Manager.Get(estate.Path + "/approvals?state=proposed"))["items"].AsArray().Single()!["id"]!.GetValue<Guid>();

        var own = await estate.Manager.Post($"{estate.Path}/approvals/{approval}/approve", new { });
        var page = (await estate.Fetch(estate.Clerk, estate.Print($"/houses/{estate.Houses[0].Id}/statement"))).Done().Text;

        Assert.Equal("own_proposal", own.Code);
        Assert.DoesNotContain("6222", page, StringComparison.Ordinal);
        Assert.Equal("letterhead_bank_incomplete", (await estate.Clerk.Post(estate.Path + "/letterhead", new { company = "安居物业", bankAccount = "6222 0000" })).Code);
        await estate.Clean();
    }
}
