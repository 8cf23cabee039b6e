using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OwnerPay.Service.Storage;

/// <summary>Rows as literals in statements of a thousand, for MariaDB servers that allow no local infile.</summary>
sealed class SpelledRows(BulkWriter writer) : IBulkBatch
{
    const int RowsAtOnce = 1000;
    readonly List<(IEntityType Type, List<object> Rows)> tables = [];

    public void Add(object row)
    {
        var type = writer.Complete(row);
        var at = tables.FindIndex(table => table.Type == type);
        if (at < 0)
        {
            at = tables.Count;
            tables.Add((type, []));
        }
        tables[at].Rows.Add(row);
    }

    public async Task Write(CancellationToken cancel)
    {
        foreach (var (type, all) in tables)
            foreach (var rows in all.Chunk(RowsAtOnce))
            {
                var text = new StringBuilder(rows.Length * 400);
                RowText.Of(type).Append(text, "INSERT", rows);
                await using var command = writer.Command(text.ToString());
                await writer.Run(command, type.GetTableName()!, rows.Length, () => command.ExecuteNonQueryAsync(cancel), cancel);
            }
    }
}
