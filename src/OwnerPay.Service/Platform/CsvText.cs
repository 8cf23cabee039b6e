namespace OwnerPay.Service.Platform;

/// <summary>Cells of the CSV files that people open in a spreadsheet.</summary>
public static class CsvText
{
    /// <summary>A text cell: quoted where it must be, and with an apostrophe before what a spreadsheet would take for a formula.</summary>
    /// <remarks>Text comes from imports and owners: a cell that begins with <c>=</c> would be computed on the reader's machine.</remarks>
    public static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
