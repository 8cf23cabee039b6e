using MiniExcelLibs;
using OwnerPay.Service.Roster;

namespace OwnerPay.Service.Billing;

/// <summary>A reading as it stands in a workbook.</summary>
/// <param name="Row">As Excel shows it, from 1.</param>
/// <param name="Value">0.001 units.</param>
sealed record ReadingRow(int Row, string Serial, DateOnly ReadOn, long Value, bool Estimated, bool RolledOver);

/// <summary>Reads a workbook of meter readings into typed rows and the complete list of what is wrong with each row by itself; knows no database.</summary>
sealed class ReadingsWorkbook
{
    public static readonly RosterColumn Serial = new("表号", true, "已登记的表号");
    public static readonly RosterColumn ReadOn = new("抄表日期", true, "日期格式或 yyyy-MM-dd 文本，不晚于今天");
    public static readonly RosterColumn Value = new("读数", true, "表上显示的数字，最多三位小数");
    public static readonly RosterColumn How = new("抄表方式", false, "实抄、估抄；不填为实抄");
    public static readonly RosterColumn Rolled = new("过零", false, "表走满归零填“是”；可不填");
    public static readonly RosterSheet Sheet = new("读数", [Serial, ReadOn, Value, How, Rolled]);

    static readonly Dictionary<string, bool> Estimates = new() { ["实抄"] = false, ["估抄"] = true };
    static readonly Dictionary<string, bool> YesNo = new() { ["是"] = true, ["否"] = false };

    public List<ReadingRow> Rows { get; } = [];
    public List<RosterFault> Faults { get; } = [];
    public List<RosterNote> Notes { get; } = [];

    /// <summary>Filled rows, also bad ones.</summary>
    public int Read { get; private set; }

    /// <summary>Nothing of the file can be taken.</summary>
    public bool IsRefused => Faults.Exists(fault => fault.RefusesFile);

    /// <param name="file">The .xlsx; must be able to seek, stays open.</param>
    public static ReadingsWorkbook Of(Stream file, CancellationToken cancel)
    {
        var book = new ReadingsWorkbook();
        var scan = WorkbookScan.Of(file, cancel);
        if (scan.Refusal is { } refusal) book.Faults.Add(refusal);
        else if (!scan.Sheets.TryGetValue(Sheet.Name, out var sheet))
            book.Faults.Add(new(RosterFaultKind.MissingSheet, Sheet.Name, 0, "", "缺少这张工作表", $"工作表名称为“{Sheet.Name}”，第 1 行是标题 表号、抄表日期、读数"));
        else book.ReadSheet(file, sheet, cancel);
        return book;
    }

    void ReadSheet(Stream file, SheetScan scan, CancellationToken cancel)
    {
        var number = 0;
        Dictionary<RosterColumn, string>? letters = null;
        try
        {
            file.Position = 0;
            foreach (IDictionary<string, object?> cells in file.Query(sheetName: Sheet.Name, excelType: ExcelType.XLSX))
            {
                cancel.ThrowIfCancellationRequested();
                if (++number > Math.Max(1, scan.LastRow)) break;
                if (letters is null)
                {
                    if ((letters = SheetTitles.Find(Sheet, scan, cells, Faults, Notes)) is null) return;
                    continue;
                }
                if (cells.Values.All(value => value is null or "" || (value is string text && string.IsNullOrWhiteSpace(text)))) continue;
                if (++Read > RosterLayout.MaxRows)
                {
                    Faults.Add(new(RosterFaultKind.TooLarge, Sheet.Name, 0, "", $"超过 {RosterLayout.MaxRows} 行", "分成几个文件导入"));
                    return;
                }
                Add(new RosterCells(Sheet, number, cells, letters, Faults, Notes), scan);
            }
            if (letters is null) SheetTitles.Find(Sheet, scan, new Dictionary<string, object?>(), Faults, Notes);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // The library meets damaged parts with whatever exception comes first; each of them is the file's fault, not ours.
            Faults.Add(new(RosterFaultKind.NotExcel, Sheet.Name, 0, "", "工作表已损坏，无法读取", "用 Excel 或 WPS 打开并另存为 .xlsx 后再上传"));
        }
    }

    void Add(RosterCells cells, SheetScan scan)
    {
        if (scan.Merged.TryGetValue(cells.Row, out var merged)) cells = cells.Merged(merged.Column, merged.Range);
        var serial = cells.Code(Serial);
        var readOn = cells.Date(ReadOn, required: true);
        var value = cells.Reading(Value);
        var estimated = cells.ChoiceOrNone(How, Estimates);
        var rolled = cells.ChoiceOrNone(Rolled, YesNo);
        if (!cells.Bad) Rows.Add(new(cells.Row, serial!, readOn!.Value, value!.Value, estimated ?? false, rolled ?? false));
    }
}
