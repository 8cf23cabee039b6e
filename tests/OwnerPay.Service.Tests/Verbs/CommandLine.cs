using System.Diagnostics;
using OwnerPay.Service.Tests.Setup;

namespace OwnerPay.Service.Tests.Verbs;

/// <summary>The command line as people and scripts call it: the real program in a process of its own.</summary>
public static class CommandLine
{
    public static async Task<(int ExitCode, string Output, string Complaint)> Run(string? token, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OwnerPay.Service.dll"), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["OWNERPAY_TOKEN"] = token ?? "";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        using var process = Process.Start(start)!;
        var (output, complaint) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await complaint);
    }

    /// <summary>The options that lead to an installation.</summary>
    public static string[] Of(this Installation installation) =>
        ["--data", Path.Combine(installation.Folder, "data"), .. installation.Connection is { } connection ? (string[])["--database", connection] : []];
}
