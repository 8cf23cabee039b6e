using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>A notification as it arrived.</summary>
sealed record Arrival(SignatureHeaders Signature, byte[] Body, DateTimeOffset At)
{
    /// <summary>The order inside, opened with the merchant's key.</summary>
    public Transaction Open(RunningEmulator emulator)
    {
        var resource = WireJson.TryRead(Body, PayJson.Types.NotificationEnvelope)!.Resource;
        var key = new ApiV3Key(emulator.Merchant.ApiV3Key);
        var plain = ResourceCipher.Decrypt(key, resource.Algorithm, resource.Nonce, resource.AssociatedData, resource.Ciphertext);
        return WireJson.TryRead(plain, PayJson.Types.Transaction)!;
    }

    public string Event => WireJson.TryRead(Body, PayJson.Types.NotificationEnvelope)!.EventType;

    /// <summary>The refund inside.</summary>
    public RefundNotice OpenRefund(RunningEmulator emulator)
    {
        var resource = WireJson.TryRead(Body, PayJson.Types.NotificationEnvelope)!.Resource;
        var key = new ApiV3Key(emulator.Merchant.ApiV3Key);
        var plain = ResourceCipher.Decrypt(key, resource.Algorithm, resource.Nonce, resource.AssociatedData, resource.Ciphertext);
        return WireJson.TryRead(plain, PayJson.Types.RefundNotice)!;
    }

    public string Id => WireJson.TryRead(Body, PayJson.Types.NotificationEnvelope)!.Id;
}

/// <summary>A merchant's notify address: keeps what arrives and answers as told.</summary>
sealed class MerchantServer : IAsyncDisposable
{
    readonly WebApplication app;

    MerchantServer(WebApplication app, string address) => (this.app, NotifyUrl) = (app, address + "/wechat/pay");

    public string NotifyUrl { get; }
    public ConcurrentQueue<Arrival> Arrivals { get; } = new();

    /// <summary>Gets the number of the arrival, from 1, and gives the status.</summary>
    public Func<int, Task<int>> Respond { get; set; } = _ => Task.FromResult(204);

    public static async Task<MerchantServer> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        MerchantServer? server = null;
        app.MapPost("/wechat/pay", async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var signature = SignatureHeaders.From(name => http.Request.Headers[name]);
            var number = server!.Keep(new(signature, body.ToArray(), TimeProvider.System.GetUtcNow()));
            http.Response.StatusCode = await server.Respond(number);
            if (http.Response.StatusCode != 204) await http.Response.WriteAsync("""{"code":"FAIL","message":"失败"}""", Encoding.UTF8);
        });
        await app.StartAsync();
        return server = new(app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    int Keep(Arrival arrival)
    {
        lock (Arrivals)
        {
            Arrivals.Enqueue(arrival);
            return Arrivals.Count;
        }
    }

    public Task UntilArrivals(int count) => RunningEmulator.Until(() => Task.FromResult(Arrivals.Count >= count));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
