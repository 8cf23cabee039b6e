using System.Text.RegularExpressions;

namespace OwnerPay.WeChatEmulator.MiniProgram;

/// <summary>What a template field may hold, by the letters at the start of its key (<c>thing1</c>, <c>amount2</c>).</summary>
static partial class TemplateFields
{
    static readonly (string Prefix, Func<string, bool> Holds)[] Rules =
    [
        ("character_string", value => Length(value) is >= 1 and <= 32 && AsciiOnly.IsMatch(value)),
        ("phone_number", value => value.Length is >= 1 and <= 17 && PhoneNumber.IsMatch(value)),
        ("car_number", value => Length(value) is >= 1 and <= 8 && CarNumber.IsMatch(value)),
        ("thing", value => Length(value) is >= 1 and <= 20 && !value.Contains('\n', StringComparison.Ordinal)),
        ("number", value => value.Length <= 32 && Number.IsMatch(value)),
        ("letter", value => value.Length <= 32 && Letters.IsMatch(value)),
        ("symbol", value => Length(value) is >= 1 and <= 5 && Symbols.IsMatch(value)),
        ("amount", Amount.IsMatch),
        ("phrase", value => Chinese.IsMatch(value)),
        ("time", value => value.Split('~').All(part => Time.IsMatch(part.Trim()))),
        ("date", value => value.Split('~').All(part => Date.IsMatch(part.Trim()))),
        ("name", value => Length(value) is >= 1 and var length && length <= (AnyChinese.IsMatch(value) ? 10 : 20) && !AnyDigit.IsMatch(value)),
        ("const", value => value.Length > 0),
        ("enum", value => value.Length > 0),
    ];

    /// <returns>False for a key of unknown kind, and for a value that breaks its kind's rule.</returns>
    public static bool Holds(string key, string value)
    {
        var kind = key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return kind.Length < key.Length && Array.Find(Rules, rule => rule.Prefix == kind) is { Holds: { } holds } && holds(value);
    }

    /// <summary>Characters; a Chinese one and an ASCII one count the same.</summary>
    static int Length(string value) => value.EnumerateRunes().Count();

    [GeneratedRegex(@"\A[\x20-\x7E]+\z")]
    private static partial Regex AsciiOnly { get; }

    [GeneratedRegex(@"\A[0-9+\-() ]+\z")]
    private static partial Regex PhoneNumber { get; }

    [GeneratedRegex(@"\A\p{IsCJKUnifiedIdeographs}?[0-9A-Za-z]+\p{IsCJKUnifiedIdeographs}?\z")]
    private static partial Regex CarNumber { get; }

    [GeneratedRegex(@"\A-?\d+(\.\d+)?\z")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"\A[A-Za-z]+\z")]
    private static partial Regex Letters { get; }

    [GeneratedRegex(@"\A[\p{P}\p{S}]+\z")]
    private static partial Regex Symbols { get; }

    [GeneratedRegex(@"\A[¥￥$€£]?(?=[\d.]{1,11}元?\z)\d{1,10}(\.\d+)?元?\z")]
    private static partial Regex Amount { get; }

    [GeneratedRegex(@"\A\p{IsCJKUnifiedIdeographs}{1,5}\z")]
    private static partial Regex Chinese { get; }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex AnyChinese { get; }

    [GeneratedRegex(@"\d")]
    private static partial Regex AnyDigit { get; }

    [GeneratedRegex(@"\A((\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d)\s?)?([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?\z")]
    private static partial Regex Time { get; }

    [GeneratedRegex(@"\A(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d)(\s?([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?\z")]
    private static partial Regex Date { get; }
}
