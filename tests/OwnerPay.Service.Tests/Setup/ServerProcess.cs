using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>A server as an operator runs it, a process of its own: it can be killed at any moment, started again, timed and weighed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    const int KeptLines = 60;
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(3), Patience = TimeSpan.FromSeconds(90);

    readonly Process process;
    readonly ConcurrentQueue<string> said = new();

    ServerProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public bool HasExited => process.HasExited;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartedWithin { get; private set; }

    /// <summary>Processor time that it had used by then: what other programs of the machine do not change.</summary>
    public TimeSpan StartedWith { get; private set; }

    /// <summary>The last lines that it printed.</summary>
    public string Said => string.Join('\n', said);

    /// <summary>The service's program beside the running one.</summary>
    public static string Service => Path.Combine(AppContext.BaseDirectory, "OwnerPay.Service.dll");

    /// <summary>Starts a program on a loopback port and waits for its first answer.</summary>
    /// <param name="program">Path of the .dll.</param>
    /// <param name="probe">Path that is asked until something answers.</param>
    /// <param name="args">Its command line, without <c>--urls</c>.</param>
    /// <exception cref="InvalidOperationException">It ended or stayed silent; the message holds what it printed.</exception>
    public static async Task<ServerProcess> Start(string program, int port, string probe, params string[] args)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        foreach (var arg in (string[])[program, "--urls", address.ToString(), .. args]) info.ArgumentList.Add(arg);
        var began = TimeProvider.System.GetTimestamp();
        var server = new ServerProcess(Process.Start(info) ?? throw new InvalidOperationException("dotnet did not start"), address);
        server.Listen();
        await server.UntilAnswered(port, probe, began);
        return server;
    }

    void Listen()
    {
        void Keep(object _, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            said.Enqueue(line.Data);
            if (said.Count > KeptLines) said.TryDequeue(out string? _);
        }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    async Task UntilAnswered(int port, string probe, long began)
    {
        while (!await Listens(port))
        {
            if (process.HasExited) throw new InvalidOperationException($"The process ended with {process.ExitCode}:\n{Said}");
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new InvalidOperationException($"No answer on port {port}:\n{Said}");
            await Task.Delay(Poll);
        }
        using var http = new HttpClient { BaseAddress = Address, Timeout = Patience };
        using var answer = await http.GetAsync(probe);
        (StartedWithin, StartedWith) = (TimeProvider.System.GetElapsedTime(began), ProcessorTime());
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{probe}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}\n{Said}");
    }

    static async Task<bool> Listens(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException) { return false; }
    }

    /// <summary>Memory that the process holds now (resident set), MiB.</summary>
    public double ResidentMiB()
    {
        process.Refresh();
        return process.WorkingSet64 / 1024d / 1024d;
    }

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan ProcessorTime()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary><c>kill -9</c>: no word of farewell, nothing flushed.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as an operator does.</summary>
    public async Task Stop()
    {
        if (process.HasExited) return;
        using (var kill = Process.Start("kill", string.Create(CultureInfo.InvariantCulture, $"-TERM {process.Id}"))) await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try { await process.WaitForExitAsync(patience.Token); }
        catch (OperationCanceledException) { await Kill(); }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill();
        process.Dispose();
    }
}
