using System.Diagnostics;
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

        var (exit, journal, complaint) = await CommandLine.Run(null, ["export", "--format", "hledger", "--community", estate.Code, .. estate.Installation.Of()]);

        Assert.True(exit == 0, complaint);
        var check = await Hledger(journal, "check", "--strict", "ordereddates");
        Assert.True(check.ExitCode == 0, check.Complaint);
        var told = await Hledger(journal, "balance", "--flat", "--no-total", "--empty", "--output-format", "csv");
        Assert.True(told.ExitCode == 0, told.Complaint);
        Assert.Equal(await Balances(estate), Read(told.Output));
    }

    [Theory, EachDatabase]
    public async Task An_accountant_imports_vouchers_whose_debits_and_credits_are_those_of_the_books(Database database)
    {
        await using var estate = await Played(database);

        var (exit, csv, complaint) = await CommandLine.Run(null, ["export", "--format=vouchers", "--community", estate.Code, .. estate.Installation.Of()]);

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

    static async Task<SortedDictionary<string, string>> Balances(Estate estate)
    {
        var sums = await estate.Installation.Db(db => db.Postings.Where(p => p.CommunityId == estate.CommunityId)
            .GroupBy(p => new { p.Account, p.Commodity }).Select(g => new { g.Key.Account, g.Key.Commodity, Amount = g.Sum(p => p.Amount) }).ToListAsync());
        return new(sums.ToDictionary(s => s.Account, s => s.Amount == 0 ? "0" : s.Commodity == Posting.Yuan
            ? string.Create(CultureInfo.InvariantCulture, $"{s.Amount / 100m:0.00} {s.Commodity}") : $"{s.Amount} {s.Commodity}"), StringComparer.Ordinal);
    }

    static SortedDictionary<string, string> Read(string csv) => new(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
        .Select(line => line.Trim('"').Split("\",\"")).ToDictionary(cells => cells[0], cells => cells[1]), StringComparer.Ordinal);

    static long Fen(string yuan) => yuan.Length == 0 ? 0 : (long)(decimal.Parse(yuan, CultureInfo.InvariantCulture) * 100);

    static async Task<(int ExitCode, string Output, string Complaint)> Hledger(string journal, params string[] args)
    {
        var start = new ProcessStartInfo("hledger", ["--file", "-", .. args])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LANG"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var (output, complaint) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(journal);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await complaint);
    }
}
