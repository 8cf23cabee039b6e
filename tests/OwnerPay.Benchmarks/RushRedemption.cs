using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using OwnerPay.Service;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Points;
using OwnerPay.Service.Rewards;
using OwnerPay.Service.Storage;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Benchmarks;

/// <summary>P6: owners rush for the last gifts through HTTP on MariaDB, against a bare conditional update and insert of the same rows by the
/// driver.</summary>
public sealed class RushRedemption : IWorkload
{
    const int InFlight = 64, WarmUps = 6, Rounds = 8, Cost = 10;
    static int bareCodes;

    public string Id => "P6";

    public string Title => $"rush redemption, {InFlight} in flight";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        var (owners, gifts) = (bench.Scale(1_000), bench.Scale(100));
        await using var maria = await MariaDbServer.Start(bench.Folder);
        await using var redis = await RedisServer.Start();
        string[] args =
        [
            "--data", bench.NewFolder("rush"), "--database", maria.ConnectionTo("ownerpay"), "--redis", redis.Socket, "--OwnerPay:RateLimitsOn=false",
                "--environment=Development",
        ];
        var crowd = await Crowd.Gather(args, owners, gifts, cancel);
        var (mine, bare, broken) = (new List<Stretch>(), new List<Stretch>(), new List<string>());
        await using (var service = await ServerProcess.Start(ServerProcess.Service, Ports.Free(), "/health/ready", args))
        {
            var lines = Enumerable.Range(0, InFlight).Select(_ => new HttpClient(new SocketsHttpHandler()) { BaseAddress = service.Address })
                .ToArray();
            var drivers = await Drivers(maria, cancel);
            for (var round = 0; round < WarmUps + Rounds; round++)
            {
                var won = 0;
                var product = await Timed.Drive(InFlight, crowd.Owners, async (client, owner) =>
                {
                    if (await Redeem(lines[client], owner, crowd.Rewards[round], cancel)) Interlocked.Increment(ref won);
                }, cancel);
                if (won != gifts) broken.Add($"round {round}: {won} winners of {gifts} gifts");
                var wonBare = 0;
                var reference = await Timed.Drive(InFlight, crowd.Owners, async (client, owner) =>
                {
                    if (await TakeBare(drivers[client], owner, crowd, round, cancel)) Interlocked.Increment(ref wonBare);
                }, cancel);
                if (wonBare != gifts) broken.Add($"round {round}: the reference gave {wonBare} of {gifts} gifts");
                if (round < WarmUps) continue;
                mine.Add(product);
                bare.Add(reference);
            }
            await service.Stop();
            foreach (var line in lines) line.Dispose();
            foreach (var driver in drivers) await driver.DisposeAsync();
        }
        await crowd.Check(args, (WarmUps + Rounds) * gifts, broken, cancel);
        return Told(mine, bare, broken);
    }

    static Outcome Told(List<Stretch> mine, List<Stretch> bare, List<string> broken)
    {
        double Rate(List<Stretch> rounds) => rounds.Sum(r => r.Count) / rounds.Sum(r => r.Took.TotalSeconds);
        double Slowest(List<Stretch> rounds) => rounds.SelectMany(r => r.Milliseconds).Order().ToArray() is var all ? all[(int)(0.99 * all.Length)]
            : 0;
        var (ours, reference) = (Rate(mine), Rate(bare));
        return new Outcome(
        [
            new Line("taps on MariaDB", "per second", ours, reference, ours / reference, "≥ 0.8 ×", ours / reference >= 0.8),
            new Line("latency p99 on MariaDB", "ms", Slowest(mine), Slowest(bare)),
        ],
        [
            "the product receives HTTP, knows its caller, checks limit and points, writes points, journal and an answer for the same tap;"
                + " the reference writes stock and redemption only",
            "the product answers taps of one moment together, from one look at the database; the reference asks for each",
            $"product and reference take turns, {Rounds} rounds with a reward of their own after {WarmUps} that only warm up",
        ], broken);
    }

    static async Task<bool> Redeem(HttpClient line, RushOwner owner, Guid reward, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/owner/v1/houses/{owner.House}/redemptions")
        {
            Content = JsonContent
            .Create(new { rewardId = reward })
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", owner.Token);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString("N"));
        using var answer = await line.SendAsync(request, cancel);
        return answer.StatusCode switch
        {
            HttpStatusCode.Created => true,
            HttpStatusCode.Conflict => false,
            var other => throw new InvalidOperationException($"A tap was answered {other}: {await answer.Content.ReadAsStringAsync(cancel)}"),
        };
    }

    static async Task<MySqlConnection[]> Drivers(MariaDbServer maria, CancellationToken cancel)
    {
        var drivers = new MySqlConnection[InFlight];
        for (var at = 0; at < InFlight; at++)
        {
            drivers[at] = new MySqlConnection(new MySqlConnectionStringBuilder(maria
                .ConnectionTo("ownerpay"))
            { GuidFormat = MySqlGuidFormat.Binary16 }.ToString());
            await drivers[at].OpenAsync(cancel);
        }
        await using var table = drivers[0].CreateCommand();
        table.CommandText =
            "CREATE DATABASE reference; CREATE TABLE reference.Rewards LIKE Rewards; CREATE TABLE reference.Redemptions LIKE Redemptions;"
            + " INSERT INTO reference.Rewards SELECT * FROM Rewards";
        await table.ExecuteNonQueryAsync(cancel);
        return drivers;
    }

    static async Task<bool> TakeBare(MySqlConnection driver, RushOwner owner, Crowd crowd, int round, CancellationToken cancel)
    {
        await using var transaction = await driver.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancel);
        await using var take = Command(driver, transaction, "UPDATE reference.Rewards SET StockLeft = StockLeft - 1 WHERE Id = @p0 AND StockLeft > 0",
            crowd.Rewards[round]);
        if (await take.ExecuteNonQueryAsync(cancel) == 0) return false;
        await using var write = Command(driver, transaction,
            "INSERT INTO reference.Redemptions (Id, CommunityId, RewardId, PersonId, CostPoints, PickUpCode, ReservedAt, ExpiresOn, State, Seal)"
            + " VALUES (@p0, @p1, @p2, @p3, @p4, @p5, 0, '2027-01-31', 'Reserved', '')", Guid.CreateVersion7(), crowd.Community, crowd.Rewards[round],
                owner.Person, Cost,
            Interlocked.Increment(ref bareCodes).ToString("D8", CultureInfo.InvariantCulture));    // drawn by chance, one in a hundred runs would meet a code twice
        await write.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    static DbCommand Command(MySqlConnection driver, MySqlTransaction transaction, string text, params object[] values)
    {
        var command = new MySqlCommand(text, driver, transaction);
        for (var at = 0; at < values.Length; at++) command.Parameters.AddWithValue($"@p{at}", values[at]);
        return command;
    }

    sealed record RushOwner(Guid House, Guid Person, string Token);

    /// <summary>Owners with points and a session each, before a reward for every round.</summary>
    sealed record Crowd(Guid Community, IReadOnlyList<RushOwner> Owners, IReadOnlyList<Guid> Rewards)
    {
        public static async Task<Crowd> Gather(string[] args, int owners, int gifts, CancellationToken cancel)
        {
            await using var app = ServiceApp.Build(args, adjust: Quietly.Adjust);
            await using var scope = app.Services.CreateAsyncScope();
            var (services, db) = (scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<OwnerPayDb>());
            await db.Migrate(cancel);
            var community = new PeopledCommunity(app.Services, "wx0123456789abcdef");
            var houses = await community.Make(owners, cancel);
            var (today, rewards) = (services.GetRequiredService<Clock>().Today(), new List<Guid>());
            await db.Once<bool>(new IdempotencyKey("bench", "rush", "points", "all"), owners, async () =>
            {
                foreach (var house in houses)
                    await services.GetRequiredService<EarnPoints>().Run(community.CommunityId, house.PersonId, Cost * (WarmUps + Rounds), "bench",
                        Guid.CreateVersion7(), today, "", cancel);
                for (var round = 0; round < WarmUps + Rounds; round++)
                {
                    rewards.Add(Guid.CreateVersion7());
                    db.Add(new Reward
                    {
                        Id = rewards[^1], CommunityId = community.CommunityId, Code = $"gift-{round}", Version = 1, Name = "台历", CostPoints = Cost,
                        StockTotal = gifts,
                        StockLeft = gifts, LimitPerPerson = 1, From = today, To = today.AddDays(30), PickUpDays = 7, PickUpPlace = "服务中心",
                        State = RewardState.Active,
                    });
                }
                return true;
            }, cancel);
            var tokens = services.GetRequiredService<OwnerTokens>();
            List<RushOwner> all = [];
            foreach (var house in houses) all.Add(new(house.HouseId, house.PersonId, (await tokens.Issue(house.WeChatUserId, cancel)).Token));
            return new(community.CommunityId, all, rewards);
        }

        /// <summary>The books are right, and as many redemptions stand in them as were answered.</summary>
        public async Task Check(string[] args, int winners, List<string> broken, CancellationToken cancel)
        {
            await using var app = ServiceApp.Build(args, adjust: Quietly.Adjust);
            await using var scope = app.Services.CreateAsyncScope();
            broken.AddRange((await scope.ServiceProvider.GetRequiredService<VerifyBooks>().Run(null, cancel)).Take(20)
                .Select(finding => $"{finding.Check} {finding.Subject} {finding.Message}"));
            var stand = await scope.ServiceProvider.GetRequiredService<OwnerPayDb>().Redemptions.CountAsync(cancel);
            if (stand != winners) broken.Add($"{stand} redemptions stand, {winners} were answered");
        }
    }
}
