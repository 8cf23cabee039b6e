using System.Text;
using System.Text.RegularExpressions;

namespace OwnerPay.Domain.Payments;

/// <summary>Text of bank statements made comparable.</summary>
public static partial class MatchText
{
    /// <summary>Full-width letters, digits and signs as plain ones, as banks' old terminals write them; the rest stays.</summary>
    public static string Narrow(string text)
    {
        var narrow = new StringBuilder(text.Length);
        foreach (var character in text)
            narrow.Append(character switch
            {
                >= '！' and <= '～' => (char)(character - 0xFEE0),
                '　' => ' ',
                '—' or '–' or '－' or '‐' => '-',
                _ => character,
            });
        return narrow.ToString();
    }

    /// <summary>What may be house codes in a text: <c>3-2-1101</c>, and <c>3栋2单元1101室</c> as <c>3-2-1101</c>; each once.</summary>
    public static IReadOnlyList<string> HouseCodes(string text)
    {
        var narrow = Spoken().Replace(Narrow(text), match => $" {match.Groups[1].Value}-{match.Groups[2].Value}-{match.Groups[3].Value} ");
        return [.. Dashed().Matches(narrow).Select(match => match.Value.ToUpperInvariant()).Distinct()];
    }

    /// <summary>A name without blanks and brackets around: <c> 王 小明</c> and <c>王小明</c> are the same.</summary>
    public static string Name(string name) => Blanks().Replace(Narrow(name), "").ToUpperInvariant();

    [GeneratedRegex(@"(\d{1,4})\s*[栋幢座号#]楼?\s*(\d{1,3})\s*单元\s*(\d{2,5})\s*[室号房]?")]
    private static partial Regex Spoken();

    [GeneratedRegex(@"(?<![0-9A-Za-z-])[0-9A-Za-z]{1,8}(?:-[0-9A-Za-z]{1,8}){1,4}(?![0-9A-Za-z-])")]
    private static partial Regex Dashed();

    [GeneratedRegex(@"[\s()]+")]
    private static partial Regex Blanks();
}
