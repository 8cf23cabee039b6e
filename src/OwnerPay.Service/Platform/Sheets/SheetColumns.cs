namespace OwnerPay.Service.Platform.Sheets;

/// <summary>A column of an Excel list.</summary>
/// <param name="Width">In characters.</param>
/// <param name="Format">Excel's number format; null for text and whole numbers.</param>
/// <param name="Value">Of a row; text is neutralised by the writer.</param>
public sealed record SheetColumn<T>(string Title, int Width, string? Format, Func<T, object?> Value);

/// <summary>The kinds of columns: how a value becomes a cell that Excel can sort, filter and add up.</summary>
public static class SheetColumns
{
    public static SheetColumn<T> Text<T>(string title, Func<T, string?> value, int width = 16) => new(title, width, null, value);

    public static SheetColumn<T> Whole<T>(string title, Func<T, long?> value, int width = 10) => new(title, width, null, row => value(row));

    /// <summary>Fen become yuan with two decimals, as a number that can be added up.</summary>
    public static SheetColumn<T> Yuan<T>(string title, Func<T, long?> fen, int width = 14) => new(title, width, "#,##0.00", row => fen(row) is { } value ? value / 100m : null);

    public static SheetColumn<T> Day<T>(string title, Func<T, DateOnly?> day, int width = 12) =>
        new(title, width, "yyyy-mm-dd", row => day(row)?.ToDateTime(TimeOnly.MinValue));

    /// <summary>An instant in Shanghai's time.</summary>
    public static SheetColumn<T> Instant<T>(string title, Func<T, DateTimeOffset?> at, int width = 18) =>
        new(title, width, "yyyy-mm-dd hh:mm", row => at(row)?.ToOffset(Clock.ShanghaiOffset).DateTime);
}
