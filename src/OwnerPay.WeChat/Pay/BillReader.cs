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

/// <summary>What makes one kind of bill: the columns it cannot do without, and what its summary adds up.</summary>
/// <param name="SumColumns">Columns of the summary, in the order of <see cref="BillLine{TRow}.AddTo"/>.</param>
/// <param name="Line">Makes what reads a line, for a file with these columns.</param>
sealed record BillFormat<TLine>(IReadOnlyList<string> Required, string CountColumn, IReadOnlyList<string> SumColumns, Func<BillColumns, TLine> Line);

/// <summary>A line of a bill on which a reader stands. Its values hold until the next line is read; <see cref="ToRow"/> keeps them.</summary>
public abstract class BillLine<TRow> where TRow : class
{
    private protected BillLine(BillColumns columns) => Fields = new BillFields(columns);

    internal BillFields Fields { get; }

    /// <summary>Line in the file, the header being 1.</summary>
    public int Line => Fields.Line;

    /// <summary>Reads every value, so that a bad one is found whether anybody asks for it or not.</summary>
    internal abstract void Read();

    /// <summary>Adds the line's part to each of the summary's sums, in thousandths of a fen.</summary>
    internal abstract void AddTo(Span<long> sums);

    public abstract TRow ToRow();
}

/// <summary>Opens bill files, unpacked, for reading line by line.</summary>
public static class BillReader
{
    /// <summary>A trade bill of any kind (ALL, SUCCESS, REFUND); columns are found by name, unknown ones are ignored.</summary>
    public static BillReader<TradeBillLine, TradeBillRow> Trade(Stream unpacked) => new(unpacked, TradeBillLine.Format);

    /// <summary>A fund-flow bill of any account.</summary>
    public static BillReader<FundFlowLine, FundFlowRow> FundFlow(Stream unpacked) => new(unpacked, FundFlowLine.Format);
}

/// <summary>Reads one bill file in constant memory: lines as they come, then the summary line, which the lines must add up to.</summary>
/// <remarks>Lines come out before the check at the end: whatever is done with them must be undone unless <see cref="IsComplete"/>
/// is true afterwards. Nothing is thrown for a bad file.</remarks>
public sealed class BillReader<TLine, TRow> where TLine : BillLine<TRow> where TRow : class
{
    readonly BillLines lines;
    readonly BillFormat<TLine> format;
    readonly long[] sums;
    TLine? line;
    int number;
    bool ended;

    internal BillReader(Stream stream, BillFormat<TLine> format) =>
        (lines, this.format, sums) = (new BillLines(stream), format, new long[format.SumColumns.Count]);

    /// <summary>Rows read so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Null until the end, or if there is none.</summary>
    public BillSummary? Summary { get; private set; }

    /// <summary>Null as long as all is well.</summary>
    public BillFault? Fault { get; private set; }

    /// <summary>True once every line was read and the summary agreed.</summary>
    public bool IsComplete => Summary is not null && Fault is null;

    /// <summary>The line that was read last.</summary>
    /// <exception cref="InvalidOperationException">None was read.</exception>
    public TLine Line => line ?? throw new InvalidOperationException("No line was read.");

    /// <summary>All rows in the file's order. Can be enumerated once.</summary>
    public async IAsyncEnumerable<TRow> RowsAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (number > 0) throw new InvalidOperationException("A bill is read once.");
        while (await ReadAsync(cancel)) yield return Line.ToRow();
    }

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end, or where the bill must not be used further: see <see cref="IsComplete"/>.</returns>
    public ValueTask<bool> ReadAsync(CancellationToken cancel = default)
    {
        if (ended) return new(false);
        if (line is null) return BeginAsync(cancel);
        var next = NextAsync(cancel);
        return next.IsCompletedSuccessfully && next.Result && lines.Line.Span is ['`', ..] ? new(Take()) : EndAsync(next, cancel);
    }

    async ValueTask<bool> BeginAsync(CancellationToken cancel)
    {
        if (!await NextAsync(cancel)) return Stop(new(BillFaultKind.NoContent, 0));
        if (!BillColumns.TryRead(lines.Line.Span, out var columns) || format.Required.Any(name => !columns.Has(name)))
            return Stop(new(BillFaultKind.UnknownHeader, number, format.Required.FirstOrDefault(name => columns?.Has(name) != true)));
        line = format.Line(columns);
        return await ReadAsync(cancel);
    }

    /// <summary>Reads the values of the line at hand.</summary>
    bool Take()
    {
        var fields = line!.Fields;
        if (fields.TrySplit(lines.Line, number)) line.Read();
        if (fields.Fault is { } fault) return Stop(fault);
        line.AddTo(sums);
        Rows++;
        return true;
    }

    bool Stop(BillFault? fault = null)
    {
        Fault ??= fault;
        ended = true;
        return false;
    }

    /// <summary>The line had to be waited for, or is no row any more.</summary>
    async ValueTask<bool> EndAsync(ValueTask<bool> next, CancellationToken cancel)
    {
        var there = await next;
        if (there && lines.Line.Span is ['`', ..]) return Take();
        if (Fault is null) await ReadSummaryAsync(there, cancel);
        return Stop();
    }

    async Task ReadSummaryAsync(bool there, CancellationToken cancel)
    {
        if (!there || lines.Line.Span.IsWhiteSpace() || !BillColumns.TryRead(lines.Line.Span, out var columns) || !columns.Has(format.CountColumn))
        {
            Fault = new(BillFaultKind.NoSummary, number);
            return;
        }
        var values = new BillFields(columns);
        if (!await NextAsync(cancel) || !values.TrySplit(lines.Line, number))
        {
            Fault ??= values.Fault ?? new(BillFaultKind.NoSummary, number);
            return;
        }
        if (values.Count(columns.At(format.CountColumn)) != Rows)
            Fault = values.Fault ?? new(BillFaultKind.SummaryMismatch, number, format.CountColumn, $"{Rows} lines");
        for (var i = 0; Fault is null && i < sums.Length; i++)
            if (columns.At(format.SumColumns[i]) is >= 0 and var at && values.MilliFen(at) != sums[i])
                Fault = values.Fault ?? new(BillFaultKind.SummaryMismatch, number, format.SumColumns[i], $"{sums[i]} thousandths of a fen by lines");
        Fault ??= values.Fault;    // a sum that is no amount counts as 0 above and may have passed
        var summary = values.ToSummary();
        while (Fault is null && await NextAsync(cancel))
            if (!lines.Line.Span.IsWhiteSpace()) Fault = new(BillFaultKind.AfterSummary, number);
        if (Fault is null) Summary = summary;
    }

    ValueTask<bool> NextAsync(CancellationToken cancel)
    {
        number++;
        try
        {
            var next = lines.NextAsync(cancel);
            return next.IsCompletedSuccessfully ? next : WaitAsync(next);
        }
        catch (Exception e) when (FaultOf(e) is { } kind) { return new(Stop(new(kind, number))); }
    }

    async ValueTask<bool> WaitAsync(ValueTask<bool> next)
    {
        try { return await next; }
        catch (Exception e) when (FaultOf(e) is { } kind) { return Stop(new(kind, number)); }
    }

    static BillFaultKind? FaultOf(Exception thrown) => thrown switch
    {
        DecoderFallbackException => BillFaultKind.NotUtf8,
        InvalidDataException or IOException => BillFaultKind.Damaged,
        _ => null,
    };
}
