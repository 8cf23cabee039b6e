using System.Data.Common;
using System.Globalization;
using System.Text;
using OwnerPay.Service.Platform;

namespace OwnerPay.Benchmarks;

/// <summary>All that one settlement wrote, as one batch for a bare driver.</summary>
/// <param name="Text">Statements of one transaction, with numbered parameters.</param>
public sealed record WrittenRows(string TransactionId, string Text, IReadOnlyList<object> Values, int Rows);

/// <summary>Reads from the product's own database which rows a settlement inserted, changed and removed, with their values.</summary>
/// <remarks>Numbers of journals and receipts are left out: a worker gives them after the commit.</remarks>
public sealed class RowReader(DbConnection connection, string begin, string mchId)
{
    const string OfPayment = "JOIN Payments p ON p.Id = t.";

    /// <summary>Inserted rows: table and how its rows hang on the payment.</summary>
    static readonly (string Table, string Join)[] Inserted =
    [
        ("WeChatCallbacks", "JOIN Payments p ON p.TransactionId = t.TransactionId"),
        ("Payments", "JOIN Payments p ON p.Id = t.Id"),
        ("Receipts", OfPayment + "PaymentId"),
        ("BillReductions", OfPayment + "SourceId AND t.SourceKind = 'payment'"),
        ("Journals", OfPayment + "SourceId AND t.SourceKind IN ('payment', 'points-earned')"),
        ("Postings", "JOIN Journals j ON j.Id = t.JournalId AND j.CommunityId = t.CommunityId AND j.SourceKind IN ('payment', 'points-earned') JOIN Payments p ON p.Id = j.SourceId"),
        ("PointsLots", OfPayment + "SourceId AND t.SourceKind = 'payment'"),
        ("PointsEntries", OfPayment + "SourceId AND t.SourceKind = 'payment'"),
        ("Messages", OfPayment + "SubjectId"),
        ("Deliveries", OfPayment + "SubjectId"),
        ("OutboxRows", OfPayment + "SubjectId"),
    ];

    /// <summary>Changed rows: table, changed columns, and how they hang on the payment.</summary>
    static readonly (string Table, string[] Columns, string Join)[] Changed =
    [
        ("PaymentOrders", ["State", "EndedAt"], "JOIN Payments p ON p.OrderId = t.Id"),
        ("Bills", ["OpenFen", "State", "PaidOn"], "JOIN OrderLines l ON l.BillId = t.Id JOIN Payments p ON p.OrderId = l.OrderId"),
        ("BillLines", ["OpenFen"], "JOIN OrderLines l ON l.BillLineId = t.Id JOIN Payments p ON p.OrderId = l.OrderId"),
    ];

    static readonly string[] GivenLater = ["Number", "Month"];

    sealed class Batch
    {
        public StringBuilder Text { get; } = new();
        public List<object> Values { get; } = [];
        public int Rows { get; set; }

        public string Add(object value)
        {
            Values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"@p{Values.Count - 1}");
        }
    }

    /// <summary>The rows of these transactions, in their order.</summary>
    public async Task<IReadOnlyList<WrittenRows>> Of(IReadOnlyList<string> transactions, CancellationToken cancel)
    {
        var batches = transactions.ToDictionary(transaction => transaction, _ => new Batch());
        foreach (var batch in batches.Values) batch.Text.Append(begin);
        await Keys(batches, cancel);
        foreach (var (table, join) in Inserted) await Inserts(batches, table, join, cancel);
        foreach (var (table, columns, join) in Changed) await Updates(batches, table, columns, join, cancel);
        await Read($"SELECT p.TransactionId, p.OrderId FROM Payments p {Between(transactions)}", row =>
        {
            var batch = batches[row.GetString(0)];
            batch.Text.Append(CultureInfo.InvariantCulture, $"DELETE FROM BillHolds WHERE OrderId = {batch.Add(row.GetValue(1))};");
            batch.Rows++;
        }, cancel);
        foreach (var batch in batches.Values) batch.Text.Append("COMMIT");
        return [.. batches.Select(entry => new WrittenRows(entry.Key, entry.Value.Text.ToString(), entry.Value.Values, entry.Value.Rows))];
    }

    static string Between(IEnumerable<string> transactions) => $"WHERE p.TransactionId BETWEEN '{transactions.Min(StringComparer.Ordinal)}' AND '{transactions.Max(StringComparer.Ordinal)}'";

    Task Keys(Dictionary<string, Batch> batches, CancellationToken cancel)
    {
        var byHash = batches.ToDictionary(entry => Convert.ToHexString(new IdempotencyKey("wechat", mchId, "settle", entry.Key).Hash()), entry => entry.Value);
        return Read("SELECT * FROM OnceKeys", row =>
        {
            if (!byHash.TryGetValue(Convert.ToHexString((byte[])row["Id"]), out var batch)) return;
            Insert(batch, "OnceKeys", row, first: true);
            batch.Text.Append(';');
        }, cancel);
    }

    async Task Inserts(Dictionary<string, Batch> batches, string table, string join, CancellationToken cancel)
    {
        Batch? last = null;
        await Read($"SELECT p.TransactionId AS OfTransaction, t.* FROM {table} t {join} {Between(batches.Keys)} ORDER BY p.TransactionId", row =>
        {
            var batch = batches[row.GetString(0)];
            if (last is not null && last != batch) last.Text.Append(';');
            Insert(batch, table, row, first: last != batch);
            last = batch;
        }, cancel);
        last?.Text.Append(';');
    }

    static void Insert(Batch batch, string table, DbDataReader row, bool first)
    {
        var columns = Enumerable.Range(0, row.FieldCount).Where(at => row.GetName(at) != "OfTransaction").ToList();
        if (first) batch.Text.Append(CultureInfo.InvariantCulture, $"INSERT INTO {table} ({string.Join(',', columns.Select(at => $"`{row.GetName(at)}`"))}) VALUES ");
        else batch.Text.Append(',');
        batch.Text.Append(CultureInfo.InvariantCulture, $"({string.Join(',', columns.Select(at => batch.Add(GivenLater.Contains(row.GetName(at)) ? DBNull.Value : row.GetValue(at))))})");
        batch.Rows++;
    }

    Task Updates(Dictionary<string, Batch> batches, string table, string[] columns, string join, CancellationToken cancel) => Read(
        $"SELECT DISTINCT p.TransactionId, t.Id, {string.Join(',', columns.Select(column => "t." + column))} FROM {table} t {join} {Between(batches.Keys)}", row =>
        {
            var batch = batches[row.GetString(0)];
            var set = string.Join(',', columns.Select((column, at) => $"{column} = {batch.Add(row.GetValue(at + 2))}"));
            batch.Text.Append(CultureInfo.InvariantCulture, $"UPDATE {table} SET {set} WHERE Id = {batch.Add(row.GetValue(1))};");
            batch.Rows++;
        }, cancel);

    async Task Read(string query, Action<DbDataReader> each, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) each(row);
    }
}
