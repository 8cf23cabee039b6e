namespace OwnerPay.Domain.Disclosure;

public enum ExposedBy { Name, House }

/// <param name="Found">As it stands in the text.</param>
/// <param name="DebtWord">The word of debt that makes it unlawful.</param>
public sealed record Exposure(ExposedBy By, string Found, string DebtWord);

/// <summary>Finds what would put a debtor on show in a public text: a debtor's name, or any house number, in a text that speaks of debt.</summary>
/// <remarks>Source: PIPL art. 25 and the right of reputation (Civil Code art. 1024). The whole text counts as near: a list of names stands far from
/// the heading that says what they are. Any house counts, in debt or not: to say it wrongly is no better. Example: "以下业主尚欠物业费：3-2-1101" → the house;
/// "3-2-1101 漏水维修" → nothing, for it speaks of no debt.</remarks>
public static class DebtExposure
{
    static readonly string[] Words =
    [
        "欠费", "欠缴", "欠交", "欠款", "欠物业", "拖欠", "尚欠", "还欠", "未缴", "未交", "没缴", "没交", "不缴费", "不交费", "拒缴", "拒交", "逾期", "催缴", "催收", "滞纳金", "违约金",
        "老赖", "失信", "黑名单", "起诉", "诉讼", "法院",
    ];

    /// <returns>The first word of debt in a text; null when it speaks of none.</returns>
    public static string? DebtWord(string text)
    {
        var tight = Tight(text);
        return Words.Select(word => (Word: word, At: tight.IndexOf(word, StringComparison.Ordinal))).Where(hit => hit.At >= 0)
            .OrderBy(hit => hit.At).ThenBy(hit => hit.Word.Length).Select(hit => hit.Word).FirstOrDefault();
    }

    /// <param name="text">Title and body as people read them, without markup.</param>
    /// <param name="debtors">Names of persons who owe something past due. One character alone is no name.</param>
    /// <param name="houseCodes">Codes of all houses of the community.</param>
    /// <returns>The first thing found; null when the text may be published.</returns>
    public static Exposure? Find(string text, IEnumerable<string> debtors, IEnumerable<string> houseCodes)
    {
        if (DebtWord(text) is not { } word) return null;
        var tight = Tight(text);
        foreach (var name in debtors.Select(Tight).Where(name => name.Length > 1).OrderByDescending(name => name.Length)
            .ThenBy(name => name, StringComparer.Ordinal))
            if (tight.Contains(name, StringComparison.Ordinal)) return new Exposure(ExposedBy.Name, name, word);
        var mentions = HouseMentions.In(text);
        if (mentions.Count == 0) return null;
        var (houses, doors) = Known(houseCodes);
        foreach (var mention in mentions)
            if (IsHouse(mention, houses, doors)) return new Exposure(ExposedBy.House, text.Substring(mention.At, mention.Length), word);
        return null;
    }

    /// <summary>Houses by all of their parts, and by building and door alone: who lives there knows the unit.</summary>
    static (HashSet<string> Houses, HashSet<string> Doors) Known(IEnumerable<string> codes)
    {
        var (houses, doors) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var parts in codes.Select(HouseMentions.PartsOf).Where(parts => parts.Count > 0))
        {
            if (parts.Count > 1) houses.Add(string.Join('-', parts));
            if (parts.Count > 2) houses.Add($"{parts[0]}-{parts[^1]}");
            doors.Add(parts[^1]);
        }
        return (houses, doors);
    }

    static bool IsHouse(HouseMention mention, HashSet<string> houses, HashSet<string> doors)
    {
        var parts = mention.Parts;
        if (mention.NamesDoor && doors.Contains(parts[^1])) return true;
        if (parts.Count == 3 && parts[0] is ['1' or '2', '9' or '0', _, _]) return false;    // 2026-12-31 is a day
        for (var from = 0; from < parts.Count; from++)
            for (var count = 2; from + count <= parts.Count; count++)
                if (houses.Contains(string.Join('-', parts.Skip(from).Take(count)))) return true;
        return false;
    }

    /// <summary>Without blanks: 张 三 is 张三.</summary>
    static string Tight(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
