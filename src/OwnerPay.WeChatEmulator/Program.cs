using System.Globalization;
using System.Runtime.InteropServices;
using OwnerPay.WeChatEmulator;

// Plays WeChat on this machine:  --data DIR [--urls http://127.0.0.1:8090] [--retry-speed N] [--strict-openids] [--fee N]
//     [--messages-per-second N] [--scenario FILE.json] [--probe-every N] [--public-key-only]
// and, at /phone/, an owner's phone:  [--backend http://127.0.0.1:5080] [--scene COMMUNITY] [--stories DIR]
try
{
    var host = await EmulatorHost.Start(Arguments(args));
    await using (host)
    {
        var asked = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        Console.WriteLine($"微信模拟器已启动：{host.BaseAddress}");
        Console.WriteLine($"业主的手机：{new Uri(host.BaseAddress, "phone/")}");
        Console.WriteLine($"商户号 {host.Merchant.Mchid}，全部参数见 {Path.Combine(ArgumentOf(args, "--data")!, Merchant.FileName)}");
        await asked.Task;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;    // the emulator ends by itself, with its files closed
            asked.TrySetResult();
        }
    }
    return 0;
}
catch (EmulatorStartException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}

static EmulatorOptions Arguments(string[] args)
{
    string[] known =
    [
        "--data", "--urls", "--retry-speed", "--fee", "--messages-per-second", "--scenario", "--probe-every", "--backend", "--scene", "--stories",
    ];
    for (var at = 0; at < args.Length; at++)
    {
        if (args[at] is "--strict-openids" or "--public-key-only") continue;
        if (!known.Contains(args[at])) throw new EmulatorStartException($"{args[at]}: no such option");
        if (++at == args.Length) throw new EmulatorStartException($"{args[at - 1]}: a value must follow");
    }
    return new()
    {
        DataDirectory = ArgumentOf(args, "--data") ?? throw new EmulatorStartException("--data: name a folder for keys and state"),
        Url = ArgumentOf(args, "--urls") ?? "http://127.0.0.1:8090",
        RetrySpeed = Number(args, "--retry-speed", 1),
        FeePerTenThousand = Number(args, "--fee", 60),
        MessagesPerSecond = Number(args, "--messages-per-second", 0),
        ScenarioFile = ArgumentOf(args, "--scenario"),
        ProbeEvery = Number(args, "--probe-every", 0),
        StrictOpenids = args.Contains("--strict-openids"),
        PublicKeyOnly = args.Contains("--public-key-only"),
        Phone = new() { Backend = Address(args, "--backend"), Scene = ArgumentOf(args, "--scene"), Stories = ArgumentOf(args, "--stories") },
        LogToConsole = true,
    };
}

static string? ArgumentOf(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

static Uri? Address(string[] args, string name) =>
    ArgumentOf(args, name) is not { } text ? null
    : Uri.TryCreate(text, UriKind.Absolute, out var address) ? address
    : throw new EmulatorStartException($"{name}: {text} is no address");

static int Number(string[] args, string name, int otherwise) =>
    ArgumentOf(args, name) is not { } text ? otherwise
    : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
    : throw new EmulatorStartException($"{name}: {text} is no whole number");
