using System.Text;

namespace OwnerPay.Service.Roster;

/// <summary>Finds the columns of a sheet by the titles in its first row.</summary>
static class SheetTitles
{
    /// <returns>The letter of each column that is there; null when one is missing, doubled or merged.</returns>
    public static Dictionary<RosterColumn, string>? Find(
        RosterSheet sheet, SheetScan scan, IDictionary<string, object?> titles, ICollection<RosterFault> faults, ICollection<RosterNote> notes)
    {
        var before = faults.Count;
        Dictionary<RosterColumn, string> letters = [];
        if (scan.Merged.TryGetValue(1, out var merged))
            faults.Add(new(RosterFaultKind.MergedTitles, sheet.Name, 1, "", $"标题行有合并单元格 {merged.Range}", "取消合并，每列一个标题"));
        foreach (var (letter, value) in titles)
        {
            var title = Titled(value?.ToString() ?? "");
            if (title.Length == 0) continue;
            if (sheet.Columns.FirstOrDefault(column => Titled(column.Title) == title) is not { } found)
                notes.Add(new(sheet.Name, 1, letter, "不认识的列，已忽略"));
            else if (!letters.TryAdd(found, letter))
                faults.Add(new(RosterFaultKind.DuplicateColumn, sheet.Name, 1, found.Title, "标题重复", "每个标题只出现一次"));
        }
        foreach (var missing in sheet.Columns.Where(column => column.Required && !letters.ContainsKey(column)))
            faults.Add(new(RosterFaultKind.MissingColumn, sheet.Name, 1, missing.Title, "缺少这一列", $"第 1 行要有标题“{missing.Title}”：{missing.Meaning}"));
        return faults.Count == before ? letters : null;
    }

    /// <summary>Titles are compared without regard to full-width forms, spaces and case; ㎡ reads m2.</summary>
    static string Titled(string title) => string.Concat(title.Normalize(NormalizationForm.FormKC).Where(sign => !char.IsWhiteSpace(sign)))
        .ToLowerInvariant();
}
