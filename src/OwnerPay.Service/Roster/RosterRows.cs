namespace OwnerPay.Service.Roster;

/// <summary>One filled row of a roster workbook, with values in the units of the database.</summary>
/// <param name="Row">Row number as Excel shows it.</param>
public abstract record RosterRow(int Row)
{
    /// <summary>The sheet on which the row stands.</summary>
    public abstract RosterSheet Sheet { get; }
}

/// <summary>A building of the community.</summary>
public sealed record BuildingRow(int Row, string Code, string? Name) : RosterRow(Row)
{
    public override RosterSheet Sheet => RosterLayout.Buildings;
}

/// <summary>What the clerk writes about a house: 在住, 空置, 未售. Whether it is sold is decided by its tenures; stored is only whether it stands
/// empty.</summary>
public enum HouseState { Occupied, Vacant, Unsold }

/// <param name="Area">In 0.01 m², above 0.</param>
/// <param name="HandedOver">Day of the hand-over; null while there was none.</param>
public sealed record HouseRow(int Row, string Building, string Code, long Area, DateOnly? HandedOver, HouseState State) : RosterRow(Row)
{
    public override RosterSheet Sheet => RosterLayout.Houses;
}

/// <param name="Phones">Mobile numbers of 11 digits, in the order of the cell.</param>
/// <param name="Share">In 0.01 %, or null when the file says nothing.</param>
/// <param name="To">Last day, included; null while it lasts.</param>
/// <param name="IdNumber">ID number or unified social credit code, upper case.</param>
public sealed record TenureRow(
    int Row, string House, string Name, TenureKind Kind, IReadOnlyList<string> Phones, int? Share, DateOnly From, DateOnly? To, string? IdNumber)
    : RosterRow(Row)
{
    public override RosterSheet Sheet => RosterLayout.Tenures;
}

/// <param name="House">Code of the house it belongs to, or null when it belongs to a person.</param>
/// <param name="Name">Name of the person it belongs to; with <paramref name="Phone"/> it says who that is.</param>
public sealed record ParkingRow(
    int Row, string Code, string? House, string? Name, string? Phone, ParkingKind Kind, DateOnly From, DateOnly? To) : RosterRow(Row)
{
    public override RosterSheet Sheet => RosterLayout.Parking;
}

/// <summary>A roster workbook as read: what is good by itself, what is wrong and what was noticed.</summary>
/// <param name="Read">Filled rows of all sheets, title rows not counted; 0 when the file is refused as a whole.</param>
/// <param name="BadBuildings">Building codes of bad rows, as far as they could be read: what hangs on them is not judged.</param>
/// <param name="BadHouses">House codes of bad rows on 房屋.</param>
/// <param name="BrokenHouses">Houses of bad rows on 业主与住户 that say, or may say, who is liable.</param>
public sealed record RosterFile(
    int Read,
    IReadOnlyList<BuildingRow> Buildings,
    IReadOnlyList<HouseRow> Houses,
    IReadOnlyList<TenureRow> Tenures,
    IReadOnlyList<ParkingRow> Parking,
    IReadOnlyList<RosterFault> Faults,
    IReadOnlyList<RosterNote> Notes,
    IReadOnlySet<string> BadBuildings,
    IReadOnlySet<string> BadHouses,
    IReadOnlySet<string> BrokenHouses)
{
    /// <summary>A file that cannot be read at all, or whose sheets or titles are not those of a roster.</summary>
    public static RosterFile Refused(params IReadOnlyList<RosterFault> faults) =>
        new(0, [], [], [], [], faults, [], new HashSet<string>(), new HashSet<string>(), new HashSet<string>());

    /// <summary>True when not even <c>--good-rows</c> stores anything.</summary>
    public bool IsRefused => Faults.Any(fault => fault.RefusesFile);
}
