using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Native orders and refunds against a server that answers as WeChat does.</summary>
public class RefundTests
{
    const string Accepted = """
        {"refund_id":"50000000382019052709732678859","out_refund_no":"RF1","transaction_id":"42","out_trade_no":"OP1","channel":"ORIGINAL",
         "user_received_account":"招商银行信用卡0403","create_time":"2026-11-23T10:00:00+08:00","status":"PROCESSING","funds_account":"UNAVAILABLE",
         "amount":{"total":28650,"refund":4172,"from":[{"account":"AVAILABLE","amount":4172}],"payer_total":27650,"payer_refund":4172,
          "settlement_refund":4172,"settlement_total":27650,"discount_refund":0,"currency":"CNY","refund_fee":25},
         "promotion_detail":[{"promotion_id":"109519","scope":"SINGLE","type":"DISCOUNT","amount":1000,"refund_amount":100}],"brand_new":{"a":1} }
        """;

    static readonly RefundRequest Partial = new()
    {
        TransactionId = "4200002999202611220000000012", OutRefundNo = "RF-2026_1123*0001@1", Reason = "多收的水费退还",
        NotifyUrl = "https://pay.ownerpay.example/wechat/refunds", Amount = new RefundRequestAmount(4172, 28650),
    };

    static ServiceProvider Kit(LocalServer server) => PayKit.Start(options =>
    {
        options.BaseAddress = server.Address;
        options.AttemptTimeout = TimeSpan.FromSeconds(4);
        options.TotalTimeout = TimeSpan.FromSeconds(6);
        options.RetryDelay = TimeSpan.FromMilliseconds(5);
    });

    [Fact]
    public async Task A_refund_is_sent_as_the_stored_bytes_and_a_second_partial_refund_keeps_its_own_number_over_every_repeat()
    {
        await using var server = await LocalServer.Start(
            Answer.Json(Accepted), Answer.Error(500, "SYSTEM_ERROR"), Answer.Json(Accepted));
        await using var kit = Kit(server);
        var (first, second) = (Partial.ToBytes(), (Partial with { OutRefundNo = "RF2" }).ToBytes());

        var accepted = await kit.Client().RefundAsync(VectorFile.Merchant, first);
        var unknown = await kit.Client().RefundAsync(VectorFile.Merchant, second);
        var again = await kit.Client().RefundAsync(VectorFile.Merchant, second);

        Assert.Equal((RefundState.Processing, 4172, 25), (accepted.Value!.State, accepted.Value.Amount.Refund, accepted.Value.Amount.RefundFee));
        Assert.Equal((4172, 100), (Assert.Single(accepted.Value.Amount.From!).Amount, Assert.Single(accepted.Value.PromotionDetail!).RefundAmount));
        Assert.Equal((PayCodes.SystemError, Remedy.SameNumberAgain, true), Told(unknown));
        Assert.True(again.IsSuccess);
        Assert.Equal([first, second, second], server.Calls.Select(call => call.Body));
        Assert.All(server.Calls, call =>
        {
            Assert.Equal(("POST", "/v3/refund/domestic/refunds"), (call.Method, call.Target));
            Assert.True(call.IsSignedBy(VectorFile.Merchant.PrivateKey.PublicKey()));
        });
    }

    [Fact]
    public void A_refund_is_written_as_wechats_pages_show_it() => Assert.Equal(
        """
        {"transaction_id":"4200002999202611220000000012","out_refund_no":"RF-2026_1123*0001@1","reason":"多收的水费退还",
        "notify_url":"https://pay.ownerpay.example/wechat/refunds","amount":{"refund":4172,"total":28650,"currency":"CNY"}}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(Partial.ToBytes()));

    [Theory]
    [InlineData("PROCESSING", RefundState.Processing)]
    [InlineData("SUCCESS", RefundState.Success)]
    [InlineData("CLOSED", RefundState.Closed)]
    [InlineData("ABNORMAL", RefundState.Abnormal)]
    [InlineData("BRAND_NEW", RefundState.Unknown)]
    public async Task A_refund_is_asked_for_by_its_number_and_a_new_word_of_wechat_is_not_taken_for_an_end(string word, RefundState expected)
    {
        await using var server = await LocalServer.Start(Answer.Json(Accepted.Replace("PROCESSING", word, StringComparison.Ordinal)));
        await using var kit = Kit(server);

        var asked = await kit.Client().QueryRefundAsync(VectorFile.Merchant, Partial.OutRefundNo);

        Assert.Equal(expected, asked.Value!.State);
        Assert.Equal("/v3/refund/domestic/refunds/RF-2026_1123*0001@1", server.Calls.Single().Target);
        Assert.True(server.Calls.Single().IsSignedBy(VectorFile.Merchant.PrivateKey.PublicKey()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("RF/1")]
    [InlineData("RF?1")]
    [InlineData("RF|1")]
    [InlineData("退款1")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_refund_number_that_would_change_the_url_is_never_sent(string number)
    {
        await using var server = await LocalServer.Start(Answer.Json(Accepted));
        await using var kit = Kit(server);

        Assert.Equal(PayCodes.ParamError, (await kit.Client().QueryRefundAsync(VectorFile.Merchant, number)).Failure?.Code);
        Assert.Equal(PayCodes.ParamError, (await kit.Client().RefundAsync(VectorFile.Merchant, Partial with { OutRefundNo = number })).Failure?.Code);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_refund_without_an_answer_is_unknown_sent_once_and_its_query_is_repeated()
    {
        await using var slow = await LocalServer.Start(Answer.Json(Accepted) with { Delay = TimeSpan.FromSeconds(20) });
        await using var cut = await LocalServer.Start(Answer.Json(Accepted) with { Abort = true }, Answer.Json(Accepted));
        await using var slowKit = Kit(slow);
        await using var cutKit = Kit(cut);

        var timedOut = await slowKit.Client().RefundAsync(VectorFile.Merchant, Partial);
        var asked = await cutKit.Client().QueryRefundAsync(VectorFile.Merchant, "RF1");

        Assert.Equal((PayCodes.Timeout, Remedy.SameNumberAgain, true), Told(timedOut));
        Assert.Single(slow.Calls);
        Assert.True(asked.IsSuccess);
        Assert.Equal(2, cut.Calls.Count);
    }

    [Theory]
    [InlineData(Signing.None)]
    [InlineData(Signing.Attacker)]
    [InlineData(Signing.Probe)]
    public async Task A_refund_whose_good_answer_is_not_rightly_signed_is_repeated_only_under_its_number(object signing)
    {
        await using var server = await LocalServer.Start(Answer.Json(Accepted, (Signing)signing));
        await using var kit = Kit(server);

        var refund = await kit.Client().RefundAsync(VectorFile.Merchant, Partial);

        Assert.Equal((PayCodes.BadSignature, Remedy.SameNumberAgain, true), Told(refund));
        Assert.Single(server.Calls);
    }

    static (string, Remedy, bool) Told(PayResult<Refund> refund) => (refund.Failure!.Code, refund.Failure.Remedy, refund.Failure.OutcomeUnknown);

    [Fact]
    public async Task A_bill_paid_by_scanning_has_a_code_and_a_repeat_of_its_bytes_brings_another_one()
    {
        await using var server = await LocalServer.Start(Answer.Json("""{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}"""));
        await using var kit = Kit(server);
        var order = new NativeOrderRequest
        {
            Appid = "wx1f2e3d4c5b6a7988", Mchid = "1900000109", Description = "停车费-地库A区-2026年11月", OutTradeNo = "OP202611230002",
            NotifyUrl = "https://pay.ownerpay.example/wechat/notify", Amount = new OrderAmount(30000),
        };

        var placed = await kit.Client().CreateNativeAsync(VectorFile.Merchant, order);
        await kit.Client().CreateNativeAsync(VectorFile.Merchant, order.ToBytes());

        Assert.Equal("weixin://wxpay/bizpayurl?pr=p4lpSuKzz", placed.Value?.CodeUrl);
        Assert.Equal(
            """
            {"appid":"wx1f2e3d4c5b6a7988","mchid":"1900000109","description":"停车费-地库A区-2026年11月","out_trade_no":"OP202611230002",
            "notify_url":"https://pay.ownerpay.example/wechat/notify","amount":{"total":30000,"currency":"CNY"}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(server.Calls.First().Body));
        Assert.Equal(server.Calls.First().Body, server.Calls.Last().Body);
        Assert.All(server.Calls, call => Assert.Equal("/v3/pay/transactions/native", call.Target));
    }
}
