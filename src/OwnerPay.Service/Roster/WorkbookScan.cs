using System.IO.Compression;
using System.Xml;

namespace OwnerPay.Service.Roster;

/// <summary>What the typed reader does not tell about a sheet.</summary>
/// <param name="LastRow">Last row that holds a value; formatted empty rows below it are not worth reading.</param>
/// <param name="Merged">Rows covered by a merged range → the range's first column (from 1) and its name, such as <c>A5:A7</c>.</param>
sealed record SheetScan(int LastRow, IReadOnlyDictionary<int, (int Column, string Range)> Merged);

/// <summary>A first look into the zip: is it a workbook, does it stay in its limits, and where are its merged ranges.</summary>
/// <remarks>All parts are unpacked once into nothing and counted, because sizes in a zip's directory are only claims.</remarks>
sealed class WorkbookScan
{
    const int MaxMergedRows = RosterLayout.MaxRows;
    static readonly XmlReaderSettings Xml = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true, IgnoreComments = true,
    };

    static readonly RosterFault NotExcel = new(RosterFaultKind.NotExcel, "", 0, "", "文件不是 Excel 工作簿", "用 Excel 或 WPS 另存为 .xlsx 后再上传");
    static readonly RosterFault OldExcel = new(RosterFaultKind.NotExcel, "", 0, "", "文件是旧版 .xls，或设置了打开密码", "另存为不带密码的 .xlsx 后再上传");

    /// <summary>Why the file is refused, or null.</summary>
    public RosterFault? Refusal { get; private init; }

    /// <summary>Sheets by name, in the order of the tabs.</summary>
    public OrderedDictionary<string, SheetScan> Sheets { get; } = new(StringComparer.Ordinal);

    /// <param name="file">A stream that can seek; it stays open and is put back to its beginning.</param>
    public static WorkbookScan Of(Stream file, CancellationToken cancel)
    {
        if (file.Length > RosterLayout.MaxFileBytes) return Refuse(TooLarge("文件超过 20 MB", "不超过 20 MB，可分成几个文件"));
        Span<byte> head = stackalloc byte[4];
        file.Position = 0;
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read == 4 && head.SequenceEqual<byte>([0xD0, 0xCF, 0x11, 0xE0])) return Refuse(OldExcel);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return Swells(zip, cancel)
                ? Refuse(TooLarge("解压后超过 200 MB", "删去多余的工作表、图片和空行"))
                : Look(zip, cancel);
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or EndOfStreamException or FormatException or OverflowException)
        {
            return Refuse(NotExcel);
        }
        finally
        {
            file.Position = 0;
        }
    }

    static WorkbookScan Refuse(RosterFault fault) => new() { Refusal = fault };

    static RosterFault TooLarge(string wrong, string right) => new(RosterFaultKind.TooLarge, "", 0, "", wrong, right);

    static bool Swells(ZipArchive zip, CancellationToken cancel)
    {
        var buffer = new byte[81920];
        long unpacked = 0;
        foreach (var entry in zip.Entries)
        {
            using var part = entry.Open();
            for (int got; (got = part.Read(buffer)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                if ((unpacked += got) > RosterLayout.MaxUnpackedBytes) return true;
            }
        }
        return false;
    }

    static WorkbookScan Look(ZipArchive zip, CancellationToken cancel)
    {
        if (zip.GetEntry("xl/workbook.xml") is not { } workbook || zip.GetEntry("xl/_rels/workbook.xml.rels") is not { } relations)
            return Refuse(NotExcel);
        var targets = Targets(relations);
        var scan = new WorkbookScan();
        using var part = workbook.Open();
        using var xml = XmlReader.Create(part, Xml);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "sheet") continue;
            var name = xml.GetAttribute("name") ?? "";
            if (RelationId(xml) is not { } id || !targets.TryGetValue(id, out var target) || zip.GetEntry(target) is not { } sheet)
                return Refuse(NotExcel);
            if (LookAt(name, sheet, cancel) is not { } seen) return Refuse(TooWide(name));
            scan.Sheets[name] = seen;
        }
        return scan.Sheets.Count == 0 ? Refuse(NotExcel) : scan;
    }

    static RosterFault TooWide(string sheet) => new(RosterFaultKind.TooLarge, sheet, 0, "", "工作表的列数或合并单元格过多",
        $"不超过 {RosterLayout.MaxColumns} 列，删去右侧的空列并取消合并");

    static string? RelationId(XmlReader element)
    {
        string? id = null;
        while (element.MoveToNextAttribute())
            if (element.LocalName == "id" && element.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal)) id = element.Value;
        element.MoveToElement();
        return id;
    }

    static Dictionary<string, string> Targets(ZipArchiveEntry relations)
    {
        Dictionary<string, string> targets = [];
        using var part = relations.Open();
        using var xml = XmlReader.Create(part, Xml);
        while (xml.Read())
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Relationship" && xml.GetAttribute("Target") is { } target)
                targets[xml.GetAttribute("Id") ?? ""] = target.StartsWith('/') ? target[1..] : $"xl/{target}";
        return targets;
    }

    /// <summary>Null when the sheet is wider than any roster.</summary>
    static SheetScan? LookAt(string name, ZipArchiveEntry sheet, CancellationToken cancel)
    {
        int row = 0, lastRow = 0, column = 0, covered = 0;
        Dictionary<int, (int, string)> merged = [];
        using var part = sheet.Open();
        using var xml = XmlReader.Create(part, Xml);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            switch (xml.LocalName)
            {
                case "dimension":
                    if (Corner(xml.GetAttribute("ref")?.Split(':')[^1]).Column > RosterLayout.MaxColumns) return null;
                    break;
                case "row":
                    cancel.ThrowIfCancellationRequested();
                    row = int.TryParse(xml.GetAttribute("r"), out var number) ? number : row + 1;
                    column = 0;
                    break;
                case "c":
                    column = Corner(xml.GetAttribute("r")).Column is > 0 and var named ? named : column + 1;
                    if (column > RosterLayout.MaxColumns) return null;
                    break;
                case "v" or "t":
                    lastRow = Math.Max(lastRow, row);
                    break;
                case "mergeCell":
                    if ((covered += Cover(merged, xml.GetAttribute("ref") ?? "", lastRow)) > MaxMergedRows) return null;
                    break;
            }
        }
        return new SheetScan(lastRow, merged);
    }

    static int Cover(Dictionary<int, (int, string)> merged, string range, int lastRow)
    {
        var corners = range.Split(':');
        var (first, last) = (Corner(corners[0]), Corner(corners[^1]));
        var bottom = Math.Min(last.Row, lastRow);
        for (var row = Math.Max(1, first.Row); row <= bottom; row++) merged.TryAdd(row, (first.Column, range));
        return Math.Max(1, bottom - first.Row + 1);
    }

    /// <summary>Column and row, both from 1, of a cell name such as <c>$C$5</c>; 0 where the name has none.</summary>
    static (int Column, int Row) Corner(string? cell)
    {
        int column = 0, row = 0;
        foreach (var sign in (cell ?? "").Take(12))
            if (sign is >= 'A' and <= 'Z') column = checked(column * 26 + sign - 'A' + 1);
            else if (sign is >= '0' and <= '9') row = checked(row * 10 + sign - '0');
        return (column, row);
    }
}
