using L = OwnerPay.Service.Roster.RosterLayout;

namespace OwnerPay.DemoEstate;

/// <summary>The estate 阳光花园: 6 buildings with 80 homes each, 120 parking spaces, and the people of a lived-in place. All of it is invented.</summary>
/// <remarks>Building 6 is the newest: part of it unsold, part handed over within October and November 2026. Numbers begin with 1990000, which
/// looks like a phone number and is one person's each.</remarks>
public sealed class Estate
{
    const string Developer = "阳光置业有限公司";
    const string Surnames = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙";
    const string First = "晓思雨志建文海国玉春秀丽明嘉子梓浩俊伟佳慧雪欣宇泽立永德红美静书若安景清一诗承";
    const string Second = "梅华强军平涛敏婷磊洋艳勇杰娟超霞刚鹏燕鑫琳波辉红宁凯峰莉萍然涵轩怡博航晨妍彤瑶远";

    static readonly DateOnly[] BuildingReady =
        [new(2019, 6, 28), new(2019, 11, 16), new(2021, 9, 25), new(2022, 5, 21), new(2024, 5, 18), new(2025, 9, 20)];
    static readonly decimal[][] Areas =
    [
        [89.37m, 118.62m, 118.62m, 89.37m], [92.05m, 127.4m, 127.4m, 92.05m], [76.18m, 104.93m, 104.93m, 76.18m],
        [143.08m, 131.56m, 131.56m, 143.08m], [98.71m, 115.2m, 115.2m, 98.71m], [108.64m, 139.95m, 139.95m, 108.64m],
    ];

    readonly Random random;
    readonly RosterBook book = new();
    readonly Dictionary<string, string> ownerOf = [];
    string developerPhone = "";
    int phones;

    Estate(int seed) => random = new Random(seed);

    public static RosterBook Build(int seed)
    {
        var estate = new Estate(seed);
        estate.developerPhone = estate.Phone();
        for (var building = 1; building <= 6; building++)
        {
            estate.book.Add(L.Buildings, (L.BuildingCode, $"{building}"), (L.BuildingName, $"{building}号楼"));
            for (var home = 0; home < 80; home++) estate.AddHouse(building, unit: home / 40 + 1, floor: home % 40 / 4 + 1, room: home % 4 + 1);
        }
        estate.AddParking();
        return estate.book;
    }

    void AddHouse(int building, int unit, int floor, int room)
    {
        var code = $"{building}-{unit}-{floor}{room:00}";
        var area = Areas[building - 1][room - 1] + (floor == 1 ? -2.36m : 0);
        if (building == 6 && unit == 2 && floor >= 5)
        {
            AddHouseRow(building, code, area, handedOver: null, "未售");
            AddTenure(code, Developer, "开发商", developerPhone, from: BuildingReady[5]);
            return;
        }
        // The first unit of building 6 is being handed over this very autumn, the rest has been lived in for a while.
        var handedOver = building == 6 && unit == 1 && floor >= 6
            ? new DateOnly(2026, 10, 9).AddDays((floor - 6) * 8 + room * 2)
            : BuildingReady[building - 1].AddDays(random.Next(0, 120));
        var state = handedOver.Year == 2026 || random.Next(100) < 9 ? "空置" : "在住";
        AddHouseRow(building, code, area, handedOver, state);
        if (handedOver.Year == 2026) AddTenure(code, Developer, "开发商", developerPhone, BuildingReady[5], handedOver.AddDays(-1));
        AddPeople(code, handedOver, state);
    }

    void AddHouseRow(int building, string code, decimal area, DateOnly? handedOver, string state) => book.Add(L.Houses,
        (L.HouseBuilding, $"{building}"), (L.HouseCode, code), (L.HouseArea, area), (L.HouseHandedOver, handedOver), (L.HouseState, state));

    void AddTenure(string house, string name, string kind, string phone, DateOnly from, DateOnly? to = null, decimal? share = null) =>
        book.Add(L.Tenures, (L.TenureHouse, house), (L.TenureName, name), (L.TenureKind, kind), (L.TenurePhones, phone), (L.TenureShare, share),
            (L.TenureFrom, from),
        (L.TenureTo, to));

    void AddPeople(string code, DateOnly since, string state)
    {
        switch (code)
        {
            case "1-1-101" or "3-2-802" or "5-1-603":
                AddTenure(code, "林晓梅", "业主", "19900008888", since);    // one person, three homes
                ownerOf[code] = "林晓梅";
                return;
            case "2-1-301":    // sold in the middle of a billing period
                AddTenure(code, "周志强", "业主", Phone(), since, new(2026, 11, 11));
                AddTenure(code, "许若彤", "业主", Phone(), new(2026, 11, 12));
                return;
            case "4-2-402":    // sold long ago
                AddTenure(code, "何国平", "业主", Phone(), since, new(2024, 3, 31));
                AddTenure(code, "蒋诗涵", "业主", Phone(), new(2024, 4, 1));
                return;
        }
        var dice = random.Next(100);
        var name = Name();
        if (dice < 12) AddJointOwners(code, name, since);
        else AddTenure(code, name, "业主", dice < 15 ? "" : dice < 19 ? $"{Phone()}、{Phone()}" : Phone(), since);
        ownerOf[code] = name;
        if (state == "在住" && random.Next(100) < 13)
            AddTenure(code, Name(), "租户", Phone(), new DateOnly(2025, 7, 1).AddDays(random.Next(0, 420)));
        else if (random.Next(100) < 3)
            AddTenure(code, Name(), "代付人", Phone(), since);    // often a grown-up child far away
    }

    void AddJointOwners(string code, string name, DateOnly since)
    {
        if (random.Next(5) == 0)
        {
            AddTenure(code, name, "共有人", Phone(), since, share: 33.34m);
            AddTenure(code, Name(), "共有人", Phone(), since, share: 33.33m);
            AddTenure(code, Name(), "共有人", Phone(), since, share: 33.33m);
            return;
        }
        var half = random.Next(3) > 0 ? 50m : (decimal?)null;
        AddTenure(code, name, "共有人", Phone(), since, share: half);
        AddTenure(code, Name(), "共有人", Phone(), since, share: half);
    }

    void AddParking()
    {
        var houses = ownerOf.Keys.Where(code => code[0] != '6').ToArray();
        random.Shuffle(houses);
        for (var space = 1; space <= 120; space++)
        {
            var code = $"B1-{space:000}";
            if (space % 20 == 0)    // rented to somebody from outside
                book.Add(L.Parking, (L.ParkingCode, code), (L.ParkingName, Name()), (L.ParkingPhone, Phone()), (L.ParkingKind, "租用"),
                    (L.ParkingFrom, new DateOnly(2026, 1, 1)), (L.ParkingTo, new DateOnly(2026, 12, 31)));
            else
                book.Add(L.Parking, (L.ParkingCode, code), (L.ParkingHouse, houses[space]), (L.ParkingKind, space % 4 == 0 ? "租用" : "自有"),
                    (L.ParkingFrom, new DateOnly(2025, 1, 1).AddDays(random.Next(0, 365))));
        }
    }

    string Name()
    {
        var surname = Surnames[random.Next(Surnames.Length)];
        var first = random.Next(5) == 0 ? "" : $"{First[random.Next(First.Length)]}";
        var name = $"{surname}{first}{Second[random.Next(Second.Length)]}";
        return name is "林晓梅" ? Name() : name;
    }

    /// <summary>Numbers jump about, as they do in life, and none comes twice: 37 and 8,887 have no common divisor.</summary>
    string Phone() => $"1990000{phones++ * 37 % 8887:0000}";
}
