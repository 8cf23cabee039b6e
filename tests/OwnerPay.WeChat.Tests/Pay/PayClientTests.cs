using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>The payment client against a server that answers as WeChat does on good and on bad days.</summary>
public class PayClientTests
{
    const string Prepaid = """{"prepay_id":"wx23100001234567890abcdef1234567890000"}""";
    const string Paid = """{"mchid":"1900000109","out_trade_no":"OP1","trade_state":"SUCCESS","transaction_id":"42","amount":{"total":28650}}""";

    static readonly RsaPublicKey Merchant = VectorFile.Merchant.PrivateKey.PublicKey();

    static ServiceProvider Kit(LocalServer server, IMerchantCredentialsSource? merchants = null) => PayKit.Start(options =>
    {
        options.BaseAddress = server.Address;
        options.AttemptTimeout = TimeSpan.FromSeconds(4);
        options.TotalTimeout = TimeSpan.FromSeconds(6);
        options.RetryDelay = TimeSpan.FromMilliseconds(5);
        options.CircuitPause = TimeSpan.FromSeconds(1);
    }, merchants);

    [Fact]
    public async Task An_order_is_sent_as_the_stored_bytes_rightly_signed_and_a_repeat_sends_the_same()
    {
        await using var server = await LocalServer.Start(Answer.Json(Prepaid));
        await using var kit = Kit(server);
        var stored = PropertyTests.Order.ToBytes();

        var first = await kit.Client().CreateAsync(VectorFile.Merchant, stored);
        var again = await kit.Client().CreateAsync(VectorFile.Merchant, stored);

        Assert.Equal("wx23100001234567890abcdef1234567890000", first.Value?.PrepayId);
        Assert.True(again.IsSuccess);
        Assert.Equal(2, server.Calls.Count);
        Assert.All(server.Calls, call =>
        {
            Assert.Equal(("POST", "/v3/pay/transactions/jsapi"), (call.Method, call.Target));
            Assert.Equal(stored, call.Body);
            Assert.True(call.IsSignedBy(Merchant));
            Assert.Equal(("application/json", "application/json", "OwnerPay.WeChat"),
                (call.Headers["Accept"], call.Headers["Content-Type"], call.Headers["User-Agent"]));
            Assert.Equal(VectorFile.PublicKeyId, call.Headers["Wechatpay-Serial"]);
        });
        Assert.NotEqual(server.Calls.First().Nonce, server.Calls.Last().Nonce);
    }

    [Fact]
    public async Task A_query_finds_a_payment_by_either_number_with_the_url_that_was_signed()
    {
        await using var server = await LocalServer.Start(Answer.Json(Paid));
        await using var kit = Kit(server);

        var ours = await kit.Client().QueryByOutTradeNoAsync(VectorFile.Merchant, "OP-2026_1123*0001");
        var wechats = await kit.Client().QueryByTransactionIdAsync(VectorFile.Merchant, "4200002999202611231234567890");

        Assert.Equal((28650, TransactionState.Success), (ours.Value!.Amount!.Total, ours.Value.State));
        Assert.True(wechats.Value!.IsPaid);
        Assert.Equal(
            ["/v3/pay/transactions/out-trade-no/OP-2026_1123*0001?mchid=1900000109",
                "/v3/pay/transactions/id/4200002999202611231234567890?mchid=1900000109"],
            server.Calls.Select(call => call.Target));
        Assert.All(server.Calls, call => Assert.True(call.IsSignedBy(Merchant)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("OP/../../certificates")]
    [InlineData("OP1?mchid=1")]
    [InlineData("订单1")]
    [InlineData("OP|1")]
    [InlineData("OP1\n")]
    [InlineData("123456789012345678901234567890123")]
    public async Task A_number_that_would_change_the_url_is_never_sent(string number)
    {
        await using var server = await LocalServer.Start(Answer.Json(Paid));
        await using var kit = Kit(server);

        Assert.Equal((PayCodes.ParamError, Remedy.GiveUp, false), Told(await kit.Client().QueryByOutTradeNoAsync(VectorFile.Merchant, number)));
        Assert.Equal((PayCodes.ParamError, Remedy.GiveUp, false), Told(await kit.Client().CloseAsync(VectorFile.Merchant, number)));
        Assert.Empty(server.Calls);
    }

    [Theory]
    [InlineData(Signing.None)]
    [InlineData(Signing.Attacker)]
    [InlineData(Signing.Probe)]
    public async Task An_order_whose_good_answer_is_not_rightly_signed_is_unknown_and_repeated_only_under_its_number(object signing)
    {
        await using var server = await LocalServer.Start(Answer.Json(Prepaid, (Signing)signing));
        await using var kit = Kit(server);

        Assert.Equal((PayCodes.BadSignature, Remedy.SameNumberAgain, true), Told(await Order(kit)));
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_query_that_wechat_probes_is_asked_again_and_believed_then()
    {
        await using var server = await LocalServer.Start(Answer.Json(Paid, Signing.Probe), Answer.Json(Paid));
        await using var kit = Kit(server);

        Assert.True((await kit.Client().QueryByOutTradeNoAsync(VectorFile.Merchant, "OP1")).IsSuccess);
        Assert.Equal(2, server.Calls.Count);
        Assert.NotEqual(server.Calls.First().Nonce, server.Calls.Last().Nonce);
    }

    [Fact]
    public async Task A_forger_who_answers_every_query_convinces_nobody()
    {
        await using var server = await LocalServer.Start(Answer.Json(Paid, Signing.Attacker));
        await using var kit = Kit(server);

        Assert.Equal((PayCodes.BadSignature, Remedy.Retry, true), Told(await kit.Client().QueryByOutTradeNoAsync(VectorFile.Merchant, "OP1")));
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task Closing_is_proved_by_a_signed_empty_answer_only()
    {
        await using var server = await LocalServer.Start(new Answer(204, []), new Answer(204, [], Signing.None), new Answer(204, [], Signing.Probe));
        await using var kit = Kit(server);

        Assert.Equal("OP1", (await kit.Client().CloseAsync(VectorFile.Merchant, "OP1")).Value?.OutTradeNo);
        Assert.Equal((PayCodes.BadSignature, Remedy.Query, true), Told(await kit.Client().CloseAsync(VectorFile.Merchant, "OP1")));
        Assert.Equal((PayCodes.BadSignature, Remedy.Query, true), Told(await kit.Client().CloseAsync(VectorFile.Merchant, "OP1")));
        Assert.Equal("""{"mchid":"1900000109"}""", Encoding.UTF8.GetString(server.Calls.First().Body));
        Assert.True(server.Calls.First().IsSignedBy(Merchant));
    }

    [Theory]
    [InlineData("order", 400, "PARAM_ERROR", "text", PayCodes.ParamError, Remedy.GiveUp)]
    [InlineData("order", 400, "PARAM_ERROR", "订单重入参数校验失败", PayCodes.ParamError, Remedy.Query)]
    [InlineData("order", 400, "INVALID_REQUEST", "201 商户订单号重复", PayCodes.InvalidRequest, Remedy.Query)]
    [InlineData("order", 403, "OUT_TRADE_NO_USED", "text", PayCodes.OutTradeNoUsed, Remedy.Query)]
    [InlineData("order", 400, "ORDERPAID", "text", PayCodes.OrderPaid, Remedy.Query)]
    [InlineData("order", 400, "ORDERCLOSED", "text", PayCodes.OrderClosed, Remedy.NewNumber)]
    [InlineData("order", 400, "APPID_MCHID_NOT_MATCH", "text", PayCodes.AppidMchidNotMatch, Remedy.AskStaff)]
    [InlineData("order", 401, "SIGN_ERROR", "签名错误", PayCodes.SignError, Remedy.AskStaff)]
    [InlineData("order", 403, "NOAUTH", "text", PayCodes.NoAuth, Remedy.AskStaff)]
    [InlineData("order", 429, "FREQUENCY_LIMITED", "text", PayCodes.FrequencyLimited, Remedy.Retry)]
    [InlineData("order", 500, "SYSTEMERROR", "text", PayCodes.SystemError, Remedy.SameNumberAgain)]
    [InlineData("order", 400, "BRAND_NEW_CODE", "text", "BRAND_NEW_CODE", Remedy.GiveUp)]
    [InlineData("close", 400, "ORDERPAID", "text", PayCodes.OrderPaid, Remedy.Query)]
    [InlineData("close", 403, "TRADE_ERROR", "text", PayCodes.TradeError, Remedy.Query)]
    [InlineData("close", 400, "INVALID_REQUEST", "text", PayCodes.InvalidRequest, Remedy.Query)]
    [InlineData("close", 500, "SYSTEM_ERROR", "text", PayCodes.SystemError, Remedy.Query)]
    [InlineData("query", 404, "ORDERNOTEXIST", "text", PayCodes.OrderNotExist, Remedy.AskAgain)]
    [InlineData("query", 404, "RESOURCE_NOT_EXISTS", "text", PayCodes.ResourceNotExists, Remedy.AskAgain)]
    [InlineData("query", 403, "RULELIMIT", "text", PayCodes.RuleLimit, Remedy.Retry)]
    [InlineData("query", 400, "MCH_NOT_EXISTS", "text", PayCodes.MchNotExists, Remedy.AskStaff)]
    public async Task Each_refusal_of_wechat_says_what_to_do_next_and_unsigned_it_proves_nothing(
        string call, int status, string wire, string message, string code, Remedy remedy)
    {
        await using var server = await LocalServer.Start(
            Answer.Error(status, wire, Signing.None, message), Answer.Error(status, wire, Signing.PublicKey, message));
        await using var kit = Kit(server);

        var unsigned = await Make(kit.Client(), call);
        var signed = await Make(kit.Client(), call);

        Assert.Equal((code, remedy, status, "08F1B2", message),
            (unsigned.Code, unsigned.Remedy, unsigned.HttpStatus, unsigned.RequestId, unsigned.Message));
        Assert.True(unsigned.OutcomeUnknown);
        Assert.Equal((code, remedy, status >= 500), (signed.Code, signed.Remedy, signed.OutcomeUnknown));
    }

    static async Task<PayFailure> Make(PayClient client, string call) => call switch
    {
        "order" => (await client.CreateAsync(VectorFile.Merchant, PropertyTests.Order)).Failure!,
        "close" => (await client.CloseAsync(VectorFile.Merchant, "OP1")).Failure!,
        _ => (await client.QueryByOutTradeNoAsync(VectorFile.Merchant, "OP1")).Failure!,
    };

    [Fact]
    public async Task A_query_survives_two_bad_gateways_each_try_freshly_signed_while_an_order_is_tried_once()
    {
        var bad = new Answer(503, "<html>Bad Gateway</html>"u8.ToArray(), Signing.None);
        await using var server = await LocalServer.Start(bad, bad, Answer.Json(Paid), bad);
        await using var kit = Kit(server);

        Assert.True((await kit.Client().QueryByOutTradeNoAsync(VectorFile.Merchant, "OP1")).IsSuccess);
        Assert.Equal(3, server.Calls.Select(call => call.Nonce).Distinct().Count());
        Assert.All(server.Calls, call => Assert.True(call.IsSignedBy(Merchant)));
        Assert.Equal(("HTTP_503", Remedy.SameNumberAgain, true), Told(await Order(kit)));
        Assert.Equal(4, server.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_that_brings_no_answer_in_time_is_unknown_not_failed(bool inBody)
    {
        var wait = TimeSpan.FromSeconds(20);
        var slow = inBody ? Answer.Json(Prepaid) with { DelayInBody = wait } : Answer.Json(Prepaid) with { Delay = wait };
        await using var server = await LocalServer.Start(slow);
        await using var kit = Kit(server);
        var started = Stopwatch.GetTimestamp();

        Assert.Equal((PayCodes.Timeout, Remedy.SameNumberAgain, true), Told(await Order(kit)));
        Assert.Single(server.Calls);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_broken_line_and_a_closed_port_are_told_apart_from_a_refusal()
    {
        await using var server = await LocalServer.Start(Answer.Json(Prepaid) with { Abort = true });
        await using var kit = Kit(server);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var closed = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        await using var nowhere = PayKit.Start(options => options.BaseAddress = new Uri($"http://127.0.0.1:{closed}"));

        Assert.Equal((PayCodes.Unreachable, Remedy.SameNumberAgain, true), Told(await Order(kit)));
        Assert.Equal((PayCodes.Unreachable, Remedy.Query, true), Told(await nowhere.Client().CloseAsync(VectorFile.Merchant, "OP1")));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_not_told_that_wechat_failed()
    {
        await using var server = await LocalServer.Start(Answer.Json(Prepaid) with { Delay = TimeSpan.FromSeconds(20) });
        await using var kit = Kit(server);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            kit.Client().CreateAsync(VectorFile.Merchant, PropertyTests.Order, leaving.Token));
    }

    [Theory]
    [InlineData("""{"prepay":"x"}""")]
    [InlineData("""{"prepay_id":null}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("<html/>")]
    public async Task A_genuine_answer_of_another_shape_is_not_guessed_at(string body)
    {
        await using var server = await LocalServer.Start(Answer.Json(body));
        await using var kit = Kit(server);

        Assert.Equal((PayCodes.Unreadable, Remedy.SameNumberAgain, true), Told(await Order(kit)));
    }

    [Fact]
    public async Task A_giant_answer_does_not_fill_the_memory()
    {
        await using var server = await LocalServer.Start(new Answer(200, new byte[3 << 20]));
        await using var kit = Kit(server);

        Assert.Equal((PayCodes.Unreachable, Remedy.SameNumberAgain, true), Told(await Order(kit)));
    }

    [Fact]
    public async Task When_one_merchants_calls_keep_failing_its_circuit_opens_for_a_while_and_its_neighbours_stays_closed()
    {
        var ill = true;
        await using var server = await LocalServer.Start(call =>
            ill && call.Headers["Authorization"].Contains(VectorFile.Mchid, StringComparison.Ordinal)
                ? Answer.Error(500, "SYSTEM_ERROR") : Answer.Json(Prepaid));
        await using var kit = Kit(server);
        var neighbour = new MerchantCredentials
        {
            Mchid = "1900000110", SerialNo = VectorFile.Merchant.SerialNo, PrivateKey = VectorFile.Merchant.PrivateKey,
            ApiV3Key = VectorFile.ApiV3Key, PublicKeys = VectorFile.Keys,
        };

        PayFailure last = null!;
        for (var i = 0; i < 40 && last?.Code != PayCodes.CircuitOpen; i++)
            last = (await kit.Client().CreateAsync(VectorFile.Merchant, PropertyTests.Order)).Failure!;

        Assert.Equal((PayCodes.CircuitOpen, Remedy.Retry, false), (last.Code, last.Remedy, last.OutcomeUnknown));
        Assert.True((await kit.Client().CreateAsync(neighbour, PropertyTests.Order)).IsSuccess);
        var sent = server.Calls.Count;
        Assert.Equal(PayCodes.CircuitOpen, (await Order(kit)).Failure?.Code);
        Assert.Equal(sent, server.Calls.Count);

        ill = false;
        await Task.Delay(1_200);
        Assert.True((await Order(kit)).IsSuccess);
    }

    [Fact]
    public async Task A_wrong_key_that_wechat_refuses_all_day_opens_no_circuit()
    {
        await using var server = await LocalServer.Start(Answer.Error(401, "SIGN_ERROR"));
        await using var kit = Kit(server);

        for (var i = 0; i < 40; i++) Assert.Equal(PayCodes.SignError, (await Order(kit)).Failure?.Code);
        Assert.Equal(40, server.Calls.Count);
    }

    [Fact]
    public async Task A_merchant_whose_bills_wechat_gives_out_slowly_goes_on_taking_payments()
    {
        await using var server = await LocalServer.Start(call =>
            call.Target.StartsWith("/v3/bill/", StringComparison.Ordinal) ? Answer.Error(429, PayCodes.FrequencyLimited) : Answer.Json(Prepaid));
        await using var kit = Kit(server);

        for (var i = 0; i < 40; i++)
            Assert.Equal(PayCodes.FrequencyLimited, (await kit.Client()
                .ApplyFundFlowBillAsync(VectorFile.Merchant, new DateOnly(2026, 12, 10), FundFlowAccount.Basic)).Failure?.Code);
        Assert.True((await Order(kit)).IsSuccess);
    }

    [Fact]
    public async Task Keys_change_between_two_calls_without_a_restart()
    {
        await using var server = await LocalServer.Start(Answer.Json(Paid));
        var merchants = new Rotating { Now = VectorFile.Merchant };
        await using var kit = Kit(server, merchants);

        var before = await kit.Client().QueryByOutTradeNoAsync(VectorFile.Mchid, "OP1");
        var next = VectorFile.PrivateKey("attacker_private_key.pem");
        merchants.Now = new MerchantCredentials
        {
            Mchid = VectorFile.Mchid, SerialNo = "5A", PrivateKey = next, ApiV3Key = VectorFile.ApiV3Key, PublicKeys = VectorFile.Keys,
        };
        var after = await kit.Client().QueryByOutTradeNoAsync(VectorFile.Mchid, "OP1");
        var stranger = await kit.Client().QueryByOutTradeNoAsync("1900000999", "OP1");

        Assert.True(before.IsSuccess && after.IsSuccess);
        Assert.True(server.Calls.First().IsSignedBy(Merchant));
        Assert.True(server.Calls.Last().IsSignedBy(next.PublicKey()));
        Assert.False(server.Calls.Last().Headers.ContainsKey("Wechatpay-Serial"));
        Assert.Equal((PayCodes.UnknownMerchant, Remedy.AskStaff, false), Told(stranger));
    }

    sealed class Rotating : IMerchantCredentialsSource
    {
        public required MerchantCredentials Now { get; set; }

        public ValueTask<MerchantCredentials?> FindAsync(string mchid, CancellationToken cancel) =>
            ValueTask.FromResult(mchid == Now.Mchid ? Now : null);
    }

    static Task<PayResult<JsapiOrderAnswer>> Order(ServiceProvider kit) => kit.Client().CreateAsync(VectorFile.Merchant, PropertyTests.Order);

    static (string Code, Remedy Remedy, bool Unknown) Told<T>(PayResult<T> result) where T : class =>
        result.Failure is { } failure ? (failure.Code, failure.Remedy, failure.OutcomeUnknown) : ("success", default, false);
}
