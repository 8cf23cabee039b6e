using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Keys mixed up by people are found at the start and named in one line.</summary>
public class MerchantCheckTests
{
    const string Platform = "53F5C58789EC93120222D49818ED65E21ACA2B27";
    static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 0, 0, TimeSpan.FromHours(8));

    static string Pem(string name) => VectorFile.Text($"keys/{name}");

    /// <summary>A good merchant with one setting replaced.</summary>
    static MerchantSettings With(string name = "", string? value = null)
    {
        var good = new Dictionary<string, string?>
        {
            ["mchid"] = VectorFile.Mchid,
            ["merchantCertificateSerial"] = VectorFile.Merchant.SerialNo,
            ["merchantPrivateKeyPem"] = Pem("merchant_private_key.pem"),
            ["merchantCertificatePem"] = Pem("merchant_cert.pem"),
            ["apiV3Key"] = VectorFile.Identity.Text("apiv3_key"),
            ["publicKeyId"] = VectorFile.PublicKeyId,
            ["publicKeyPem"] = Pem("wechatpay_pub_key.pem"),
            ["platformCertificateSerial"] = Platform,
            ["platformCertificatePem"] = Pem("platform_cert.pem"),
        };
        if (name.Length > 0) good[name] = value;
        return JsonSerializer.Deserialize<MerchantSettings>(JsonSerializer.Serialize(good), JsonSerializerOptions.Web)!;
    }

    [Fact]
    public void Keys_that_fit_together_are_ready_to_work_with_both_kinds_of_trust()
    {
        var reading = MerchantCheck.Read(With(), Now);

        Assert.True(reading.IsUsable, reading.Line);
        Assert.Equal([VectorFile.PublicKeyId, Platform], reading.Credentials.PublicKeys.Keys);
        Assert.Equal((true, VectorFile.PublicKeyId), (reading.Credentials.PlatformCertificates, reading.Credentials.PublicKeyId));
    }

    [Theory]
    [InlineData("mchid", "19000001", null)]
    [InlineData("mchid", "1234", "merchant 1234: the merchant number is not 8 to 10 digits")]
    [InlineData("mchid", " ", "merchant (without number): the merchant number is not 8 to 10 digits")]
    [InlineData("merchantCertificateSerial", null, "merchant 1900000109: certificate serial is missing")]
    [InlineData("merchantCertificateSerial", "5A", "merchant 1900000109: certificate serial is not 40 hex digits")]
    [InlineData("merchantCertificateSerial", "PUB_KEY_ID_0119000001092026112300211500000001",
        "merchant 1900000109: certificate serial is a public key id")]
    [InlineData("merchantCertificateSerial", Platform,
        "merchant 1900000109: certificate serial is not that of the certificate (547B38AA1ADF1C15D7F52C4C5ECDD853E4AEB960)")]
    [InlineData("merchantPrivateKeyPem", "@attacker_private_key.pem", "merchant 1900000109: certificate serial does not match the private key")]
    [InlineData("merchantPrivateKeyPem", "@merchant_cert.pem",
        "merchant 1900000109: the private key's PEM is a certificate (apiclient_key.pem is wanted, not apiclient_cert.pem)")]
    [InlineData("merchantPrivateKeyPem", "@wechatpay_pub_key.pem", "merchant 1900000109: the private key's PEM is a public key")]
    [InlineData("merchantPrivateKeyPem", "rubbish", "merchant 1900000109: the private key's PEM cannot be read")]
    [InlineData("merchantPrivateKeyPem", null, "merchant 1900000109: the private key is missing")]
    [InlineData("merchantCertificatePem", null, null)]
    [InlineData("merchantCertificatePem", "rubbish", "merchant 1900000109: the certificate's PEM cannot be read")]
    [InlineData("apiV3Key", null, "merchant 1900000109: the API v3 key is missing")]
    [InlineData("apiV3Key", "tooShort", "merchant 1900000109: the API v3 key is not 32 bytes long but 8")]
    [InlineData("apiV3Key", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二", "merchant 1900000109: the API v3 key is not 32 bytes long but 96")]
    [InlineData("publicKeyId", null, "merchant 1900000109: a WeChat Pay public key is set without its id")]
    [InlineData("publicKeyId", Platform, "merchant 1900000109: the public key id does not begin with PUB_KEY_ID_")]
    [InlineData("publicKeyPem", null, "merchant 1900000109: the public key id is set without the public key's PEM")]
    [InlineData("publicKeyPem", "@platform_cert.pem", "merchant 1900000109: the public key's PEM is a certificate")]
    [InlineData("publicKeyPem", "@merchant_private_key.pem", "merchant 1900000109: the public key's PEM is a private key")]
    [InlineData("publicKeyPem", "rubbish", "merchant 1900000109: the public key's PEM cannot be read")]
    [InlineData("platformCertificateSerial", null, "merchant 1900000109: a platform certificate is set without its serial")]
    [InlineData("platformCertificateSerial", "58715AB300F875075EB78BA38403D57E86033FF7",
        "merchant 1900000109: platform certificate serial is not that of the certificate (53F5C58789EC93120222D49818ED65E21ACA2B27)")]
    [InlineData("platformCertificatePem", null, "merchant 1900000109: the platform certificate's serial is set without its PEM")]
    [InlineData("platformCertificatePem", "rubbish", "merchant 1900000109: the platform certificate's PEM cannot be read")]
    public void A_mixed_up_setting_is_named_in_one_line(string name, string? value, string? expected)
    {
        var reading = MerchantCheck.Read(With(name, value is ['@', ..] ? Pem(value[1..]) : value), Now);

        if (name == "mchid" && expected is null) expected = "merchant 19000001: the certificate belongs to merchant 1900000109";
        Assert.Equal(expected, reading.Line);
        Assert.Equal(expected is null, reading.IsUsable);
        Assert.DoesNotContain("\n", reading.Line ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void The_merchants_own_public_key_in_place_of_wechats_and_a_small_or_locked_key_are_found()
    {
        using var small = RSA.Create(1024);
        using var big = RSA.Create(2048);
        var locked = big.ExportEncryptedPkcs8PrivateKeyPem("secret",
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10));
        using var own = RSA.Create();
        own.ImportFromPem(Pem("merchant_private_key.pem"));

        Assert.Equal("merchant 1900000109: the public key is the merchant's own, not WeChat Pay's",
            MerchantCheck.Read(With("publicKeyPem", own.ExportSubjectPublicKeyInfoPem()), Now).Line);
        Assert.Equal("merchant 1900000109: the private key has 1024 bits, WeChat asks for 2048",
            MerchantCheck.Read(With("merchantPrivateKeyPem", small.ExportPkcs8PrivateKeyPem()), Now).Line);
        Assert.Equal("merchant 1900000109: the private key's PEM is locked with a password",
            MerchantCheck.Read(With("merchantPrivateKeyPem", locked), Now).Line);
        Assert.True(MerchantCheck.Read(With("merchantPrivateKeyPem", own.ExportRSAPrivateKeyPem()), Now).IsUsable);
    }

    [Fact]
    public void Certificates_past_or_before_their_time_are_found_and_a_merchant_with_no_key_of_wechats_too()
    {
        Assert.Matches("^merchant 1900000109: the certificate expired on 20[0-9]{2}-", MerchantCheck.Read(With(), Now.AddYears(40)).Line);
        Assert.Matches("^merchant 1900000109: the certificate is valid only from 20[0-9]{2}-", MerchantCheck.Read(With(), Now.AddYears(-20)).Line);
        var bare = With();
        var none = MerchantCheck.Read(new MerchantSettings
        {
            Mchid = bare.Mchid, MerchantCertificateSerial = bare.MerchantCertificateSerial, MerchantPrivateKeyPem = bare.MerchantPrivateKeyPem,
            ApiV3Key = bare.ApiV3Key,
        }, Now);
        Assert.Equal(MerchantSetting.PublicKeyId, Assert.Single(none.Faults).Setting);
        Assert.Contains("no answer of WeChat could be verified", none.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_typed_into_a_settings_file_the_check_answers_and_shows_no_secret() =>
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Bool).Sample((one, two, three, certificate) =>
        {
            var begin = certificate ? "-----BEGIN CERTIFICATE-----\n" : "-----BEGIN PRIVATE KEY-----\n";
            var reading = MerchantCheck.Read(new MerchantSettings
            {
                Mchid = one, MerchantCertificateSerial = two, MerchantPrivateKeyPem = begin + three, MerchantCertificatePem = begin + one,
                ApiV3Key = three, PublicKeyId = two, PublicKeyPem = begin + two,
                PlatformCertificateSerial = one, PlatformCertificatePem = begin + three,
            }, Now);
            return !reading.IsUsable && reading.Faults.All(fault => three.Length < 9 || !fault.Reason.Contains(three, StringComparison.Ordinal));
        }, iter: 2_000);

    [Theory]
    [InlineData(404, "ORDER_NOT_EXIST", "订单不存在", null)]
    [InlineData(401, "SIGN_ERROR", "商户证书序列号有误。请使用签名私钥匹配的证书序列号",
        "merchant 1900000109: certificate serial does not match the private key, or is unknown to WeChat")]
    [InlineData(401, "SIGN_ERROR", "签名错误",
        "merchant 1900000109: WeChat refuses the signature: the private key is not the one of the certificate serial")]
    [InlineData(401, "SIGN_ERROR", "商户证书已过期", "merchant 1900000109: the certificate expired")]
    [InlineData(401, "SIGN_ERROR", "商户证书已作废", "merchant 1900000109: the certificate was revoked")]
    [InlineData(401, "SIGN_ERROR", "商户未设置APIv3密钥。", "merchant 1900000109: no API v3 key is set at the merchant platform")]
    [InlineData(400, "MCH_NOT_EXISTS", "商户号不存在", "merchant 1900000109: WeChat knows no such merchant")]
    [InlineData(403, "NO_AUTH", "没有权限", "merchant 1900000109: WeChat does not allow this merchant to use the call")]
    [InlineData(500, "SYSTEM_ERROR", "系统错误", null)]
    public async Task What_only_wechat_can_know_about_the_keys_is_told_in_one_line_too(int status, string code, string message, string? expected)
    {
        await using var server = await LocalServer.Start(Answer.Error(status, code, Signing.None, message));
        await using var kit = Kit(server);

        Assert.Equal(expected, (await kit.Client().ProbeAsync(VectorFile.Merchant))?.ToString());
    }

    [Fact]
    public async Task A_wrong_api_v3_key_is_found_where_platform_certificates_are_used()
    {
        var item = VectorFile.Root.GetProperty("certificates_download");
        await using var server = await LocalServer.Start(call => call.Target == "/v3/certificates"
            ? new Answer(200, item.Base64("body_utf8_base64"), Signing.None) { Headers = item.Headers() }
            : Answer.Error(404, "ORDER_NOT_EXIST"));
        await using var kit = Kit(server);
        var wrong = MerchantCheck.Read(With("apiV3Key", "Th1s1sAn0therAPIv3KeyWith32Chars"), Now);

        Assert.Equal("merchant 1900000109: the API v3 key does not open WeChat's platform certificates",
            (await kit.Client().ProbeAsync(wrong.Credentials!))?.ToString());
        Assert.Equal("merchant 1900000999: no credentials are set for this merchant", (await kit.Client().ProbeAsync("1900000999"))?.ToString());
    }

    static ServiceProvider Kit(LocalServer server) => PayKit.Start(options =>
    {
        options.BaseAddress = server.Address;
        options.RetryDelay = TimeSpan.FromMilliseconds(5);
    });
}
