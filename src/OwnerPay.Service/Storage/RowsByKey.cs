using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;

namespace OwnerPay.Service.Storage;

/// <summary>Reads rows by a list of keys, past LINQ, which writes and compiles its query anew for each list: where payments are settled that costs more than
/// the reading.</summary>
public static class RowsByKeyExtension
{
    /// <summary>How a row of a table is read; the function makes the entity from the reader's present row.</summary>
    sealed record Shape(string Select, string KeyColumn, Delegate Make);

    static readonly ConcurrentDictionary<(IEntityType Table, string Key, string Without), Shape> Known = new();

    /// <param name="key">Name of the property that is compared, of type <see cref="Guid"/>.</param>
    /// <param name="locked">Locks the rows until the transaction ends, in the order of their primary keys. On SQLite the transaction holds the only lock already.</param>
    /// <param name="without">Properties that are left at their initial value: long texts that nobody needs here.</param>
    /// <returns>The rows, not tracked, in the order of their primary keys.</returns>
    public static async Task<List<T>> RowsByKey<T>(
        this OwnerPayDb db, string key, IReadOnlyCollection<Guid> keys, bool locked, CancellationToken cancel, params string[] without) where T : class, new()
    {
        if (keys.Count == 0) return [];
        var type = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} has no table");
        var shape = Known.GetOrAdd((type, key, string.Join(',', without)), static (known, left) => Read<T>(known.Table, known.Key, left), without);
        var mapping = type.FindProperty(key)!.GetRelationalTypeMapping();
        var text = new StringBuilder(shape.Select, shape.Select.Length + keys.Count * 40);
        var between = "(";
        foreach (var id in keys)
        {
            text.Append(between).Append(mapping.GenerateSqlLiteral(id));
            between = ",";
        }
        text.Append(") ORDER BY ").Append(shape.KeyColumn);
        if (locked && db.IsMariaDb) text.Append(" FOR UPDATE");
        var (make, rows) = ((Func<DbDataReader, T>)shape.Make, new List<T>());
        await using var reader = await db.ReadText(text.ToString(), cancel);
        while (await reader.DbDataReader.ReadAsync(cancel)) rows.Add(make(reader.DbDataReader));
        return rows;
    }

    static Shape Read<T>(IEntityType type, string key, string[] without)
    {
        var columns = type.GetProperties().Where(property => !without.Contains(property.Name)).ToList();
        var (reader, row) = (Expression.Parameter(typeof(DbDataReader)), Expression.Variable(typeof(T)));
        List<Expression> steps = [Expression.Assign(row, Expression.New(typeof(T)))];
        steps.AddRange(columns.Select((property, at) => Expression.Assign(Expression.Property(row, property.PropertyInfo!), Value(property, reader, at))));
        steps.Add(row);
        var make = Expression.Lambda<Func<DbDataReader, T>>(Expression.Block([row], steps), reader).Compile();
        var primary = string.Join(',', type.FindPrimaryKey()!.Properties.Select(property => $"`{property.GetColumnName()}`"));
        return new($"SELECT {string.Join(',', columns.Select(property => $"`{property.GetColumnName()}`"))} FROM `{type.GetTableName()}` "
            + $"WHERE `{type.FindProperty(key)!.GetColumnName()}` IN ", primary, make);
    }

    /// <summary>Column <paramref name="at"/> as the provider reads it and the model converts it.</summary>
    static Expression Value(IProperty property, ParameterExpression reader, int at)
    {
        var mapping = property.GetRelationalTypeMapping();
        var method = mapping.GetDataReaderMethod();
        Expression of = method.DeclaringType!.IsAssignableFrom(typeof(DbDataReader)) ? reader : Expression.Convert(reader, method.DeclaringType!);
        var value = mapping.CustomizeDataReaderExpression(Expression.Call(of, method, Expression.Constant(at)));
        if (mapping.Converter?.ConvertFromProviderExpression is { } convert)
        {
            if (value.Type != convert.Parameters[0].Type) value = Expression.Convert(value, convert.Parameters[0].Type);
            value = ReplacingExpressionVisitor.Replace(convert.Parameters[0], value, convert.Body);
        }
        if (value.Type != property.ClrType) value = Expression.Convert(value, property.ClrType);
        return property.IsNullable
            ? Expression.Condition(Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, Expression.Constant(at)), Expression.Default(property.ClrType), value)
            : value;
    }
}
