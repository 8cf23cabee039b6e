using System.Globalization;
using System.Text;

namespace OwnerPay.Domain.Disclosure;

/// <summary>Something in a text that is written like a house number.</summary>
/// <param name="At">Index of its first character.</param>
/// <param name="Length">Characters, with what stands between the parts.</param>
/// <param name="Parts">Building, unit, door …: letters in upper case, numbers without leading zeros.</param>
/// <param name="NamesDoor">Followed by 室 or 房, so that a single part may be a door.</param>
public sealed record HouseMention(int At, int Length, IReadOnlyList<string> Parts, bool NamesDoor);

/// <summary>Reads house numbers out of text, however they are written: 3-2-1101, ３－２－１１０１, 3栋2单元1101室, 三号楼二单元1101.</summary>
public static class HouseMentions
{
    static readonly string[] Between = ["号楼", "单元", "号房", "栋", "幢", "座", "楼", "门", "号", "室", "#", "-", "/"];
    const string Digits = "〇一二三四五六七八九", Dashes = "‐‑‒–—―−－", AfterNumeral = "号栋幢座单门楼";

    /// <summary>The parts of a house code: <c>3-02-1101</c> and <c>3-2-1101</c> are the same house.</summary>
    public static IReadOnlyList<string> PartsOf(string code) =>
        [.. Plain(code).Split('-', '/', '#', ' ').Where(part => part.Length > 0).Select(Short)];

    /// <returns>Every run of parts with something between them, and every single number before 室 or 房, in the order of the text.</returns>
    public static IReadOnlyList<HouseMention> In(string text)
    {
        var plain = Plain(text);
        var found = new List<HouseMention>();
        for (var at = 0; at < plain.Length;)
        {
            var (part, end) = Part(plain, at);
            if (part is null)
            {
                at++;
                continue;
            }
            var mention = Run(plain, at, part, end);
            if (mention.Parts.Count > 1 || mention.NamesDoor) found.Add(mention);
            at = mention.At + mention.Length;
        }
        return found;
    }

    static HouseMention Run(string text, int begin, string first, int end)
    {
        var parts = new List<string> { first };
        while (true)
        {
            var behind = Separators(text, end);
            if (behind == end || Part(text, behind) is not ({ } next, var nextEnd)) break;
            parts.Add(next);
            end = nextEnd;
        }
        var rest = text.AsSpan(end).TrimStart(' ');
        return new HouseMention(begin, end - begin, parts, rest is ['室' or '房', ..] && rest is not ['房', '屋' or '产' or '价' or '款', ..]
            || rest.StartsWith("号房"));
    }

    /// <summary>Behind at least one separator and the blanks around it; the same place where there is none.</summary>
    static int Separators(string text, int from)
    {
        var (at, any) = (from, false);
        while (true)
        {
            while (at < text.Length && text[at] == ' ') at++;
            if (Between.FirstOrDefault(word => string.CompareOrdinal(text, at, word, 0, word.Length) == 0) is not { } found) break;
            at += found.Length;
            any = true;
        }
        return any ? at : from;
    }

    static (string? Part, int End) Part(string text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 8 && (char.IsAsciiDigit(text[end]) || text[end] is >= 'A' and <= 'Z')) end++;
        if (end > at) return (Short(text[at..end]), end);
        while (end < text.Length && end - at < 3 && (Digits.Contains(text[end], StringComparison.Ordinal) || text[end] == '十')) end++;
        // Numerals in words are everywhere; only those before a word for building, unit or door are parts.
        return end > at && end < text.Length && AfterNumeral.Contains(text[end], StringComparison.Ordinal) && Number(text[at..end]) is { } number
            ? (number.ToString(CultureInfo.InvariantCulture), end) : (null, at);
    }

    /// <summary>1 to 99 in Chinese words; null for what is none.</summary>
    static int? Number(string words)
    {
        var ten = words.IndexOf('十');
        if (ten < 0) return words.Length == 1 ? Digits.IndexOf(words[0]) : null;
        if (ten > 1 || words.Length - ten > 2) return null;
        return (ten == 0 ? 1 : Digits.IndexOf(words[0])) * 10 + (words.Length - ten == 1 ? 0 : Digits.IndexOf(words[^1]));
    }

    static string Short(string part) => part.TrimStart('0') is { Length: > 0 } kept ? kept : "0";

    /// <summary>Wide forms made narrow, letters upper case, every dash the same: character by character, so that places stay what they are.</summary>
    static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
            plain.Append(c switch
            {
                >= '\uFF01' and <= '\uFF5E' when c != '－' => char.ToUpperInvariant((char)(c - 0xFEE0)),
                '\u3000' or '\t' or '\u00A0' => ' ',
                _ when Dashes.Contains(c, StringComparison.Ordinal) => '-',
                _ => char.ToUpperInvariant(c) is var upper && upper is >= 'A' and <= 'Z' ? upper : c,
            });
        return plain.ToString();
    }
}
