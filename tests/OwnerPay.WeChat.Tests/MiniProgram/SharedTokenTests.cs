using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>Several instances share one access token, and go on when what they share it through is gone.</summary>
public class SharedTokenTests
{
    static readonly MiniProgramCredentials App = new("wx1f2e3d4c5b6a7988", "secret");
    static readonly SubscribeMessage Message = new("oOwner", "tpl", null, new Dictionary<string, string> { ["thing1"] = "物业费" });

    static bool IsToken(Call call) => call.Target == "/cgi-bin/stable_token";

    static Task<LocalServer> Serve(Func<Call, string>? answer = null)
    {
        var tokens = 0;
        return LocalServer.Start(call => Answer.Json(IsToken(call)
            ? $$"""{"access_token":"token-{{Interlocked.Increment(ref tokens)}}","expires_in":7200}"""
            : answer?.Invoke(call) ?? """{"errcode":0,"errmsg":"ok"}""", Signing.None) with
        { Delay = TimeSpan.FromMilliseconds(20) });
    }

    static ServiceProvider Kit(LocalServer server, IAccessTokenStore store)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(store);
        services.AddWeChatMiniProgram(options =>
        {
            options.BaseAddress = server.Address;
            options.BusyDelay = TimeSpan.FromMilliseconds(5);
        });
        return services.BuildServiceProvider();
    }

    static MiniProgramClient Client(ServiceProvider kit) => kit.GetRequiredService<MiniProgramClient>();

    [Fact]
    public async Task Two_instances_that_share_a_store_fetch_one_token_between_them()
    {
        await using var server = await Serve();
        using var store = new Shared();
        await using var one = Kit(server, store);
        await using var other = Kit(server, store);

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Client(i % 2 == 0 ? one : other).SendAsync(App, Message)));

        Assert.All(results, result => Assert.True(result.IsSent));
        Assert.Equal(1, server.Calls.Count(IsToken));
    }

    [Fact]
    public async Task When_the_shared_store_is_gone_each_instance_goes_on_with_a_token_of_its_own()
    {
        await using var server = await Serve();
        using var store = new Shared { IsDown = true };
        await using var one = Kit(server, store);
        await using var other = Kit(server, store);

        for (var i = 0; i < 10; i++)
        {
            Assert.True((await Client(one).SendAsync(App, Message)).IsSent);
            Assert.True((await Client(other).SendAsync(App, Message)).IsSent);
        }
        Assert.Equal(2, server.Calls.Count(IsToken));

        store.IsDown = false;
        await Client(one).SendAsync(App, Message);
        await Client(other).SendAsync(App, Message);
        Assert.Equal(3, server.Calls.Count(IsToken));    // shared again
    }

    [Fact]
    public async Task A_token_that_died_is_replaced_once_though_forty_messages_find_it_dead_at_once()
    {
        await using var server = await Serve(call => call.Target.EndsWith("token-1", StringComparison.Ordinal)
            ? """{"errcode":40001,"errmsg":"invalid credential"}""" : """{"errcode":0,"errmsg":"ok"}""");
        await using var kit = Kit(server, new InMemoryAccessTokenStore());
        await Client(kit).TokenAsync(App);

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Client(kit).SendAsync(App, Message)));

        Assert.All(results, result => Assert.True(result.IsSent));
        Assert.Equal(2, server.Calls.Count(IsToken));
    }

    [Fact]
    public async Task After_a_leak_the_old_token_is_ended_at_once_and_otherwise_never_by_force()
    {
        await using var server = await Serve();
        using var store = new Shared();
        await using var kit = Kit(server, store);

        var before = await Client(kit).TokenAsync(App);
        var replaced = await Client(kit).ReplaceTokenAsync(App);
        var after = await Client(kit).TokenAsync(App);

        Assert.Equal(("token-1", "token-2", "token-2"), (before.Value!.Value, replaced.Value!.Value, after.Value!.Value));
        Assert.DoesNotContain("force_refresh", Encoding.UTF8.GetString(server.Calls.First().Body), StringComparison.Ordinal);
        Assert.Contains("\"force_refresh\":true", Encoding.UTF8.GetString(server.Calls.Last().Body), StringComparison.Ordinal);
    }

    /// <summary>What instances share, as a cache server would: values travel as text, and it may be down.</summary>
    sealed class Shared : IAccessTokenStore, IDisposable
    {
        readonly ConcurrentDictionary<string, (string Value, long Until)> kept = new();
        readonly SemaphoreSlim turn = new(1);

        public bool IsDown { get; set; }

        public ValueTask<AccessToken?> GetAsync(string appid, CancellationToken cancel)
        {
            Fail();
            return ValueTask.FromResult(kept.TryGetValue(appid, out var token)
                ? new AccessToken(token.Value, DateTimeOffset.FromUnixTimeSeconds(token.Until)) : null);
        }

        public ValueTask PutAsync(string appid, AccessToken token, CancellationToken cancel)
        {
            Fail();
            kept[appid] = (token.Value, token.UsableUntil.ToUnixTimeSeconds());
            return ValueTask.CompletedTask;
        }

        public ValueTask DropAsync(string appid, AccessToken token, CancellationToken cancel)
        {
            Fail();
            if (kept.TryGetValue(appid, out var held) && held.Value == token.Value) kept.TryRemove(appid, out _);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<IAsyncDisposable> LockAsync(string appid, CancellationToken cancel)
        {
            Fail();
            await turn.WaitAsync(cancel);
            return new Turn(turn);
        }

        public void Dispose() => turn.Dispose();

        void Fail()
        {
            if (IsDown) throw new IOException("no connection to the store");
        }

        sealed class Turn(SemaphoreSlim turn) : IAsyncDisposable
        {
            public ValueTask DisposeAsync()
            {
                turn.Release();
                return ValueTask.CompletedTask;
            }
        }
    }
}
