using System.Text.Json.Nodes;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class RefundTests
{
    [Fact]
    public async Task A_refund_is_accepted_first_paid_out_later_and_told_in_a_signed_callback_that_says_refund_status()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        merchant.Respond = number => Task.FromResult(number == 1 ? 500 : 204);
        await Paid(emulator, "REFUND000001");

        var applied = await emulator.Refund("REFUND000001", "R-REFUND000001", notifyUrl: merchant.NotifyUrl);
        await merchant.UntilArrivals(2);
        var queried = (await emulator.QueryRefund("R-REFUND000001")).Json;
        var order = (await emulator.Query("REFUND000001")).Json;

        Assert.Equal(200, applied.Status);
        Assert.Equal(Verification.Accepted, emulator.Verify(applied.Signature, applied.Raw));
        Assert.Equal(("PROCESSING", "ORIGINAL"), ((string?)applied.Json["status"], (string?)applied.Json["channel"]));
        Assert.Null(applied.Json["success_time"]);
        Assert.EndsWith("+08:00", (string?)applied.Json["create_time"], StringComparison.Ordinal);
        Assert.Equal("SUCCESS", (string?)queried["status"]);
        Assert.Equal("REFUND", (string?)order["trade_state"]);
        var told = merchant.Arrivals.ToArray();
        Assert.All(told, arrival => Assert.Equal(Verification.Accepted, emulator.Verify(arrival.Signature, arrival.Body)));
        Assert.Equal([NotificationEvents.RefundSuccess, NotificationEvents.RefundSuccess], told.Select(arrival => arrival.Event));
        var notice = told[1].OpenRefund(emulator);
        Assert.Equal(("SUCCESS", 28_650, 28_650), (notice.RefundStatus, notice.Amount.Refund, notice.Amount.PayerRefund));
        Assert.Equal((string?)queried["refund_id"], notice.RefundId);
        Assert.NotNull(WireJson.TryRead(applied.Raw, PayJson.Types.Refund));
    }

    [Fact]
    public async Task The_same_refund_number_again_pays_nothing_twice_and_with_other_content_is_refused()
    {
        await using var emulator = await RunningEmulator.Start();
        await Paid(emulator, "REFUND000002");

        var first = await emulator.Refund("REFUND000002", "R-REFUND000002", 1_000);
        var again = await emulator.Refund("REFUND000002", "R-REFUND000002", 1_000);
        var dearer = await emulator.Refund("REFUND000002", "R-REFUND000002", 1_001);
        var done = await emulator.Refunded("R-REFUND000002");
        var after = await emulator.Refund("REFUND000002", "R-REFUND000002", 1_000);

        Assert.Equal((string?)first.Json["refund_id"], (string?)again.Json["refund_id"]);
        Assert.Equal((400, "INVALID_REQUEST"), (dearer.Status, dearer.Code));
        Assert.Equal("SUCCESS", (string?)done["status"]);
        Assert.Equal("SUCCESS", (string?)after.Json["status"]);
        Assert.Single((await emulator.Get("refunds?outTradeNo=REFUND000002")).AsArray());
    }

    [Fact]
    public async Task Parts_are_a_minute_apart_never_above_the_total_and_their_fees_add_up_to_the_whole_fee()
    {
        await using var emulator = await RunningEmulator.Start();
        await Paid(emulator, "REFUND000003");

        var first = await emulator.Refund("REFUND000003", "R-1", 9_550);
        var hasty = await emulator.Refund("REFUND000003", "R-2", 9_550);
        emulator.Clock.Advance(TimeSpan.FromMinutes(1));
        var tooMuch = await emulator.Refund("REFUND000003", "R-2", 19_101);
        var second = await emulator.Refund("REFUND000003", "R-2", 9_550);
        emulator.Clock.Advance(TimeSpan.FromMinutes(1));
        var third = await emulator.Refund("REFUND000003", "R-3", 9_550);
        emulator.Clock.Advance(TimeSpan.FromMinutes(1));
        var nothingLeft = await emulator.Refund("REFUND000003", "R-4", 1);

        Assert.Equal((429, "FREQUENCY_LIMITED"), (hasty.Status, hasty.Code));
        Assert.Equal((400, "INVALID_REQUEST"), (tooMuch.Status, tooMuch.Code));
        Assert.Equal((400, "INVALID_REQUEST"), (nothingLeft.Status, nothingLeft.Code));
        Assert.Equal(172, new[] { first, second, third }.Sum(part => (int)part.Json["amount"]!["refund_fee"]!));
        Assert.Equal(0, (long)(await emulator.Get("account"))["balanceFen"]!);
    }

    [Fact]
    public async Task The_fifty_first_part_and_a_refund_after_a_year_are_refused()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { RefundSpacing = TimeSpan.Zero });
        await Paid(emulator, "REFUND000004");
        for (var part = 1; part <= 50; part++) Assert.Equal(200, (await emulator.Refund("REFUND000004", $"R-{part}", 1)).Status);
        await Paid(emulator, "REFUND000005");

        var fiftyFirst = await emulator.Refund("REFUND000004", "R-51", 1);
        emulator.Clock.Advance(TimeSpan.FromDays(365));
        var lastMoment = await emulator.Refund("REFUND000005", "R-52", 1);
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        var late = await emulator.Refund("REFUND000005", "R-53", 1);

        Assert.Equal((400, "INVALID_REQUEST"), (fiftyFirst.Status, fiftyFirst.Code));
        Assert.Equal(200, lastMoment.Status);
        Assert.Equal((400, "INVALID_REQUEST"), (late.Status, late.Code));
    }

    [Fact]
    public async Task A_refund_of_what_was_never_paid_or_with_the_wrong_total_or_from_an_empty_account_moves_no_money()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("REFUND000006");
        var open = await emulator.Refund("REFUND000006", "R-1");
        await emulator.Pay("REFUND000006");
        var unknown = await emulator.Refund("REFUND999999", "R-1");
        var wrongTotal = await emulator.Refund(emulator.RefundBody("REFUND000006", "R-1", 100, total: 28_651));
        var balance = (long)(await emulator.Get("account"))["balanceFen"]!;
        await emulator.Post("account/withdrawals", new { fen = balance });
        var empty = await emulator.Refund("REFUND000006", "R-1");
        await emulator.Post("account/deposits", new { fen = 28_650 });
        var filled = await emulator.Refund("REFUND000006", "R-1");
        var missing = await emulator.QueryRefund("R-2");

        Assert.Equal((404, "RESOURCE_NOT_EXISTS"), (open.Status, open.Code));
        Assert.Equal((404, "RESOURCE_NOT_EXISTS"), (unknown.Status, unknown.Code));
        Assert.Equal((400, "INVALID_REQUEST"), (wrongTotal.Status, wrongTotal.Code));
        Assert.Equal(28_478, balance);
        Assert.Equal((403, "NOT_ENOUGH"), (empty.Status, empty.Code));
        Assert.Equal(200, filled.Status);
        Assert.Equal((404, "RESOURCE_NOT_EXISTS"), (missing.Status, missing.Code));
    }

    [Fact]
    public async Task A_refund_can_be_stuck_closed_or_abnormal_and_only_a_closed_one_can_be_refunded_again()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start(change: options => options with { RefundSpacing = TimeSpan.Zero });
        await Paid(emulator, "REFUND000007");
        await emulator.Post("faults", new { kind = "refundStuck", scope = "R-STUCK" });
        await emulator.Post("faults", new { kind = "refundClosed", scope = "R-CLOSED" });
        await emulator.Post("faults", new { kind = "refundAbnormal", scope = "R-ABNORMAL" });

        await emulator.Refund("REFUND000007", "R-CLOSED", 28_650, merchant.NotifyUrl);
        var closed = await emulator.Refunded("R-CLOSED");
        await emulator.Refund("REFUND000007", "R-ABNORMAL", 20_000, merchant.NotifyUrl);
        var abnormal = await emulator.Refunded("R-ABNORMAL");
        await emulator.Refund("REFUND000007", "R-STUCK", 8_650, merchant.NotifyUrl);
        await Task.Delay(300);
        var stuck = (await emulator.QueryRefund("R-STUCK")).Json;
        var settled = await emulator.Post("refunds/R-STUCK/settle");
        var twice = await emulator.Post("refunds/R-STUCK/settle", new { status = "closed" });
        await merchant.UntilArrivals(3);

        Assert.Equal(("CLOSED", "ABNORMAL", "PROCESSING"), ((string?)closed["status"], (string?)abnormal["status"], (string?)stuck["status"]));
        Assert.Equal((200, 409), (settled.Status, twice.Status));
        Assert.Equal(
            [NotificationEvents.RefundAbnormal, NotificationEvents.RefundClosed, NotificationEvents.RefundSuccess],
            merchant.Arrivals.Select(arrival => arrival.Event).Order(StringComparer.Ordinal));
        Assert.All(merchant.Arrivals, arrival => Assert.Equal(
            arrival.Event == NotificationEvents.RefundSuccess, arrival.OpenRefund(emulator).SuccessTime is not null));
    }

    [Fact]
    public async Task An_abnormal_refund_is_paid_to_another_card_once_its_holder_is_named_in_secret()
    {
        await using var emulator = await RunningEmulator.Start();
        await Paid(emulator, "REFUND000008");
        await emulator.Post("faults", new { kind = "refundAbnormal" });
        await emulator.Refund("REFUND000008", "R-1");
        var refundId = (string)(await emulator.Refunded("R-1"))["refund_id"]!;
        var weChat = RsaPublicKey.FromPem(emulator.Merchant.PublicKeyPem);
        Task<Answer> Apply(string account) => emulator.Call(
            HttpMethod.Post, $"/v3/refund/domestic/refunds/{refundId}/apply-abnormal-refund", new JsonObject
            {
                ["out_refund_no"] = "R-1", ["type"] = "USER_BANK_CARD", ["bank_type"] = "ICBC_DEBIT", ["bank_account"] = account,
                ["real_name"] = weChat.EncryptField("王建国"),
            }.ToJsonString());

        var inTheClear = await Apply("6222020000000000000");
        var applied = await Apply(weChat.EncryptField("6222020000000000000"));
        var done = await emulator.Refunded("R-1");
        var again = await Apply(weChat.EncryptField("6222020000000000000"));

        Assert.Equal((400, "PARAM_ERROR"), (inTheClear.Status, inTheClear.Code));
        Assert.Equal("PROCESSING", (string?)applied.Json["status"]);
        Assert.Equal(("SUCCESS", "OTHER_BANKCARD"), ((string?)done["status"], (string?)done["channel"]));
        Assert.Equal((400, "INVALID_REQUEST"), (again.Status, again.Code));
    }

    [Fact]
    public async Task Coupons_go_back_in_proportion_and_the_merchant_pays_only_what_it_got()
    {
        await using var emulator = await RunningEmulator.Start(change: options => options with { RefundSpacing = TimeSpan.Zero });
        await emulator.Order("REFUND000009");
        await emulator.Pay("REFUND000009", new { coupon = new { type = "NOCASH", fen = 1_000 } });

        var half = (await emulator.Refund("REFUND000009", "R-1", 14_325)).Json["amount"]!;
        var rest = (await emulator.Refund("REFUND000009", "R-2", 14_325)).Json["amount"]!;

        Assert.Equal((13_825, 500, 13_825),
            ((int)half["payer_refund"]!, (int)half["discount_refund"]!, (int)half["settlement_refund"]!));
        Assert.Equal(27_650, (int)half["settlement_refund"]! + (int)rest["settlement_refund"]!);
        Assert.Equal(0, (long)(await emulator.Get("account"))["balanceFen"]!);
    }

    [Fact]
    public async Task A_refund_on_its_way_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        await using (var before = await RunningEmulator.Start(folder, change: options => options with { RefundDelay = TimeSpan.FromHours(1) }))
        {
            await Paid(before, "REFUND000010");
            await before.Post("faults", new { kind = "refundStuck", seconds = 1 });
            await before.Refund("REFUND000010", "R-1");
        }
        await using (var after = await RunningEmulator.Start(folder))
        {
            Assert.Equal("PROCESSING", (string?)(await after.QueryRefund("R-1")).Json["status"]);
            await after.Post("refunds/R-1/settle", new { status = "abnormal" });
            Assert.Equal("ABNORMAL", (string?)(await after.QueryRefund("R-1")).Json["status"]);
        }
        await using (var delayed = await RunningEmulator.Start(folder))
        {
            await Paid(delayed, "REFUND000011");
            await delayed.Post("faults", new { kind = "refundStuck", seconds = 1 });
            await delayed.Refund("REFUND000011", "R-2");
        }
        await using (var last = await RunningEmulator.Start(folder))
            Assert.Equal("SUCCESS", (string?)(await last.Refunded("R-2"))["status"]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_refund_can_be_told_before_its_payment_and_a_merchant_who_named_no_address_is_told_at_the_platforms()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        await emulator.Admin(HttpMethod.Put, "refund-notify-url", new { url = merchant.NotifyUrl });
        await emulator.Post("faults", new { kind = "callbackOutOfOrder" });
        await emulator.Order("REFUND000012", merchant.NotifyUrl);
        await emulator.Pay("REFUND000012");

        await emulator.Refund("REFUND000012", "R-1");
        await merchant.UntilArrivals(2);

        Assert.Equal([NotificationEvents.RefundSuccess, NotificationEvents.TransactionSuccess], merchant.Arrivals.Select(arrival => arrival.Event));
    }

    [Theory]
    [InlineData("/out_refund_no", "out_refund_no", "\"退款1\"")]
    [InlineData("/reason", "reason", "\"退款原因退款原因退款原因退款原因退款原因退款原因退款原因\"")]
    [InlineData("/notify_url", "notify_url", "\"http://pay.example.com/refund\"")]
    [InlineData("/notify_url", "notify_url", "\"https://pay.example.com/refund?a=1\"")]
    [InlineData("/funds_account", "funds_account", "\"BASIC\"")]
    [InlineData("/amount/refund", "amount", """{"refund":0,"total":28650,"currency":"CNY"}""")]
    [InlineData("/amount/currency", "amount", """{"refund":1,"total":28650}""")]
    [InlineData("/amount/from", "amount", """{"refund":2,"total":28650,"currency":"CNY","from":[{"account":"AVAILABLE","amount":1}]}""")]
    [InlineData("/goods_detail/0/unit_price", "goods_detail", """[{"merchant_goods_id":"a","refund_amount":1,"refund_quantity":1}]""")]
    [InlineData("/transaction_id", "out_trade_no", "null")]
    public async Task A_field_of_a_refund_that_breaks_its_rule_is_named(string field, string member, string value)
    {
        await using var emulator = await RunningEmulator.Start();
        await Paid(emulator, "REFUND000013");
        var body = emulator.RefundBody("REFUND000013", "R-1", 1);
        body[member] = JsonNode.Parse(value);

        var answer = await emulator.Refund(body);

        Assert.Equal((400, "PARAM_ERROR", field), (answer.Status, answer.Code, (string?)answer.Json["detail"]!["field"]));
    }

    [Fact]
    public async Task The_seventh_bad_refund_within_a_second_is_too_much()
    {
        await using var emulator = await RunningEmulator.Start();

        var answers = new List<Answer>();
        for (var n = 0; n < 40; n++) answers.Add(await emulator.Refund("REFUND999999", $"R-{n}"));

        Assert.Contains(answers, answer => answer.Status == 429);
        Assert.Contains(answers, answer => answer.Status == 404);
    }

    static async Task Paid(RunningEmulator emulator, string number)
    {
        await emulator.Order(number);
        await emulator.Pay(number);
    }
}
