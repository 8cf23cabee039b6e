using System.Text.Json.Nodes;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Tests.Emulator;

public sealed class CallbackTests
{
    [Fact]
    public async Task A_payment_is_told_until_the_merchant_says_yes_and_every_time_with_the_same_bytes_and_a_fresh_signature()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        merchant.Respond = number => Task.FromResult(number switch { 1 => 500, 2 => 302, 3 => 401, _ => 200 });
        await emulator.Order("CALL00000001", merchant.NotifyUrl);
        await emulator.Pay("CALL00000001");

        await merchant.UntilArrivals(4);
        await RunningEmulator.Until(async () => (string?)(await emulator.Get("orders/CALL00000001"))["callbacks"]![0]!["state"] == "delivered");

        var arrivals = merchant.Arrivals.ToArray();
        Assert.Equal(4, arrivals.Length);
        Assert.All(arrivals, arrival => Assert.Equal(Verification.Accepted, emulator.Verify(arrival.Signature, arrival.Body)));
        Assert.All(arrivals, arrival => Assert.Equal(arrivals[0].Body, arrival.Body));
        Assert.Equal(4, arrivals.Select(arrival => arrival.Signature.Nonce).Distinct().Count());
        Assert.Equal("CALL00000001", arrivals[0].Open(emulator).OutTradeNo);
        Assert.Equal(4, (int)(await emulator.Get("orders/CALL00000001"))["callbacks"]![0]!["attempts"]!);
    }

    [Fact]
    public async Task A_merchant_who_never_says_yes_is_asked_sixteen_times_ever_more_seldom_and_then_left_alone()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start(change: options => options with { RetrySpeed = 20_000 });
        merchant.Respond = _ => Task.FromResult(500);
        await emulator.Order("NEVER0000001", merchant.NotifyUrl);
        await emulator.Pay("NEVER0000001");

        await RunningEmulator.Until(async () => (string?)(await emulator.Get("orders/NEVER0000001"))["callbacks"]![0]!["state"] == "givenUp");

        var at = merchant.Arrivals.Select(arrival => arrival.At).ToArray();
        Assert.Equal(16, at.Length);
        var gaps = at.Skip(1).Zip(at, (later, earlier) => (later - earlier).TotalSeconds * 20_000).ToArray();
        int[] waits = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600];
        Assert.All(gaps.Zip(waits), pair => Assert.True(pair.First > pair.Second * 0.9 - 200, $"{pair.First} s instead of {pair.Second} s"));
    }

    [Fact]
    public async Task An_answer_after_five_seconds_is_no_answer()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        merchant.Respond = async number =>
        {
            if (number == 1) await Task.Delay(TimeSpan.FromSeconds(5.5));
            return 204;
        };
        await emulator.Order("SLOW00000001", merchant.NotifyUrl);
        await emulator.Pay("SLOW00000001");

        await merchant.UntilArrivals(2);

        Assert.InRange(merchant.Arrivals.ElementAt(1).At - merchant.Arrivals.First().At, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_callback_that_waits_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-").FullName;
        await using var merchant = await MerchantServer.Start();
        merchant.Respond = number => Task.FromResult(number == 1 ? 500 : 204);
        await using (var emulator = await RunningEmulator.Start(folder, change: options => options with { RetrySpeed = 10 }))
        {
            await emulator.Order("WAIT00000001", merchant.NotifyUrl);
            await emulator.Pay("WAIT00000001");
            await RunningEmulator.Until(async () => (int)(await emulator.Get("orders/WAIT00000001"))["callbacks"]![0]!["attempts"]! == 1);
        }
        await using (var emulator = await RunningEmulator.Start(folder))
        {
            await merchant.UntilArrivals(2);
            Assert.Equal(Verification.Accepted, emulator.Verify(merchant.Arrivals.ElementAt(1).Signature, merchant.Arrivals.ElementAt(1).Body));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_but_loopback_is_ever_dialled()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("FAR000000001", "https://pay.example.com/wechat/pay");
        await emulator.Pay("FAR000000001");

        var callback = (await emulator.Get("orders/FAR000000001"))["callbacks"]![0]!;
        var replay = (await emulator.Post("orders/FAR000000001/callbacks")).Json[0]!;

        Assert.Equal(("recorded", 0), ((string?)callback["state"], (int)callback["attempts"]!));
        Assert.Equal(0, (int)replay["status"]!);
        Assert.Equal(1, (int)(await emulator.Get("statistics"))["callbacksRecorded"]!);
    }

    [Fact]
    public async Task Callbacks_can_be_lost_doubled_late_or_ahead_of_the_orders_answer()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        object[] scenario =
        [
            new { kind = "callbackLost", scope = "LOST" }, new { kind = "callbackDouble", scope = "DOUBLE" },
            new { kind = "callbackLate", scope = "LATE", seconds = 0.7 }, new { kind = "callbackBeforeAnswer", scope = "AHEAD" },
        ];
        await emulator.Admin(HttpMethod.Put, "faults", scenario);
        string Told() => string.Join(",", merchant.Arrivals.Select(arrival => arrival.Open(emulator).OutTradeNo));

        await emulator.Order("AHEAD0000001", merchant.NotifyUrl);
        Assert.Equal("AHEAD0000001", Told());
        foreach (var number in (string[])["LOST00000001", "LATE00000001", "DOUBLE000001"])
        {
            await emulator.Order(number, merchant.NotifyUrl);
            await emulator.Pay(number);
        }
        await merchant.UntilArrivals(4);

        Assert.Equal("AHEAD0000001,DOUBLE000001,DOUBLE000001,LATE00000001", Told());
        Assert.Equal("lost", (string?)(await emulator.Get("orders/LOST00000001"))["callbacks"]![0]!["state"]);
    }

    [Fact]
    public async Task The_payer_can_be_made_to_pay_with_the_same_wishes_one_by_one()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        async Task Paid(string number, object wish)
        {
            await emulator.Order(number, merchant.NotifyUrl);
            await emulator.Pay(number, wish);
        }

        await Paid("WISH00000001", new { callback = "suppress" });
        await Paid("WISH00000002", new { callback = "double" });
        await Paid("WISH00000003", new { callback = "beforeAnswering", totalFen = 1 });

        await merchant.UntilArrivals(3);

        var last = merchant.Arrivals.Select(arrival => arrival.Open(emulator)).Single(order => order.OutTradeNo == "WISH00000003");
        Assert.Equal(1, last.Amount!.Total);
        Assert.Equal(1, (int)(await emulator.Query("WISH00000003")).Json["amount"]!["total"]!);
        Assert.DoesNotContain(merchant.Arrivals, arrival => arrival.Open(emulator).OutTradeNo == "WISH00000001");
    }

    [Fact]
    public async Task A_callback_can_be_sent_again_ten_times_at_once_forged_or_stale_or_invented()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("TEN000000001", merchant.NotifyUrl);
        await emulator.Pay("TEN000000001", new { callback = "suppress" });

        var ten = (await emulator.Post("orders/TEN000000001/callbacks", new { times = 10 })).Json.AsArray();
        await emulator.Post("orders/TEN000000001/callbacks", new { badSignature = true });
        await emulator.Post("orders/TEN000000001/callbacks", new { timestampOffsetSeconds = -600, platformCertificate = true });
        var resource = new { mchid = "1900000001", out_trade_no = "NEVER0000001", trade_state = "SUCCESS" };
        await emulator.Post("callbacks", new { notifyUrl = merchant.NotifyUrl, resource });

        Assert.Equal(10, ten.Count(delivery => (int)delivery!["status"]! == 204));
        var arrivals = merchant.Arrivals.ToArray();
        Assert.Equal(13, arrivals.Length);
        Assert.All(arrivals[..10], arrival => Assert.Equal(Verification.Accepted, emulator.Verify(arrival.Signature, arrival.Body)));
        Assert.Equal([Verification.BadSignature, Verification.TimestampOutOfRange, Verification.Accepted],
            arrivals[10..].Select(arrival => emulator.Verify(arrival.Signature, arrival.Body)));
        Assert.Equal("NEVER0000001", arrivals[^1].Open(emulator).OutTradeNo);
    }

    [Fact]
    public async Task A_probe_instead_of_a_signature_is_followed_by_a_proper_callback()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        merchant.Respond = number => Task.FromResult(number == 1 ? 401 : 204);
        await emulator.Post("faults", new { kind = "badSignature", scope = "CALLBACK" });
        await emulator.Order("PROBE0000002", merchant.NotifyUrl);
        await emulator.Pay("PROBE0000002");

        await merchant.UntilArrivals(2);

        Assert.Equal([Verification.BadSignature, Verification.Accepted],
            merchant.Arrivals.Select(arrival => emulator.Verify(arrival.Signature, arrival.Body)));
    }

    [Fact]
    public async Task Callbacks_of_an_order_made_in_certificate_mode_follow_a_rotation()
    {
        await using var merchant = await MerchantServer.Start();
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order(emulator.OrderBody("ROTATE000001", merchant.NotifyUrl), publicKeyMode: false);
        var old = emulator.Merchant.PlatformCertificateSerial;
        await emulator.Post("platform-certificate/rotate");
        await emulator.Pay("ROTATE000001");

        await merchant.UntilArrivals(1);

        var fresh = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(emulator.Folder, "merchant.json")))!["platformCertificateSerial"];
        Assert.NotEqual(old, merchant.Arrivals.First().Signature.Serial);
        Assert.Equal((string?)fresh, merchant.Arrivals.First().Signature.Serial);
        Assert.Equal(Verification.Accepted, emulator.Verify(merchant.Arrivals.First().Signature, merchant.Arrivals.First().Body));
    }
}
