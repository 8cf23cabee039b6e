using System.Diagnostics;
using System.Net.Sockets;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>A real Redis on a unix socket: the one that <c>tests/run</c> started, or one of the caller's own, which may be stopped and started
/// again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    readonly string? folder;
    Process? process;

    RedisServer(string socket, string? folder) => (Socket, this.folder) = (socket, folder);

    /// <summary>What <c>--redis</c> takes.</summary>
    public string Socket { get; }

    /// <exception cref="InvalidOperationException">Redis is not installed or does not start.</exception>
    public static async Task<RedisServer> Start() =>
        Environment.GetEnvironmentVariable("OWNERPAY_TEST_REDIS") is { Length: > 0 } given ? new RedisServer(given, null) : await StartOwn();

    /// <exception cref="InvalidOperationException">Redis is not installed or does not start.</exception>
    public static async Task<RedisServer> StartOwn()
    {
        var folder = Path.Combine(Path.GetTempPath(), "ownerpay-redis-" + Guid.CreateVersion7().ToString("N")[^12..]);
        Directory.CreateDirectory(folder);
        var server = new RedisServer(Path.Combine(folder, "r.sock"), folder);
        await server.Begin();
        return server;
    }

    public async Task Begin()
    {
        process = Process.Start(new ProcessStartInfo("redis-server",
            $"--port 0 --unixsocket {Socket} --dir {folder} --save \"\" --appendonly no --maxmemory 64mb --loglevel warning")
        { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("redis-server is missing: install it, or call tests/run, which does.");
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await probe.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
                return;
            }
            catch (SocketException) when (attempt < 100 && !process.HasExited) { await Task.Delay(50); }
        }
    }

    /// <summary>Killed, as when its machine loses its power: nothing of it is left.</summary>
    public async Task End()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
        File.Delete(Socket);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }
}
