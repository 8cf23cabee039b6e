using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.MiniProgram;

/// <summary>A server that gives tokens and answers the other calls by a script, and the clients as a program gets them from its container.</summary>
sealed class ApiKit : IAsyncDisposable
{
    readonly ServiceProvider services;

    ApiKit(LocalServer server, ServiceProvider services, Lines log) => (Server, this.services, Log) = (server, services, log);

    public LocalServer Server { get; }

    public Lines Log { get; }

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
        var lines = new Lines();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
        services.AddWeChatMiniProgram(options =>
        {
            options.BaseAddress = server.Address;
            options.Timeout = TimeSpan.FromSeconds(4);
            options.BusyDelay = TimeSpan.FromMilliseconds(5);
        });
        return new(server, services.BuildServiceProvider(), lines);
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public static Answer Said(string json) => Answer.Json(json, Signing.None);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
