using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OwnerPay.Service.Storage;

/// <summary>Rows as literals in statements of about a megabyte, for MariaDB servers that allow no local infile.</summary>
sealed class SpelledRows(BulkWriter writer) : IBulkBatch
{
    const int FullAt = 1 << 20;
    readonly List<Table> tables = [];

    sealed class Table(IEntityType type)
    {
        readonly IReadOnlyList<(IClrPropertyGetter Getter, RelationalTypeMapping Mapping)> columns =
            [.. type.GetProperties().Select(property => (property.GetGetter(), property.GetRelationalTypeMapping()))];
        readonly string head = $"INSERT INTO `{type.GetTableName()}` ({string.Join(',', type.GetProperties().Select(p => $"`{p.GetColumnName()}`"))}) VALUES ";

        public IEntityType Type => type;
        public List<(StringBuilder Text, int Rows)> Statements { get; } = [];

        public void Add(object row)
        {
            if (Statements.Count == 0 || Statements[^1].Text.Length > FullAt) Statements.Add((new StringBuilder(head), 0));
            var (text, rows) = Statements[^1];
            text.Append(rows == 0 ? "(" : ",(");
            for (var at = 0; at < columns.Count; at++)
            {
                if (at > 0) text.Append(',');
                text.Append(columns[at].Mapping.GenerateSqlLiteral(columns[at].Getter.GetClrValue(row)));
            }
            text.Append(')');
            Statements[^1] = (text, rows + 1);
        }
    }

    public void Add(object row)
    {
        var type = writer.Complete(row);
        var table = tables.Find(each => each.Type == type);
        if (table is null) tables.Add(table = new(type));
        table.Add(row);
    }

    public async Task Write(CancellationToken cancel)
    {
        foreach (var table in tables)
            foreach (var (text, rows) in table.Statements)
            {
                await using var command = writer.Command(text.ToString());
                await writer.Run(command, table.Type.GetTableName()!, rows, () => command.ExecuteNonQueryAsync(cancel), cancel);
            }
    }
}
