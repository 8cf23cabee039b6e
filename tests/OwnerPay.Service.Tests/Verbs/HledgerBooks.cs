using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Verbs;

/// <summary>Our books in hledger's hands: another program of other people reads them and must come to the same balances.</summary>
static class HledgerBooks
{
    /// <summary>The verb's journal of this community.</summary>
    static async Task<string> Exported(Estate estate)
    {
        var (exit, journal, complaint) = await CommandLine.Process(null, ["export", "--format", "hledger", "--community", estate.Code, .. estate.Installation.Of()]);
        Assert.True(exit == 0, complaint);
        return journal;
    }

    public static async Task Agree(Estate estate)
    {
        // A job may post while the books are being written out: then nobody can say with what to compare them, and they are written out once more.
        var (before, journal, ours) = (await Balances(estate), "", new SortedDictionary<string, string>());
        for (var tries = 1; ; tries++)
        {
            journal = await Exported(estate);
            ours = await Balances(estate);
            if (ours.SequenceEqual(before)) break;
            Assert.True(tries < 20, "The books never stand still");
            before = ours;
        }
        var check = await Run(journal, "check", "--strict", "ordereddates");
        Assert.True(check.ExitCode == 0, check.Complaint);
        var told = await Run(journal, "balance", "--flat", "--no-total", "--empty", "--output-format", "csv");
        Assert.True(told.ExitCode == 0, told.Complaint);
        var theirs = Read(told.Output);
        var differing = ours.Keys.Union(theirs.Keys).Where(account => ours.GetValueOrDefault(account) != theirs.GetValueOrDefault(account))
            .Select(account => $"{account}: {ours.GetValueOrDefault(account)} in our books, {theirs.GetValueOrDefault(account)} in hledger");
        Assert.Empty(differing);
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

    static async Task<(int ExitCode, string Output, string Complaint)> Run(string journal, params string[] args)
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
