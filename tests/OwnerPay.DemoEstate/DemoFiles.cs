using System.Text;
using OwnerPay.Service.Roster;

namespace OwnerPay.DemoEstate;

/// <summary>The roster files of the demo, by name; the same on every call.</summary>
public static class DemoFiles
{
    const int Seed = 20261123;

    public static IEnumerable<(string Name, byte[] Content)> All()
    {
        yield return ("roster.xlsx", Estate.Build(Seed).Write());
        yield return ("roster-bad.xlsx", PlantedFaults.EachRowFault(Estate.Build(Seed)).Write());
        yield return ("roster-bad-column.xlsx", PlantedFaults.Small(Estate.Build(Seed)).WithoutColumn(RosterLayout.Houses, RosterLayout.HouseArea)
            .Write());
        yield return ("roster-bad-sheet.xlsx", PlantedFaults.Small(Estate.Build(Seed)).Renamed(RosterLayout.Houses, "房屋清单").Write());
        yield return ("roster-bad-not-excel.xlsx", Encoding.UTF8.GetBytes("房号,姓名,手机号\r\n1-1-101,这是文本文件,只是改了扩展名\r\n"));
    }
}
