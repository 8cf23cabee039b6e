using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash.Writes;

/// <summary>All that a community's rows come to: how many of each kind and state, what their amounts add up to, the balance of each account. Two estates of
/// the same size with the same story have the same.</summary>
static partial class Outcome
{
    /// <summary>Machinery; deliveries, because news of a bill goes out or not as the payment is later or earlier; postings, which are counted by account.</summary>
    static readonly HashSet<string> Left = ["OutboxRows", "Deliveries", "Postings"];

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Ids();

    public static Task<string> Of(Estate estate, IReadOnlySet<string> except) => estate.Installation.Db(async db =>
    {
        await db.Database.OpenConnectionAsync();
        var found = new List<string>();
        foreach (var table in db.Model.GetEntityTypes().Where(t => t.FindProperty("CommunityId")?.ClrType == typeof(Guid)).OrderBy(t => t.GetTableName(), StringComparer.Ordinal))
            if (!Left.Contains(table.GetTableName()!) && !except.Contains(table.GetTableName()!)) found.AddRange(await Rows(db, table, estate.CommunityId));
        var postings = db.Set<Service.Ledger.Posting>();
        var balances = await postings.Where(p => p.CommunityId == estate.CommunityId).GroupBy(p => new { p.Account, p.Commodity })
            .Select(g => new { g.Key.Account, g.Key.Commodity, Sum = g.Sum(p => p.Amount), Lines = g.Count() }).ToListAsync();
        found.AddRange(balances.GroupBy(b => (Account: Ids().Replace(b.Account, "#"), b.Commodity)).OrderBy(g => g.Key.Account, StringComparer.Ordinal)
            .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key.Account} {g.Sum(b => b.Sum)} {g.Key.Commodity} in {g.Sum(b => b.Lines)} lines")));
        return string.Join('\n', found);
    });

    static async Task<List<string>> Rows(OwnerPayDb db, IEntityType table, Guid community)
    {
        var state = table.FindProperty("State") is { } found ? found.GetColumnName() : "''";
        var sums = table.GetProperties().Where(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType) == typeof(long)).Select(p => p.GetColumnName()).ToList();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT {state}, COUNT(*){string.Concat(sums.Select(column => $", COALESCE(SUM({column}), 0)"))} FROM {table.GetTableName()} "
            + $"WHERE CommunityId = @community GROUP BY {state} ORDER BY 1";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@community", community);
        command.Parameters.Add(parameter);
        var rows = new List<string>();
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add($"{table.GetTableName()} {string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(at => Convert.ToString(reader.GetValue(at), CultureInfo.InvariantCulture)))}");
        return rows;
    }
}
