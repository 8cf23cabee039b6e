using System.Buffers;
using System.Buffers.Text;
using System.Text;
using MySqlConnector;

namespace OwnerPay.Service.Storage;

/// <summary>Rows as MariaDB reads them from <c>LOAD DATA LOCAL INFILE</c>: tab-separated, ids and seals as raw bytes with the special ones escaped.</summary>
/// <remarks>The file's character set is named <c>binary</c>, so that the server copies bytes: our text is UTF-8 as the tables are, and 16 bytes of an
/// id need neither spelling nor parsing. With LOCAL the server makes warnings of its refusals and goes on; here each of them is an error.</remarks>
sealed class StreamedRows(BulkWriter writer) : IBulkBatch
{
    static readonly SearchValues<byte> Special = SearchValues.Create(0, (byte)'\t', (byte)'\n', (byte)'\\');
    readonly List<(TableShape Shape, ArrayBufferWriter<byte> Text, List<int> Rows)> tables = [];

    public void Add(object row)
    {
        var shape = TableShape.Of(writer.Complete(row));
        var at = tables.FindIndex(table => table.Shape == shape);
        if (at < 0)
        {
            at = tables.Count;
            tables.Add((shape, writer.Rent(), [0]));
        }
        var (_, text, rows) = tables[at];
        rows[0]++;
        for (var column = 0; column < shape.Columns.Count; column++)
        {
            if (column > 0) Put(text, (byte)'\t');
            Put(text, shape.Value(row, column));
        }
        Put(text, (byte)'\n');
    }

    static void Put(ArrayBufferWriter<byte> text, byte one)
    {
        text.GetSpan(1)[0] = one;
        text.Advance(1);
    }

    static void Put(ArrayBufferWriter<byte> text, object? value)
    {
        switch (value)
        {
            case null:
                text.Write("\\N"u8);
                break;
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                Escape(text, bytes);
                break;
            case byte[] raw:
                Escape(text, raw);
                break;
            case long number:
                Utf8Formatter.TryFormat(number, text.GetSpan(20), out var digits);
                text.Advance(digits);
                break;
            case int number:
                Utf8Formatter.TryFormat(number, text.GetSpan(11), out var few);
                text.Advance(few);
                break;
            case bool flag:
                Put(text, flag ? (byte)'1' : (byte)'0');
                break;
            case DateOnly day:
                day.TryFormat(text.GetSpan(10), out var length, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
                text.Advance(length);
                break;
            case string words:
                PutText(text, words);
                break;
            default:
                throw new InvalidOperationException($"No way to write a {value.GetType().Name}");
        }
    }

    static void PutText(ArrayBufferWriter<byte> text, string words)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(words.Length));
        Escape(text, bytes.AsSpan(0, Encoding.UTF8.GetBytes(words, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    static void Escape(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny(Special) is >= 0 and var at)
        {
            text.Write(bytes[..at]);
            Put(text, (byte)'\\');
            Put(text, bytes[at] switch { 0 => (byte)'0', (byte)'\t' => (byte)'t', (byte)'\n' => (byte)'n', _ => (byte)'\\' });
            bytes = bytes[(at + 1)..];
        }
        text.Write(bytes);
    }

    public async Task Write(CancellationToken cancel)
    {
        MySqlError? refused = null;
        void Note(object sender, MySqlInfoMessageEventArgs said) => refused ??= said.Errors.Count > 0 ? said.Errors[0] : null;
        writer.MariaDb.InfoMessage += Note;
        try
        {
            foreach (var (shape, text, rows) in tables)
            {
                using var told = writer.Command($"LOAD DATA LOCAL INFILE rows INTO TABLE `{shape.Name}`");
                await writer.Run(told, shape.Name, rows[0], async () =>
                {
                    var written = await Load(shape, text.WrittenMemory, told.CommandTimeout, cancel);
                    if (refused is not null) throw new BulkRefusal(shape.Name, (int)refused.ErrorCode, refused.Message);
                    return written;
                }, cancel);
            }
        }
        finally { writer.MariaDb.InfoMessage -= Note; }
        foreach (var (_, text, _) in tables) writer.Return(text);
        tables.Clear();
    }

    async Task<int> Load(TableShape shape, ReadOnlyMemory<byte> text, int seconds, CancellationToken cancel)
    {
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(text, out var bytes);
        await using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        var load = new MySqlBulkLoader(writer.MariaDb)
        {
            TableName = $"`{shape.Name}`", CharacterSet = "binary", FieldTerminator = "\t", LineTerminator = "\n", EscapeCharacter = '\\', Local = true,
            SourceStream = stream, Timeout = seconds,
        };
        load.Columns.AddRange(shape.Columns.Select(column => $"`{column}`"));
        return await load.LoadAsync(cancel);
    }
}
