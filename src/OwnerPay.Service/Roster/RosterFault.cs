using System.Text.Json.Serialization;

namespace OwnerPay.Service.Roster;

/// <summary>What can be wrong with a roster workbook. The name is what a program reads; people read <see cref="RosterFault.Wrong"/>.</summary>
public enum RosterFaultKind
{
    // The file or a sheet as a whole: nothing of it is read.
    NotExcel, TooLarge, UnknownSheet, MissingSheet, MissingColumn, DuplicateColumn, MergedTitles,
    // One row by itself.
    MergedCells, Empty, TextNotAllowed, BadCode, UnknownChoice, AreaNotANumber, AreaNotPositive, AreaDecimals, DateAsText, DateNotPossible,
    BadPhone, BadShare, BadIdNumber, EndBeforeStart, NoHolder,
    // One row beside the others, or beside what is stored.
    DuplicateBuilding, DuplicateHouse, DuplicateParkingSpace, DuplicateTenure, UnknownBuilding, UnknownHouse, SharesAboveWhole, TwoOwnersAtOnce,
    HandedOverAfterSale, TooManyTenures,
    // A meter reading beside the others, or beside what is stored.
    UnknownMeter, BadReading, ReadingLower, ReadingTwice,
}

/// <summary>One thing that is wrong, where it is and how to put it right. Holds no name, phone or ID number: it is kept and logged.</summary>
/// <param name="Sheet">Name of the sheet; empty when the file as a whole is meant.</param>
/// <param name="Row">Row number as Excel shows it, from 1; 0 when no row is meant.</param>
/// <param name="Column">Title of the column; empty when no column is meant.</param>
/// <param name="Wrong">What is wrong, in Chinese.</param>
/// <param name="Right">What would be right, in Chinese.</param>
public sealed record RosterFault(RosterFaultKind Kind, string Sheet, int Row, string Column, string Wrong, string Right)
{
    /// <summary>The whole file is refused, whatever its other rows say.</summary>
    [JsonIgnore]
    public bool RefusesFile => Kind <= RosterFaultKind.MergedTitles;

    /// <summary>The sentence a clerk reads, such as “房屋 第 12 行 建筑面积(㎡)：…；应为：…”.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Sheet, Row > 0 ? $"第 {Row} 行" : "", Column }.Where(part => part.Length > 0)) is { Length: > 0 } place
            ? $"{place}：{Wrong}；应为：{Right}"
            : $"{Wrong}；应为：{Right}";
}

/// <summary>Something that was put right while reading (full-width digits) or ignored (an unknown column); no reason to refuse the row.</summary>
public sealed record RosterNote(string Sheet, int Row, string Column, string Text);
