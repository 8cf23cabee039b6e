using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>A server that gives tokens and answers the other calls by a script, and the clients as a program gets them from its container.</summary>
sealed class ApiKit : IAsyncDisposable
{
    readonly ServiceProvider services;

    ApiKit(LocalServer server, ServiceProvider services) => (Server, this.services) = (server, services);

    public LocalServer Server { get; }

    /// <summary>The calls that were no fetching of a token.</summary>
    public IReadOnlyList<Call> Made => [.. Server.Calls.Where(call => call.Target != "/cgi-bin/stable_token")];

    /// <param name="answers">To the first call, the second, …; the last one to all further.</param>
    public static async Task<ApiKit> Start(params Answer[] answers)
    {
        var calls = 0;
        var server = await LocalServer.Start(call => call.Target == "/cgi-bin/stable_token"
            ? Said("""{"access_token":"t","expires_in":7200}""")
            : answers[Math.Min(Interlocked.Increment(ref calls), answers.Length) - 1]);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWeChatMiniProgram(options =>
        {
            options.BaseAddress = server.Address;
            options.Timeout = TimeSpan.FromSeconds(1);
            options.BusyDelay = TimeSpan.FromMilliseconds(5);
        });
        return new(server, services.BuildServiceProvider());
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public static Answer Said(string json) => Answer.Json(json, Signing.None);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
