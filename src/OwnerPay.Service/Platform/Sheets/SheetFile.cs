using System.Runtime.CompilerServices;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;

namespace OwnerPay.Service.Platform.Sheets;

/// <summary>Writes a list as an Excel file, row after row as they are read: memory does not grow with the list.</summary>
public static class SheetFile
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <returns>The file, at its beginning, and the number of its rows; it deletes itself when it is closed.</returns>
    public static async Task<(FileStream File, int Rows)> Write<T>(string sheet, IReadOnlyList<SheetColumn<T>> columns, IAsyncEnumerable<T> rows, CancellationToken cancel)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), "sheet-" + Guid.CreateVersion7().ToString("N")), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            var count = new Counter();
            var configuration = new OpenXmlConfiguration
            {
                FreezeRowCount = 1, AutoFilter = true, FastMode = false,
                DynamicColumns = [.. columns.Select(column => new DynamicExcelColumn(column.Title) { Width = column.Width, Format = column.Format })],
            };
            await file.SaveAsAsync(Cells(columns, rows, count, cancel), printHeader: false, sheetName: sheet, configuration: configuration, cancellationToken: cancel);
            file.Position = 0;
            return (file, count.Rows);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    sealed class Counter
    {
        public int Rows { get; set; }
    }

    static async IAsyncEnumerable<IDictionary<string, object?>> Cells<T>(
        IReadOnlyList<SheetColumn<T>> columns, IAsyncEnumerable<T> rows, Counter count, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The titles are a row like the others, so that an empty list has them too.
        yield return columns.ToDictionary(column => column.Title, object? (column) => column.Title);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            count.Rows++;
            yield return columns.ToDictionary(column => column.Title, object? (column) => column.Value(row) is var cell && cell is string text ? Neutral(text) : cell);
        }
    }

    /// <summary>Text that a spreadsheet would run as a formula gets an apostrophe in front; it came from an import or an owner.</summary>
    public static string Neutral(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;

    /// <summary>All rows of a list that is read in pages, from the first page to the last.</summary>
    /// <param name="page">Reads the page behind a cursor; a cursor that it gave itself is never refused.</param>
    public static async IAsyncEnumerable<T> AllPages<T>(Func<string?, Task<Result<Page<T>>>> page)
    {
        string? cursor = null;
        do
        {
            var read = (await page(cursor)).Value;
            foreach (var item in read.Items) yield return item;
            cursor = read.NextCursor;
        }
        while (cursor is not null);
    }
}
