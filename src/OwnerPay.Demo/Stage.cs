using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OwnerPay.Service;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.Demo;

/// <summary>Service and emulator, started together on one story clock.</summary>
public sealed class Stage : IAsyncDisposable
{
    /// <summary>A Tuesday morning at the start of the month in which the quarter's bills go out.</summary>
    public static readonly DateTimeOffset Begin = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(8));

    readonly SingleWriter writer;

    Stage(StoryTime time, EmulatorHost emulator, WebApplication service, SingleWriter writer, Uri address, string data) =>
        (Time, Emulator, Service, this.writer, Address, Data) = (time, emulator, service, writer, address, data);

    public StoryTime Time { get; }
    public EmulatorHost Emulator { get; }
    public WebApplication Service { get; }
    public Uri Address { get; }
    public string Data { get; }

    /// <summary>An owner's phone as a web page.</summary>
    public Uri PhonePage => new(Emulator.BaseAddress, "phone/");

    /// <summary>The one-time password of the first admin, as the first start announces it.</summary>
    public required (string Login, string Password) FirstAdmin { get; init; }

    public static async Task<Stage> Open(DemoOptions options)
    {
        var data = options.Data ?? Directory.CreateTempSubdirectory("ownerpay-demo-").FullName;
        Directory.CreateDirectory(data);
        if (Directory.EnumerateFileSystemEntries(data).Any()) throw new StoryBrokenException($"数据目录 {data} 不是空的，请换一个目录。");
        var time = new StoryTime(Begin);
        var port = options.Exit ? FreePort(0) : FreePort(5080, 0);    // only who looks around wants an address to remember
        var emulator = await EmulatorHost.Start(new EmulatorOptions
        {
            DataDirectory = Path.Combine(data, "wechat"), BusinessTime = time, RetrySpeed = 10,
            Phone = new() { Name = "阳光花园缴费", Scene = Story.CommunityCode, Backend = new Uri($"http://127.0.0.1:{port}"), Stories = Story.Files },
        });
        (string, string)? first = null;
        List<string> args =
        [
            "--urls", $"http://127.0.0.1:{port}", "--public-url", $"http://127.0.0.1:{port}", "--data", data, "--environment=Development",
            $"--OwnerPay:WeChatPayUrl={emulator.BaseAddress}", $"--OwnerPay:WeChatApiUrl={emulator.BaseAddress}",
            "--OwnerPay:JobPace=0.1", "--OwnerPay:OutboxPoll=00:00:00.1", "--OwnerPay:RateLimitsOn=false", "--OwnerPay:RequireTotp=true",
        ];
        if (options.Database is { } database) args.Add($"--OwnerPay:Database={database}");
        if (options.Redis is { } redis) args.Add($"--OwnerPay:Redis={redis}");
        var app = ServiceApp.Build([.. args], time, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<AnnounceFirstAdmin>((login, password) => first = (login, password)));
        });
        var writer = SingleWriter.Take(ServiceApp.Database(app.Services.GetRequiredService<Service.Platform.ServiceSettings>()));
        await app.Start();
        if (first is not { } admin) throw new StoryBrokenException("数据库里已有账号，请换一个空的数据库。");
        return new Stage(time, emulator, app, writer, new Uri($"http://127.0.0.1:{port}"), data) { FirstAdmin = admin };
    }

    /// <summary>Returns when somebody asks the process to end.</summary>
    public Task UntilStopped() => Service.WaitForShutdownAsync();

    static int FreePort(params ReadOnlySpan<int> wishes)
    {
        foreach (var wish in wishes)
        {
            using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, wish);
            try
            {
                probe.Start();
                return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
            }
            catch (System.Net.Sockets.SocketException) { /* taken: any other will do */ }
        }
        throw new StoryBrokenException("没有可用的端口。");
    }

    public async ValueTask DisposeAsync()
    {
        await Service.StopAsync();
        await Service.DisposeAsync();
        writer.Dispose();
        await Emulator.DisposeAsync();
    }
}
