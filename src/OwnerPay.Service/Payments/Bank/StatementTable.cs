using System.Globalization;
using System.Text;
using MiniExcelLibs;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using Sylvan.Data.Csv;

namespace OwnerPay.Service.Payments.Bank;

/// <summary>The cells of a file of rows, as text: CSV in UTF-8, UTF-16 or GB18030 (which reads GBK), with commas or tabs, or an .xlsx.</summary>
/// <remarks>Limits: 20 MB, 200 MB unpacked, 200,000 rows. Text that a spreadsheet export armoured (<c>="6222…"</c>, a trailing tab) is
/// unwrapped.</remarks>
public static class StatementTable
{
    public const int MaxRows = 200_000, MaxBytes = 20 * 1024 * 1024;

    public static readonly Error TooManyRows = new(400, "file_too_many_rows", "文件超过 20 万行，请分成几个文件导入") { Field = "file" };
    public static readonly Error Unreadable = new(400, "file_unreadable", "文件无法读取")
    {
        Field = "file",
        Detail = "请上传银行导出的 .csv 或 .xlsx（旧版 .xls 请另存为 .xlsx）"
    };

    static StatementTable() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="file">Must be able to seek; stays open.</param>
    /// <returns>Rows with their cells; empty rows are empty lists, so that the row's number is its place.</returns>
    public static Result<IReadOnlyList<IReadOnlyList<string>>> Read(Stream file, CancellationToken cancel)
    {
        if (file.Length > MaxBytes) return Problems.TooLarge;
        Span<byte> head = stackalloc byte[4];
        file.Position = 0;
        var length = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        if (length == 4 && head.SequenceEqual<byte>([0xD0, 0xCF, 0x11, 0xE0])) return Unreadable;
        try
        {
            return length == 4 && head.SequenceEqual("PK\u0003\u0004"u8) ? Excel(file, cancel) : Csv(file, cancel);
        }
        catch (Exception broken) when (broken is CsvFormatException or InvalidDataException or System.Xml.XmlException or DecoderFallbackException or FormatException
            or KeyNotFoundException or ArgumentException)
        {
            return Unreadable;
        }
    }

    static Result<IReadOnlyList<IReadOnlyList<string>>> Excel(Stream file, CancellationToken cancel)
    {
        if (WorkbookScan.Of(file, cancel).Refusal is { } refusal) return Unreadable.At("file", $"{refusal.Wrong}；{refusal.Right}");
        var rows = new List<IReadOnlyList<string>>();
        foreach (IDictionary<string, object?> row in file.Query(useHeaderRow: false))
        {
            cancel.ThrowIfCancellationRequested();
            if (rows.Count == MaxRows + 1) return TooManyRows;
            rows.Add([.. row.Values.Select(Text)]);
        }
        return rows;
    }

    static string Text(object? cell) => cell switch
    {
        null => "",
        string text => Plain(text),
        DateTime instant => instant.ToString(instant.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        bool flag => flag ? "是" : "否",
        // A number of the file has at most 15 digits that mean something: as decimal it is what the cell shows.
        IConvertible number => Convert.ToDecimal(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    static Result<IReadOnlyList<IReadOnlyList<string>>> Csv(Stream file, CancellationToken cancel)
    {
        var text = Decode(file);
        if (string.IsNullOrWhiteSpace(text)) return Unreadable;
        using var reader = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions
        {
            HasHeaders = false, Delimiter = text.Count(c => c == '\t') > text.Count(c => c == ',') ? '\t' : ',', BufferSize = 0x20000,
            MaxBufferSize = 0x100000, ResultSetMode = ResultSetMode.SingleResult,
        });
        var rows = new List<IReadOnlyList<string>>();
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            if (rows.Count == MaxRows + 1) return TooManyRows;
            var cells = new string[reader.RowFieldCount];
            for (var at = 0; at < cells.Length; at++) cells[at] = Plain(reader.GetString(at));
            rows.Add(cells);
        }
        return rows;
    }

    /// <summary>A mark at the beginning decides; without one it is UTF-8 if every byte of it is, else GB18030.</summary>
    static string Decode(Stream file)
    {
        var bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        if (bytes.AsSpan().StartsWith<byte>([0xEF, 0xBB, 0xBF])) return Encoding.UTF8.GetString(bytes.AsSpan(3));
        if (bytes.AsSpan().StartsWith<byte>([0xFF, 0xFE])) return Encoding.Unicode.GetString(bytes.AsSpan(2));
        if (bytes.AsSpan().StartsWith<byte>([0xFE, 0xFF])) return Encoding.BigEndianUnicode.GetString(bytes.AsSpan(2));
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(bytes);
        }
    }

    static string Plain(string text)
    {
        text = text.Trim(' ', '\t', '\u00a0', '\u3000');
        return text.Length > 3 && text.StartsWith("=\"", StringComparison.Ordinal) && text[^1] == '"' ? text[2..^1].Trim() : text;
    }
}
