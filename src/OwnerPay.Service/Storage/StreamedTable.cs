using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;

namespace OwnerPay.Service.Storage;

/// <summary>The rows of one table as tab-separated bytes, the special ones escaped.</summary>
sealed class StreamedTable(IEntityType type, ArrayBufferWriter<byte> text)
{
    const byte Tab = (byte)'\t', Newline = (byte)'\n', Backslash = (byte)'\\';
    static readonly SearchValues<byte> Special = SearchValues.Create(0, Tab, Newline, Backslash);
    static readonly ConcurrentDictionary<IEntityType, Action<StreamedTable, object>[]> Known = new();
    readonly TableShape shape = TableShape.Of(type);
    readonly Action<StreamedTable, object>[] puts = Known.GetOrAdd(type, static of => [.. of.GetProperties().Select(Putting)]);

    /// <summary>Where the first row's value of each column stands; null once another row has another one.</summary>
    readonly Range?[] common = new Range?[TableShape.Of(type).Columns.Count];

    /// <summary>The columns that <see cref="SayOnce"/> took out.</summary>
    readonly bool[] said = new bool[TableShape.Of(type).Columns.Count];

    readonly List<string> assignments = [];

    /// <summary>What the first row says of each column, to be said for all if all say the same.</summary>
    string[] spelled = [];

    /// <summary>What a load reads from the stream; less than the text when columns have been left out.</summary>
    int length;

    public IEntityType Type => type;

    public string Name => shape.Name;

    public ArrayBufferWriter<byte> Text => text;

    public int Rows { get; private set; }

    /// <summary>The columns that the stream holds, quoted.</summary>
    public IEnumerable<string> Columns => shape.Columns.Where((_, column) => !said[column]).Select(column => $"`{column}`");

    /// <summary>What says the others once.</summary>
    public IReadOnlyList<string> Assignments => assignments;

    public void Add(object row)
    {
        if (Rows == 0) spelled = RowText.Of(type).Assignments(row);
        for (var column = 0; column < shape.Columns.Count; column++)
        {
            if (column > 0) PutByte(Tab);
            var from = text.WrittenCount;
            puts[column](this, row);
            if (Rows == 0) common[column] = from..text.WrittenCount;
            else if (common[column] is { } same && !text.WrittenSpan[same].SequenceEqual(text.WrittenSpan[from..])) common[column] = null;
        }
        PutByte(Newline);
        Rows++;
        length = text.WrittenCount;
    }

    /// <summary>Takes the columns out of the stream that are the same in all rows: a bill run's rows have a good part of their bytes in common, which the
    /// server then neither receives nor parses. Nothing may be added afterwards.</summary>
    public void SayOnce()
    {
        if (assignments.Count > 0) return;    // said already
        for (var column = 0; column < said.Length; column++)
        {
            if (common[column] is null) continue;
            said[column] = true;
            assignments.Add(spelled[column]);
        }
        if (assignments.Count > 0) length = Compact();
    }

    /// <summary>Moves the values that stay to the front. No raw tab or newline stands in a value.</summary>
    int Compact()
    {
        MemoryMarshal.TryGetArray(text.WrittenMemory, out var held);
        var bytes = held.AsSpan();
        var (from, to, column, begun) = (0, 0, 0, false);
        while (from < bytes.Length)
        {
            var value = bytes[from..];
            value = value[..value.IndexOfAny(Tab, Newline)];
            if (!said[column])
            {
                if (begun) bytes[to++] = Tab;
                value.CopyTo(bytes[to..]);
                (to, begun) = (to + value.Length, true);
            }
            from += value.Length + 1;
            column++;
            if (column < said.Length) continue;
            bytes[to++] = Newline;
            (column, begun) = (0, false);
        }
        return to;
    }

    /// <summary>The rows as they are now, to be read once.</summary>
    public Stream Read()
    {
        MemoryMarshal.TryGetArray(text.WrittenMemory, out var held);
        return new MemoryStream(held.Array!, held.Offset, length, writable: false);
    }

    /// <summary>What puts a column of a row here, as the database holds it. Compiled: a bill run puts a hundred million values, and each would be boxed.</summary>
    static Action<StreamedTable, object> Putting(IProperty property)
    {
        var (table, row) = (Expression.Parameter(typeof(StreamedTable)), Expression.Parameter(typeof(object)));
        var held = Expression.Property(Expression.Convert(row, property.DeclaringType.ClrType), property.PropertyInfo!);
        var isNullable = Nullable.GetUnderlyingType(held.Type) is not null;
        Expression value = isNullable ? Expression.Property(held, "Value") : held;
        if (property.GetTypeMapping().Converter?.ConvertToProviderExpression is { } convert)
        {
            if (value.Type != convert.Parameters[0].Type) value = Expression.Convert(value, convert.Parameters[0].Type);
            value = ReplacingExpressionVisitor.Replace(convert.Parameters[0], value, convert.Body);
        }
        var put = typeof(StreamedTable).GetMethod(nameof(Put), BindingFlags.Instance | BindingFlags.NonPublic, [value.Type])
            ?? throw new InvalidOperationException($"No way to write a {value.Type.Name}");
        Expression step = Expression.Call(table, put, value);
        if (isNullable || !held.Type.IsValueType)
            step = Expression.Condition(Expression.Equal(held, Expression.Constant(null, held.Type)), Expression.Call(table, nameof(PutNull), null), step);
        return Expression.Lambda<Action<StreamedTable, object>>(step, table, row).Compile();
    }

    void PutByte(byte one)
    {
        text.GetSpan(1)[0] = one;
        text.Advance(1);
    }

    void PutNull() => text.Write("\\N"u8);

    void Put(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Escape(bytes);
    }

    void Put(byte[] raw) => Escape(raw);

    void Put(long number)
    {
        Utf8Formatter.TryFormat(number, text.GetSpan(20), out var digits);
        text.Advance(digits);
    }

    void Put(int number) => Put((long)number);

    void Put(bool flag) => PutByte(flag ? (byte)'1' : (byte)'0');

    void Put(DateOnly day)
    {
        day.TryFormat(text.GetSpan(10), out var written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        text.Advance(written);
    }

    void Put(string words)
    {
        var written = Encoding.UTF8.GetBytes(words, text.GetSpan(Encoding.UTF8.GetMaxByteCount(words.Length)));
        var bytes = text.GetSpan(written)[..written];
        if (bytes.ContainsAny(Special)) Escape(bytes.ToArray());
        else text.Advance(written);
    }

    void Escape(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny(Special) is >= 0 and var at)
        {
            text.Write(bytes[..at]);
            PutByte(Backslash);
            PutByte(bytes[at] switch { 0 => (byte)'0', Tab => (byte)'t', Newline => (byte)'n', _ => Backslash });
            bytes = bytes[(at + 1)..];
        }
        text.Write(bytes);
    }
}
