using System.Text;
using System.Text.RegularExpressions;

namespace OwnerPay.Domain.Disclosure;

/// <summary>Takes personal data out of what people write freely, before anybody else reads it.</summary>
/// <remarks>A machine finds numbers, house numbers and the names that it is given; it does not understand who is meant by "the lady from the first
/// floor".</remarks>
public static partial class FreeText
{
    const string Stars = "****";

    /// <param name="names">Names that are to go, of the people of the community.</param>
    /// <returns>The text with stars for phone, identity and account numbers, e-mail addresses, WeChat ids, car plates, house numbers and
    /// names.</returns>
    public static string Masked(string text, IEnumerable<string> names)
    {
        string[] longestFirst = [.. names.Where(name => name.Length > 1).OrderByDescending(name => name.Length)];
        // What is masked may let its neighbour stand out: 595栋－72室－64835 is read as one house first, and 72室 by itself then.
        while (Once(text, longestFirst) is var masked && masked != text) text = masked;
        return text;
    }

    static string Once(string text, string[] names)
    {
        foreach (var name in names) text = text.Replace(name, Stars, StringComparison.Ordinal);
        text = Email().Replace(text, Stars);
        text = WeChatId().Replace(text, "${word}" + Stars);
        text = Plate().Replace(text, Stars);
        text = Houses(text);
        return Number().Replace(text, Stars);
    }

    static string Houses(string text)
    {
        var masked = new StringBuilder(text);
        foreach (var mention in HouseMentions.In(text).Reverse().Where(LooksLikeHouse)) masked.Remove(mention.At, mention.Length)
            .Insert(mention.At, Stars);
        return masked.ToString();
    }

    static bool LooksLikeHouse(HouseMention mention) =>
        mention.NamesDoor || mention.Parts.Count is 2 or 3 && mention.Parts[^1] is { Length: 3 or 4 } door && door.All(char.IsAsciiDigit);

    /// <summary>Seven digits or more, however they are grouped.</summary>
    [GeneratedRegex(@"[0-9０-９](?:[ \-—－]?[0-9０-９]){6,}[Xx]?")]
    private static partial Regex Number();

    [GeneratedRegex(@"[A-Za-z0-9._%+\-]+[@＠][A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<word>(?:微信|薇信|[Vv]信|WX|wx|vx|VX)(?:号)?[\s:：是为]*)[A-Za-z][A-Za-z0-9_\-]{4,19}")]
    private static partial Regex WeChatId();

    [GeneratedRegex(@"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-Z0-9]{5,6}")]
    private static partial Regex Plate();
}
