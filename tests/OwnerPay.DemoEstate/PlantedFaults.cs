using L = OwnerPay.Service.Roster.RosterLayout;
using Row = System.Collections.Generic.Dictionary<OwnerPay.Service.Roster.RosterColumn, object?>;

namespace OwnerPay.DemoEstate;

/// <summary>The estate's first homes with every fault that one row can have, each planted once among good rows.</summary>
public static class PlantedFaults
{
    /// <summary>The first unit of building 1 (40 homes) with its people and parking spaces; all good.</summary>
    public static RosterBook Small(RosterBook book)
    {
        bool Belongs(object? house) => house is string code && code.StartsWith("1-1-", StringComparison.Ordinal);
        book.Rows[L.Houses].RemoveAll(row => !Belongs(row[L.HouseCode]));
        book.Rows[L.Tenures].RemoveAll(row => !Belongs(row[L.TenureHouse]));
        book.Rows[L.Parking].RemoveAll(row => !Belongs(row.GetValueOrDefault(L.ParkingHouse)));
        return book;
    }

    public static RosterBook EachRowFault(RosterBook estate)
    {
        var book = Small(estate);
        book.Rows[L.Tenures].RemoveAll(row => row[L.TenureKind] is not "业主");
        book.Rows[L.Buildings].Add(new(book.Rows[L.Buildings][0]));    // a building twice
        PlantHouses(book);
        PlantTenures(book);
        PlantParking(book);
        return book;
    }

    static Row House(RosterBook book, string code) =>
        book.Rows[L.Houses].First(row => row.GetValueOrDefault(L.HouseCode) is string found && found == code);

    static Row Tenure(RosterBook book, string house) =>
        book.Rows[L.Tenures].First(row => row.GetValueOrDefault(L.TenureHouse) is string found && found == house);

    static void PlantHouses(RosterBook book)
    {
        var rows = book.Rows[L.Houses];
        House(book, "1-1-102")[L.HouseBuilding] = "9";
        House(book, "1-1-103")[L.HouseArea] = 0m;
        House(book, "1-1-104")[L.HouseArea] = 98.765m;
        House(book, "1-1-201")[L.HouseArea] = "约九十平";
        House(book, "1-1-202")[L.HouseState] = "出租";
        House(book, "1-1-203")[L.HouseHandedOver] = "2019/6/28";
        House(book, "1-1-204")[L.HouseHandedOver] = new DateOnly(2026, 11, 10);    // its owner has been there since 2019
        House(book, "1-1-302")[L.HouseBuilding] = null;                            // lies under a merged cell together with the row above
        book.Merge(L.Houses, $"A{rows.IndexOf(House(book, "1-1-301")) + 2}:A{rows.IndexOf(House(book, "1-1-302")) + 2}");
        House(book, "1-1-303")[L.HouseArea] = "１１８．６２";                        // accepted, converted, listed
        House(book, "1-1-304")[L.HouseHandedOver] = new DateOnly(2150, 1, 1);
        House(book, "1-1-401")[L.HouseState] = null;
        rows.Add(new(House(book, "1-1-402")));                                     // a house twice
        var misspelt = new Row(House(book, "1-1-403")) { [L.HouseCode] = "1#1单元403" };
        rows.Add(misspelt);
        rows.Insert(20, []);                                                       // empty rows in between are no fault
        rows.Insert(20, []);
    }

    static void PlantTenures(RosterBook book)
    {
        var rows = book.Rows[L.Tenures];
        var seen = rows.Select(row => (string)row[L.TenureHouse]!).ToList();
        var free = new Queue<string>(Enumerable.Range(5, 6).SelectMany(floor => Enumerable.Range(1, 4).Select(room => $"1-1-{floor}{room:00}"))
            .Where(seen.Contains));
        Tenure(book, free.Dequeue())[L.TenurePhones] = "1990000123";               // ten digits
        Tenure(book, free.Dequeue())[L.TenurePhones] = "１９９００００９００１";        // accepted, converted, listed
        Tenure(book, free.Dequeue())[L.TenureFrom] = "2020年3月1日";
        Tenure(book, free.Dequeue())[L.TenureTo] = new DateOnly(2018, 12, 31);
        Tenure(book, free.Dequeue())[L.TenureName] = new Planted("=HYPERLINK(\"http://example.com\",\"王伟\")");
        Tenure(book, free.Dequeue())[L.TenureShare] = 0.5m;
        Tenure(book, free.Dequeue())[L.TenureIdNumber] = "110101190001010000";     // wrong check digit
        rows.Add(new(Tenure(book, free.Dequeue())) { [L.TenurePhones] = null });   // the same owner twice
        rows.Add(new(Tenure(book, free.Dequeue())) { [L.TenureName] = "钱多多", [L.TenurePhones] = "19900009002" });    // a buyer, the seller goes on
        var shared = Tenure(book, free.Dequeue());
        (shared[L.TenureKind], shared[L.TenureShare]) = ("共有人", 60m);
        rows.Add(new(shared) { [L.TenureName] = "孔方兄", [L.TenurePhones] = "19900009003", [L.TenureShare] = 50m });
        rows.Add(new(shared) { [L.TenureHouse] = "1-9-999", [L.TenureName] = "冯生", [L.TenurePhones] = "19900009004", [L.TenureShare] = null });
    }

    static void PlantParking(RosterBook book)
    {
        var rows = book.Rows[L.Parking];
        Row Space(string code, object? house) => new(rows[0]) { [L.ParkingCode] = code, [L.ParkingHouse] = house };
        var good = rows[0][L.ParkingHouse];
        rows.Add(Space((string)rows[0][L.ParkingCode]!, good));
        rows.Add(Space("B1-901", null));
        rows.Add(Space("B1-902", "1-9-998"));
    }
}
