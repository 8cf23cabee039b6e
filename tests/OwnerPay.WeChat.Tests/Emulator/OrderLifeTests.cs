using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class OrderLifeTests
{
    [Fact]
    public async Task The_same_order_again_gives_another_prepay_id_and_other_content_is_refused()
    {
        await using var emulator = await RunningEmulator.Start();
        var first = await emulator.Order("AGAIN0000001");
        var second = await emulator.Order("AGAIN0000001");
        var otherAttach = emulator.OrderBody("AGAIN0000001");
        otherAttach["attach"] = "house=1";
        var otherText = emulator.OrderBody("AGAIN0000001");
        otherText["description"] = "停车费";
        var native = emulator.OrderBody("AGAIN0000001");
        native.Remove("payer");

        Assert.NotEqual(first, second);
        Assert.Equal((403, "OUT_TRADE_NO_USED"), Told(await emulator.Order(emulator.OrderBody("AGAIN0000001", fen: 28_651))));
        Assert.Equal((403, "OUT_TRADE_NO_USED"), Told(await emulator.Order(otherText)));
        Assert.Equal((403, "OUT_TRADE_NO_USED"), Told(await emulator.Call(HttpMethod.Post, "/v3/pay/transactions/native", native.ToJsonString())));
        Assert.Equal((400, "PARAM_ERROR"), Told(await emulator.Order(otherAttach)));
    }

    [Fact]
    public async Task A_paid_order_cannot_be_ordered_or_closed_again_and_a_closed_one_cannot_be_paid()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("STATE0000001");
        await emulator.Order("STATE0000002");
        await emulator.Pay("STATE0000001");
        Assert.Equal(204, (await emulator.Close("STATE0000002")).Status);

        Assert.Equal((400, "ORDERPAID"), Told(await emulator.Order(emulator.OrderBody("STATE0000001"))));
        Assert.Equal((400, "ORDERPAID"), Told(await emulator.Close("STATE0000001")));
        Assert.Equal((400, "ORDER_CLOSED"), Told(await emulator.Order(emulator.OrderBody("STATE0000002"))));
        Assert.Equal(204, (await emulator.Close("STATE0000002")).Status);
        Assert.Equal((409, "order_closed"), Told(await emulator.Post("orders/STATE0000002/pay")));
        Assert.Equal((409, "already_paid"), Told(await emulator.Post("orders/STATE0000001/pay")));
        Assert.Equal((404, "not_found"), Told(await emulator.Post("orders/STATE0000003/pay")));
    }

    [Fact]
    public async Task Closing_is_answered_204_with_a_signature_over_nothing()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("CLOSE0000001");

        var closed = await emulator.Close("CLOSE0000001");

        Assert.Equal((204, 0), (closed.Status, closed.Raw.Length));
        Assert.Equal(Verification.Accepted, emulator.Verify(closed.Signature, []));
    }

    [Fact]
    public async Task An_order_lives_by_business_time_and_passing_its_end_does_not_close_it()
    {
        await using var emulator = await RunningEmulator.Start();
        var body = emulator.OrderBody("EXPIRE000001");
        body["time_expire"] = "2026-11-23T10:30:00+08:00";
        await emulator.Order(body);

        Assert.Equal((409, "order_expired"), Told(await emulator.Post("orders/EXPIRE000001/pay", new { at = "2026-11-23T10:30:01+08:00" })));
        emulator.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal((409, "order_expired"), Told(await emulator.Post("orders/EXPIRE000001/pay")));
        Assert.Equal("NOTPAY", (string?)(await emulator.Query("EXPIRE000001")).Json["trade_state"]);
        Assert.Equal((400, "ORDER_CLOSED"), Told(await emulator.Order(body)));
        var paid = await emulator.Pay("EXPIRE000001", new { at = "2026-11-23T10:30:00+08:00" });
        Assert.Equal("2026-11-23T10:30:00+08:00", (string?)paid["resource"]!["success_time"]);
    }

    [Fact]
    public async Task A_payment_sheet_opens_for_two_hours_and_only_with_what_the_merchant_signed()
    {
        await using var emulator = await RunningEmulator.Start();
        var prepayId = await emulator.Order("SHEET0000001");
        var parameters = PaySigning.Sign(emulator.Key, emulator.Merchant.Appid, prepayId, 1_795_399_260, RequestSigning.NewNonce());

        Assert.Equal((409, "pay_sign_wrong"), Told(await Tap(parameters with { TimeStamp = "1795399261" })));
        Assert.Equal((409, "package_wrong"), Told(await Tap(parameters with { Package = "prepay_id=wx1" })));
        emulator.Clock.Advance(TimeSpan.FromMinutes(121));
        Assert.Equal((409, "prepay_expired"), Told(await Tap(parameters)));
        var again = await emulator.Order("SHEET0000001");
        var fresh = PaySigning.Sign(emulator.Key, emulator.Merchant.Appid, again, 1_795_399_260, RequestSigning.NewNonce());
        Assert.Equal(200, (await Tap(fresh)).Status);
        Task<Answer> Tap(PayParameters parameters) => emulator.Post("orders/SHEET0000001/pay", new { parameters });
    }

    [Fact]
    public async Task A_restart_keeps_orders_people_grants_tokens_and_keys()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        string transaction, token;
        OwnerPay.WeChatEmulator.Merchant before;
        await using (var emulator = await RunningEmulator.Start(folder))
        {
            before = emulator.Merchant;
            await emulator.Order("KEEP00000001");
            transaction = (string)(await emulator.Pay("KEEP00000001"))["transactionId"]!;
            await emulator.Post($"users/{RunningEmulator.Openid}/subscriptions", new { accept = new[] { "T1" } });
            token = (string)(await Phone.Token(emulator))["access_token"]!;
        }
        await using (var emulator = await RunningEmulator.Start(folder))
        {
            Assert.Equal(before with { BaseUrl = emulator.Merchant.BaseUrl }, emulator.Merchant);
            Assert.Equal(transaction, (string?)(await emulator.Query("KEEP00000001")).Json["transaction_id"]);
            Assert.Equal(0, (int?)(await Phone.Send(emulator, "T1", token))["errcode"]);
            await emulator.Order("KEEP00000002");
            Assert.NotEqual(transaction, (string)(await emulator.Pay("KEEP00000002"))["transactionId"]!);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Two_emulators_in_one_process_are_two_worlds_and_one_folder_serves_one()
    {
        await using var one = await RunningEmulator.Start(ownKeys: true);
        await using var other = await RunningEmulator.Start(ownKeys: true);
        await one.Order("WORLD0000001");

        Assert.NotEqual(one.Merchant.Mchid, other.Merchant.Mchid);
        Assert.Equal(404, (await other.Query("WORLD0000001")).Status);
        var refusal = await Assert.ThrowsAsync<EmulatorStartException>(() => RunningEmulator.Start(one.Folder));
        Assert.Contains("another emulator", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EmulatorStartException>(() => RunningEmulator.Start(change: options => options with { Url = "http://0.0.0.0:0" }));
    }

    [Fact]
    public async Task A_call_that_fails_after_it_took_effect_can_be_repeated_with_the_same_number()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Post("faults", new { kind = "systemErrorAfterDoing", scope = "/jsapi" });
        await emulator.Post("faults", new { kind = "frequencyLimited", scope = "FAULT0000002" });

        Assert.Equal((500, "SYSTEM_ERROR"), Told(await emulator.Order(emulator.OrderBody("FAULT0000001"))));
        Assert.Equal("NOTPAY", (string?)(await emulator.Query("FAULT0000001")).Json["trade_state"]);
        Assert.Equal(200, (await emulator.Order(emulator.OrderBody("FAULT0000001"))).Status);
        Assert.Equal((429, "FREQUENCY_LIMITED"), Told(await emulator.Order(emulator.OrderBody("FAULT0000002"))));
        Assert.Equal(404, (await emulator.Query("FAULT0000002")).Status);
        Assert.Empty((await emulator.Get("faults")).AsArray());
    }

    [Fact]
    public async Task A_caller_who_gives_up_on_a_slow_answer_finds_the_order_made()
    {
        await using var emulator = await RunningEmulator.Start();
        emulator.Http.Timeout = TimeSpan.FromSeconds(3);
        await emulator.Post("faults", new { kind = "slow", seconds = 30, scope = "/jsapi" });

        await Assert.ThrowsAsync<TaskCanceledException>(() => emulator.Order(emulator.OrderBody("SLOW00000002")));

        Assert.Equal("NOTPAY", (string?)(await emulator.Query("SLOW00000002")).Json["trade_state"]);
    }

    [Fact]
    public async Task Two_payers_of_one_order_cannot_both_pay()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("RACE00000001");

        var taps = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => emulator.Post("orders/RACE00000001/pay")));

        Assert.Single(taps, tap => tap.Status == 200);
        Assert.Equal(1, (int)(await emulator.Get("statistics"))["payments"]!);
    }

    [Fact]
    public async Task A_probe_signature_on_an_answer_does_not_verify()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("PROBE0000001");
        await emulator.Post("faults", new { kind = "badSignature", scope = "GET /v3/pay" });

        var probed = await emulator.Query("PROBE0000001");
        var repeated = await emulator.Query("PROBE0000001");

        Assert.StartsWith("WECHATPAY/SIGNTEST/", probed.Signature.Signature, StringComparison.Ordinal);
        Assert.Equal(Verification.BadSignature, emulator.Verify(probed.Signature, probed.Raw));
        Assert.Equal(Verification.Accepted, emulator.Verify(repeated.Signature, repeated.Raw));
    }

    [Fact]
    public async Task What_the_answer_says_reads_as_the_clients_wire_type()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("WIRE00000001");
        await emulator.Pay("WIRE00000001", new { coupon = new { type = "CASH", fen = 500 }, bankType = "CMB_DEBIT" });

        var paid = WireJson.TryRead((await emulator.Query("WIRE00000001")).Raw, PayJson.Types.Transaction)!;

        Assert.True(paid.IsPaid);
        Assert.Equal((28_650, 28_150), (paid.Amount!.Total, paid.Amount.PayerTotal));
        var coupon = paid.PromotionDetail![0];
        Assert.Equal((PromotionDetail.Cash, 500L, 500L), (coupon.Type, coupon.Amount, coupon.WechatpayContribute));
        Assert.Equal("CMB_DEBIT", paid.BankType);
    }

    static (int, string?) Told(Answer answer) => (answer.Status, answer.Code);
}
