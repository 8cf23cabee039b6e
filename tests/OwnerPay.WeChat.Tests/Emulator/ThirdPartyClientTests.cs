using System.Globalization;
using System.Text.Json.Nodes;

namespace OwnerPay.WeChat.Tests.Emulator;

/// <summary>The SDK signs, verifies and decrypts by code that is not ours: what it accepts is not merely what we believe.</summary>
public sealed class ThirdPartyClientTests
{
    [Fact]
    public async Task Somebody_elses_sdk_orders_queries_by_both_numbers_and_closes()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = await ThirdPartyClient.Run(emulator, "orders");

        Assert.StartsWith("wx20261123100000", (string?)seen["placed"]!["data"]!["prepay_id"]);
        Assert.Equal(emulator.Merchant.PlatformCertificateSerial, (string?)seen["placed"]!["serial"]);
        Assert.Equal(emulator.Merchant.PublicKeyId, (string?)seen["again"]!["serial"]);
        Assert.NotEqual((string?)seen["placed"]!["data"]!["prepay_id"], (string?)seen["again"]!["data"]!["prepay_id"]);
        Assert.Equal((403, "OUT_TRADE_NO_USED"), StatusAndCode(seen["dearer"]!));
        Assert.StartsWith("weixin://wxpay/bizpayurl?pr=", (string?)seen["native"]!["data"]!["code_url"]);
        Assert.Equal("NOTPAY", (string?)seen["open"]!["data"]!["trade_state"]);
        Assert.Equal(204, (int)seen["closed"]!["status"]!);
        Assert.Equal("CLOSED", (string?)seen["afterClose"]!["data"]!["trade_state"]);
        Assert.Equal((400, "ORDERPAID"), StatusAndCode(seen["closePaid"]!));
        Assert.Equal((404, "ORDER_NOT_EXIST"), StatusAndCode(seen["unknown"]!));
        var paid = seen["byId"]!["data"]!;
        Assert.Equal("SUCCESS", (string?)paid["trade_state"]);
        Assert.Equal("2026-11-23T10:00:00+08:00", (string?)paid["success_time"]);
        Assert.Equal("house=3-2-1801", (string?)paid["attach"]);
        Assert.Equal(28_650, (int)paid["amount"]!["total"]!);
        Assert.Matches(@"\A\d{28}\z", (string?)paid["transaction_id"]);
    }

    [Fact]
    public async Task Somebody_elses_sdk_opens_the_platform_certificates_also_after_a_rotation()
    {
        await using var emulator = await RunningEmulator.Start();
        var old = emulator.Merchant;
        Assert.Equal(200, (await emulator.Post("platform-certificate/rotate")).Status);

        var seen = await ThirdPartyClient.Run(emulator, "certificates");

        Assert.Equal([old.PlatformCertificateSerial, emulator.Merchant.PlatformCertificateSerial],
            seen["listed"]!.AsArray().Select(certificate => (string)certificate!["serial"]!));
        Assert.Equal(emulator.Merchant.PlatformCertificatePem.Trim(), ((string)seen["listed"]![1]!["pem"]!).Trim());
    }

    [Fact]
    public async Task A_stranger_with_another_key_serial_or_merchant_number_gets_nothing()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = await ThirdPartyClient.Run(emulator, "strangers");

        Assert.Equal((401, "SIGN_ERROR"), StatusAndCode(seen["otherKey"]!));
        Assert.Equal("sign not match", (string?)seen["otherKey"]!["data"]!["detail"]!["detail"]!["issue"]);
        Assert.Equal((401, "SIGN_ERROR"), StatusAndCode(seen["otherSerial"]!));
        Assert.Equal((401, "SIGN_ERROR"), StatusAndCode(seen["otherMerchant"]!));
        Assert.Equal((400, "PARAM_ERROR"), StatusAndCode(seen["otherMerchantInQuery"]!));
    }

    [Fact]
    public async Task Somebody_elses_sdk_verifies_and_opens_callbacks_signed_either_way_and_gets_them_again_until_it_says_204()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = (await ThirdPartyClient.Run(emulator, "callbacks"))["seen"]!.AsArray();

        Assert.Equal(4, seen.Count);
        Assert.All(seen, arrival => Assert.True((bool)arrival!["verified"]!));
        Assert.Single(seen.Take(3).Select(arrival => (string)arrival!["id"]!).Distinct());
        Assert.Equal([emulator.Merchant.PublicKeyId, emulator.Merchant.PlatformCertificateSerial],
            seen.Skip(2).Select(arrival => (string)arrival!["serial"]!));
        var amount = seen[3]!["transaction"]!["amount"]!;
        Assert.Equal((28_650, 27_650), ((int)amount["total"]!, (int)amount["payer_total"]!));
        Assert.Equal("NOCASH", (string?)seen[3]!["transaction"]!["promotion_detail"]![0]!["type"]);
    }

    [Fact]
    public async Task Somebody_elses_sdk_downloads_the_bill_whose_hash_is_over_the_unpacked_file()
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("NODEBILL0001");
        await emulator.Pay("NODEBILL0001");
        emulator.Clock.Advance(TimeSpan.FromDays(1));

        var seen = await ThirdPartyClient.Run(emulator, "bill", "2026-11-23");

        Assert.Equal(200, (int)seen["applied"]!["status"]!);
        Assert.Equal((string?)seen["applied"]!["data"]!["hash_value"], (string?)seen["sha1"]);
        Assert.Contains("`NODEBILL0001", (string?)seen["lines"]![1]);
    }

    [Theory]
    [InlineData("tradebill", "SUCCESS", 20)]
    [InlineData("tradebill", "REFUND", 29)]
    [InlineData("fundflowbill", "BASIC", 11)]
    public async Task Somebody_elses_sdk_downloads_every_kind_of_bill(string kind, string type, int columns)
    {
        await using var emulator = await RunningEmulator.Start();
        await emulator.Order("NODEBILL0002");
        await emulator.Pay("NODEBILL0002");
        await emulator.Refund("NODEBILL0002", "R-NODEBILL", 100);
        emulator.Clock.Advance(TimeSpan.FromDays(1));

        var seen = await ThirdPartyClient.Run(emulator, "bill", "2026-11-23", kind, type);
        var empty = await ThirdPartyClient.Run(emulator, "bill", "2026-11-22", kind, type);

        Assert.Equal(200, (int)seen["applied"]!["status"]!);
        Assert.Equal((string?)seen["applied"]!["data"]!["hash_value"], (string?)seen["sha1"]);
        Assert.Equal(columns, ((string)seen["lines"]![0]!).Split(',').Length);
        Assert.Equal((400, "NO_STATEMENT_EXIST"), StatusAndCode(empty["applied"]!));
    }

    [Fact]
    public async Task Somebody_elses_sdk_shows_a_code_that_a_neighbour_scans_and_learns_who_paid_from_the_callback()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = await ThirdPartyClient.Run(emulator, "native");

        Assert.StartsWith("weixin://wxpay/bizpayurl?pr=", (string?)seen["placed"]!["data"]!["code_url"], StringComparison.Ordinal);
        var told = Assert.Single(seen["seen"]!.AsArray())!;
        Assert.True((bool)told["verified"]!);
        Assert.Equal(("NATIVE", "oNeighbourWhoScannedTheCode1"),
            ((string?)told["transaction"]!["trade_type"], (string?)told["transaction"]!["payer"]!["openid"]));
    }

    [Fact]
    public async Task Somebody_elses_sdk_refunds_asks_for_it_and_opens_the_refunds_callback()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = await ThirdPartyClient.Run(emulator, "refunds");

        Assert.Equal((404, "RESOURCE_NOT_EXISTS"), StatusAndCode(seen["unpaid"]!));
        Assert.Equal("PROCESSING", (string?)seen["applied"]!["data"]!["status"]);
        Assert.Equal((string?)seen["applied"]!["data"]!["refund_id"], (string?)seen["again"]!["data"]!["refund_id"]);
        Assert.Equal((429, "FREQUENCY_LIMITED"), StatusAndCode(seen["hasty"]!));
        Assert.Equal(("SUCCESS", 10_000), ((string?)seen["queried"]!["data"]!["status"], (int)seen["queried"]!["data"]!["amount"]!["refund"]!));
        Assert.Equal((404, "RESOURCE_NOT_EXISTS"), StatusAndCode(seen["unknown"]!));
        Assert.Equal("REFUND", (string?)seen["paid"]!["data"]!["trade_state"]);
        var told = seen["seen"]!.AsArray();
        Assert.Equal(2, told.Count);
        Assert.All(told, arrival => Assert.True((bool)arrival!["verified"]!));
        Assert.All(told, arrival => Assert.Equal(("REFUND.SUCCESS", emulator.Merchant.PublicKeyId), ((string?)arrival!["event"], (string?)arrival["serial"])));
        Assert.Equal("SUCCESS", (string?)told[0]!["refund"]!["refund_status"]);
    }

    [Fact]
    public async Task Somebody_elses_sdk_pays_an_abnormal_refund_to_another_card_in_secret()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = await ThirdPartyClient.Run(emulator, "abnormalRefund");

        Assert.Equal("ABNORMAL", (string?)seen["stuck"]!["data"]!["status"]);
        Assert.Equal((200, "PROCESSING"), ((int)seen["applied"]!["status"]!, (string?)seen["applied"]!["data"]!["status"]));
    }

    [Fact]
    public async Task A_push_opens_with_nothing_but_the_published_rules()
    {
        await using var emulator = await RunningEmulator.Start();

        var seen = await ThirdPartyClient.Run(emulator, "push");

        Assert.Equal(204, (int)seen["saved"]!);
        var push = Assert.Single(seen["seen"]!.AsArray())!;
        Assert.True((bool)push["genuine"]!);
        Assert.Equal(emulator.Merchant.Appid, (string?)push["appid"]);
        Assert.Equal((string?)push["to"], (string?)push["event"]!["ToUserName"]);
        Assert.Equal(("subscribe_msg_popup_event", "accept"),
            ((string?)push["event"]!["Event"], (string?)push["event"]!["List"]!["SubscribeStatusString"]));
    }

    static (int, string?) StatusAndCode(JsonNode outcome) =>
        (int.Parse(outcome["status"]!.ToString(), CultureInfo.InvariantCulture), (string?)outcome["code"]);
}
