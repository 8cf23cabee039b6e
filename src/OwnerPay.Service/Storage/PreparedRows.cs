using System.Data.Common;

namespace OwnerPay.Service.Storage;

/// <summary>Rows by prepared statements, for SQLite: no value crosses a wire there, so that only the parsing is worth saving.</summary>
sealed class PreparedRows(BulkWriter writer) : IBulkBatch
{
    const int RowsAtOnce = 20;
    readonly List<(TableShape Shape, List<object> Rows)> tables = [];

    public void Add(object row)
    {
        var shape = TableShape.Of(writer.Complete(row));
        var at = tables.FindIndex(table => table.Shape == shape);
        if (at < 0)
        {
            at = tables.Count;
            tables.Add((shape, []));
        }
        tables[at].Rows.Add(row);
    }

    public async Task Write(CancellationToken cancel)
    {
        foreach (var (shape, rows) in tables)
        {
            var many = rows.Count / RowsAtOnce * RowsAtOnce;
            await Write(shape, rows[..many], RowsAtOnce, cancel);
            await Write(shape, rows[many..], 1, cancel);
        }
    }

    async Task Write(TableShape shape, List<object> rows, int atOnce, CancellationToken cancel)
    {
        if (rows.Count == 0) return;
        var width = shape.Columns.Count;
        var places = Enumerable.Range(0, atOnce).Select(row => $"({string.Join(',', Enumerable.Range(row * width, width).Select(Name))})");
        await using var command = writer.Command(
            $"INSERT INTO \"{shape.Name}\" ({string.Join(',', shape.Columns.Select(column => $"\"{column}\""))}) VALUES {string.Join(',', places)}");
        for (var place = 0; place < width * atOnce; place++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = Name(place);
            command.Parameters.Add(parameter);
        }
        for (var from = 0; from < rows.Count; from += atOnce)
        {
            Fill(command, shape, rows, from, atOnce);
            await writer.Run(command, shape.Name, atOnce, () => command.ExecuteNonQueryAsync(cancel), cancel);
        }
    }

    static string Name(int place) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"$p{place}");

    static void Fill(DbCommand command, TableShape shape, List<object> rows, int from, int count)
    {
        var place = 0;
        for (var row = from; row < from + count; row++)
            for (var column = 0; column < shape.Columns.Count; column++)
                command.Parameters[place++].Value = shape.Value(rows[row], column) ?? DBNull.Value;
    }
}
