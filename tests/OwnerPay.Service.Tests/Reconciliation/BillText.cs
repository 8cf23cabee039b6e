using System.Text;

namespace OwnerPay.Service.Tests.Reconciliation;

/// <summary>A bill as text that can be changed and stays whole: its summary line follows its rows.</summary>
sealed class BillText
{
    readonly List<string> columns;
    readonly List<string> summaryColumns;

    public List<Dictionary<string, string>> Rows { get; }

    public BillText(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        columns = [.. lines[0].Split(',')];
        summaryColumns = [.. lines[^2].Split(',')];
        Rows = [.. lines[1..^2].Select(line => columns.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second[1..]))];
    }

    public BillText Reordered(Random random)
    {
        var shuffled = columns.ToArray();
        random.Shuffle(shuffled);
        columns.Clear();
        columns.AddRange(shuffled);
        return this;
    }

    public override string ToString()
    {
        var text = new StringBuilder(string.Join(',', columns)).Append('\n');
        foreach (var row in Rows) text.Append(Line(columns.Select(column => row[column])));
        return text.Append(string.Join(',', summaryColumns)).Append('\n').Append(Line(summaryColumns.Select(Summary))).ToString();
    }

    static string Line(IEnumerable<string> values) => string.Join(',', values.Select(value => "`" + value)) + "\n";

    string Summary(string column) => column switch
    {
        "总交易单数" or "资金流水总笔数" => $"{Rows.Count}",
        "收入笔数" => $"{Rows.Count(row => row["收支类型"] == "收入")}",
        "支出笔数" => $"{Rows.Count(row => row["收支类型"] == "支出")}",
        "收入金额" => Sum("收支金额(元)", row => row["收支类型"] == "收入"),
        "支出金额" => Sum("收支金额(元)", row => row["收支类型"] == "支出"),
        "应结订单总金额" => Sum("应结订单金额"),
        "退款总金额" => Sum("退款金额"),
        "充值券退款总金额" => Sum("充值券退款金额"),
        "手续费总金额" => Sum("手续费"),
        "订单总金额" => Sum("订单金额"),
        "申请退款总金额" => Sum("申请退款金额"),
        _ => throw new ArgumentException($"No sum for {column}", nameof(column)),
    };

    string Sum(string column, Func<Dictionary<string, string>, bool>? which = null) =>
        Rows.Where(which ?? (_ => true)).Sum(row => decimal.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture))
            .ToString(column == "手续费" ? "0.00000" : "0.00", System.Globalization.CultureInfo.InvariantCulture);
}
