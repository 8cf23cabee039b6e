using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OwnerPay.Service.Storage;

/// <summary>How rows of one table become the text of an <c>INSERT</c>, past the change tracker: the model's columns, and literals instead of parameters, which
/// cost more than their values.</summary>
sealed class RowText
{
    static readonly ConcurrentDictionary<IEntityType, RowText> Known = new();
    readonly string into;
    readonly Column[] columns;

    RowText(IEntityType type)
    {
        columns = [.. type.GetProperties().Select(property => new Column(property))];
        into = $"INTO `{type.GetTableName()}` ({string.Join(',', columns.Select(column => column.Name))}) VALUES ";
    }

    /// <summary>Read from the model once: settling a payment must not read it anew.</summary>
    public static RowText Of(IEntityType table) => Known.GetOrAdd(table, static type => new RowText(type));

    /// <param name="verb"><c>INSERT</c>, or one that leaves out what stands already.</param>
    public void Append(StringBuilder text, string verb, IEnumerable<object> rows)
    {
        text.Append(verb).Append(' ').Append(into);
        var between = "(";
        foreach (var row in rows)
        {
            foreach (var column in columns)
            {
                text.Append(between);
                column.Append(text, row);
                between = ",";
            }
            text.Append(')');
            between = ",(";
        }
        text.Append(';');
    }

    /// <summary>What says each column of a row, as in <c>SET</c>.</summary>
    public string[] Assignments(object row) => Array.ConvertAll(columns, column =>
    {
        var text = new StringBuilder(column.Name).Append('=');
        column.Append(text, row);
        return text.ToString();
    });

    /// <summary>One column and its literals. The frequent kinds of value are written here, as every SQL reads them; the provider writes the others.</summary>
    sealed class Column(IProperty property)
    {
        static readonly SearchValues<char> ToEscape = SearchValues.Create("'\\\0\b\n\r\t\x1a");
        readonly IClrPropertyGetter getter = property.GetGetter();
        readonly RelationalTypeMapping mapping = property.GetRelationalTypeMapping();
        readonly Func<object?, object?>? convert = property.GetRelationalTypeMapping().Converter?.ConvertToProvider;
        readonly bool isBinaryGuid = property.GetRelationalTypeMapping() is { StoreType: "binary(16)", Converter: null };

        public string Name { get; } = $"`{property.GetColumnName()}`";

        public void Append(StringBuilder text, object row)
        {
            var value = getter.GetClrValue(row);
            switch (value is null || convert is null ? value : convert(value))
            {
                case null:
                    text.Append("NULL");
                    break;
                case long number:
                    text.Append(CultureInfo.InvariantCulture, $"{number}");
                    break;
                case int number:
                    text.Append(CultureInfo.InvariantCulture, $"{number}");
                    break;
                case bool flag:
                    text.Append(flag ? '1' : '0');
                    break;
                case string word when !word.AsSpan().ContainsAny(ToEscape):
                    text.Append('\'').Append(word).Append('\'');
                    break;
                case byte[] bytes:
                    text.Append("X'").Append(Convert.ToHexString(bytes)).Append('\'');
                    break;
                case Guid id when isBinaryGuid:
                    text.Append(CultureInfo.InvariantCulture, $"X'{id:N}'");    // in the order of its digits, as ids are compared
                    break;
                default:
                    text.Append(mapping.GenerateSqlLiteral(value));
                    break;
            }
        }
    }
}

static class WrittenText
{
    /// <summary>Runs statements that are complete as they stand, in the current transaction and seen by interceptors as all others.</summary>
    /// <returns>Rows written.</returns>
    public static Task<int> RunText(this OwnerPayDb db, string text, CancellationToken cancel) =>
        db.GetService<IRawSqlCommandBuilder>().Build(text).ExecuteNonQueryAsync(Parameters(db), cancel);

    /// <summary>The same for one query.</summary>
    public static Task<RelationalDataReader> ReadText(this OwnerPayDb db, string text, CancellationToken cancel) =>
        db.GetService<IRawSqlCommandBuilder>().Build(text).ExecuteReaderAsync(Parameters(db), cancel);

    static RelationalCommandParameterObject Parameters(OwnerPayDb db) =>
        new(db.GetService<IRelationalConnection>(), null, null, db, db.GetService<IRelationalCommandDiagnosticsLogger>(), CommandSource.ExecuteSqlRaw);
}
