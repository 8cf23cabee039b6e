using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OwnerPay.Service.Storage;

/// <summary>How the rows of a table are taken apart: its columns, and for each the value of a row as the database holds it.</summary>
sealed class TableShape
{
    static readonly ConcurrentDictionary<IEntityType, TableShape> Known = new();
    readonly (IClrPropertyGetter Getter, Func<object?, object?>? Stored)[] columns;

    TableShape(IEntityType type)
    {
        var properties = type.GetProperties().ToList();
        Name = type.GetTableName()!;
        Columns = properties.ConvertAll(property => property.GetColumnName());
        columns = [.. properties.Select(property => (property.GetGetter(), property.GetTypeMapping().Converter?.ConvertToProvider))];
    }

    public string Name { get; }

    /// <summary>Names in the order of <see cref="Value"/>.</summary>
    public IReadOnlyList<string> Columns { get; }

    public static TableShape Of(IEntityType type) => Known.GetOrAdd(type, known => new(known));

    /// <summary>As the database holds it: a state as its name, an instant as its milliseconds.</summary>
    public object? Value(object row, int column)
    {
        var (getter, stored) = columns[column];
        var value = getter.GetClrValue(row);
        return value is null || stored is null ? value : stored(value);
    }
}
