using MiniExcelLibs;

namespace OwnerPay.Service.Roster;

/// <summary>Reads a roster workbook into typed rows and the complete list of what is wrong with each row by itself; knows no database.</summary>
/// <remarks>Rows are streamed: only the typed rows stay in memory. What one row says against another is for <see cref="RosterCheck"/>.</remarks>
public sealed class RosterWorkbook
{
    static readonly Dictionary<string, HouseState> HouseStates = new()
    {
        ["在住"] = HouseState.Occupied, ["空置"] = HouseState.Vacant, ["未售"] = HouseState.Unsold,
    };
    static readonly Dictionary<string, TenureKind> TenureKinds = new()
    {
        ["业主"] = TenureKind.Owner, ["共有人"] = TenureKind.JointOwner, ["租户"] = TenureKind.Tenant, ["代付人"] = TenureKind.Payer,
        ["开发商"] = TenureKind.Developer,
    };
    static readonly Dictionary<string, ParkingKind> ParkingKinds = new() { ["自有"] = ParkingKind.Owned, ["租用"] = ParkingKind.Rented };

    readonly List<BuildingRow> buildings = [];
    readonly List<HouseRow> houses = [];
    readonly List<TenureRow> tenures = [];
    readonly List<ParkingRow> parking = [];
    readonly List<RosterFault> faults = [];
    readonly List<RosterNote> notes = [];
    readonly HashSet<string> badBuildings = [], badHouses = [], brokenHouses = [];
    int rows;

    RosterWorkbook()
    {
    }

    /// <param name="file">The .xlsx; must be able to seek, stays open.</param>
    /// <param name="progress">Told the number of rows read so far, every thousand rows.</param>
    public static RosterFile Read(Stream file, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var scan = WorkbookScan.Of(file, cancel);
        if (scan.Refusal is { } refusal) return RosterFile.Refused(refusal);
        if (WrongSheets(scan) is { Count: > 0 } wrong) return RosterFile.Refused(wrong);
        var book = new RosterWorkbook();
        foreach (var sheet in RosterLayout.Sheets)
            if (!book.ReadSheet(file, sheet, scan.Sheets[sheet.Name], progress, cancel))
                return RosterFile.Refused(book.faults.Where(fault => fault.RefusesFile).ToList());
        if (book.faults.Exists(fault => fault.RefusesFile)) return RosterFile.Refused(book.faults.Where(fault => fault.RefusesFile).ToList());
        return new(book.rows, book.buildings, book.houses, book.tenures, book.parking, book.faults, book.notes,
            book.badBuildings, book.badHouses, book.brokenHouses);
    }

    static List<RosterFault> WrongSheets(WorkbookScan scan)
    {
        var names = string.Join('、', RosterLayout.Sheets.Select(sheet => sheet.Name));
        List<RosterFault> wrong = [];
        foreach (var name in scan.Sheets.Keys)
            if (name != RosterLayout.Explanation && !RosterLayout.Sheets.Any(sheet => sheet.Name == name))
                wrong.Add(new(RosterFaultKind.UnknownSheet, name, 0, "", "不认识这张工作表", $"工作表名称只能是 {names}（可另有“{RosterLayout.Explanation}”）"));
        foreach (var sheet in RosterLayout.Sheets)
            if (!scan.Sheets.ContainsKey(sheet.Name))
                wrong.Add(new(RosterFaultKind.MissingSheet, sheet.Name, 0, "", "缺少这张工作表", $"{names} 四张都要有，没有内容时只留标题行"));
        return wrong;
    }

    /// <returns>False when the sheet cannot be read on: too many rows, or a part that the library cannot take.</returns>
    bool ReadSheet(Stream file, RosterSheet sheet, SheetScan scan, Action<int>? progress, CancellationToken cancel)
    {
        var number = 0;
        Dictionary<RosterColumn, string>? letters = null;
        try
        {
            file.Position = 0;
            foreach (IDictionary<string, object?> cells in file.Query(sheetName: sheet.Name, excelType: ExcelType.XLSX))
            {
                cancel.ThrowIfCancellationRequested();
                if (++number > Math.Max(1, scan.LastRow)) break;
                if (letters is null)
                {
                    if ((letters = SheetTitles.Find(sheet, scan, cells, faults, notes)) is null) return true;
                    continue;
                }
                if (cells.Values.All(value => value is null or "" || (value is string text && string.IsNullOrWhiteSpace(text)))) continue;
                if (++rows > RosterLayout.MaxRows) return Refuse(sheet, RosterFaultKind.TooLarge, $"超过 {RosterLayout.MaxRows} 行", "分成几个文件导入");
                if (rows % 1000 == 0) progress?.Invoke(rows);
                ReadRow(new RosterCells(sheet, number, cells, letters, faults, notes), scan);
            }
            return letters is not null || SheetTitles.Find(sheet, scan, new Dictionary<string, object?>(), faults, notes) is null;
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // The library meets damaged parts with whatever exception comes first; each of them is the file's fault, not ours.
            return Refuse(sheet, RosterFaultKind.NotExcel, "工作表已损坏，无法读取", "用 Excel 或 WPS 打开并另存为 .xlsx 后再上传");
        }
    }

    bool Refuse(RosterSheet sheet, RosterFaultKind kind, string wrong, string right)
    {
        faults.Add(new(kind, sheet.Name, 0, "", wrong, right));
        return false;
    }

    void ReadRow(RosterCells cells, SheetScan scan)
    {
        if (scan.Merged.TryGetValue(cells.Row, out var merged)) cells = cells.Merged(merged.Column, merged.Range);
        if (cells.Sheet == RosterLayout.Buildings) ReadBuilding(cells);
        else if (cells.Sheet == RosterLayout.Houses) ReadHouse(cells);
        else if (cells.Sheet == RosterLayout.Tenures) ReadTenure(cells);
        else ReadParking(cells);
    }

    void ReadBuilding(RosterCells cells)
    {
        var code = cells.Code(RosterLayout.BuildingCode);
        var name = cells.Name(RosterLayout.BuildingName, required: false);
        if (!cells.Bad) buildings.Add(new(cells.Row, code!, name));
        else if (code is not null) badBuildings.Add(code);
    }

    void ReadHouse(RosterCells cells)
    {
        var building = cells.Code(RosterLayout.HouseBuilding);
        var code = cells.Code(RosterLayout.HouseCode);
        var area = cells.Area(RosterLayout.HouseArea);
        var handedOver = cells.Date(RosterLayout.HouseHandedOver, required: false);
        var state = cells.Choice(RosterLayout.HouseState, HouseStates);
        if (!cells.Bad) houses.Add(new(cells.Row, building!, code!, area!.Value, handedOver, state!.Value));
        else if (code is not null) badHouses.Add(code);
    }

    void ReadTenure(RosterCells cells)
    {
        var house = cells.Code(RosterLayout.TenureHouse);
        var name = cells.Name(RosterLayout.TenureName);
        var kind = cells.Choice(RosterLayout.TenureKind, TenureKinds);
        var phones = cells.Phones(RosterLayout.TenurePhones);
        var share = cells.Share(RosterLayout.TenureShare);
        var (from, to) = Span(cells, RosterLayout.TenureFrom, RosterLayout.TenureTo);
        var idNumber = cells.IdNumber(RosterLayout.TenureIdNumber);
        if (!cells.Bad) tenures.Add(new(cells.Row, house!, name!, kind!.Value, phones, share, from!.Value, to, idNumber));
        else if (house is not null && kind is null or TenureKind.Owner or TenureKind.JointOwner or TenureKind.Developer) brokenHouses.Add(house);
    }

    void ReadParking(RosterCells cells)
    {
        var code = cells.Code(RosterLayout.ParkingCode);
        var house = cells.Code(RosterLayout.ParkingHouse, required: false);
        var name = cells.Name(RosterLayout.ParkingName, required: false);
        var phones = cells.Phones(RosterLayout.ParkingPhone);
        var kind = cells.Choice(RosterLayout.ParkingKind, ParkingKinds);
        var (from, to) = Span(cells, RosterLayout.ParkingFrom, RosterLayout.ParkingTo);
        if (!cells.Bad && house is null && (name is null || phones.Count != 1))
            cells.Fault(RosterFaultKind.NoHolder, RosterLayout.ParkingHouse, "不知道车位属于谁", "填写房号，或填写姓名和一个手机号");
        if (!cells.Bad) parking.Add(new(cells.Row, code!, house, name, phones.Count > 0 ? phones[0] : null, kind!.Value, from!.Value, to));
    }

    static (DateOnly? From, DateOnly? To) Span(RosterCells cells, RosterColumn first, RosterColumn last)
    {
        var from = cells.Date(first, required: true);
        var to = cells.Date(last, required: false);
        if (to < from) cells.Fault(RosterFaultKind.EndBeforeStart, last, $"终止日期 {to:yyyy-MM-dd} 早于起始日期 {from:yyyy-MM-dd}", "不早于起始日期，至今不填");
        return (from, to);
    }
}
