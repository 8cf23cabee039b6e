using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Reconciliation;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;
using Sylvan.Data.Csv;

namespace OwnerPay.Benchmarks;

/// <summary>P4: a stored trade bill compared with as many payments, against reading the same bill with the fastest CSV reader and the same rows once.</summary>
public sealed class ReconcileBill : IWorkload
{
    const int Rounds = 3;

    public string Id => "P4";

    public string Title => "reconciliation of a day: trade bill against payments";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        await using var server = await MariaDbServer.Start(bench.Folder);
        var (small, large, broken) = (bench.Scale(100_000), bench.Scale(1_000_000), new List<string>());
        var few = await Measure(server, bench, small, broken, cancel);
        var many = await Measure(server, bench, large, broken, cancel);
        var growth = Timed.Exponent(few.Product.TotalSeconds, many.Product.TotalSeconds, (double)large / small);
        return new Outcome(
        [
            new Line($"{large:#,0} rows compared and written down", "s", many.Product.TotalSeconds, many.Reference.TotalSeconds,
                many.Product / many.Reference, "≤ 2 ×", many.Product / many.Reference <= 2),
            new Line($"{small:#,0} rows compared and written down", "s", few.Product.TotalSeconds, few.Reference.TotalSeconds, few.Product / few.Reference),
            new Line("most memory of the whole program meanwhile", "MiB", many.PeakMiB, few.PeakMiB, many.PeakMiB / few.PeakMiB, "≤ 256 MiB", many.PeakMiB <= 256),
            new Line($"growth from {small:#,0} to {large:#,0}", "exponent", growth, Goal: "≤ 1.05", Met: growth <= 1.05),
        ],
        [
            "both read the packed bill from the database and unpack it; the product also checks every value and the summary line, pairs "
                + "and compares the rows, and writes the day with its fees durably",
            "the reference touches every field of the bill and reads the columns of the payments that the product needs, one after the other; "
                + "the product reads the payments on a second connection while it reads the bill",
            "fetching the bill over the network is in neither; memory is that of the program with both sides, its reference is the smaller run's",
            $"medians of {Rounds} rounds in turns",
        ], broken);
    }

    sealed record Measured(TimeSpan Product, TimeSpan Reference, double PeakMiB);

    static async Task<Measured> Measure(MariaDbServer server, Bench bench, int rows, List<string> broken, CancellationToken cancel)
    {
        Bench.Say($"  {rows:#,0} payments and their bill");
        await using var day = await BilledDay.Make(server, bench.NewFolder($"reconcile-{rows}"), rows, cancel);
        List<TimeSpan> product = [], reference = [];
        var peak = 0.0;
        for (var round = 0; round <= Rounds; round++)    // the first one warms up
        {
            await day.Forget(cancel);
            var began = TimeProvider.System.GetTimestamp();
            peak = Math.Max(peak, await Peak(() => Compare(day, rows, broken, cancel)));
            var took = TimeProvider.System.GetElapsedTime(began);
            began = TimeProvider.System.GetTimestamp();
            await Read(day, rows, broken, cancel);
            if (round == 0) continue;
            reference.Add(TimeProvider.System.GetElapsedTime(began));
            product.Add(took);
        }
        return new(product.Order().ElementAt(Rounds / 2), reference.Order().ElementAt(Rounds / 2), peak);
    }

    static async Task Compare(BilledDay day, int rows, List<string> broken, CancellationToken cancel)
    {
        await using var scope = day.App.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var now = services.GetRequiredService<Clock>().Now();
        var joined = await services.GetRequiredService<JoinTradeBill>().Run(day.Account, day.File, day.Day, now, cancel);
        var answer = await services.GetRequiredService<ReconcileDay>().Run(day.Account, day.Day, new ReadDay(day.File, joined, [day.Account], null, now), cancel);
        if (answer.Value is not { Differences: 0 } done || done.MatchedRows != rows || done.BillFen != done.OurFen || done.FeeFen != day.FeeFen)
            broken.Add($"{rows} rows came to {answer.Value}, with fees of {day.FeeFen} fen");
    }

    static async Task Read(BilledDay day, int rows, List<string> broken, CancellationToken cancel)
    {
        await using var scope = day.App.Services.CreateAsyncScope();
        var (fields, read) = (0L, 0);
        await using (var plain = FetchWeChatBills.Open(scope.ServiceProvider.GetRequiredService<OwnerPayDb>(), day.File))
        using (var text = new StreamReader(plain, bufferSize: 1 << 16))
        await using (var csv = await CsvDataReader.CreateAsync(text, new CsvDataReaderOptions { BufferSize = 1 << 16 }, cancel))
            while (await csv.ReadAsync(cancel))
                for (var at = 0; at < csv.RowFieldCount; at++) fields += csv.GetFieldSpan(at).Length;
        await using var connection = new MySqlConnection(day.Connection);
        await connection.OpenAsync(cancel);
        await using var command = new MySqlCommand(
            "SELECT Id, OrderId, TransactionId, TotalFen, ReceivedFen, PaidAt, BookedAt, Outcome FROM Payments WHERE CommunityId = @community AND PaidOn = @day", connection);
        command.Parameters.AddWithValue("community", day.Account.CommunityId);
        command.Parameters.AddWithValue("day", day.Day);
        await using var row = await command.ExecuteReaderAsync(cancel);
        for (; await row.ReadAsync(cancel); read++)
            fields += row.GetGuid(0).Version + row.GetGuid(1).Version + row.GetString(2).Length + row.GetInt64(3) + row.GetInt64(4) + row.GetInt64(5) + row.GetInt64(6)
                + row.GetString(7).Length;
        if (read != rows || fields == 0) broken.Add($"the reference read {read} payments of {rows}");
    }

    /// <returns>The most that the program held while it ran, MiB.</returns>
    static async Task<double> Peak(Func<Task> act)
    {
        GC.Collect();
        using var done = new CancellationTokenSource();
        var most = 0L;
        var watch = Task.Run(async () =>
        {
            using var self = Process.GetCurrentProcess();
            while (!done.IsCancellationRequested)
            {
                self.Refresh();
                most = Math.Max(most, self.WorkingSet64);
                await Task.Delay(20);
            }
        });
        await act();
        await done.CancelAsync();
        await watch;
        return most / (1024.0 * 1024);
    }
}
