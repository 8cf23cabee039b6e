using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OwnerPay.Service.Roster;

/// <summary>The cells of one filled row, read by column. What cannot be read becomes a fault and null; <see cref="Bad"/> then stays set.</summary>
sealed partial class RosterCells(
    RosterSheet sheet, int row, IDictionary<string, object?> cells, IReadOnlyDictionary<RosterColumn, string> letters,
    ICollection<RosterFault> faults, ICollection<RosterNote> notes)
{
    static readonly DateOnly Earliest = new(1980, 1, 1), Latest = new(2099, 12, 31);

    public int Row => row;

    public RosterSheet Sheet => sheet;

    /// <summary>At least one fault was found in this row.</summary>
    public bool Bad { get; private set; }

    /// <summary>The same row with the faults of its cells kept to itself: under a merged range their emptiness says nothing new.</summary>
    public RosterCells Merged(int column, string range)
    {
        var letter = ColumnLetter(column);
        var title = letters.FirstOrDefault(pair => pair.Value == letter).Key?.Title ?? letter;
        Fault(RosterFaultKind.MergedCells, title, $"合并单元格 {range}", "取消合并，每行都填写完整");
        return new RosterCells(sheet, row, cells, letters, [], []) { Bad = true };
    }

    public void Fault(RosterFaultKind kind, RosterColumn column, string wrong, string right) => Fault(kind, column.Title, wrong, right);

    void Fault(RosterFaultKind kind, string column, string wrong, string right)
    {
        Bad = true;
        faults.Add(new(kind, sheet.Name, row, column, wrong, right));
    }

    /// <summary>A name: free text of at most 64 characters that no spreadsheet takes for a formula.</summary>
    public string? Name(RosterColumn column, bool required = true)
    {
        if (Text(column, required) is not { } text) return null;
        if (text.Length > 64)
            Fault(RosterFaultKind.TextNotAllowed, column, $"文字过长（{text.Length} 字）", "不超过 64 字");
        else if (text[0] is '=' or '+' or '-' or '@' or '\'' || text.Any(char.IsControl))
            Fault(RosterFaultKind.TextNotAllowed, column, "以公式符号开头，或含有换行、制表符", "只写名称，不以 = + - @ 开头");
        else if (ErrorValue().IsMatch(text))
            Fault(RosterFaultKind.TextNotAllowed, column, "单元格是公式错误值", "填写名称本身");
        else
            return text;
        return null;
    }

    /// <summary>A code of a building, a house or a parking space: letters, digits, Chinese characters and hyphens, at most 32.</summary>
    /// <remarks>Read in capitals: one database tells <c>b1</c> from <c>B1</c>, the other does not.</remarks>
    public string? Code(RosterColumn column, bool required = true)
    {
        if (Value(column) is DateTime)
            Fault(RosterFaultKind.BadCode, column, "被 Excel 当成了日期", "把单元格设为文本格式后重新填写");
        else if (Plain(column, required) is not { } text)
            return null;
        else if (!CodeForm().IsMatch(text))
            Fault(RosterFaultKind.BadCode, column, "编号含有不允许的字符或过长", "字母、数字、汉字和短横线，不超过 32 字，如 3-2-1101");
        else
            return text.ToUpperInvariant();
        return null;
    }

    /// <summary>An area in 0.01 m².</summary>
    public long? Area(RosterColumn column)
    {
        if (Plain(column, required: true) is not { } text) return null;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var squareMetres))
            Fault(RosterFaultKind.AreaNotANumber, column, "不是数字", "只写数字，如 89.37，不带单位");
        else if (squareMetres is <= 0 or > 1_000_000)
            Fault(RosterFaultKind.AreaNotPositive, column, $"面积为 {text}", "大于 0 且不超过 1000000 的面积，如 89.37");
        else if (squareMetres * 100 % 1 != 0)
            Fault(RosterFaultKind.AreaDecimals, column, $"面积 {text} 超过两位小数",
                $"最多两位小数，如 {Math.Round(squareMetres, 2, MidpointRounding.AwayFromZero):0.00}");
        else
            return (long)(squareMetres * 100);
        return null;
    }

    /// <summary>What stands on a meter, in 0.001 units.</summary>
    public long? Reading(RosterColumn column)
    {
        if (Plain(column, required: true) is not { } text) return null;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            Fault(RosterFaultKind.BadReading, column, $"“{Shortened(text)}”不是数字", "只写数字，如 1234.5，不带单位");
        else if (number is < 0 or > 1_000_000_000)
            Fault(RosterFaultKind.BadReading, column, $"读数为 {text}", "不小于 0、表上显示的数字");
        else if (number * 1_000 % 1 != 0)
            Fault(RosterFaultKind.BadReading, column, $"读数 {text} 超过三位小数", "最多三位小数");
        else
            return (long)(number * 1_000);
        return null;
    }

    /// <summary>One of a few fixed words, or nothing.</summary>
    public T? ChoiceOrNone<T>(RosterColumn column, IReadOnlyDictionary<string, T> words) where T : struct =>
        Text(column, required: false) is null ? null : Choice(column, words);

    /// <summary>A day: a real date without time of day, or the text yyyy-MM-dd.</summary>
    public DateOnly? Date(RosterColumn column, bool required)
    {
        if (Value(column) is DateTime exact)
            return exact.TimeOfDay == TimeSpan.Zero
                ? Possible(column, DateOnly.FromDateTime(exact))
                : Refuse(column, RosterFaultKind.DateNotPossible, "日期带有时间", exact.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (Plain(column, required) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Possible(column, day);
        var meant = LooseDate().Match(text);
        var guess = meant.Success && DateOnly.TryParseExact(
            $"{meant.Groups[1].Value}-{meant.Groups[2].Value}-{meant.Groups[3].Value}", "yyyy-M-d", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out day)
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "日期格式，或 yyyy-MM-dd 文本，如 2026-11-03";
        return Refuse(column, RosterFaultKind.DateAsText, $"“{Shortened(text)}”不是日期", guess);
    }

    DateOnly? Possible(RosterColumn column, DateOnly day) => day >= Earliest && day <= Latest
        ? day
        : Refuse(column, RosterFaultKind.DateNotPossible, $"日期 {day:yyyy-MM-dd} 不合理", "1980 年至 2099 年之间的日期");

    DateOnly? Refuse(RosterColumn column, RosterFaultKind kind, string wrong, string right)
    {
        Fault(kind, column, wrong, right);
        return null;
    }

    /// <summary>Mobile numbers, separated by 、 , ; / or spaces. A wrong number is described, never repeated.</summary>
    public IReadOnlyList<string> Phones(RosterColumn column)
    {
        if (Plain(column, required: false, personal: true) is not { } text) return [];
        var phones = text.Split(['、', ',', '，', ';', '；', '/', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var phone in phones)
        {
            if (Mobile().IsMatch(phone)) continue;
            var wrong = phone.All(char.IsAsciiDigit) ? phone.Length == 11 ? "手机号不以 1 开头" : $"手机号共 {phone.Length} 位" : "手机号含有数字以外的字符";
            Fault(RosterFaultKind.BadPhone, column, wrong, "以 1 开头的 11 位手机号，多个用顿号分开");
        }
        return phones.Distinct().ToList();
    }

    /// <summary>A share in 0.01 %.</summary>
    public int? Share(RosterColumn column)
    {
        if (Plain(column, required: false) is not { } text) return null;
        var number = text.EndsWith('%') ? text[..^1] : text;
        var fits = decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100 && percent * 100 % 1 == 0;
        // A cell shown as 50 % holds 0.5, which could as well mean half a percent: nobody guesses about property.
        if (fits && (percent > 1 || text.EndsWith('%'))) return (int)(percent * 100);
        Fault(RosterFaultKind.BadShare, column, $"份额“{Shortened(text)}”不能确定", "百分数，如 50 或 33.33，大于 1 且不超过 100，最多两位小数");
        return null;
    }

    public string? IdNumber(RosterColumn column)
    {
        if (Value(column) is double)
            Fault(RosterFaultKind.BadIdNumber, column, "证件号码是数字格式，末几位已被 Excel 改为 0", "把单元格设为文本格式后重新填写");
        else if (Plain(column, required: false, personal: true)?.ToUpperInvariant() is not { } text)
            return null;
        else if (!IdForm().IsMatch(text) || (text[..17].All(char.IsAsciiDigit) && CheckDigit(text) != text[17]))
            Fault(RosterFaultKind.BadIdNumber, column, $"证件号码共 {text.Length} 位，位数或校验位不对", "18 位身份证号或统一社会信用代码");
        else
            return text;
        return null;
    }

    /// <summary>One of a few fixed words.</summary>
    public T? Choice<T>(RosterColumn column, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (Text(column, required: true) is not { } text) return null;
        if (words.TryGetValue(text, out var value)) return value;
        Fault(RosterFaultKind.UnknownChoice, column, $"“{Shortened(text)}”不在可选范围", string.Join('、', words.Keys));
        return null;
    }

    /// <summary>Text of a cell in which only ASCII has a meaning: full-width forms become ASCII and are noted.</summary>
    string? Plain(RosterColumn column, bool required, bool personal = false)
    {
        if (Text(column, required) is not { } text) return null;
        var plain = string.Concat(text.Select(sign => IsFullWidth(sign) ? (char)(sign - 0xFEE0) : sign));
        // Notes are kept like faults: a phone or an ID number is not repeated in them.
        if (plain != text) notes.Add(new(sheet.Name, row, column.Title, personal ? "全角数字已转换为半角" : $"全角字符已转换为半角：{Shortened(plain)}"));
        return plain;
    }

    /// <summary>The full-width twin of an ASCII character; the Chinese comma and semicolon stay, they separate phones.</summary>
    static bool IsFullWidth(char sign) => sign is >= '\uFF01' and <= '\uFF5E' && sign is not '，' and not '；';

    string? Text(RosterColumn column, bool required)
    {
        var text = Value(column) switch
        {
            null => "",
            string words => words.Normalize(NormalizationForm.FormC).Trim(),
            // 15 digits are what Excel itself keeps: 89.37 arrives as 89.370000000000005.
            double number when Math.Abs(number) < 1e15 => ((decimal)number).ToString(CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString() ?? "",
        };
        if (text.Length > 0) return text;
        if (required) Fault(RosterFaultKind.Empty, column, "没有填写", column.Meaning);
        return null;
    }

    object? Value(RosterColumn column) => letters.TryGetValue(column, out var letter) && cells.TryGetValue(letter, out var value) ? value : null;

    static string ColumnLetter(int column) => column <= 26 ? $"{(char)('A' + column - 1)}"
        : ColumnLetter((column - 1) / 26) + ColumnLetter((column - 1) % 26 + 1);

    static string Shortened(string text) => text.Length <= 20 ? text : $"{text[..20]}…";

    /// <summary>Check digit of an 18-digit ID number: weights 2^(17−i) mod 11, as GB 11643-1999 sets it.</summary>
    static char CheckDigit(string id)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++) sum += (id[i] - '0') * ((1 << (17 - i)) % 11);
        return "10X98765432"[sum % 11];
    }

    [GeneratedRegex(@"^[0-9A-Za-z\p{IsCJKUnifiedIdeographs}][0-9A-Za-z\p{IsCJKUnifiedIdeographs}-]{0,31}$")]
    private static partial Regex CodeForm();

    [GeneratedRegex("^1[0-9]{10}$")]
    private static partial Regex Mobile();

    [GeneratedRegex("^([0-9]{17}[0-9X]|[0-9A-Z]{18})$")]
    private static partial Regex IdForm();

    [GeneratedRegex("^#[A-Z/0]+[!?]?$")]
    private static partial Regex ErrorValue();

    [GeneratedRegex(@"^([0-9]{4})[./年-]([0-9]{1,2})[./月-]([0-9]{1,2})日?$")]
    private static partial Regex LooseDate();
}
