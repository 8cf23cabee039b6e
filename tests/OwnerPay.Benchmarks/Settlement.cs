using System.Data.Common;
using System.Diagnostics;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.Benchmarks;

/// <summary>P2: payments settled through HTTP, all in one community, against the same rows written by the bare driver.</summary>
public sealed class Settlement : IWorkload
{
    const int InFlight = 64, Rounds = 5;

    // Not scaled down: fewer leave the product half compiled, and then the compiler is what is measured.
    const int WarmUp = 2_000;

    public string Id => "P2";

    public string Title => $"settlement, {InFlight} callbacks in flight, one community";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        var (lines, broken) = (new List<Line>(), new List<string>());
        await using (var sqlite = new SqliteStore(bench.NewFolder("settle-sqlite"))) await On(sqlite, bench, lines, broken, cancel);
        await using (var maria = new MariaDbStore(await MariaDbServer.Start(bench.Folder), bench.NewFolder("settle-mariadb"))) await On(maria, bench, lines, broken, cancel);
        return new Outcome(lines,
        [
            "the product receives HTTP, checks the signature, decrypts, reads and locks before it writes; the reference only writes, values and statements prepared beforehand",
            "meanwhile the product's background work runs (numbers of journals and receipts, news, messages); it writes more than is counted, and none of it in the reference",
            "the load generator shares the processors with the product; the reference's clients are in the load generator",
            "on SQLite the reference's clients take turns at a gate in the program, as the product's do: without it they sleep in the driver's busy wait",
            $"product and reference take turns, {Rounds} rounds, so that a busy moment of the machine meets both",
        ], broken);
    }

    static async Task On(SettlementStore store, Bench bench, List<Line> lines, List<string> broken, CancellationToken cancel)
    {
        var (warmUp, small) = (WarmUp, bench.Scale(1_500));
        var large = small * 10;
        var emulatorFolder = bench.NewFolder("wechat-" + store.Name);
        await using var emulator = await EmulatorHost.Start(new EmulatorOptions { DataDirectory = emulatorFolder }, cancel);
        Bench.Say($"  {store.Name}: {warmUp + small + large:#,0} checkouts");
        var estate = await SettlementEstate.Prepare(store.Args, emulator, warmUp + small + large, cancel);
        await store.Copy(cancel);

        var port = Ports.Free();
        await using var service = await ServerProcess.Start(ServerProcess.Service, port, "/health/ready",
            [.. store.Args, "--public-url", $"http://127.0.0.1:{port}", "--OwnerPay:RateLimitsOn=false"]);
        await using var product = await store.OpenProduct(cancel);
        var rows = new RowReader(product, store.Begin, emulator.Merchant.Mchid);
        var sides = new Sides(service, store, rows, await Clients(() => CallbackLine.Open(service.Address)), await Clients(() => store.OpenCopy(cancel)));

        IReadOnlyList<SignedCallback> Take(int from, int count) =>
            SignedCallback.Make([.. estate.Orders.Skip(from).Take(count)], from, emulator.Merchant, emulatorFolder, estate.MerchantAccountId, service.Address);
        Bench.Say($"  {store.Name}: warming up");
        await sides.Round(Take(0, warmUp), cancel);
        Bench.Say($"  {store.Name}: {small:#,0}, then {large:#,0} settlements");
        var first = await sides.Round(Take(warmUp, small), cancel);
        List<Both> rounds = [];
        for (var round = 0; round < Rounds; round++)
            rounds.Add(await sides.Round(Take(warmUp + small + round * (large / Rounds), large / Rounds), cancel));
        await service.Stop();
        Report(store, lines, first, rounds, small, large);

        try
        {
            broken.AddRange((await estate.Verify(cancel)).Take(20).Select(finding => $"{store.Name}: {finding.Check} {finding.Subject} {finding.Message}"));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            broken.Add($"{store.Name}: the books could not be checked: {failure.Message}");    // what was measured is still shown
        }
        if (await Count(product, "SELECT COUNT(*) FROM Payments", cancel) is var booked && booked != warmUp + small + large)
            broken.Add($"{store.Name}: {booked} payments booked, {warmUp + small + large} acknowledged");
        if (await Count(product, "SELECT COUNT(*) FROM PaymentOrders WHERE State = 'Paid'", cancel) is var paid && paid != warmUp + small + large)
            broken.Add($"{store.Name}: {paid} orders paid, {warmUp + small + large} acknowledged");
        sides.Dispose();
    }

    static void Report(SettlementStore store, List<Line> lines, Both first, List<Both> rounds, int small, int large)
    {
        var (ours, reference) = (Rate(rounds, both => both.Product), Rate(rounds, both => both.Reference));
        var p99 = Percentile(rounds, both => both.Product, 0.99);
        var growth = Timed.Exponent(first.Product.Stretch.Took.TotalSeconds, rounds.Sum(r => r.Product.Stretch.Took.TotalSeconds), (double)large / small);
        double Work(Func<Both, Side> side) => rounds.Sum(r => side(r).Processor.TotalMilliseconds) / large;
        lines.Add(new Line($"settlements on {store.Name}", "per second", ours, reference, ours / reference, "≥ 1.0 ×", ours >= reference));
        lines.Add(new Line($"latency p50 on {store.Name}", "ms", Percentile(rounds, b => b.Product, 0.5), Percentile(rounds, b => b.Reference, 0.5)));
        lines.Add(new Line($"latency p99 on {store.Name}", "ms", p99, Percentile(rounds, b => b.Reference, 0.99), Goal: "< 150 ms", Met: p99 < 150));
        lines.Add(new Line($"processor time each on {store.Name}", "ms", Work(b => b.Product), Work(b => b.Reference), Work(b => b.Product) / Work(b => b.Reference)));
        double Database(Func<Both, Side> side) => rounds.Sum(r => side(r).Database.TotalMilliseconds) / large;
        if (store.ProcessorTime() > TimeSpan.Zero)
            lines.Add(new Line($"of it in the database on {store.Name}", "ms", Database(b => b.Product), Database(b => b.Reference), Database(b => b.Product) / Database(b => b.Reference)));
        lines.Add(new Line($"rows written each on {store.Name}", "rows", rounds.Average(r => r.RowsEach)));
        lines.Add(new Line($"growth from {small:#,0} to {large:#,0} on {store.Name}", "exponent", growth, Goal: "≤ 1.05", Met: growth <= 1.05));
    }

    static double Rate(List<Both> rounds, Func<Both, Side> side) => rounds.Sum(r => side(r).Stretch.Count) / rounds.Sum(r => side(r).Stretch.Took.TotalSeconds);

    static double Percentile(List<Both> rounds, Func<Both, Side> side, double share)
    {
        double[] all = [.. rounds.SelectMany(r => side(r).Stretch.Milliseconds).Order()];
        return all[Math.Min(all.Length - 1, (int)(share * all.Length))];
    }

    static async Task<T[]> Clients<T>(Func<Task<T>> open)
    {
        var clients = new T[InFlight];
        for (var at = 0; at < InFlight; at++) clients[at] = await open();
        return clients;
    }

    static async Task<long> Count(DbConnection connection, string query, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancel), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <param name="Processor">Of the side's own process and of the database; the load generator of the product is not counted.</param>
    /// <param name="Database">The database's part of it.</param>
    sealed record Side(Stretch Stretch, TimeSpan Processor, TimeSpan Database);

    sealed record Both(Side Product, Side Reference, double RowsEach);

    sealed record Sides(ServerProcess Service, SettlementStore Store, RowReader Rows, CallbackLine[] Lines, DbConnection[] Bare) : IDisposable
    {
        /// <summary>Settles these by the product, then writes what it wrote by the bare driver.</summary>
        public async Task<Both> Round(IReadOnlyList<SignedCallback> callbacks, CancellationToken cancel)
        {
            var product = await Weigh(Service.ProcessorTime, () => Timed.Drive(InFlight, callbacks, (client, callback) => Lines[client].Send(callback, cancel), cancel));
            var rows = await Rows.Of([.. callbacks.Select(callback => callback.TransactionId)], cancel);
            var commands = rows.Select(Command).ToList();
            using var self = Process.GetCurrentProcess();
            var reference = await Weigh(() => { self.Refresh(); return self.TotalProcessorTime; }, () => Timed.Drive(InFlight, commands, (client, command) => Write(client, command, cancel), cancel));
            return new(product, reference, rows.Average(each => each.Rows));
        }

        async Task<Side> Weigh(Func<TimeSpan> processor, Func<Task<Stretch>> drive)
        {
            var (own, database) = (processor(), Store.ProcessorTime());
            var stretch = await drive();
            database = Store.ProcessorTime() - database;
            return new Side(stretch, processor() - own + database, database);
        }

        DbCommand Command(WrittenRows rows)
        {
            var command = Bare[0].CreateCommand();
            command.CommandText = rows.Text;
            for (var at = 0; at < rows.Values.Count; at++)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ($"@p{at}", rows.Values[at]);
                command.Parameters.Add(parameter);
            }
            return command;
        }

        async Task Write(int client, DbCommand command, CancellationToken cancel)
        {
            if (Store.Gate is not null) await Store.Gate.WaitAsync(cancel);
            try
            {
                command.Connection = Bare[client];
                await command.ExecuteNonQueryAsync(cancel);
                await command.DisposeAsync();
            }
            finally { Store.Gate?.Release(); }
        }

        public void Dispose()
        {
            foreach (var line in Lines) line.Dispose();
            foreach (var connection in Bare) connection.Dispose();
        }
    }
}
