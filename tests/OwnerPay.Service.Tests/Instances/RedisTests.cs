using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OwnerPay.Service.Tests.Messaging;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Instances;

/// <summary>Two instances with a Redis between them, which comes and goes.</summary>
public sealed class RedisTests(Servers servers)
{
    const int Many = 1000;

    [Fact]
    public async Task Two_instances_share_one_access_token_go_on_while_Redis_is_away_and_share_again_when_it_is_back()
    {
        await using var redis = await RedisServer.StartOwn();
        await using var installation = await servers.Own(Database.MariaDb, instances: 2, args: ["--redis", redis.Socket]);
        await using var estate = await Estate.Create(installation, 12);
        foreach (var address in installation.Addresses) await Ready(address, "Healthy");
        await estate.EmulatorPost("/admin/faults", new { kind = "slow", count = Many, scope = "stable_token", seconds = 0.2 });

        var bound = await Task.WhenAll(estate.Houses.Take(6).Select((house, n) => estate.SignIn(house, instance: n % 2)));
        Assert.Equal(1, await TokenCalls(installation));    // each binding asked WeChat for a phone number

        await redis.End();
        foreach (var address in installation.Addresses) await Ready(address, "Degraded");
        var began = TimeProvider.System.GetTimestamp();
        bound = [.. bound, .. await Task.WhenAll(estate.Houses.Skip(6).Take(3).Select((house, n) => estate.SignIn(house, instance: n % 2)))];
        Assert.InRange(await TokenCalls(installation), 1, 2);    // the one that had not fetched it asks for the same token
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 15);

        await redis.Begin();
        foreach (var address in installation.Addresses) await Ready(address, "Healthy");
        var before = await TokenCalls(installation);
        bound = [.. bound, .. await Task.WhenAll(estate.Houses.Skip(9).Take(2).Select((house, n) => estate.SignIn(house, instance: n % 2)))];
        Assert.Equal(before + 1, await TokenCalls(installation));    // the new Redis knew none: one asked for both

        await estate.EmulatorPost("/admin/faults", new { kind = "tokenInvalid", count = 1, scope = "getuserphonenumber" });
        bound = [.. bound, await estate.SignIn(estate.Houses[11])];
        Assert.Equal(before + 2, await TokenCalls(installation));    // dropped for both instances, fetched once
        Assert.Equal(12, bound.Length);
    }

    [Fact]
    public async Task Whoever_guesses_at_two_instances_has_one_limit_and_while_Redis_is_away_the_limits_of_each()
    {
        await using var redis = await RedisServer.StartOwn();
        await using var installation = await servers.Own(Database.MariaDb, instances: 2, args: ["--redis", redis.Socket, "--OwnerPay:RateLimitsOn=true"]);
        await Estate.Create(installation, 1);
        foreach (var address in installation.Addresses) await Ready(address, "Healthy");
        await FarFromTheMinutesEnd();

        var statuses = new List<int>();
        for (var guess = 0; guess < 40; guess++) statuses.Add(await Guess(installation, guess % 2));
        Assert.Equal(30, statuses.Count(status => status != 429));

        await redis.End();
        foreach (var address in installation.Addresses) await Ready(address, "Degraded");
        Assert.NotEqual(429, await Guess(installation, 0));
        statuses.Clear();
        for (var guess = 0; guess < 40; guess++) statuses.Add(await Guess(installation, 1));
        Assert.InRange(statuses.Count(status => status != 429), 1, 30);
    }

    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("/nowhere/at-all.sock")]
    public async Task A_service_starts_and_works_without_the_Redis_that_is_set(string nothing)
    {
        await using var installation = await servers.Own(Database.Sqlite, args: ["--redis", nothing]);
        await using var estate = await Estate.Create(installation, 1);
        var template = (await estate.SetTemplates()).BillIssued;
        var owner = await estate.SignIn(estate.Houses[0]);
        await owner.Allow(template);
        Assert.Equal(1, await owner.Left(template));
        await Ready(installation.Addresses[0], "Degraded");
    }

    [Fact]
    public async Task A_setting_that_names_no_Redis_stops_the_start_and_says_so()
    {
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => servers.Own(Database.Sqlite, args: ["--redis", "password=only"]));
        Assert.Contains("OwnerPay:Redis", refused.Message, StringComparison.Ordinal);
    }

    static Task Ready(Uri address, string expected) => Estate.Eventually(async () =>
    {
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.GetAsync("/health/ready");
        return answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync() == expected;
    }, $"{address} says {expected}");

    /// <summary>How often WeChat was asked for an access token.</summary>
    static async Task<int> TokenCalls(Installation installation)
    {
        var pending = (await installation.EmulatorHttp.GetFromJsonAsync<JsonArray>("/admin/faults"))!;
        return Many - pending.Where(fault => fault!["scope"]?.GetValue<string>() == "stable_token").Sum(fault => fault!["count"]!.GetValue<int>());
    }

    static async Task<int> Guess(Installation installation, int instance)
    {
        using var anybody = new Api(installation.Addresses[instance], "/api/owner/v1", null);
        return (await anybody.Post("/sessions", new { appId = "wx0000000000000000", code = "guess" })).Status;
    }

    static async Task FarFromTheMinutesEnd()
    {
        var second = TimeProvider.System.GetUtcNow().Second;
        if (second > 40) await Task.Delay(TimeSpan.FromSeconds(61 - second));
    }
}
