using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>A machine whose clock is wrong can neither sign nor verify; and what the library writes into the log about anything at all.</summary>
public class ClockSkewTests
{
    const string Paid = """
        {"mchid":"1900000109","appid":"wx1f2e3d4c5b6a7988","out_trade_no":"OP202611230001","trade_state":"SUCCESS",
         "transaction_id":"4200009","attach":"house=3-2-1801",
         "payer":{"openid":"oOwNr5PaY0tEsT1uSeR2aBcDeFgH"},"amount":{"total":7654321,"payer_total":7654321} }
        """;

    static ServiceProvider Kit(LocalServer server, TimeSpan wrong, Lines lines)
    {
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
        services.AddWeChatPay(options =>
        {
            options.BaseAddress = server.Address;
            options.RetryDelay = TimeSpan.FromMilliseconds(5);
            options.AttemptTimeout = TimeSpan.FromSeconds(4);
            options.Clock = new Wrong(wrong);
        });
        return services.BuildServiceProvider();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-400)]
    [InlineData(7 * 60)]
    public async Task How_far_our_clock_is_off_is_measured_on_signed_and_unsigned_answers_and_said_once(int seconds)
    {
        await using var server = await LocalServer.Start(Answer.Json(Paid), Answer.Error(401, "SIGN_ERROR"));
        var lines = new Lines();
        await using var kit = Kit(server, TimeSpan.FromSeconds(seconds), lines);
        Assert.Null(kit.Client().ClockSkew);

        foreach (var answer in new[] { "signed", "unsigned" })
        {
            await kit.Client().QueryByOutTradeNoAsync(VectorFile.Merchant, "OP1");
            var skew = kit.Client().ClockSkew!;
            var error = (skew.Offset + TimeSpan.FromSeconds(seconds)).Duration();
            Assert.True(error <= skew.Uncertainty + TimeSpan.FromMilliseconds(600), $"{answer}: {skew}");
        }

        var warnings = lines.All.Where(line => line.Contains("clock", StringComparison.Ordinal)).ToList();
        Assert.Equal(seconds == 0 ? 0 : 1, warnings.Count);
    }

    [Fact]
    public async Task A_clock_that_is_seven_minutes_slow_is_named_by_the_start_check()
    {
        await using var server = await LocalServer.Start(
            Answer.Error(401, "SIGN_ERROR", Signing.None, "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"));
        await using var kit = Kit(server, TimeSpan.FromMinutes(-7), new Lines());

        var fault = await kit.Client().ProbeAsync(VectorFile.Merchant);

        Assert.Equal(MerchantSetting.Clock, fault?.Setting);
        Assert.Matches(@"^merchant 1900000109: the clock of this machine is 4(19|20|21) s behind WeChat's$", fault!.ToString());
    }

    [Fact]
    public async Task Logs_tell_merchants_and_codes_but_no_payer_no_amount_no_number_of_a_house_and_no_key()
    {
        await using var server = await LocalServer.Start(call => (call.Number % 6) switch
        {
            0 => Answer.Json(Paid),
            1 => Answer.Json(Paid, Signing.Probe),
            2 => Answer.Error(400, "PARAM_ERROR", Signing.None, "openid oOwNr5PaY0tEsT1uSeR2aBcDeFgH 7654321"),
            3 => Answer.Json(Paid) with { Abort = true },
            4 => Answer.Error(500, "SYSTEM_ERROR"),
            _ => Answer.Json("""{"payer":"oOwNr5PaY0tEsT1uSeR2aBcDeFgH","total":7654321}"""),
        });
        var lines = new Lines();
        await using var kit = Kit(server, TimeSpan.Zero, lines);
        var (client, order) = (kit.Client(), PropertyTests.Order with { Amount = new OrderAmount(7654321) });
        for (var i = 0; i < 6; i++)
        {
            await client.CreateAsync(VectorFile.Merchant, order);
            await client.QueryByOutTradeNoAsync(VectorFile.Merchant, order.OutTradeNo);
            await client.CloseAsync(VectorFile.Merchant, order.OutTradeNo);
            await client.RefundAsync(VectorFile.Merchant,
                new RefundRequest { OutTradeNo = order.OutTradeNo, OutRefundNo = "RF1", Amount = new(7654321, 7654321) });
            var body = Forged.Callback(NotificationEvents.TransactionSuccess, Paid);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            await kit.Reader().ReadAsync(VectorFile.Merchant, Forged.Sign(body, i % 2 == 0 ? now : now - 9999), body);
        }

        Assert.Contains(lines.All, line => line.Contains(VectorFile.Mchid, StringComparison.Ordinal)
            && line.Contains("PARAM_ERROR", StringComparison.Ordinal));
        Assert.Contains(lines.All, line => line.Contains("callback", StringComparison.Ordinal));
        foreach (var secret in new[]
        {
            "oOwNr5PaY0tEsT1uSeR2aBcDeFgH", "7654321", "3-2-1801", "OP202611230001", "阳光花园", "signature=", "PRIVATE",
            VectorFile.Identity.Text("apiv3_key"),
        })
            Assert.DoesNotContain(lines.All, line => line.Contains(secret, StringComparison.Ordinal));
    }

    sealed class Wrong(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
