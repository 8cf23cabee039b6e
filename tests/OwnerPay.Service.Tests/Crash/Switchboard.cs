using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Crash;

/// <summary>The public address of an installation of several instances: passes WeChat's calls on, byte for byte, to whom the test says.</summary>
public sealed class Switchboard : IAsyncDisposable
{
    readonly WebApplication app;
    readonly HttpClient http = new();

    Switchboard(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    public Uri Address { get; }

    /// <summary>Where the next calls go: to all of these at once.</summary>
    public IReadOnlyList<Uri> Targets { get; set; } = [];

    /// <summary>What each target answered to each call.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<int> Answers { get; } = new();

    public static async Task<Switchboard> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var board = new Switchboard(app, address);
        app.Urls.Add(address.ToString());
        app.MapFallback(board.Pass);
        await app.StartAsync();
        return board;
    }

    async Task Pass(HttpContext call)
    {
        if (!HttpMethods.IsPost(call.Request.Method))
        {
            call.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;    // as the doors behind it answer
            return;
        }
        using var held = new MemoryStream();
        await call.Request.Body.CopyToAsync(held);
        var statuses = await Task.WhenAll(Targets.Select(target => Send(call.Request, held.ToArray(), target)));
        foreach (var status in statuses) Answers.Enqueue(status);
        call.Response.StatusCode = statuses.Max();
    }

    async Task<int> Send(HttpRequest call, byte[] body, Uri target)
    {
        using var copy = new HttpRequestMessage(HttpMethod.Post, new Uri(target, call.Path)) { Content = new ByteArrayContent(body) };
        copy.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(call.ContentType!);
        foreach (var (name, value) in call.Headers.Where(header => header.Key.StartsWith("Wechatpay-", StringComparison.OrdinalIgnoreCase))) copy.Headers.Add(name, value.ToString());
        using var answer = await http.SendAsync(copy);
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }
}
