using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Tests;

/// <summary>A request as it arrived. Numbered from 1.</summary>
sealed record Call(int Number, string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Whether WeChat would take the signature.</summary>
    public bool IsSignedBy(RsaPublicKey merchant) =>
        Authorization.TryParse(Headers.GetValueOrDefault("Authorization"), out _) is { } authorization
        && authorization.Verifies(merchant, Method, Target, Body);

    public string Nonce => Authorization.TryParse(Headers["Authorization"], out _)!.NonceStr;
}

/// <summary>How an answer is signed.</summary>
enum Signing { PublicKey, PlatformCertificate, NextPlatformCertificate, Attacker, Probe, None }

/// <summary>What to answer; the signature is made when it is sent.</summary>
sealed record Answer(int Status, byte[] Body, Signing Signing = Signing.PublicKey)
{
    public TimeSpan Delay { get; init; }

    /// <summary>Waits in the middle of the body, after the headers are out.</summary>
    public TimeSpan DelayInBody { get; init; }

    /// <summary>Breaks the connection instead of answering.</summary>
    public bool Abort { get; init; }

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static Answer Json(string json, Signing signing = Signing.PublicKey, int status = 200) =>
        new(status, System.Text.Encoding.UTF8.GetBytes(json), signing);

    /// <summary>An error as WeChat sends it: without any signature, unless asked for.</summary>
    public static Answer Error(int status, string code, Signing signing = Signing.None, string message = "text") =>
        Json($$"""{"code":"{{code}}","message":"{{message}}"}""", signing, status) with
        {
            Headers = new Dictionary<string, string> { ["Request-ID"] = "08F1B2" },
        };
}

/// <summary>A real server on the loopback that answers by a script, with WeChat's throw-away keys.</summary>
sealed class LocalServer : IAsyncDisposable
{
    readonly WebApplication app;

    LocalServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public ConcurrentQueue<Call> Calls { get; } = new();

    public static Task<LocalServer> Start(params Answer[] answers) => Start(call => answers[Math.Min(call.Number, answers.Length) - 1]);

    public static async Task<LocalServer> Start(Func<Call, Answer> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var server = new LocalServer(builder.Build());
        var number = 0;
        server.app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var call = new Call(Interlocked.Increment(ref number), context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray());
            server.Calls.Enqueue(call);
            await Send(script(call), context);
        });
        await server.app.StartAsync();
        return server;
    }

    static async Task Send(Answer answer, HttpContext context)
    {
        if (answer.Delay > TimeSpan.Zero)
            await Task.Delay(answer.Delay, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.Abort)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        if (answer.Signing != Signing.None)
            foreach (var (name, value) in Sign(answer).Pairs()) context.Response.Headers[name] = value;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.Status == 204) return;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        var half = answer.DelayInBody > TimeSpan.Zero ? answer.Body.Length / 2 : 0;
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, half));
        if (half > 0)
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(answer.DelayInBody, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(answer.Body.AsMemory(half));
    }

    static SignatureHeaders Sign(Answer answer)
    {
        var (key, serial) = answer.Signing switch
        {
            Signing.PlatformCertificate => ("platform_private_key.pem", "53F5C58789EC93120222D49818ED65E21ACA2B27"),
            Signing.NextPlatformCertificate => ("platform_next_private_key.pem", "58715AB300F875075EB78BA38403D57E86033FF7"),
            Signing.Attacker => ("attacker_private_key.pem", VectorFile.PublicKeyId),
            _ => ("wechatpay_pub_key_private.pem", VectorFile.PublicKeyId),
        };
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var headers = AnswerSigning.Sign(VectorFile.PrivateKey(key), serial, now, RequestSigning.NewNonce(), answer.Body);
        return answer.Signing == Signing.Probe
            ? headers with { Signature = string.Create(CultureInfo.InvariantCulture, $"WECHATPAY/SIGNTEST/{headers.Signature}") }
            : headers;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
