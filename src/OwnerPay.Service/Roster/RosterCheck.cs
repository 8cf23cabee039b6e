namespace OwnerPay.Service.Roster;

/// <summary>A tenure that is stored already, as far as a new row can contradict it.</summary>
/// <param name="Share">In 0.01 %.</param>
public sealed record KnownTenure(string House, string Name, TenureKind Kind, int? Share, DateOnly From, DateOnly? To);

/// <summary>What is stored of the community before the import.</summary>
/// <param name="Houses">House codes → day of the hand-over.</param>
public sealed record RosterKnown(IReadOnlySet<string> Buildings, IReadOnlyDictionary<string, DateOnly?> Houses, IReadOnlyList<KnownTenure> Tenures)
{
    /// <summary>An empty community.</summary>
    public static readonly RosterKnown Nothing = new(new HashSet<string>(), new Dictionary<string, DateOnly?>(), []);
}

/// <summary>The judgement over a whole file.</summary>
/// <param name="Good">Rows that may be stored even if others are bad, in the order of the sheets.</param>
/// <param name="Dependent">Rows without fault that cannot be stored, because they hang on a bad row (the tenures of a bad house).</param>
/// <param name="Faults">All faults, those of the reader included, in the order of sheet and row.</param>
/// <param name="BadRows">Number of rows with at least one fault.</param>
public sealed record RosterVerdict(IReadOnlyList<RosterRow> Good, IReadOnlyList<RosterRow> Dependent, IReadOnlyList<RosterFault> Faults, int BadRows);

/// <summary>Holds the rows of a roster against each other and against what is stored: unknown and double things, shares, sales.</summary>
public sealed class RosterCheck
{
    /// <summary>More relations than any house has; a bound for the pairwise comparison.</summary>
    const int MaxTenuresOfHouse = 100;
    const int WholeShare = 100_00;

    readonly RosterFile file;
    readonly RosterKnown known;
    readonly List<RosterFault> faults;
    readonly HashSet<RosterRow> bad = new(ReferenceEqualityComparer.Instance);
    readonly HashSet<string> badBuildings, badHouses, brokenHouses;
    readonly Dictionary<string, string> houseBuildings = [];

    RosterCheck(RosterFile file, RosterKnown known)
    {
        (this.file, this.known) = (file, known);
        faults = [.. file.Faults];
        badBuildings = [.. file.BadBuildings.Except(file.Buildings.Select(row => row.Code))];
        badHouses = [.. file.BadHouses];
        brokenHouses = [.. file.BrokenHouses];
    }

    public static RosterVerdict Judge(RosterFile file, RosterKnown known)
    {
        if (file.IsRefused) return new([], [], file.Faults, 0);
        var check = new RosterCheck(file, known);
        check.Buildings();
        check.Houses();
        check.Tenures();
        check.Parking();
        return check.Verdict();
    }

    RosterVerdict Verdict()
    {
        List<RosterRow> good = [], dependent = [];
        foreach (var row in file.Buildings.Concat<RosterRow>(file.Houses).Concat(file.Tenures).Concat(file.Parking))
            if (!bad.Contains(row)) (HangsOnBadRow(row) ? dependent : good).Add(row);
        var sheets = RosterLayout.Sheets.Select((sheet, index) => (sheet.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index);
        List<RosterFault> sorted = [.. faults.OrderBy(fault => sheets[fault.Sheet]).ThenBy(fault => fault.Row)];
        return new(good, dependent, sorted, sorted.DistinctBy(fault => (fault.Sheet, fault.Row)).Count());
    }

    bool HangsOnBadRow(RosterRow row) => row switch
    {
        HouseRow house => badBuildings.Contains(house.Building),
        // Half of the owners would make another liable party than all of them: either all rows that say who is liable, or none.
        TenureRow tenure => HangsOnBadHouse(tenure.House) || (SaysWhoIsLiable(tenure.Kind) && brokenHouses.Contains(tenure.House)),
        ParkingRow { House: { } house } => HangsOnBadHouse(house),
        _ => false,
    };

    bool HangsOnBadHouse(string house) => badHouses.Contains(house)
        || (houseBuildings.TryGetValue(house, out var building) && badBuildings.Contains(building));

    void Fault(RosterRow row, RosterFaultKind kind, RosterColumn column, string wrong, string right)
    {
        bad.Add(row);
        faults.Add(new(kind, row.Sheet.Name, row.Row, column.Title, wrong, right));
    }

    void Buildings() => Twice(file.Buildings, row => row.Code, (row, first) => Fault(row, RosterFaultKind.DuplicateBuilding,
        RosterLayout.BuildingCode, $"楼栋 {row.Code} 与第 {first.Row} 行重复", "每个楼栋一行"));

    static void Twice<TRow>(IEnumerable<TRow> rows, Func<TRow, string> code, Action<TRow, TRow> found)
    {
        Dictionary<string, TRow> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
            if (!seen.TryAdd(code(row), row)) found(row, seen[code(row)]);
    }

    void Houses()
    {
        var inFile = file.Buildings.Select(row => row.Code).ToHashSet();
        var all = string.Join('、', inFile.Union(known.Buildings).Order(StringComparer.Ordinal).Take(20));
        Twice(file.Houses, row => row.Code, (row, first) => Fault(row, RosterFaultKind.DuplicateHouse, RosterLayout.HouseCode,
            $"房号 {row.Code} 与第 {first.Row} 行重复", "每套房屋一行，删去多余的或改正房号"));
        foreach (var row in file.Houses.Where(row => !bad.Contains(row)))
        {
            houseBuildings[row.Code] = row.Building;
            if (inFile.Contains(row.Building) || known.Buildings.Contains(row.Building) || badBuildings.Contains(row.Building)) continue;
            Fault(row, RosterFaultKind.UnknownBuilding, RosterLayout.HouseBuilding, $"楼栋 {row.Building} 不存在",
                all.Length > 0 ? $"已有楼栋：{all}；新楼栋先写入“{RosterLayout.Buildings.Name}”表" : $"先把楼栋写入“{RosterLayout.Buildings.Name}”表");
            badHouses.Add(row.Code);
        }
        // A code that is good in one row is a good house, whatever another row with the same code says.
        badHouses.ExceptWith(file.Houses.Where(row => !bad.Contains(row)).Select(row => row.Code));
    }

    void Tenures()
    {
        var stored = known.Tenures.ToLookup(tenure => tenure.House);
        var byHouse = file.Tenures.GroupBy(row => row.House).ToList();
        var houseRows = file.Houses.Where(row => !bad.Contains(row)).ToDictionary(row => row.Code);
        foreach (var group in byHouse)
        {
            if (badHouses.Contains(group.Key)) continue;
            if (!houseRows.TryGetValue(group.Key, out var house) && !known.Houses.ContainsKey(group.Key))
            {
                foreach (var row in group)
                    Fault(row, RosterFaultKind.UnknownHouse, RosterLayout.TenureHouse, $"房号 {row.House} 不存在", RosterLayout.TenureHouse.Meaning);
                continue;
            }
            foreach (var row in group.Skip(MaxTenuresOfHouse))
                Fault(row, RosterFaultKind.TooManyTenures, RosterLayout.TenureHouse, $"房号 {row.House} 的关系超过 {MaxTenuresOfHouse} 行", "核对房号");
            TenuresOf(group.Key, house, [.. group.Take(MaxTenuresOfHouse)], [.. stored[group.Key]]);
        }
    }

    void TenuresOf(string code, HouseRow? house, List<TenureRow> rows, List<KnownTenure> stored)
    {
        // A row that names the same relation as a stored one replaces it (an end is added, a share is corrected).
        stored.RemoveAll(tenure => rows.Exists(row => row.Name == tenure.Name && row.Kind == tenure.Kind && row.From == tenure.From));
        var spans = rows.Select(row => new Span(row, row.Name, row.Kind, row.Share ?? 0, row.From, row.To))
            .Concat(stored.Select(tenure => new Span(null, tenure.Name, tenure.Kind, tenure.Share ?? 0, tenure.From, tenure.To))).ToList();
        foreach (var row in rows) ComparedWithOthers(row, spans);
        Shares(spans);
        var handedOver = house is null ? known.Houses.GetValueOrDefault(code) : house.HandedOver;
        var first = rows.Where(row => IsOwner(row.Kind) && !bad.Contains(row)).MinBy(row => row.From);
        if (first is not null && handedOver > first.From) HandedOverAfterSale(house, first, handedOver.Value);
        if (rows.Exists(row => bad.Contains(row) && SaysWhoIsLiable(row.Kind))) brokenHouses.Add(code);
    }

    /// <summary>Nobody owns a home before it was handed over; the newer statement is the wrong one, so a stored house stays right.</summary>
    void HandedOverAfterSale(HouseRow? house, TenureRow first, DateOnly handedOver)
    {
        if (house is null)
        {
            Fault(first, RosterFaultKind.HandedOverAfterSale, RosterLayout.TenureFrom,
                $"业主起始日期 {first.From:yyyy-MM-dd} 早于交付日期 {handedOver:yyyy-MM-dd}", $"不早于 {handedOver:yyyy-MM-dd}");
            return;
        }
        Fault(house, RosterFaultKind.HandedOverAfterSale, RosterLayout.HouseHandedOver,
            $"交付日期 {handedOver:yyyy-MM-dd} 晚于“{RosterLayout.Tenures.Name}”第 {first.Row} 行业主的起始日期 {first.From:yyyy-MM-dd}",
                $"不晚于 {first.From:yyyy-MM-dd}");
        badHouses.Add(house.Code);
    }

    /// <summary>A stretch in which somebody stands in a relation to the house; <paramref name="Row"/> is null when it is stored.</summary>
    sealed record Span(TenureRow? Row, string Name, TenureKind Kind, int Share, DateOnly From, DateOnly? To)
    {
        public bool Overlaps(Span other) => (other.To is null || From <= other.To) && (To is null || other.From <= To);

        public bool On(DateOnly day) => From <= day && (To is null || day <= To);
    }

    void ComparedWithOthers(TenureRow row, List<Span> spans)
    {
        var mine = spans.Find(span => ReferenceEquals(span.Row, row))!;
        foreach (var other in spans)
        {
            if (other == mine || !mine.Overlaps(other) || (other.Row is { } another && (another.Row > row.Row || bad.Contains(another)))) continue;
            var place = other.Row is { } earlier ? $"第 {earlier.Row} 行" : "系统中已有的记录";
            if (other.Name == row.Name && other.Kind == row.Kind)
                Fault(row, RosterFaultKind.DuplicateTenure, RosterLayout.TenureName, $"与{place}是同一人、同一关系，日期重叠", "同一关系一行，日期不重叠");
            else if (other.Kind == row.Kind && row.Kind == TenureKind.Owner)
                Fault(row, RosterFaultKind.TwoOwnersAtOnce, RosterLayout.TenureFrom, $"与{place}的业主日期重叠",
                    "买卖时先填上一位业主的终止日期；共有时关系写“共有人”");
            else continue;
            return;
        }
    }

    /// <summary>On each day on which somebody begins, the shares of all owners together are at most the whole.</summary>
    void Shares(List<Span> spans)
    {
        var owners = spans.Where(span => IsOwner(span.Kind) && (span.Row is null || !bad.Contains(span.Row))).ToList();
        foreach (var day in owners.Select(owner => owner.From).Distinct().Order().ToList())
            while (owners.Where(owner => owner.On(day)).ToList() is var together && together.Sum(owner => owner.Share) > WholeShare)
            {
                if (together.Where(owner => owner is { Row: not null, Share: > 0 }).MaxBy(owner => owner.Row!.Row) is not { } last) break;
                var others = together.Sum(owner => owner.Share) - last.Share;
                Fault(last.Row!, RosterFaultKind.SharesAboveWhole, RosterLayout.TenureShare,
                    $"{day:yyyy-MM-dd} 起份额合计 {(others + last.Share) / 100m:0.##}%，超过 100%", $"不超过 {Math.Max(0, WholeShare - others) / 100m:0.##}");
                owners.Remove(last);
            }
    }

    void Parking()
    {
        Twice(file.Parking, row => row.Code, (row, first) => Fault(row, RosterFaultKind.DuplicateParkingSpace, RosterLayout.ParkingCode,
            $"车位号 {row.Code} 与第 {first.Row} 行重复", "每个车位一行"));
        var houses = file.Houses.Where(row => !bad.Contains(row)).Select(row => row.Code).ToHashSet();
        foreach (var row in file.Parking.Where(row => !bad.Contains(row)))
            if (row.House is { } house && !houses.Contains(house) && !badHouses.Contains(house) && !known.Houses.ContainsKey(house))
                Fault(row, RosterFaultKind.UnknownHouse, RosterLayout.ParkingHouse, $"房号 {house} 不存在", RosterLayout.TenureHouse.Meaning);
    }

    static bool IsOwner(TenureKind kind) => kind is TenureKind.Owner or TenureKind.JointOwner;

    static bool SaysWhoIsLiable(TenureKind kind) => IsOwner(kind) || kind == TenureKind.Developer;
}
