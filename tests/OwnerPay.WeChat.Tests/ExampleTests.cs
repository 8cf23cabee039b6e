using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChat.Tests.Emulator;

namespace OwnerPay.WeChat.Tests;

/// <summary>The example that the guide shows to others, run as it stands.</summary>
public class ExampleTests
{
    [Fact]
    public async Task Another_program_places_an_order_with_ten_lines()
    {
        await using var emulator = await RunningEmulator.Start();
        var (folder, output) = (emulator.Folder, new StringWriter());

        // The example begins here.
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "merchant.json")));
        var keys = MerchantCheck.Read(file.Deserialize<MerchantSettings>(JsonSerializerOptions.Web)!, TimeProvider.System.GetUtcNow());
        if (!keys.IsUsable) throw new InvalidOperationException(keys.Line);    // merchant 190…: certificate serial does not match the private key
        var services = new ServiceCollection().AddLogging();
        services.AddWeChatPay(options => options.BaseAddress = new Uri(file.RootElement.GetProperty("baseUrl").GetString()!));
        await using var provider = services.BuildServiceProvider();
        var order = new NativeOrderRequest
        {
            Appid = file.RootElement.GetProperty("appid").GetString()!, Mchid = keys.Credentials.Mchid, Description = "物业费",
            OutTradeNo = "OP202611230001", NotifyUrl = "https://example.com/wechat/pay", Amount = new OrderAmount(28650),    // fen
        };
        var placed = await provider.GetRequiredService<PayClient>().CreateNativeAsync(keys.Credentials, order.ToBytes());
        output.WriteLine(placed.IsSuccess ? placed.Value.CodeUrl : $"{placed.Failure.Code}, next: {placed.Failure.Remedy}");
        // The example ends here.

        Assert.StartsWith("weixin://", output.ToString(), StringComparison.Ordinal);
    }
}
