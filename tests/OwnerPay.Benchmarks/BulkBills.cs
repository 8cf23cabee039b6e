using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using OwnerPay.Service;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Benchmarks;

/// <summary>P1: a bill run of very many houses, previewed and confirmed over HTTP, against the server copying exactly the rows that it wrote.</summary>
public sealed class BulkBills : IWorkload
{
    const string Product = "ownerpay", Twin = "reference";
    static readonly string[] Tables = ["Bills", "BillLines", "BillClaims", "Journals", "Postings"], FeeKinds = ["property", "elevator"];

    /// <summary>The houses have liable parties and no persons, who would only be told of their bills after the commit.</summary>
    const string NobodyLivesThere = "roster-tenures";

    public string Id => "P1";

    public string Title => "bill run";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        await using var server = await MariaDbServer.Start(bench.NewFolder("billing-mariadb"));
        string[] args = ["--data", bench.NewFolder("billing-data"), "--database", server.ConnectionTo(Product), "--OwnerPay:JobPace=1000", "--OwnerPay:RequireTotp=false"];
        await using var app = ServiceApp.Build([.. args, "--environment=Development"], adjust: Quietly.Adjust);
        await using (var scope = app.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Migrate(cancel);
        var (small, large) = (bench.Scale(100_000), bench.Scale(1_000_000));
        var warm = await BillRunCommunity.Make(app.Services, 2_000, cancel);
        var few = await BillRunCommunity.Make(app.Services, small, cancel);
        Bench.Say($"  {large:#,0} houses");
        var many = await BillRunCommunity.Make(app.Services, large, cancel);
        await using var connection = new MySqlConnection(server.ConnectionTo(Product));
        await connection.OpenAsync(cancel);
        await MakeTwin(connection, cancel);

        var port = Ports.Free();
        await using var service = await ServerProcess.Start(ServerProcess.Service, port, "/health/ready", [.. args, "--public-url", $"http://127.0.0.1:{port}"]);
        await Measure(service, server, connection, warm, cancel);
        Bench.Say($"  {small:#,0} bills");
        var first = await Measure(service, server, connection, few, cancel);
        await UntilTold(connection, cancel);
        Bench.Say($"  {large:#,0} bills");
        var second = await Measure(service, server, connection, many, cancel);
        await service.Stop();

        List<string> broken = [.. await Differing(connection, cancel)];
        await using (var scope = app.Services.CreateAsyncScope())
            broken.AddRange((await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(few.Id, cancel))
                .Where(f => f.Check != NobodyLivesThere).Take(20).Select(f => $"{f.Check} {f.Subject} {f.Message}"));
        return new Outcome(Lines(first, second, small, large),
        [
            "the product reads the houses twice, computes and explains each line, seals bills and lines, hashes the whole run at preview and again at confirmation; the reference copies",
            "both in one durable transaction each, into tables with the same keys, checks and rows; the reference's rows are at hand in the server, the product's cross a socket",
            "numbers of journals and messages to owners come after commit and are in neither",
        ], broken);
    }

    static List<Line> Lines(Measured first, Measured second, int small, int large)
    {
        var growth = Timed.Exponent(first.Ours, second.Ours, (double)large / small);
        return
        [
            Timing($"{small:#,0} houses on MariaDB", first, goal: false), Timing($"{large:#,0} houses on MariaDB", second, goal: true),
            new("of it the preview", "s", second.Preview), new("of it the confirmation", "s", second.Confirm, second.Reference, second.Confirm / second.Reference),
            new("rows written", "rows", second.Rows, second.Rows),
            new("processor time of the service", "s", second.Service), new("processor time of the database", "s", second.Database, second.Copying, second.Database / second.Copying),
            new("peak memory of the service", "MiB", second.MiB, Goal: "≤ 300 MiB", Met: second.MiB <= 300),
            new($"growth from {small:#,0} to {large:#,0}", "exponent", growth, Timed.Exponent(first.Reference, second.Reference, (double)large / small), Goal: "≤ 1.05", Met: growth <= 1.05),
        ];
    }

    static Line Timing(string what, Measured m, bool goal)
    {
        var ratio = m.Ours / m.Reference;
        return goal ? new(what, "s", m.Ours, m.Reference, ratio, "≤ 1.5 ×, aim 1.3 ×", ratio <= 1.5) : new(what, "s", m.Ours, m.Reference, ratio);
    }

    /// <param name="Preview">Seconds.</param>
    /// <param name="Confirm">Seconds.</param>
    /// <param name="Reference">Seconds.</param>
    /// <param name="Service">Processor seconds of the service.</param>
    /// <param name="Database">Processor seconds of the database for the product.</param>
    /// <param name="Copying">Processor seconds of the database for the reference.</param>
    sealed record Measured(double Preview, double Confirm, double Reference, double Service, double Database, double Copying, double MiB, long Rows)
    {
        public double Ours => Preview + Confirm;
    }

    static async Task<Measured> Measure(ServerProcess service, MariaDbServer server, MySqlConnection connection, BillRunCommunity community, CancellationToken cancel)
    {
        var today = Clock.DateOf(TimeProvider.System.GetUtcNow());
        var from = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        var to = from.AddMonths(1).AddDays(-1);
        var path = $"/api/staff/v1/communities/{community.Id}/billing/runs";
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var peak = Peak(service, watch.Token);
        var (own, database) = (service.ProcessorTime(), server.ProcessorTime());
        var began = TimeProvider.System.GetTimestamp();
        var run = await Post(service, community.ClerkToken, path, new { periodFrom = from, periodTo = to, dueOn = to, feeKinds = FeeKinds }, cancel);
        var preview = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var done = await Post(service, community.FinanceToken, $"{path}/{run["runId"]!.GetValue<Guid>()}/confirm", new { }, cancel);
        var ours = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        (own, database) = (service.ProcessorTime() - own, server.ProcessorTime() - database);
        if (done["bills"]!.GetValue<int>() != community.Houses) throw new InvalidOperationException($"{done["bills"]} bills for {community.Houses} houses");
        await watch.CancelAsync();

        var copying = server.ProcessorTime();
        began = TimeProvider.System.GetTimestamp();
        var rows = await Copy(connection, community.Id, cancel);
        var reference = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        copying = server.ProcessorTime() - copying;
        Bench.Say(string.Create(CultureInfo.InvariantCulture, $"    preview {preview:0.0} s, confirmation {ours - preview:0.0} s, reference {reference:0.0} s, {rows:#,0} rows"));
        return new(preview, ours - preview, reference, own.TotalSeconds, database.TotalSeconds, copying.TotalSeconds, await peak, rows);
    }

    static async Task<double> Peak(ServerProcess service, CancellationToken enough)
    {
        var most = service.ResidentMiB();
        while (!enough.IsCancellationRequested)
        {
            most = Math.Max(most, service.ResidentMiB());
            await Task.Delay(100, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return most;
    }

    static async Task<JsonNode> Post(ServerProcess service, string token, string path, object body, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = service.Address, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        using var answer = await http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}\n{service.Said}");
        return JsonNode.Parse(text)!;
    }

    static async Task MakeTwin(MySqlConnection connection, CancellationToken cancel)
    {
        await Execute(connection, $"CREATE DATABASE {Twin} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", cancel);
        foreach (var table in Tables) await Execute(connection, $"CREATE TABLE {Twin}.`{table}` LIKE `{table}`", cancel);
        await Execute(connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", cancel);
    }

    /// <returns>Rows copied.</returns>
    static async Task<long> Copy(MySqlConnection connection, Guid community, CancellationToken cancel)
    {
        var rows = 0L;
        await Execute(connection, "START TRANSACTION", cancel);
        foreach (var table in Tables)
            rows += await Execute(connection, $"INSERT INTO {Twin}.`{table}` SELECT * FROM `{table}` WHERE CommunityId = UNHEX('{community:N}')", cancel);
        await Execute(connection, "COMMIT", cancel);
        return rows;
    }

    /// <summary>The news of a run is told to owners afterwards; the next measurement waits until that is over.</summary>
    static async Task UntilTold(MySqlConnection connection, CancellationToken cancel)
    {
        await using var waiting = new MySqlCommand("SELECT COUNT(*) FROM OutboxRows WHERE State = 'Waiting'", connection);
        while (Convert.ToInt64(await waiting.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) > 0) await Task.Delay(200, cancel);
    }

    static async Task<List<string>> Differing(MySqlConnection connection, CancellationToken cancel)
    {
        List<string> broken = [];
        foreach (var table in Tables)
        {
            await using var count = new MySqlCommand($"SELECT (SELECT COUNT(*) FROM `{table}`) - (SELECT COUNT(*) FROM {Twin}.`{table}`)", connection) { CommandTimeout = 600 };
            if (Convert.ToInt64(await count.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) is not 0 and var more) broken.Add($"{table}: {more} rows more than the reference");
        }
        return broken;
    }

    static async Task<int> Execute(MySqlConnection connection, string text, CancellationToken cancel)
    {
        await using var command = new MySqlCommand(text, connection) { CommandTimeout = 1200 };
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
