using System.Globalization;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reports;

/// <summary>Writes the books as a voucher list (凭证) in CSV, the shape that Chinese accounting programs import: date, number, summary, account, debit, credit.</summary>
/// <remarks>A side of yuan with two decimals, the other side empty. Points are no money and left out. The first line names the columns; UTF-8.</remarks>
public sealed class WriteVouchers(ReadJournals journals)
{
    static readonly string[] Columns = ["凭证日期", "凭证号", "摘要", "科目", "借方金额", "贷方金额"];

    public async Task Run(ExportScope scope, TextWriter to, CancellationToken cancel)
    {
        var several = await journals.Several(scope.Community, cancel);
        await to.WriteLineAsync(string.Join(',', Columns));
        await foreach (var line in journals.Lines(scope).WithCancellation(cancel))
        {
            if (line.Commodity != Posting.Yuan) continue;
            string[] cells =
            [
                line.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Code(several), line.Summary, line.Account,
                line.Amount > 0 ? Yuan(line.Amount) : "", line.Amount < 0 ? Yuan(-line.Amount) : "",
            ];
            await to.WriteLineAsync(string.Join(',', cells.Select(CsvText.Cell)));
        }
    }

    static string Yuan(long fen) => string.Create(CultureInfo.InvariantCulture, $"{fen / 100}.{fen % 100:00}");
}
