using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OwnerPay.Service.Storage;

/// <summary>Changes rows by a list of keys, past LINQ, which translates its statement anew for each list.</summary>
public static class UpdateByKeyExtension
{
    /// <summary>A column that is compared or set, by the name of its property.</summary>
    /// <param name="Is">How it is compared.</param>
    public readonly record struct Cell(string Property, object? Value, string Is = "=");

    /// <param name="key">Name of the property by which rows are found, of type <see cref="Guid"/>.</param>
    /// <param name="expected">What the rows must hold to be changed.</param>
    /// <param name="set">Their new values.</param>
    /// <returns>How many rows were found so.</returns>
    public static Task<int> UpdateByKey<T>(
        this OwnerPayDb db, string key, IReadOnlyCollection<Guid> keys, Cell expected, IReadOnlyList<Cell> set, CancellationToken cancel) where T : class
    {
        if (keys.Count == 0) return Task.FromResult(0);
        var table = db.TableOf(typeof(T));
        var text = new StringBuilder($"UPDATE `{table.GetTableName()}` SET ", 200 + keys.Count * 40);
        text.AppendJoin(',', set.Select(cell => Text(table, cell))).Append(" WHERE ").Append(Text(table, expected)).Append(" AND ");
        return db.RunText(text.AppendIsOneOf(table.FindProperty(key)!, keys).ToString(), cancel);
    }

    /// <returns>How many rows were removed.</returns>
    public static Task<int> DeleteByKey<T>(this OwnerPayDb db, string key, IReadOnlyCollection<Guid> keys, CancellationToken cancel) where T : class
    {
        if (keys.Count == 0) return Task.FromResult(0);
        var table = db.TableOf(typeof(T));
        var text = new StringBuilder($"DELETE FROM `{table.GetTableName()}` WHERE ", 100 + keys.Count * 40);
        return db.RunText(text.AppendIsOneOf(table.FindProperty(key)!, keys).ToString(), cancel);
    }

    static string Text(IEntityType table, Cell cell)
    {
        var property = table.FindProperty(cell.Property)!;
        return $"`{property.GetColumnName()}` {cell.Is} {property.GetRelationalTypeMapping().GenerateSqlLiteral(cell.Value)}";
    }
}
