using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OwnerPay.Benchmarks;

/// <summary>The peer of P3: <c>getComputedActionsForItems</c> of <c>@medusajs/promotion</c> in a Node process of its own, see
/// <c>medusa/peer.mjs</c>.</summary>
sealed class ShopPromotions : IAsyncDisposable
{
    static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(5);

    readonly Process process;
    readonly string input;

    ShopPromotions(Process process, string input) => (this.process, this.input) = (process, input);

    /// <summary>Installs the peer if it is not there yet, starts it, and asks it once whether it prices at all.</summary>
    /// <param name="choice">Lines and offers, as <c>peer.mjs</c> reads them.</param>
    /// <returns>The peer, or why there is none: without Node or a package registry the benchmark goes on alone and says so.</returns>
    public static async Task<(ShopPromotions? Peer, string? Missing)> Open(object choice, string folder, CancellationToken cancel)
    {
        var home = Path.Combine(AppContext.BaseDirectory, "medusa");
        var input = Path.Combine(folder, "choice.json");
        await File.WriteAllTextAsync(input, JsonSerializer.Serialize(choice), cancel);
        try
        {
            if (!File.Exists(Path.Combine(home, "node_modules", ".package-lock.json"))) await Install(home, cancel);
            var peer = new ShopPromotions(Start("node", home, "peer.mjs", input), input);
            if (await peer.Ask(TimeSpan.FromMilliseconds(1), cancel) is { } answer && answer["taken"]!.GetValue<double>() > 0) return (peer, null);
            var complaint = await peer.process.StandardError.ReadToEndAsync(cancel);
            await peer.DisposeAsync();
            return (null, $"it does not start: {LastLine(complaint)}");
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or InvalidOperationException)
        {
            return (null, failure.Message);
        }
    }

    static async Task Install(string home, CancellationToken cancel)
    {
        Bench.Say("  installing the peer, once");
        using var npm = Start("npm", home, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(InstallWithin);
        var (output, complaint) = (npm.StandardOutput.ReadToEndAsync(cancel), npm.StandardError.ReadToEndAsync(cancel));
        try
        {
            await npm.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            npm.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"npm ci did not end within {InstallWithin.TotalMinutes} minutes");
        }
        await output;
        if (npm.ExitCode != 0) throw new InvalidOperationException($"npm ci: {LastLine(await complaint)}");
    }

    static Process Start(string program, string home, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = home, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    /// <summary>Microseconds of one evaluation of all promotions.</summary>
    public async Task<double> Micros(TimeSpan time, CancellationToken cancel) =>
        (await Ask(time, cancel) ?? throw new InvalidOperationException("the peer ended"))["micros"]!.GetValue<double>();

    async Task<JsonNode?> Ask(TimeSpan time, CancellationToken cancel)
    {
        await process.StandardInput.WriteLineAsync($"{time.TotalMilliseconds}".AsMemory(), cancel);
        await process.StandardInput.FlushAsync(cancel);
        return await process.StandardOutput.ReadLineAsync(cancel) is { } line ? JsonNode.Parse(line) : null;
    }

    static string LastLine(string text) => text.Split('\n',
        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "no reason told";

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        File.Delete(input);
    }
}
