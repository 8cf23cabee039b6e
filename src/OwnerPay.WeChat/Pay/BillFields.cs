using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OwnerPay.WeChat.Pay;

/// <summary>Columns of a bill by header name.</summary>
sealed class BillColumns
{
    /// <summary>Position of a column that the bill does not have.</summary>
    public const int None = -1;

    readonly Dictionary<string, int> positions;

    BillColumns(Dictionary<string, int> positions) => this.positions = positions;

    public int Count => positions.Count;

    public IEnumerable<KeyValuePair<string, int>> All => positions;

    public bool Has(string name) => positions.ContainsKey(name);

    public int At(string name) => positions.GetValueOrDefault(name, None);

    /// <summary>The first of two columns that the bill has: very old merchants' bills name them otherwise.</summary>
    public int At(string name, string older) => Has(name) || !Has(older) ? At(name) : At(older);

    public string NameOf(int position) => positions.Single(column => column.Value == position).Key;

    public static bool TryRead(ReadOnlySpan<char> header, [NotNullWhen(true)] out BillColumns? columns)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        columns = null;
        foreach (var name in header.Split(','))
            if (!positions.TryAdd(header[name].Trim().ToString(), positions.Count)) return false;
        columns = new BillColumns(positions);
        return true;
    }
}

/// <summary>The values of a bill's lines, one line at a time, by position. The first value of a line that cannot be read is kept as <see cref="Fault"/>;
/// reading goes on harmlessly.</summary>
/// <remarks>One object serves a whole file: a bill may have millions of lines, most of whose texts are those of the line before.</remarks>
sealed class BillFields(BillColumns columns)
{
    static readonly TimeSpan Beijing = TimeSpan.FromHours(8);
    readonly (int From, int To)[] places = new (int, int)[columns.Count];
    readonly string[] texts = [.. Enumerable.Repeat("", columns.Count)];
    readonly char[] lastTime = new char["yyyy-MM-dd HH:mm:ss".Length];
    DateTimeOffset? last;
    ReadOnlyMemory<char> line;

    public BillFault? Fault { get; private set; }

    public int Line { get; private set; }

    /// <summary>Splits at commas, which the file never has inside a value, and takes the backticks off.</summary>
    /// <param name="text">Must stay as it is until the next line is split.</param>
    public bool TrySplit(ReadOnlyMemory<char> text, int number)
    {
        (line, Line, Fault) = (text, number, null);
        var rest = text.Span;
        var at = 0;
        for (var count = 0; count < places.Length && at < rest.Length && rest[at] == '`'; count++)
        {
            var length = rest[at..].IndexOf(',');
            places[count] = (at + 1, length < 0 ? rest.Length : at + length);
            if (length < 0 && count == places.Length - 1) return true;
            if (length < 0) break;
            at += length + 1;
        }
        Fault = new(BillFaultKind.RaggedLine, number, null, $"{rest.Count(',') + 1} fields, header has {columns.Count}");
        return false;
    }

    /// <summary>The value as it stands; empty if the bill has no such column.</summary>
    public ReadOnlySpan<char> Value(int position) =>
        position < 0 ? default : line.Span[places[position].From..places[position].To];

    public BillSummary ToSummary() => new(columns.All.ToDictionary(column => column.Key, column => Value(column.Value).ToString()));

    /// <summary>The value as a string, which is the line's before where they are alike.</summary>
    public string Text(int position)
    {
        if (position < 0) return "";
        var value = Value(position);
        return value.SequenceEqual(texts[position]) ? texts[position] : texts[position] = value.ToString();
    }

    /// <summary>A text that the merchant gave: WeChat writes its commas and line ends in another way.</summary>
    public string MerchantText(int position)
    {
        var text = Text(position);
        return text.Contains('\\', StringComparison.Ordinal)
            ? text.Replace("\\ ", ",", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
                .Replace("\\n", "\n", StringComparison.Ordinal)
            : text;
    }

    /// <summary>True where a number of ours or WeChat's stands: the bill writes <c>0</c> or nothing for none.</summary>
    public bool HasNumber(int position) => Value(position) is not ("" or "0");

    /// <summary>A number of ours or WeChat's; null where there is none.</summary>
    public string? Number(int position) => HasNumber(position) ? Text(position) : null;

    public long Fen(int position)
    {
        if (position < 0) return 0;
        if (Yuan.TryFen(Value(position), out var fen)) return fen;
        Blame(position, "no amount in whole fen");
        return 0;
    }

    public long MilliFen(int position)
    {
        if (position < 0) return 0;
        if (Yuan.TryMilliFen(Value(position), out var thousandths)) return thousandths;
        Blame(position, "no amount");
        return 0;
    }

    public int Count(int position)
    {
        if (int.TryParse(Value(position), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return count;
        Blame(position, "no count");
        return -1;
    }

    /// <returns>True for the first word, false for the second; anything else is a fault.</returns>
    public bool OneOf(int position, string yes, string no)
    {
        var text = Value(position);
        var isYes = text.SequenceEqual(yes);
        if (!isYes && !text.SequenceEqual(no)) Blame(position, $"neither {yes} nor {no}");
        return isYes;
    }

    /// <summary>Beijing time in whole seconds; null where the column is absent or the value empty.</summary>
    public DateTimeOffset? Time(int position)
    {
        if (Value(position) is not { Length: > 0 } text) return null;
        if (text.SequenceEqual(lastTime) && last is not null) return last;    // a busy merchant's rows share their second
        if (TrySeconds(text, out var time))
        {
            text.CopyTo(lastTime);
            last = new DateTimeOffset(time, Beijing);
            return last;
        }
        Blame(position, "no time");
        return null;
    }

    /// <summary>Digits at their places: the framework's parser takes a third of the time that a whole bill needs.</summary>
    static bool TrySeconds(ReadOnlySpan<char> text, out DateTime time)
    {
        time = default;
        if (text is not [_, _, _, _, '-', _, _, '-', _, _, ' ', _, _, ':', _, _, ':', _, _]) return false;
        if (!TryNumber(text[..4], out var year) || !TryNumber(text[5..7], out var month) || !TryNumber(text[8..10], out var day)) return false;
        if (!TryNumber(text[11..13], out var hour) || !TryNumber(text[14..16], out var minute) || !TryNumber(text[17..], out var second)) return false;
        if (year is < 2 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    static bool TryNumber(ReadOnlySpan<char> text, out int number)
    {
        var read = Digits.TryRead(text, out var wide);
        number = (int)wide;    // four digits at most
        return read;
    }

    /// <summary>As <see cref="Time"/>, for columns that must have a value.</summary>
    public DateTimeOffset RequiredTime(int position)
    {
        if (Time(position) is { } time) return time;
        Blame(position, "no time");
        return default;
    }

    void Blame(int position, string why) => Fault ??= new(BillFaultKind.BadValue, Line, position < 0 ? null : columns.NameOf(position), why);
}
