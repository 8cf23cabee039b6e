using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OwnerPay.WeChat.Pay;

/// <summary>What makes one kind of bill: the columns it cannot do without, how a row is made, and what the summary adds up.</summary>
/// <param name="Sums">Summary column and each row's part in it, in thousandths of a fen.</param>
sealed record BillFormat<TRow>(
    IReadOnlyList<string> Required, Func<BillFields, TRow> Read, string CountColumn, IReadOnlyList<(string Column, Func<TRow, long> Of)> Sums);

/// <summary>Positions of a bill's columns by header name.</summary>
sealed class BillColumns
{
    readonly Dictionary<string, int> positions;

    BillColumns(Dictionary<string, int> positions) => this.positions = positions;

    public int Count => positions.Count;

    public IReadOnlyDictionary<string, int> Positions => positions;

    public bool Has(string name) => positions.ContainsKey(name);

    public bool TryPosition(string name, out int position) => positions.TryGetValue(name, out position);

    public static bool TryRead(string header, [NotNullWhen(true)] out BillColumns? columns)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        columns = null;
        foreach (var name in header.Split(','))
            if (!positions.TryAdd(name.Trim(), positions.Count)) return false;
        columns = new BillColumns(positions);
        return true;
    }
}

/// <summary>The lines of a bill, one at a time. The first value of a line that cannot be read is kept as <see cref="Fault"/>; reading goes on harmlessly.</summary>
/// <remarks>One object serves a whole file: a bill may have millions of lines, most of whose texts are those of the line before.</remarks>
sealed class BillFields(BillColumns columns)
{
    static readonly TimeSpan Beijing = TimeSpan.FromHours(8);
    readonly (int From, int To)[] places = new (int, int)[columns.Count];
    readonly string[] before = [.. Enumerable.Repeat("", columns.Count)];
    string line = "";

    public BillFault? Fault { get; private set; }

    public int Line { get; private set; }

    /// <summary>Splits at commas, which the file never has inside a value, and takes the backticks off.</summary>
    public bool TrySplit(string text, int number)
    {
        (line, Line, Fault) = (text, number, null);
        var (count, at) = (0, 0);
        while (count < places.Length && at < text.Length && text[at] == '`')
        {
            var comma = text.IndexOf(',', at);
            places[count++] = (at + 1, comma < 0 ? text.Length : comma);
            if (comma < 0 && count == places.Length) return true;
            if (comma < 0) break;
            at = comma + 1;
        }
        Fault = new(BillFaultKind.RaggedLine, number, null, $"{text.Count(',') + 1} fields, header has {columns.Count}");
        return false;
    }

    ReadOnlySpan<char> Value(int position) => line.AsSpan(places[position].From, places[position].To - places[position].From);

    ReadOnlySpan<char> Value(string name) => columns.TryPosition(name, out var position) ? Value(position) : "";

    public BillSummary ToSummary() => new(columns.Positions.ToDictionary(column => column.Key, column => Value(column.Value).ToString()));

    /// <summary>The value as it stands; empty if the bill has no such column.</summary>
    public string Text(string name)
    {
        if (!columns.TryPosition(name, out var position)) return "";
        var value = Value(position);
        return value.SequenceEqual(before[position]) ? before[position] : before[position] = value.ToString();
    }

    /// <summary>A text that the merchant gave: WeChat writes its commas and line ends in another way.</summary>
    public string MerchantText(string name)
    {
        var text = Text(name);
        return text.Contains('\\', StringComparison.Ordinal)
            ? text.Replace("\\ ", ",", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
                .Replace("\\n", "\n", StringComparison.Ordinal)
            : text;
    }

    /// <summary>A number of ours or WeChat's; null where the bill writes <c>0</c> or nothing.</summary>
    public string? Number(string name) => Text(name) is not ("" or "0") and var number ? number : null;

    /// <summary>The first of two columns that the bill has: very old merchants' bills name them otherwise.</summary>
    public string Either(string name, string older) => columns.Has(name) || !columns.Has(older) ? name : older;

    public long Fen(string name)
    {
        if (!columns.Has(name)) return 0;
        if (Yuan.TryFen(Value(name), out var fen)) return fen;
        Fault ??= new(BillFaultKind.BadValue, Line, name, "no amount in whole fen");
        return 0;
    }

    public long MilliFen(string name)
    {
        if (!columns.Has(name)) return 0;
        if (Yuan.TryMilliFen(Value(name), out var thousandths)) return thousandths;
        Fault ??= new(BillFaultKind.BadValue, Line, name, "no amount");
        return 0;
    }

    public int Count(string name)
    {
        if (int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return count;
        Fault ??= new(BillFaultKind.BadValue, Line, name, "no count");
        return -1;
    }

    /// <returns>True for the first word, false for the second; anything else is a fault.</returns>
    public bool OneOf(string name, string yes, string no)
    {
        if (Text(name) is var text && text != yes && text != no) Fault ??= new(BillFaultKind.BadValue, Line, name, $"neither {yes} nor {no}");
        return text == yes;
    }

    /// <summary>Beijing time in whole seconds; null where the column is absent or the value empty.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Value(name) is not { Length: > 0 } text) return null;
        if (DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year is > 1 and < 9999)
            return new DateTimeOffset(time, Beijing);
        Fault ??= new(BillFaultKind.BadValue, Line, name, "no time");
        return null;
    }

    /// <summary>As <see cref="Time"/>, for columns that must have a value.</summary>
    public DateTimeOffset RequiredTime(string name)
    {
        if (Time(name) is { } time) return time;
        Fault ??= new(BillFaultKind.BadValue, Line, name, "no time");
        return default;
    }
}
