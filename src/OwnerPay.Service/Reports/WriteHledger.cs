using System.Globalization;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Reports;

/// <summary>Writes the books as an hledger journal: accounts and commodities declared, entries in date order, so that <c>hledger check --strict</c> accepts it.</summary>
/// <remarks>Source: hledger's manual, journal format. Yuan with two decimals as <c>CNY</c>, points whole as <c>POINTS</c>. An account stands with its path
/// as in the database; <c>/</c> is no separator there, so that every account is a top-level one.</remarks>
public sealed class WriteHledger(ReadJournals journals)
{
    public async Task Run(ExportScope scope, TextWriter to, CancellationToken cancel)
    {
        await to.WriteLineAsync($"commodity 1000.00 {Posting.Yuan}\ncommodity 1000. {Posting.Points}\n");
        foreach (var account in await journals.Accounts(scope, cancel)) await to.WriteLineAsync($"account {account}{Sort(account)}");
        if (await journals.Openings(scope, cancel) is { Count: > 0 } openings)
        {
            await to.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\n{scope.From:yyyy-MM-dd} 期初余额"));
            foreach (var opening in openings) await to.WriteLineAsync($"    {opening.Account}  {Amount(opening.Amount, opening.Commodity)}");
        }
        var several = await journals.Several(scope.Community, cancel);
        Guid? current = null;
        await foreach (var line in journals.Lines(scope).WithCancellation(cancel))
        {
            if (line.JournalId != current) await to.WriteLineAsync(Head(line, several));
            current = line.JournalId;
            await to.WriteLineAsync($"    {line.Account}  {Amount(line.Amount, line.Commodity)}");
        }
    }

    /// <summary>What sort of account it is, by hledger's tag, and its Chinese name; points have none of either.</summary>
    static string Sort(string account) => ChartOfAccounts.Find(account) is not { } known ? "" : $"  ; type: {known.Sort switch
    {
        AccountSort.Asset => "A",
        AccountSort.Liability => "L",
        AccountSort.Income => "R",
        AccountSort.Expense => "X",
        _ => throw new InvalidOperationException($"No letter for {known.Sort}"),
    }}, {ChartOfAccounts.NameOf(account)}";

    static string Head(ExportLine line, bool several)
    {
        var code = line.Code(several);
        return string.Create(CultureInfo.InvariantCulture,
            $"\n{line.Date:yyyy-MM-dd} {(code.Length > 0 ? $"({code}) " : "")}{Plain(line.Summary)}  ; {line.SourceKind}/{line.SourceId:N}");
    }

    // What would end the description or begin a comment.
    static string Plain(string text) => text.Replace(';', '；').Replace('|', '｜').Replace('\r', ' ').Replace('\n', ' ').Trim();

    static string Amount(long amount, string commodity) => commodity == Posting.Yuan
        ? string.Create(CultureInfo.InvariantCulture, $"{(amount < 0 ? "-" : "")}{Math.Abs(amount) / 100}.{Math.Abs(amount) % 100:00} {commodity}")
        : string.Create(CultureInfo.InvariantCulture, $"{amount} {commodity}");
}
