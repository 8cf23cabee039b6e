using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class AdminDoorTests
{
    [Fact]
    public async Task A_name_that_only_resolves_to_this_machine_and_pages_of_other_origins_get_nothing()
    {
        await using var emulator = await RunningEmulator.Start();
        async Task<int> Status(string? host, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/statistics") { Headers = { Host = host } };
            if (origin is not null) request.Headers.Add("Origin", origin);
            return (int)(await emulator.Http.SendAsync(request)).StatusCode;
        }

        Assert.Equal(200, await Status(null, null));
        Assert.Equal(200, await Status("localhost", null));
        Assert.Equal(403, await Status("evil.example.com", null));
        Assert.Equal(403, await Status(null, "http://evil.example.com"));
    }

    [Fact]
    public async Task A_misspelt_wish_is_refused_with_the_reason()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("SPELL0000001");

        var misspelt = await emulator.Post("orders/SPELL0000001/pay", new { totalFenn = 1 });
        var unknownFault = await emulator.Post("faults", new { kind = "earthquake" });
        var states = await emulator.Get("orders?state=notPaid");

        Assert.Equal((400, "bad_request"), (misspelt.Status, misspelt.Code));
        Assert.Contains("totalFenn", misspelt.Text, StringComparison.Ordinal);
        Assert.Equal(400, unknownFault.Status);
        Assert.Equal("SPELL0000001", (string?)states[0]!["outTradeNo"]);
    }

    [Fact]
    public async Task Started_alone_it_writes_everything_a_client_needs_into_a_file_that_only_its_owner_reads()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        using var process = Start("--data", folder, "--urls", "http://127.0.0.1:0");
        var path = Path.Combine(folder, "merchant.json");
        await RunningEmulator.Until(() => Task.FromResult(File.Exists(path)));

        var merchant = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        using var http = new HttpClient();
        var statistics = await http.GetStringAsync($"{merchant["baseUrl"]}/admin/statistics");
        process.Kill();
        await process.WaitForExitAsync();

        Assert.Equal(
            ["baseUrl", "mchid", "appid", "appsecret", "merchantCertificateSerial", "merchantPrivateKeyPem", "apiV3Key",
             "platformCertificateSerial", "platformCertificatePem", "publicKeyId", "publicKeyPem"],
            merchant.Select(member => member.Key));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Contains("\"orders\":0", statistics, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Started_with_a_public_address_it_says_why_not_and_ends_with_1()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        using var process = Start("--data", folder, "--urls", "http://0.0.0.0:8090");

        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Equal("urls: http://0.0.0.0:8090 is not on loopback, and the emulator serves nobody else", said.Trim());
        Directory.Delete(folder, recursive: true);
    }

    static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OwnerPay.WeChatEmulator.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
