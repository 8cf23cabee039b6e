using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OwnerPay.Service.Storage;

/// <summary>Names the index along which MariaDB must read a table, and joins tables in the order in which the query names them. On SQLite it says nothing.</summary>
/// <remarks>For queries that a long transaction repeats. The planner goes by statistics that know nothing of what this transaction has written and little of what
/// was imported a moment ago; a table that it takes for small it reads from end to end, for every page anew, while it grows.</remarks>
public sealed partial class IndexPaths : DbCommandInterceptor
{
    public static readonly IndexPaths Instance = new();
    const string Mark = "reads along ";

    internal static string Tag(IEntityType table, string[] columns)
    {
        bool Begins(IReadOnlyList<IProperty> properties) => properties.Select(p => p.Name).Take(columns.Length).SequenceEqual(columns);
        var index = table.GetIndexes().FirstOrDefault(index => Begins(index.Properties))?.GetDatabaseName() ?? (Begins(table.FindPrimaryKey()!.Properties) ? "PRIMARY" : null);
        return index is null
            ? throw new InvalidOperationException($"{table.GetTableName()} has no index by {string.Join(", ", columns)}")
            : $"{Mark}{table.GetTableName()} {index}";
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Name(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Name(command);
        return new(result);
    }

    static void Name(DbCommand command)
    {
        if (!command.CommandText.Contains("-- " + Mark, StringComparison.Ordinal)) return;
        var wanted = Tags().Matches(command.CommandText).ToDictionary(tag => tag.Groups["table"].Value, tag => tag.Groups["index"].Value);
        command.CommandText = Tables().Replace(FirstSelect().Replace(command.CommandText, "$& STRAIGHT_JOIN", 1),
            table => wanted.TryGetValue(table.Groups["table"].Value, out var index) ? $"{table.Value} FORCE INDEX (`{index}`)" : table.Value);
    }

    [GeneratedRegex($@"^-- {Mark}(?<table>\w+) (?<index>\w+)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Tags();

    [GeneratedRegex("^SELECT", RegexOptions.Multiline)]
    private static partial Regex FirstSelect();

    [GeneratedRegex(@"(FROM|JOIN) `(?<table>\w+)` AS `\w+`", RegexOptions.ExplicitCapture)]
    private static partial Regex Tables();
}

public static class IndexPathExtensions
{
    /// <param name="table">A table of the query.</param>
    /// <param name="columns">First columns of the index along which it is read.</param>
    public static IQueryable<TRow> Along<TTable, TRow>(this IQueryable<TRow> query, DbSet<TTable> table, params string[] columns) where TTable : class =>
        query.TagWith(IndexPaths.Tag(table.EntityType, columns));
}
