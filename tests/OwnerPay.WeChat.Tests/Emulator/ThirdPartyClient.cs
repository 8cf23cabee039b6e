using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>Runs <c>node/client.mjs</c>, which uses a WeChat Pay SDK that other people wrote.</summary>
static class ThirdPartyClient
{
    static readonly Lazy<Task<string>> Installed = new(Install);

    /// <returns>The one JSON object that the scenario prints.</returns>
    public static async Task<JsonNode> Run(RunningEmulator emulator, params string[] scenario)
    {
        var folder = await Installed.Value;
        return JsonNode.Parse(await Output(folder, "node", ["client.mjs", Path.Combine(emulator.Folder, "merchant.json"), .. scenario]))!;
    }

    static async Task<string> Install()
    {
        var folder = Path.Combine(Repository.Root, "tests", "OwnerPay.WeChat.Tests", "Emulator", "node");
        if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json"))) await Output(folder, "npm", ["ci", "--no-audit", "--no-fund"]);
        return folder;
    }

    static async Task<string> Output(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}
