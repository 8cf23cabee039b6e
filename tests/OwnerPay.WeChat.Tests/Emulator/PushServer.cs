using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.MiniProgram;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>A push as it arrived: the query, the raw body, and what the reader made of it.</summary>
sealed record ArrivedPush(IReadOnlyDictionary<string, string> Query, byte[] Body, PushReading Reading);

/// <summary>The server that a merchant enters in the console for pushed messages.</summary>
sealed class PushServer : IAsyncDisposable
{
    public const string Token = "OwnerPayPush", AesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    readonly WebApplication app;
    readonly PushReader reader;

    PushServer(WebApplication app, PushReader reader) => (this.app, this.reader) = (app, reader);

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/wechat/push";

    public ConcurrentQueue<ArrivedPush> Arrivals { get; } = new();

    /// <summary>Gets the number of the arrival, from 1, and gives status and body.</summary>
    public Func<int, (int Status, string Text)> Respond { get; set; } = _ => (200, "success");

    /// <param name="appid">Of the account whose messages come.</param>
    public static async Task<PushServer> Start(string appid, bool acceptPlain = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        var server = new PushServer(app, new(new PushCipher(Token, AesKey, appid), TimeProvider.System, acceptPlain));
        app.MapGet("/wechat/push", server.Check);
        app.MapPost("/wechat/push", server.Take);
        await app.StartAsync();
        return server;
    }

    async Task Check(HttpContext http)
    {
        var echo = reader.AnswerUrlCheck(PushQuery.From(name => http.Request.Query[name]));
        http.Response.StatusCode = echo is null ? 403 : 200;
        if (echo is not null) await http.Response.WriteAsync(echo);
    }

    async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var arrival = new ArrivedPush(query, body.ToArray(), reader.Read(PushQuery.From(query.GetValueOrDefault), body.ToArray()));
        int number;
        lock (Arrivals)
        {
            Arrivals.Enqueue(arrival);
            number = Arrivals.Count;
        }
        var (status, text) = Respond(number);
        http.Response.StatusCode = status;
        await http.Response.WriteAsync(text);
    }

    public Task UntilArrivals(int count) => RunningEmulator.Until(() => Task.FromResult(Arrivals.Count >= count));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
