namespace OwnerPay.Service.Platform.Printing;

/// <summary>Breaks text into lines: between any two Chinese characters, between words of other scripts only at blanks, and never so that a line begins with
/// a closing mark or ends with an opening one (避头尾).</summary>
public static class TextLines
{
    const string NeverFirst = "，。、；：？！）】》」』”’％%℃,.;:?!)]}…—·元㎡", NeverLast = "（【《「『“‘([{¥￥$";

    /// <param name="width">Of a piece of text, in the unit of <paramref name="room"/>.</param>
    /// <param name="room">Width of a line; a single character that is wider still makes a line of its own.</param>
    /// <returns>At least one line.</returns>
    public static IReadOnlyList<string> Break(string text, float room, Func<string, float> width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = paragraph;
            while (rest.Length > 0 && width(rest) > room)
            {
                var cut = Cut(rest, room, width);
                lines.Add(rest[..cut].TrimEnd(' '));
                rest = rest[cut..].TrimStart(' ');
            }
            lines.Add(rest);
        }
        return lines;
    }

    static int Cut(string text, float room, Func<string, float> width)
    {
        var (fits, tooLong) = (1, text.Length);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            if (width(text[..middle]) <= room) fits = middle;
            else tooLong = middle;
        }
        for (var cut = fits; cut > 0 && fits - cut < 40; cut--)
            if (MayBreak(text, cut)) return cut;
        return char.IsLowSurrogate(text[fits]) && fits > 1 ? fits - 1 : char.IsLowSurrogate(text[fits]) ? 2 : fits;    // one endless word
    }

    /// <summary>Whether a line may end before the character at <paramref name="at"/>.</summary>
    static bool MayBreak(string text, int at)
    {
        if (at <= 0 || at >= text.Length) return false;
        var (before, after) = (text[at - 1], text[at]);
        if (char.IsLowSurrogate(after)) return false;
        if (before is ' ' or '\t' || after is ' ' or '\t') return true;
        if (NeverFirst.Contains(after, StringComparison.Ordinal) || NeverLast.Contains(before, StringComparison.Ordinal)) return false;
        return IsWide(before) || IsWide(after);
    }

    // Chinese, Japanese and Korean characters and marks, and what stands in two units (rare characters of names).
    static bool IsWide(char c) => c >= 0x2E80 && c is not (>= '\uFF10' and <= '\uFF19') || char.IsSurrogate(c);
}
