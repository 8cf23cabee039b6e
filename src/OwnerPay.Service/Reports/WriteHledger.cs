using System.Globalization;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Reports;

/// <summary>Writes the books as an hledger journal: accounts and commodities declared, entries in date order, so that <c>hledger check --strict</c> accepts it.</summary>
/// <remarks>Source: hledger's manual, journal format. Yuan with two decimals as <c>CNY</c>, points whole as <c>POINTS</c>. An account stands with its path
/// as in the database; <c>/</c> is no separator there, so that every account is a top-level one.</remarks>
public sealed class WriteHledger(ReadJournals journals)
{
    public async Task Run(Guid? community, TextWriter to, CancellationToken cancel)
    {
        await to.WriteLineAsync($"commodity 1000.00 {Posting.Yuan}\ncommodity 1000. {Posting.Points}\n");
        foreach (var account in await journals.Accounts(community, cancel)) await to.WriteLineAsync($"account {account}");
        var several = await journals.Several(community, cancel);
        Guid? current = null;
        await foreach (var line in journals.Lines(community).WithCancellation(cancel))
        {
            if (line.JournalId != current) await to.WriteLineAsync(Head(line, several));
            current = line.JournalId;
            await to.WriteLineAsync($"    {line.Account}  {Amount(line)}");
        }
    }

    static string Head(ExportLine line, bool several)
    {
        var code = line.Code(several);
        return string.Create(CultureInfo.InvariantCulture,
            $"\n{line.Date:yyyy-MM-dd} {(code.Length > 0 ? $"({code}) " : "")}{Plain(line.Summary)}  ; {line.SourceKind}/{line.SourceId:N}");
    }

    // What would end the description or begin a comment.
    static string Plain(string text) => text.Replace(';', '；').Replace('|', '｜').Replace('\r', ' ').Replace('\n', ' ').Trim();

    static string Amount(ExportLine line) => line.Commodity == Posting.Yuan
        ? string.Create(CultureInfo.InvariantCulture, $"{(line.Amount < 0 ? "-" : "")}{Math.Abs(line.Amount) / 100}.{Math.Abs(line.Amount) % 100:00} {line.Commodity}")
        : string.Create(CultureInfo.InvariantCulture, $"{line.Amount} {line.Commodity}");
}
