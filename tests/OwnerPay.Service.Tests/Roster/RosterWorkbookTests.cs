using System.IO.Compression;
using System.Text;
using OwnerPay.DemoEstate;
using OwnerPay.Service.Roster;
using L = OwnerPay.Service.Roster.RosterLayout;

namespace OwnerPay.Service.Tests.Roster;

public sealed class RosterWorkbookTests
{
    static RosterVerdict Judge(byte[] file, RosterKnown? known = null) =>
        RosterCheck.Judge(RosterWorkbook.Read(new MemoryStream(file)), known ?? RosterKnown.Nothing);

    static RosterBook SmallBook()
    {
        var book = new RosterBook();
        book.Add(L.Buildings, (L.BuildingCode, "1"));
        book.Add(L.Houses, (L.HouseBuilding, "1"), (L.HouseCode, "1-101"), (L.HouseArea, 89.37m), (L.HouseHandedOver, new DateOnly(2020, 5, 1)),
            (L.HouseState, "在住"));
        return book;
    }

    static void AddOwner(RosterBook book, object? name = null, object? phone = null, object? from = null, object? to = null, object? share = null,
        string kind = "业主") =>
        book.Add(L.Tenures, (L.TenureHouse, "1-101"), (L.TenureName, name ?? "王伟"), (L.TenureKind, kind), (L.TenurePhones, phone ?? "19900000001"),
            (L.TenureFrom, from ?? new DateOnly(2020, 5, 1)), (L.TenureTo, to), (L.TenureShare, share));

    [Fact]
    public void The_demo_estate_is_read_whole_and_without_a_fault()
    {
        var file = RosterWorkbook.Read(new MemoryStream(DemoRoster.File("roster.xlsx")));
        var verdict = RosterCheck.Judge(file, RosterKnown.Nothing);

        Assert.Empty(verdict.Faults);
        Assert.Empty(verdict.Dependent);
        Assert.Equal((6, 480, 120), (file.Buildings.Count, file.Houses.Count, file.Parking.Count));
        Assert.Equal(file.Read, verdict.Good.Count);
        Assert.Contains(file.Tenures, row => row.Kind == TenureKind.JointOwner);
        Assert.Contains(file.Tenures, row => row.Kind == TenureKind.Tenant);
        Assert.Contains(file.Houses, row => row.State == HouseState.Vacant);
        Assert.Equal(24, file.Houses.Count(row => row.State == HouseState.Unsold && row.HandedOver is null));
        Assert.Equal(3, file.Tenures.Count(row => row.Name == "林晓梅"));
        Assert.Contains(file.Houses, row => row.HandedOver is { Year: 2026, Month: 11, Day: > 1 });
        Assert.Contains(file.Tenures, row => row.Kind == TenureKind.Owner && row.To == new DateOnly(2026, 11, 11));
        var phones = file.Tenures.SelectMany(row => row.Phones.Select(phone => (phone, row.Name))).Distinct().ToList();
        Assert.All(phones, phone => Assert.StartsWith("1990000", phone.phone));
        Assert.Equal(phones.Count, phones.DistinctBy(phone => phone.phone).Count());
    }

    /// <summary>Sheet, row and column of each planted fault, written down by hand from the file as Excel shows it.</summary>
    static readonly (RosterFaultKind Kind, string Sheet, int Row, string Column)[] Planted =
    [
        (RosterFaultKind.DuplicateBuilding, "楼栋", 8, "楼栋"),
        (RosterFaultKind.UnknownBuilding, "房屋", 3, "楼栋"),
        (RosterFaultKind.AreaNotPositive, "房屋", 4, "建筑面积(㎡)"),
        (RosterFaultKind.AreaDecimals, "房屋", 5, "建筑面积(㎡)"),
        (RosterFaultKind.AreaNotANumber, "房屋", 6, "建筑面积(㎡)"),
        (RosterFaultKind.UnknownChoice, "房屋", 7, "状态"),
        (RosterFaultKind.DateAsText, "房屋", 8, "交付日期"),
        (RosterFaultKind.HandedOverAfterSale, "房屋", 9, "交付日期"),
        (RosterFaultKind.MergedCells, "房屋", 10, "楼栋"),
        (RosterFaultKind.MergedCells, "房屋", 11, "楼栋"),
        (RosterFaultKind.DateNotPossible, "房屋", 13, "交付日期"),
        (RosterFaultKind.Empty, "房屋", 14, "状态"),
        (RosterFaultKind.DuplicateHouse, "房屋", 44, "房号"),
        (RosterFaultKind.BadCode, "房屋", 45, "房号"),
        (RosterFaultKind.BadPhone, "业主与住户", 14, "手机号"),
        (RosterFaultKind.DateAsText, "业主与住户", 16, "起始日期"),
        (RosterFaultKind.EndBeforeStart, "业主与住户", 17, "终止日期"),
        (RosterFaultKind.TextNotAllowed, "业主与住户", 18, "姓名"),
        (RosterFaultKind.BadShare, "业主与住户", 19, "份额(%)"),
        (RosterFaultKind.BadIdNumber, "业主与住户", 20, "证件号码"),
        (RosterFaultKind.DuplicateTenure, "业主与住户", 37, "姓名"),
        (RosterFaultKind.TwoOwnersAtOnce, "业主与住户", 38, "起始日期"),
        (RosterFaultKind.SharesAboveWhole, "业主与住户", 39, "份额(%)"),
        (RosterFaultKind.UnknownHouse, "业主与住户", 40, "房号"),
        (RosterFaultKind.DuplicateParkingSpace, "车位", 9, "车位号"),
        (RosterFaultKind.NoHolder, "车位", 10, "房号"),
        (RosterFaultKind.UnknownHouse, "车位", 11, "房号"),
    ];

    [Fact]
    public void Every_planted_fault_is_named_with_its_sheet_row_and_column_and_nothing_else_is()
    {
        var file = RosterWorkbook.Read(new MemoryStream(DemoRoster.File("roster-bad.xlsx")));
        var verdict = RosterCheck.Judge(file, RosterKnown.Nothing);

        Assert.Equal(Planted, verdict.Faults.Select(fault => (fault.Kind, fault.Sheet, fault.Row, fault.Column)));
        Assert.All(verdict.Faults, fault => Assert.True(fault is { Wrong.Length: > 0, Right.Length: > 0 }));
        Assert.Equal(file.Read, verdict.Good.Count + verdict.Dependent.Count + verdict.BadRows);
        Assert.Equal(["房屋 12 建筑面积(㎡)", "业主与住户 15 手机号"], file.Notes.Select(note => $"{note.Sheet} {note.Row} {note.Column}"));
        Assert.Equal(118_62, file.Houses.Single(row => row.Row == 12).Area);
        Assert.Equal(["19900009001"], file.Tenures.Single(row => row.Row == 15).Phones);
    }

    [Fact]
    public void The_owners_of_a_bad_house_are_not_bad_themselves_but_cannot_be_stored()
    {
        var verdict = Judge(DemoRoster.File("roster-bad.xlsx"));

        Assert.Contains(verdict.Dependent, row => row is TenureRow { House: "1-1-102" });      // its building is unknown
        Assert.Contains(verdict.Dependent, row => row is TenureRow { Kind: TenureKind.JointOwner, Share: 60_00 });    // the other owner is bad
        Assert.DoesNotContain(verdict.Good, row => row is TenureRow { House: "1-1-102" });
        Assert.Contains(verdict.Good, row => row is TenureRow { House: "1-1-101" });
    }

    [Theory]
    [InlineData("roster-bad-column.xlsx", "MissingColumn", "房屋", 1, "建筑面积(㎡)")]
    [InlineData("roster-bad-sheet.xlsx", "UnknownSheet", "房屋清单", 0, "")]
    [InlineData("roster-bad-not-excel.xlsx", "NotExcel", "", 0, "")]
    public void A_file_that_is_no_roster_is_refused_as_a_whole(string name, string kind, string sheet, int row, string column)
    {
        var file = RosterWorkbook.Read(new MemoryStream(DemoRoster.File(name)));

        Assert.True(file.IsRefused);
        Assert.Equal((kind, sheet, row, column), (file.Faults[0].Kind.ToString(), file.Faults[0].Sheet, file.Faults[0].Row, file.Faults[0].Column));
        Assert.Equal(0, file.Read);
    }

    [Fact]
    public void The_demo_files_are_what_their_generator_writes()
    {
        foreach (var (name, content) in DemoFiles.All())
        {
            var kept = DemoRoster.File(name);
            if (name == "roster-bad-not-excel.xlsx") Assert.Equal(content, kept);
            else Assert.Equal(Parts(content), Parts(kept));
        }
    }

    static Dictionary<string, string> Parts(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return zip.Entries.ToDictionary(part => part.FullName, part => new StreamReader(part.Open()).ReadToEnd());
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+86 199")]
    [InlineData("-cmd")]
    [InlineData("@SUM(A1)")]
    public void A_name_that_a_spreadsheet_would_run_is_not_let_in(string name)
    {
        var book = SmallBook();
        AddOwner(book, name: new Planted(name));

        var fault = Assert.Single(Judge(book.Write()).Faults);

        Assert.Equal((RosterFaultKind.TextNotAllowed, "业主与住户", 2, "姓名"), (fault.Kind, fault.Sheet, fault.Row, fault.Column));
    }

    [Fact]
    public void Faults_and_notes_never_repeat_a_name_or_a_phone()
    {
        var book = SmallBook();
        AddOwner(book, name: "欧阳秘密", phone: "1990000123");
        AddOwner(book, name: "=欧阳秘密", phone: "１９９００００００７７", kind: "租户");

        var file = RosterWorkbook.Read(new MemoryStream(book.Write()));
        var said = string.Join('\n', file.Faults.Select(fault => fault.ToString()).Concat(file.Notes.Select(note => note.ToString())));

        Assert.Equal(2, file.Faults.Count);
        Assert.DoesNotContain("欧阳", said);
        Assert.DoesNotContain("199000", said);
    }

    [Fact]
    public void Excel_numbers_give_exact_areas_shares_and_phones()
    {
        var book = SmallBook();
        book.Rows[L.Houses][0][L.HouseArea] = 89.370000000000005d;
        AddOwner(book, phone: 19900000001L, share: 33.33d);

        var file = RosterWorkbook.Read(new MemoryStream(book.Write()));

        Assert.Equal(89_37, file.Houses[0].Area);
        Assert.Equal(33_33, file.Tenures[0].Share);
        Assert.Equal(["19900000001"], file.Tenures[0].Phones);
    }

    [Theory]
    [InlineData("2026年10月8日", "2026-10-08")]
    [InlineData("2026/1/8", "2026-01-08")]
    [InlineData("2026.01.08", "2026-01-08")]
    [InlineData("2026-1-8", "2026-01-08")]
    public void A_date_written_another_way_is_refused_with_the_way_to_write_it(string written, string right)
    {
        var book = SmallBook();
        AddOwner(book, from: written);

        var fault = Assert.Single(Judge(book.Write()).Faults);

        Assert.Equal((RosterFaultKind.DateAsText, right), (fault.Kind, fault.Right));
    }

    [Fact]
    public void A_text_date_in_the_agreed_form_is_accepted()
    {
        var book = SmallBook();
        AddOwner(book, from: "2020-05-01", to: "２０２６-１１-１１");

        var file = RosterWorkbook.Read(new MemoryStream(book.Write()));

        Assert.Empty(file.Faults);
        Assert.Equal((new DateOnly(2020, 5, 1), new DateOnly(2026, 11, 11)), (file.Tenures[0].From, file.Tenures[0].To!.Value));
        Assert.Single(file.Notes);
    }

    [Fact]
    public void A_buyer_beside_a_stored_seller_without_an_end_is_refused()
    {
        var book = SmallBook();
        AddOwner(book, name: "许若彤", phone: "19900000002", from: new DateOnly(2026, 11, 12));
        var stored = new RosterKnown(new HashSet<string> { "1" }, new Dictionary<string, DateOnly?> { ["1-101"] = new(2020, 5, 1) },
            [new("1-101", "王伟", TenureKind.Owner, null, new(2020, 5, 1), null)]);

        Assert.Equal(RosterFaultKind.TwoOwnersAtOnce, Assert.Single(Judge(book.Write(), stored).Faults).Kind);

        AddOwner(book, to: new DateOnly(2026, 11, 11));    // the seller's row, now with its end, replaces the stored one
        Assert.Empty(Judge(book.Write(), stored).Faults);
    }

    [Fact]
    public void A_house_that_is_stored_needs_no_row_of_its_own()
    {
        var book = SmallBook();
        book.Rows[L.Houses].Clear();
        book.Rows[L.Buildings].Clear();
        AddOwner(book);
        var stored = new RosterKnown(new HashSet<string> { "1" }, new Dictionary<string, DateOnly?> { ["1-101"] = new(2020, 5, 2) }, []);

        Assert.Equal(RosterFaultKind.UnknownHouse, Assert.Single(Judge(book.Write()).Faults).Kind);
        Assert.Equal(RosterFaultKind.HandedOverAfterSale, Assert.Single(Judge(book.Write(), stored).Faults).Kind);
    }

    [Fact]
    public void A_file_that_unpacks_to_more_than_200_megabytes_is_refused_before_it_is_read()
    {
        using var bomb = new MemoryStream();
        using (var zip = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var part = zip.CreateEntry("xl/workbook.xml", CompressionLevel.Fastest).Open();
            var zeros = new byte[1 << 20];
            for (var megabyte = 0; megabyte < 201; megabyte++) part.Write(zeros);
        }

        var file = RosterWorkbook.Read(bomb);

        Assert.True(bomb.Length < RosterLayout.MaxFileBytes);
        Assert.Equal(RosterFaultKind.TooLarge, Assert.Single(file.Faults).Kind);
    }

    [Fact]
    public void A_file_above_20_megabytes_is_refused() =>
        Assert.Equal(RosterFaultKind.TooLarge, Assert.Single(RosterWorkbook.Read(new MemoryStream(new byte[20 * 1024 * 1024 + 1])).Faults).Kind);

    [Fact]
    public void A_sheet_with_more_than_200_columns_is_refused_before_it_costs_memory()
    {
        var wide = Changed(SmallBook().Write(), "xl/worksheets/sheet3.xml",
            sheet => sheet.Replace("ref=\"A1:E2\"", "ref=\"A1:XFD1048576\"", StringComparison.Ordinal));

        var fault = Assert.Single(RosterWorkbook.Read(new MemoryStream(wide)).Faults);

        Assert.Equal((RosterFaultKind.TooLarge, "房屋"), (fault.Kind, fault.Sheet));
    }

    [Fact]
    public void A_damaged_workbook_is_called_so_and_never_becomes_an_exception()
    {
        var whole = DemoRoster.File("roster.xlsx");
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var broken = (byte[])whole.Clone();
            for (var hit = 0; hit < 5; hit++) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var verdict = Judge(round % 2 == 0 ? broken : broken[..random.Next(1, broken.Length)]);
            Assert.True(verdict.Faults.Count > 0 || verdict.Good.Count > 0);
        }
        Assert.Equal(RosterFaultKind.NotExcel, Assert.Single(RosterWorkbook.Read(new MemoryStream([0xD0, 0xCF, 0x11, 0xE0, 1, 2])).Faults).Kind);
        Assert.Equal(RosterFaultKind.NotExcel, Assert.Single(RosterWorkbook.Read(new MemoryStream()).Faults).Kind);
    }

    [Fact]
    public void Formatted_empty_rows_down_to_the_last_row_of_excel_are_not_rows()
    {
        var padded = Changed(SmallBook().Write(), "xl/worksheets/sheet3.xml", sheet => sheet.Replace("</x:sheetData>",
            "<x:row r=\"500\"><x:c r=\"A500\" s=\"1\"/></x:row><x:row r=\"1048576\"><x:c r=\"A1048576\" s=\"1\"/></x:row></x:sheetData>",
                StringComparison.Ordinal));

        var file = RosterWorkbook.Read(new MemoryStream(padded));

        Assert.Empty(file.Faults);
        Assert.Equal(2, file.Read);
    }

    static byte[] Changed(byte[] file, string part, Func<string, string> change)
    {
        using var result = new MemoryStream();
        result.Write(file);
        using (var zip = new ZipArchive(result, ZipArchiveMode.Update, leaveOpen: true))
        {
            string text;
            using (var reader = new StreamReader(zip.GetEntry(part)!.Open())) text = reader.ReadToEnd();
            zip.GetEntry(part)!.Delete();
            var changed = change(text);
            Assert.NotEqual(text, changed);
            using var writer = new StreamWriter(zip.CreateEntry(part).Open(), new UTF8Encoding(false));
            writer.Write(changed);
        }
        return result.ToArray();
    }
}
