using System.Runtime.CompilerServices;
using System.Text;

namespace OwnerPay.WeChat.Pay;

/// <summary>What is wrong with a bill file.</summary>
public enum BillFaultKind
{
    /// <summary>Not one line: a day without business has at least headers, or no file at all.</summary>
    NoContent,
    NotUtf8,
    /// <summary>The stream under it broke, as a damaged gzip does.</summary>
    Damaged,
    /// <summary>The first line is no header of this kind of bill, or names a column twice.</summary>
    UnknownHeader,
    /// <summary>A line has more or fewer fields than its header, or a field lacks the backtick.</summary>
    RaggedLine,
    /// <summary>A value is no amount, count or time.</summary>
    BadValue,
    /// <summary>The file ends before its summary line.</summary>
    NoSummary,
    /// <summary>The lines do not add up to what the summary says.</summary>
    SummaryMismatch,
    /// <summary>Something stands behind the summary line.</summary>
    AfterSummary,
}

/// <summary>Why a bill must not be used.</summary>
/// <param name="Line">Counted from 1; 0 for the file as a whole.</param>
/// <param name="Detail">For staff; holds no personal data.</param>
public sealed record BillFault(BillFaultKind Kind, int Line, string? Column = null, string? Detail = null);

/// <summary>The last line of a bill, by its own headers, values without backtick.</summary>
public sealed record BillSummary(IReadOnlyDictionary<string, string> Values);

/// <summary>Opens bill files, unpacked, for reading row by row.</summary>
public static class BillReader
{
    /// <summary>A trade bill of any kind (ALL, SUCCESS, REFUND); columns are found by name, unknown ones are ignored.</summary>
    public static BillReader<TradeBillRow> Trade(Stream unpacked) => new(unpacked, TradeBillRow.Format);

    /// <summary>A fund-flow bill of any account.</summary>
    public static BillReader<FundFlowRow> FundFlow(Stream unpacked) => new(unpacked, FundFlowRow.Format);
}

/// <summary>Reads one bill file in constant memory: rows as they come, then the summary line, which the rows must add up to.</summary>
/// <remarks>Rows come out before the check at the end: whatever is done with them must be undone unless <see cref="IsComplete"/>
/// is true afterwards. Nothing is thrown for a bad file.</remarks>
public sealed class BillReader<TRow> where TRow : class
{
    readonly Stream stream;
    readonly BillFormat<TRow> format;
    readonly long[] sums;
    bool started;

    internal BillReader(Stream stream, BillFormat<TRow> format) =>
        (this.stream, this.format, sums) = (stream, format, new long[format.Sums.Count]);

    /// <summary>Rows given out so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Null until the end, or if there is none.</summary>
    public BillSummary? Summary { get; private set; }

    /// <summary>Null as long as all is well.</summary>
    public BillFault? Fault { get; private set; }

    /// <summary>True once every line was read and the summary agreed.</summary>
    public bool IsComplete => Summary is not null && Fault is null;

    /// <summary>All rows in the file's order. Can be enumerated once.</summary>
    public async IAsyncEnumerable<TRow> RowsAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (started) throw new InvalidOperationException("A bill is read once.");
        started = true;
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true,
            bufferSize: 65536, leaveOpen: true);
        var line = 0;
        if (await NextAsync(reader, ++line, cancel) is not { } header)
        {
            Fault ??= new(BillFaultKind.NoContent, 0);
            yield break;
        }
        if (!BillColumns.TryRead(header, out var columns) || format.Required.FirstOrDefault(name => !columns.Has(name)) is not null)
        {
            Fault = new(BillFaultKind.UnknownHeader, line, format.Required.FirstOrDefault(name => columns?.Has(name) != true));
            yield break;
        }
        var fields = new BillFields(columns);
        string? text;
        while ((text = await NextAsync(reader, ++line, cancel)) is ['`', ..])
        {
            var row = fields.TrySplit(text, line) ? format.Read(fields) : null;
            if (fields.Fault is not null || row is null)
            {
                Fault = fields.Fault ?? new(BillFaultKind.BadValue, line);
                yield break;
            }
            for (var i = 0; i < sums.Length; i++) sums[i] += format.Sums[i].Of(row);
            Rows++;
            yield return row;
        }
        if (Fault is null) await ReadSummaryAsync(reader, text, line, cancel);
    }

    async Task ReadSummaryAsync(StreamReader reader, string? header, int line, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(header) || !BillColumns.TryRead(header, out var columns) || !columns.Has(format.CountColumn))
        {
            Fault = new(BillFaultKind.NoSummary, line);
            return;
        }
        var values = new BillFields(columns);
        if (await NextAsync(reader, line + 1, cancel) is not { } text || !values.TrySplit(text, line + 1))
        {
            Fault ??= values.Fault ?? new(BillFaultKind.NoSummary, line + 1);
            return;
        }
        if (values.Count(format.CountColumn) != Rows)
            Fault = values.Fault ?? new(BillFaultKind.SummaryMismatch, line + 1, format.CountColumn, $"{Rows} lines");
        for (var i = 0; Fault is null && i < sums.Length; i++)
            if (columns.Has(format.Sums[i].Column) && values.MilliFen(format.Sums[i].Column) != sums[i])
                Fault = values.Fault ?? new(BillFaultKind.SummaryMismatch, line + 1, format.Sums[i].Column,
                    $"{sums[i]} thousandths of a fen by lines");
        Fault ??= values.Fault;    // a sum that is no amount counts as 0 above and may have passed
        while (Fault is null && await NextAsync(reader, ++line, cancel) is { } rest)
            if (!string.IsNullOrWhiteSpace(rest)) Fault = new(BillFaultKind.AfterSummary, line + 1);
        if (Fault is null) Summary = values.ToSummary();
    }

    async ValueTask<string?> NextAsync(StreamReader reader, int line, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadLineAsync(cancel);
        }
        catch (DecoderFallbackException)
        {
            Fault = new(BillFaultKind.NotUtf8, line);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Fault = new(BillFaultKind.Damaged, line);
        }
        return null;
    }
}
