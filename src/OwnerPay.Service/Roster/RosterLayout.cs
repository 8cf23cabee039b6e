namespace OwnerPay.Service.Roster;

/// <summary>One column of a roster sheet, as the clerk sees it.</summary>
/// <param name="Title">Text of the cell in row 1; full-width brackets and spaces around it do not matter.</param>
/// <param name="Required">The column must be there. Whether its cells may be empty is said in <paramref name="Meaning"/>.</param>
/// <param name="Meaning">How to fill it in; the sheet 说明 of the example file is made from these sentences.</param>
public sealed record RosterColumn(string Title, bool Required, string Meaning);

/// <summary>One sheet of a roster workbook; row 1 holds the titles, every further row one thing.</summary>
public sealed record RosterSheet(string Name, IReadOnlyList<RosterColumn> Columns);

/// <summary>The form of a roster workbook, said once: the reader, the example files and their explanation are all made from it.</summary>
public static class RosterLayout
{
    /// <summary>Largest accepted upload, bytes.</summary>
    public const long MaxFileBytes = 20 * 1024 * 1024;

    /// <summary>Largest accepted sum of all unpacked parts, bytes: a small file that swells is an attack, not a roster.</summary>
    public const long MaxUnpackedBytes = 200 * 1024 * 1024;

    /// <summary>Most filled rows in all sheets together, title rows not counted.</summary>
    public const int MaxRows = 200_000;

    /// <summary>Columns a sheet may span. Wider ones are formatted by accident and would cost memory row by row.</summary>
    public const int MaxColumns = 200;

    /// <summary>The sheet that explains the others to people; never read.</summary>
    public const string Explanation = "说明";

    public static readonly RosterColumn BuildingCode = new("楼栋", true, "楼栋编号，如 3，在本小区内唯一");
    public static readonly RosterColumn BuildingName = new("楼栋名称", false, "如 3号楼；可不填");

    public static readonly RosterColumn HouseBuilding = new("楼栋", true, "必须是“楼栋”表中已有的编号");
    public static readonly RosterColumn HouseCode = new("房号", true, "如 3-2-1101，在本小区内唯一");
    public static readonly RosterColumn HouseArea = new("建筑面积(㎡)", true, "大于 0，最多两位小数");
    public static readonly RosterColumn HouseHandedOver = new("交付日期", true, "日期格式或 yyyy-MM-dd 文本；未交付不填");
    public static readonly RosterColumn HouseState = new("状态", true, "在住、空置、未售");

    public static readonly RosterColumn TenureHouse = new("房号", true, "“房屋”表中或系统中已有的房号");
    public static readonly RosterColumn TenureName = new("姓名", true, "个人姓名或单位名称");
    public static readonly RosterColumn TenureKind = new("关系", true, "业主、共有人、租户、代付人、开发商");
    public static readonly RosterColumn TenurePhones = new("手机号", true, "11 位手机号，多个用顿号分开；可不填");
    public static readonly RosterColumn TenureShare = new("份额(%)", false, "共有份额，如 50 或 33.33；同一时段合计不超过 100；可不填");
    public static readonly RosterColumn TenureFrom = new("起始日期", true, "含当日");
    public static readonly RosterColumn TenureTo = new("终止日期", true, "含当日；至今不填");
    public static readonly RosterColumn TenureIdNumber = new("证件号码", false, "18 位身份证号或统一社会信用代码，文本格式；可不填");

    public static readonly RosterColumn ParkingCode = new("车位号", true, "如 B1-001，在本小区内唯一");
    public static readonly RosterColumn ParkingHouse = new("房号", true, "车位所属房屋；车位属于个人时不填");
    public static readonly RosterColumn ParkingName = new("姓名", true, "车位属于个人时填写");
    public static readonly RosterColumn ParkingPhone = new("手机号", true, "车位属于个人时填写，用来认人");
    public static readonly RosterColumn ParkingKind = new("使用方式", true, "自有、租用");
    public static readonly RosterColumn ParkingFrom = new("起始日期", true, "含当日");
    public static readonly RosterColumn ParkingTo = new("终止日期", true, "含当日；至今不填");

    public static readonly RosterSheet Buildings = new("楼栋", [BuildingCode, BuildingName]);
    public static readonly RosterSheet Houses = new("房屋", [HouseBuilding, HouseCode, HouseArea, HouseHandedOver, HouseState]);
    public static readonly RosterSheet Tenures = new("业主与住户",
        [TenureHouse, TenureName, TenureKind, TenurePhones, TenureShare, TenureFrom, TenureTo, TenureIdNumber]);
    public static readonly RosterSheet Parking = new("车位",
        [ParkingCode, ParkingHouse, ParkingName, ParkingPhone, ParkingKind, ParkingFrom, ParkingTo]);

    /// <summary>All sheets, in the order in which they are read: each refers only to the ones before it.</summary>
    public static readonly IReadOnlyList<RosterSheet> Sheets = [Buildings, Houses, Tenures, Parking];
}
