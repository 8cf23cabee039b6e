using System.Globalization;
using OwnerPay.Domain;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>A document for people (通知单, 收据, 对账单) as values only. One writer makes the print page of it, one the PDF, one the text that is kept;
/// whoever composes it writes no markup, so that a name or a formula can never become some.</summary>
/// <param name="Title">In large type on top.</param>
/// <param name="Facts">Name and value, two in a row below the title.</param>
/// <param name="Blocks">From top to bottom.</param>
public sealed record Paper(string Title, PaperHead Head, IReadOnlyList<PaperFact> Facts, IReadOnlyList<PaperBlock> Blocks)
{
    /// <summary>Number of the document, on the right above the facts; null where it has none.</summary>
    public string? Number { get; init; }

    /// <summary>Stamped across the page in red (作废); null on a good document.</summary>
    public string? Stamp { get; init; }

    /// <summary>Small print at the end.</summary>
    public IReadOnlyList<string> Footnotes { get; init; } = [];
}

/// <summary>Who hands the document out.</summary>
/// <param name="Company">Property company; empty where none is set.</param>
/// <param name="Community">The estate.</param>
public sealed record PaperHead(string Company, string Community, string Phone, string Address, string Hours);

public sealed record PaperFact(string Name, string Value);

/// <summary>A part of a document.</summary>
public abstract record PaperBlock;

/// <param name="Columns">Their weights sum to 100.</param>
public sealed record PaperTable(IReadOnlyList<PaperColumn> Columns, IReadOnlyList<PaperRow> Rows) : PaperBlock
{
    /// <summary>Above the table; null where it needs none.</summary>
    public string? Heading { get; init; }
}

/// <param name="Weight">Percent of the width, a multiple of 2.</param>
/// <param name="Right">Amounts stand on the right, so that their digits stand below each other.</param>
public sealed record PaperColumn(string Title, int Weight, bool Right = false);

public enum PaperRowKind { Plain, Group, Sum }

/// <param name="Cells">One per column; a <c>Group</c> row has one cell over the whole width.</param>
public sealed record PaperRow(IReadOnlyList<string> Cells, PaperRowKind Kind = PaperRowKind.Plain)
{
    /// <summary>In small type below the cells, over the whole width: how the amount came about.</summary>
    public string? Note { get; init; }
}

/// <summary>The amount that the document is about, in figures and in words.</summary>
public sealed record PaperAmount(string Name, string Figures, string Words) : PaperBlock;

/// <summary>Lines of text, beside them a code to scan.</summary>
public sealed record PaperText(string? Heading, IReadOnlyList<string> Lines) : PaperBlock
{
    public PaperCode? Code { get; init; }
}

/// <summary>A code that a phone scans.</summary>
/// <param name="Png">The picture as PNG, or null when <paramref name="Content"/> is to be drawn as a QR code.</param>
/// <param name="Content">What the code says; kept in the frozen text.</param>
/// <param name="Caption">Below it, in Chinese.</param>
public sealed record PaperCode(byte[]? Png, string Content, string Caption);

/// <summary>Places to sign, beside each other.</summary>
public sealed record PaperSignatures(IReadOnlyList<string> Names) : PaperBlock;

/// <summary>How values are written on paper.</summary>
public static class PaperWords
{
    /// <summary>3,986.40</summary>
    public static string Yuan(long fen) => (fen / 100m).ToString("#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>3,986.40元</summary>
    public static string YuanUnit(long fen) => Yuan(fen) + "元";

    /// <summary>2026年12月31日</summary>
    public static string Date(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日");

    /// <summary>2026.12.01–2026.12.31</summary>
    public static string Days(DateOnly from, DateOnly to) => string.Create(CultureInfo.InvariantCulture, $"{from:yyyy.MM.dd}–{to:yyyy.MM.dd}");

    /// <summary>2026-12-31 14:05</summary>
    public static string Instant(DateTimeOffset at) => at.ToOffset(Clock.ShanghaiOffset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>An amount in figures and in the capital numerals of receipts; a negative one has no words of its own and says 负.</summary>
    public static PaperAmount Amount(string name, long fen) =>
        new(name, "¥" + Yuan(fen), (fen < 0 ? "负" : "") + Domain.Payments.AmountInWords.Of(new Fen(Math.Abs(fen))));
}
