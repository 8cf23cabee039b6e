using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;
using OwnerPay.Service.Roster;

namespace OwnerPay.DemoEstate;

/// <summary>A workbook in the making: the rows of each roster sheet by column, the second Excel row first.</summary>
public sealed partial class RosterBook
{
    readonly Dictionary<RosterSheet, string> names = RosterLayout.Sheets.ToDictionary(sheet => sheet, sheet => sheet.Name);
    readonly HashSet<RosterColumn> left = [];
    readonly Dictionary<RosterSheet, List<string>> merges = [];

    /// <summary>Rows as cells by column; an absent column is an empty cell.</summary>
    public Dictionary<RosterSheet, List<Dictionary<RosterColumn, object?>>> Rows { get; } =
        RosterLayout.Sheets.ToDictionary(sheet => sheet, _ => new List<Dictionary<RosterColumn, object?>>());

    public void Add(RosterSheet sheet, params ReadOnlySpan<(RosterColumn Column, object? Value)> cells)
    {
        Dictionary<RosterColumn, object?> row = [];
        foreach (var (column, value) in cells) row[column] = value;
        Rows[sheet].Add(row);
    }

    public RosterBook WithoutColumn(RosterSheet sheet, RosterColumn column)
    {
        if (!sheet.Columns.Contains(column)) throw new ArgumentException("not a column of this sheet", nameof(column));
        left.Add(column);
        return this;
    }

    public RosterBook Renamed(RosterSheet sheet, string name)
    {
        names[sheet] = name;
        return this;
    }

    /// <param name="range">Such as <c>A5:A6</c>.</param>
    public void Merge(RosterSheet sheet, string range)
    {
        if (!merges.TryGetValue(sheet, out var ranges)) merges[sheet] = ranges = [];
        ranges.Add(range);
    }

    public byte[] Write()
    {
        Dictionary<string, object> sheets = new() { [RosterLayout.Explanation] = Explanation().ToList() };
        foreach (var sheet in RosterLayout.Sheets)
        {
            var columns = sheet.Columns.Where(column => !left.Contains(column)).ToList();
            // The library writes titles only above a row; an empty one is no row to the reader.
            List<Dictionary<RosterColumn, object?>> rows = Rows[sheet].Count > 0 ? Rows[sheet] : [[]];
            sheets[names[sheet]] = rows.ConvertAll(row => columns.ToDictionary(column => column.Title,
                column => Cell(row.GetValueOrDefault(column))));
        }
        var dates = RosterLayout.Sheets.SelectMany(sheet => sheet.Columns).Select(column => column.Title).Distinct().Select(title =>
            new DynamicExcelColumn(title)
            {
                Width = title.EndsWith("日期", StringComparison.Ordinal) ? 13 : 16,
                Format = title.EndsWith("日期", StringComparison.Ordinal) ? "yyyy-mm-dd" : null,
            });
        using var raw = new MemoryStream();
        raw.SaveAs(sheets, configuration: new OpenXmlConfiguration { FreezeRowCount = 1, AutoFilter = false, DynamicColumns = [.. dates] });
        return Settled(raw);
    }

    static IEnumerable<Dictionary<string, object?>> Explanation() =>
        RosterLayout.Sheets.SelectMany(sheet => sheet.Columns, (sheet, column) => new Dictionary<string, object?>
        {
            ["工作表"] = sheet.Name, ["列"] = column.Title, ["必须有此列"] = column.Required ? "是" : "否", ["填写说明"] = column.Meaning,
        });

    /// <summary>Text that a spreadsheet would run as a formula gets an apostrophe in front; days become real Excel dates.</summary>
    static object? Cell(object? value) => value switch
    {
        Planted planted => planted.Text,
        string { Length: > 0 } text when text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' => $"'{text}",
        DateOnly day => day.ToDateTime(TimeOnly.MinValue),
        _ => value,
    };

    /// <summary>Takes out of the package what differs from run to run (random relation names, times) and puts the merged ranges in.</summary>
    byte[] Settled(MemoryStream raw)
    {
        raw.Position = 0;
        using var source = new ZipArchive(raw, ZipArchiveMode.Read);
        using var result = new MemoryStream();
        var relations = new Dictionary<string, string>();
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var part in source.Entries)
            {
                using var reader = new StreamReader(part.Open(), Encoding.UTF8);
                var text = RandomName().Replace(reader.ReadToEnd(), name =>
                    relations.TryGetValue(name.Value, out var known) ? known : relations[name.Value] = $"R{relations.Count + 1}");
                foreach (var (sheet, ranges) in merges)
                    if (part.FullName == $"xl/worksheets/sheet{RosterLayout.Sheets.ToList().IndexOf(sheet) + 2}.xml")
                        text = text.Replace("</x:sheetData>", "</x:sheetData>" +
                            $"<x:mergeCells count=\"{ranges.Count}\">"
                            + string.Concat(ranges.Select(range => $"<x:mergeCell ref=\"{range}\" />")) + "</x:mergeCells>",
                            StringComparison.Ordinal);
                var copy = target.CreateEntry(part.FullName, CompressionLevel.Optimal);
                copy.LastWriteTime = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
                using var writer = new StreamWriter(copy.Open(), new UTF8Encoding(false));
                writer.Write(text);
            }
        return result.ToArray();
    }

    [GeneratedRegex("R[0-9a-f]{32}")]
    private static partial Regex RandomName();
}

/// <summary>A text that goes into its cell as it is, however dangerous: what a careless or malicious sender would have typed.</summary>
public sealed record Planted(string Text);
