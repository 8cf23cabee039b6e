using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;

namespace OwnerPay.Service.Storage;

/// <summary>Reads rows of one or several tables by lists of keys in one round trip, past LINQ, which writes and compiles its query anew for each list: where
/// payments are settled, or owners come all at once, that costs more than the reading.</summary>
public sealed class RowsByKey(OwnerPayDb db)
{
    /// <summary>How a row of a table is read; the function makes the entity from the reader's present row.</summary>
    sealed record Shape(string Select, string KeyColumn, Delegate Make);

    static readonly ConcurrentDictionary<(IEntityType Table, string Without), Shape> Known = new();
    readonly StringBuilder text = new();
    readonly List<Action<DbDataReader>> tables = [];

    /// <summary>Notes down a question to be asked by <see cref="Run"/>.</summary>
    /// <param name="key">Name of the property that is compared, of type <see cref="Guid"/>.</param>
    /// <param name="locked">Locks the rows until the transaction ends, in the order of their primary keys. On SQLite the transaction holds the only lock already.</param>
    /// <param name="without">Properties that are left at their initial value: long texts that nobody needs here.</param>
    /// <returns>Filled by <see cref="Run"/>: the rows, not tracked, in the order of their primary keys.</returns>
    public List<T> Of<T>(string key, IReadOnlyCollection<Guid> keys, bool locked, params string[] without) where T : class, new()
    {
        var rows = new List<T>();
        if (keys.Count == 0) return rows;
        var type = db.TableOf(typeof(T));
        var shape = Known.GetOrAdd((type, string.Join(',', without)), static (table, left) => Read<T>(table.Table, left), without);
        text.Append(shape.Select).AppendIsOneOf(type.FindProperty(key)!, keys).Append(" ORDER BY ").Append(shape.KeyColumn);
        if (locked && db.IsMariaDb) text.Append(" FOR UPDATE");
        text.Append(';');
        var make = (Func<DbDataReader, T>)shape.Make;
        tables.Add(reader => rows.Add(make(reader)));
        return rows;
    }

    /// <summary>Asks what was noted down.</summary>
    public async Task Run(CancellationToken cancel)
    {
        if (tables.Count == 0) return;
        await using var reader = await db.ReadText(text.ToString(), cancel);
        foreach (var take in tables)
        {
            while (await reader.DbDataReader.ReadAsync(cancel)) take(reader.DbDataReader);
            await reader.DbDataReader.NextResultAsync(cancel);
        }
    }

    static Shape Read<T>(IEntityType type, string[] without)
    {
        var columns = type.GetProperties().Where(property => !without.Contains(property.Name)).ToList();
        var (reader, row) = (Expression.Parameter(typeof(DbDataReader)), Expression.Variable(typeof(T)));
        List<Expression> steps = [Expression.Assign(row, Expression.New(typeof(T)))];
        steps.AddRange(columns.Select((property, at) => Expression.Assign(Expression.Property(row, property.PropertyInfo!), Value(property, reader, at))));
        steps.Add(row);
        var make = Expression.Lambda<Func<DbDataReader, T>>(Expression.Block([row], steps), reader).Compile();
        var primary = string.Join(',', type.FindPrimaryKey()!.Properties.Select(property => $"`{property.GetColumnName()}`"));
        return new($"SELECT {string.Join(',', columns.Select(property => $"`{property.GetColumnName()}`"))} FROM `{type.GetTableName()}` WHERE ", primary, make);
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

public static class RowsByKeyExtension
{
    /// <summary>The same for one table at once.</summary>
    public static async Task<List<T>> RowsByKey<T>(
        this OwnerPayDb db, string key, IReadOnlyCollection<Guid> keys, bool locked, CancellationToken cancel, params string[] without) where T : class, new()
    {
        var question = new RowsByKey(db);
        var rows = question.Of<T>(key, keys, locked, without);
        await question.Run(cancel);
        return rows;
    }
}
