using System.Globalization;
using OwnerPay.Domain.Payments;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>A row of a statement, read.</summary>
/// <param name="Row">As the file shows it, from 1.</param>
public sealed record StatementRow(int Row, DateOnly On, long Fen, string Reference, int Sequence, string Memo, string Payer, string PayerTail);

/// <summary>What is wrong with one cell of a file.</summary>
/// <param name="Row">From 1, as the file shows it.</param>
/// <param name="Column">Title of the column.</param>
/// <param name="Text">What is wrong and what would be right, in Chinese.</param>
public sealed record RowFault(int Row, string Column, string Text);

/// <summary>A statement: its layout, its good rows and everything that is wrong with the others.</summary>
public sealed record StatementFile(string Layout, int Read, IReadOnlyList<StatementRow> Rows, IReadOnlyList<RowFault> Faults)
{
    public static readonly Error NoLayout = new(400, "statement_layout_unknown", "没有找到银行流水的标题行")
    {
        Field = "file",
        Detail = "标题行须有日期、流水号、收入与支出（或金额与借贷标志）和摘要或附言"
    };
    const int TitleWithin = 30, Longest = 400;

    static readonly string[] Dates =
    [
        "yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d", "yyyy-M-d", "yyyyMMdd", "yyyy年M月d日", "yyyy.MM.dd", "yyyy-MM-dd HH:mm:ss", "yyyy/MM/dd HH:mm:ss",
            "yyyy/M/d H:mm:ss",
        "yyyy/M/d H:mm", "yyyy-MM-dd HH:mm", "yyyyMMdd HH:mm:ss", "yyyyMMddHHmmss", "yyyyMMdd HHmmss", "yyyy年MM月dd日 HH:mm:ss",
    ];

    /// <param name="today">Shanghai date; a row of tomorrow is a mistake.</param>
    public static Result<StatementFile> Of(IReadOnlyList<IReadOnlyList<string>> table, DateOnly today)
    {
        for (var at = 0; at < Math.Min(TitleWithin, table.Count); at++)
            foreach (var layout in StatementLayout.Known)
                if (layout.Of(table[at]) is { } columns) return Parse(table, at, columns, today);
        return NoLayout;
    }

    static StatementFile Parse(IReadOnlyList<IReadOnlyList<string>> table, int title, StatementColumns columns, DateOnly today)
    {
        var (rows, faults, seen, read) = (new List<StatementRow>(), new List<RowFault>(), new Dictionary<(DateOnly, string, long), int>(), 0);
        for (var at = title + 1; at < table.Count; at++)
        {
            var cells = table[at];
            // Empty rows and the sums at a statement's end carry no date.
            if (cells.All(cell => cell.Length == 0) || cells[0].StartsWith("合计", StringComparison.Ordinal)
                || cells[0].StartsWith("总计", StringComparison.Ordinal)) continue;
            read++;
            string Cell(int? column) => column is { } known && known < cells.Count ? cells[known] : "";
            string TitleOf(int? column) => column is { } known ? table[title][known] : "";
            var before = faults.Count;
            if (!DateTime.TryParseExact(Cell(columns.Date), Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                || date.Year is < 2000 or > 2100)
                faults.Add(new(at + 1, TitleOf(columns.Date), $"日期“{Cut(Cell(columns.Date))}”无法识别，应如 2026-12-10"));
            else if (DateOnly.FromDateTime(date) > today) faults.Add(new(at + 1, TitleOf(columns.Date), "日期晚于今天"));
            var fen = Amount(columns, Cell, text => faults.Add(new(at + 1, TitleOf(columns.Amount ?? columns.In), text)));
            var reference = Cell(columns.Reference);
            if (reference.Length is 0 or > 100) faults.Add(new(at + 1, TitleOf(columns.Reference), "流水号不能为空，且不超过 100 个字"));
            if (faults.Count > before) continue;
            var (on, sequence) = (DateOnly.FromDateTime(date), 0);
            seen[(on, reference, fen)] = sequence = seen.GetValueOrDefault((on, reference, fen)) + 1;
            var account = Cell(columns.PayerAccount);
            rows.Add(new(at + 1, on, fen, reference, sequence, Cut(string.Join(' ', columns.Memo.Select(column => Cell(column))
                .Where(text => text.Length > 0).Distinct())),
                Cell(columns.Payer) is { Length: > 190 } longName ? longName[..190] : Cell(columns.Payer), account.Length > 4 ? account[^4..]
                    : account));
        }
        return new(columns.Layout, read, rows, faults);
    }

    /// <returns>Fen, in above 0; 0 after a fault.</returns>
    static long Amount(StatementColumns columns, Func<int?, string> cell, Action<string> fault)
    {
        long Bad(string text)
        {
            fault(text);
            return 0;
        }
        if (columns.In is not null && columns.Out is not null)
            return (Fen(cell(columns.In)), Fen(cell(columns.Out))) switch
            {
                (null, _) => Bad($"金额“{Cut(cell(columns.In))}”有误，应为最多两位小数的数字"),
                (_, null) => Bad($"金额“{Cut(cell(columns.Out))}”有误，应为最多两位小数的数字"),
                (0, 0) => Bad("收入与支出都没有金额"),
                (not 0, not 0) => Bad("收入与支出不能同时有金额"),
                ({ } income, { } outgo) => income != 0 ? income : -outgo,
            };
        var word = cell(columns.Direction);
        return (Fen(cell(columns.Amount)), columns.Direction is null ? "" : word) switch
        {
            (null, _) => Bad($"金额“{Cut(cell(columns.Amount))}”有误，应为最多两位小数的数字"),
            (0, _) => Bad("没有金额"),
            ({ } amount, "") when columns.Direction is null => amount,
            ({ } amount, "贷" or "收" or "收入" or "C" or "转入" or "来账") => Math.Abs(amount),
            ({ } amount, "借" or "付" or "支" or "支出" or "D" or "转出" or "往账") => -Math.Abs(amount),
            _ => Bad($"借贷标志“{Cut(word)}”无法识别，应为 借 或 贷"),
        };
    }

    /// <returns>Null for what is no amount; 0 for an empty cell.</returns>
    static long? Fen(string text)
    {
        var plain = MatchText.Narrow(text).Replace(",", "", StringComparison.Ordinal).Replace("¥", "", StringComparison.Ordinal)
            .Replace("￥", "", StringComparison.Ordinal).Trim();
        if (plain is "" or "-" or "--") return 0;
        return decimal.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan)
            && Math.Abs(yuan) <= 1_000_000_000_000m && yuan * 100 == decimal.Truncate(yuan * 100) ? (long)(yuan * 100) : null;
    }

    static string Cut(string text) => text.Length <= Longest ? text : text[..Longest];
}
