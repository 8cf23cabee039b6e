using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Tests.Payments;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Verbs;

/// <summary>What an auditor takes along: the books in a form that another program of other people reads.</summary>
[Collection("SQLite has one writing process: these take turns")]
public sealed class ExportVerbTests(Servers servers)
{
    [Theory, EachDatabase]
    public async Task An_auditor_finds_in_hledger_every_balance_that_our_books_have(Database database)
    {
        await using var estate = await Played(database);

        await HledgerBooks.Agree(estate);
    }

    [Theory, EachDatabase]
    public async Task An_accountant_imports_vouchers_whose_debits_and_credits_are_those_of_the_books(Database database)
    {
        await using var estate = await Played(database);

        var (exit, csv, complaint) = await CommandLine.Process(null, ["export", "--format=vouchers", "--community", estate.Code, .. estate.Installation.Of()]);

        Assert.True(exit == 0, complaint);
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("凭证日期,凭证号,摘要,科目,借方金额,贷方金额", lines[0]);
        var cells = lines[1..].Select(line => line.Split(',')).ToList();
        Assert.All(cells, cell => Assert.Equal(6, cell.Length));
        Assert.Equal(cells.Sum(cell => Fen(cell[4])), cells.Sum(cell => Fen(cell[5])));
        Assert.Equal(cells.Select(cell => cell[0]).Order(StringComparer.Ordinal), cells.Select(cell => cell[0]));
        var posted = await estate.Installation.Db(db => db.Postings.CountAsync(p => p.CommunityId == estate.CommunityId && p.Commodity == Posting.Yuan));
        Assert.Equal(posted, cells.Count);
    }

    [Fact]
    public async Task An_unknown_format_is_refused_before_anything_is_written()
    {
        var (exit, output, complaint) = await CommandLine.Run(null, "export", "--format", "excel");
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("hledger|vouchers", complaint);
    }

    async Task<Estate> Played(Database database)
    {
        var estate = await servers.Estate(database);
        await estate.BillAll();
        await estate.Offer();
        foreach (var owner in await estate.SignInAll()) await owner.PayAll();
        return estate;
    }

    static long Fen(string yuan) => yuan.Length == 0 ? 0 : (long)(decimal.Parse(yuan, CultureInfo.InvariantCulture) * 100);
}
