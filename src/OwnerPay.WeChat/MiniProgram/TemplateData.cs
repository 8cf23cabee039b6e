using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>A value that WeChat would refuse with 47003.</summary>
/// <param name="Field">The template's key, such as <c>thing1</c>.</param>
/// <param name="Rule">What its prefix asks for, in Chinese for staff who edit templates.</param>
/// <param name="Value">The value as given.</param>
public sealed record TemplateFault(string Field, string Rule, string Value);

/// <summary>Checks the values of a subscription message against the rules of their key prefixes, before anything is sent.</summary>
/// <remarks>Too long values are refused by WeChat, never cut. Characters are counted as UTF-16 units, so that an emoji counts two:
/// how WeChat counts it is not documented.</remarks>
public static partial class TemplateData
{
    /// <summary>Characters that fit into a <c>thing</c>.</summary>
    public const int ThingLength = 20;

    /// <returns>Every fault, in the order of the keys; empty if all may be sent.</returns>
    public static IReadOnlyList<TemplateFault> Validate(IReadOnlyDictionary<string, string> values) =>
        [.. values.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => Broken(pair.Key, pair.Value) is { } rule ? new TemplateFault(pair.Key, rule, pair.Value) : null)
            .OfType<TemplateFault>()];

    /// <summary>Cuts a text to <paramref name="length"/> characters, the last being … if anything was lost; whole characters only.</summary>
    public static string Fit(string text, int length = ThingLength)
    {
        var oneLine = text.ReplaceLineEndings(" ").Trim();
        if (oneLine.Length <= length) return oneLine;
        var cut = new StringBuilder();
        foreach (var character in StringInfo.GetTextElementEnumerator(oneLine).Each())
        {
            if (cut.Length + character.Length > length - 1) break;
            cut.Append(character);
        }
        return cut.Append('…').ToString();
    }

    static IEnumerable<string> Each(this TextElementEnumerator elements)
    {
        while (elements.MoveNext()) yield return elements.GetTextElement();
    }

    /// <returns>The rule that the value breaks, or null.</returns>
    static string? Broken(string field, string value)
    {
        if (Key().Match(field) is not { Success: true } key) return "字段名应为类型加序号，例如 thing1";
        if (string.IsNullOrWhiteSpace(value)) return "不能为空";
        if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0) return "不能含换行或控制字符";
        if (value.Any(char.IsSurrogate) && !Whole(value)) return "含不完整的字符";
        return key.Groups["prefix"].Value switch
        {
            "thing" => value.Length <= ThingLength ? null : "不超过 20 个字符",
            "number" => value.Length <= 32 && Digits().IsMatch(value) ? null : "不超过 32 位的数字，可带小数",
            "letter" => value.Length <= 32 && value.All(char.IsAsciiLetter) ? null : "不超过 32 个字母",
            "symbol" => value.Length <= 5 && value.All(IsSymbol) ? null : "不超过 5 个符号",
            "character_string" => value.Length <= 32 && value.All(c => c is > '\x1f' and < '\x7f') ? null : "不超过 32 位的数字、字母或符号，不能含汉字",
            "time" => Spans(value, IsTime) ? null : "24 小时制时间，例如 15:01 或 2026年10月1日 15:01",
            "date" => Spans(value, IsDate) ? null : "年月日，例如 2026年10月1日",
            "amount" => Amount().Match(value) is { Success: true } amount && amount.Value.Count(char.IsAsciiDigit) <= 10
                ? null : "1 个币种符号加不超过 10 位数字，可带小数，可以“元”结尾",
            "phone_number" => value.Length <= 17 && value.All(c => c is > '\x1f' and < '\x7f' && !char.IsAsciiLetter(c))
                ? null : "不超过 17 位的数字或符号",
            "car_number" => value.Length <= 8 && CarNumber().IsMatch(value) ? null : "不超过 8 位，首尾可为汉字，其余为字母或数字",
            "name" => IsName(value) ? null : "不超过 10 个汉字，或不超过 20 个字母或符号",
            "phrase" => value.Length <= 5 && value.All(IsChinese) ? null : "不超过 5 个汉字",
            "const" or "enum" => null,    // only the published values, which only the template's owner knows
            _ => "字段类型未知",
        };
    }

    static bool IsChinese(char c) => c is (>= '\u4e00' and <= '\u9fff') or (>= '\u3400' and <= '\u4dbf') or '\u3007';

    static bool IsSymbol(char c) => !char.IsLetterOrDigit(c) && !char.IsWhiteSpace(c) && !char.IsSurrogate(c);

    static bool IsName(string value)
    {
        if (value.Any(c => char.IsDigit(c) || char.IsSurrogate(c))) return false;
        return value.Length <= (value.Any(IsChinese) ? 10 : 20);
    }

    static bool Whole(string value)
    {
        foreach (var rune in value.EnumerateRunes())
            if (rune == Rune.ReplacementChar) return false;
        return true;
    }

    static bool Spans(string value, Func<string, bool> one) =>
        value.Split('~') is { Length: 1 or 2 } ends && ends.All(end => one(end.Trim()));

    static bool IsTime(string text) => Fits(text,
        "H:mm", "HH:mm", "H:mm:ss", "HH:mm:ss", "yyyy年M月d日 H:mm", "yyyy年M月d日 HH:mm", "yyyy年M月d日 HH:mm:ss",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss");

    static bool IsDate(string text) => Fits(text, "yyyy年M月d日", "yyyy年M月d日 H:mm", "yyyy年M月d日 HH:mm", "yyyy-MM-dd");

    static bool Fits(string text, params string[] formats) =>
        DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out _);

    [GeneratedRegex(@"\A(?<prefix>[a-z]+(_[a-z]+)?)[0-9]{1,3}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Key();

    [GeneratedRegex(@"\A-?[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A[¥￥$€£]?[0-9]+(\.[0-9]+)?元?\z")]
    private static partial Regex Amount();

    [GeneratedRegex(@"\A[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9]*[A-Za-z0-9\u4e00-\u9fff]\z")]
    private static partial Regex CarNumber();
}
