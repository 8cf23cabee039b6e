using System.Diagnostics;
using System.Globalization;
using OwnerPay.Service.Tests.Setup;
using OwnerPay.Service.Verbs;

namespace OwnerPay.Service.Tests.Verbs;

/// <summary>The command line as people and scripts call it.</summary>
public static class CommandLine
{
    /// <summary>The verb itself at a terminal of its own, in this process: another start of the program would cost more than most verbs.</summary>
    public static async Task<(int ExitCode, string Output, string Complaint)> Run(string? token, params IEnumerable<string> args)
    {
        string[] all = [.. args];
        await using StringWriter output = new(CultureInfo.InvariantCulture), complaint = new(CultureInfo.InvariantCulture);
        var verb = VerbList.Find(all) ?? throw new ArgumentException($"{all.FirstOrDefault()} would start the service");
        var exitCode = await new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(complaint), token).Run(() => verb.Start(all[1..], default));
        return (exitCode, output.ToString(), complaint.ToString());
    }

    /// <summary>The real program in a process of its own: its exit code, and all that it prints or logs.</summary>
    public static async Task<(int ExitCode, string Output, string Complaint)> Process(string? token, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OwnerPay.Service.dll"), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["OWNERPAY_TOKEN"] = token ?? "";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        using var process = System.Diagnostics.Process.Start(start)!;
        var (output, complaint) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await complaint);
    }

    /// <summary>The options that lead to an installation.</summary>
    public static string[] Of(this Installation installation) =>
        ["--data", Path.Combine(installation.Folder, "data"), .. installation.Connection is { } connection ? (string[])["--database", connection] : []];
}
