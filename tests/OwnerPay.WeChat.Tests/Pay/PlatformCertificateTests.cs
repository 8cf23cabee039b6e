using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Merchants who still trust platform certificates, and the days of the change to a public key.</summary>
public class PlatformCertificateTests
{
    const string Paid = """{"mchid":"1900000109","out_trade_no":"OP1","trade_state":"SUCCESS"}""";
    const string First = "53F5C58789EC93120222D49818ED65E21ACA2B27", Next = "58715AB300F875075EB78BA38403D57E86033FF7";

    static MerchantCredentials Old(ApiV3Key? key = null, bool alsoPublicKey = false) => new()
    {
        Mchid = VectorFile.Mchid,
        SerialNo = VectorFile.Merchant.SerialNo,
        PrivateKey = VectorFile.Merchant.PrivateKey,
        ApiV3Key = key ?? VectorFile.ApiV3Key,
        PlatformCertificates = true,
        PublicKeys = alsoPublicKey
            ? new Dictionary<string, RsaPublicKey> { [VectorFile.PublicKeyId] = VectorFile.Keys[VectorFile.PublicKeyId] }
            : new Dictionary<string, RsaPublicKey>(),
    };

    static string Listing(params string[] names) => Encoding.UTF8.GetString(WireJson.Bytes(new CertificatesAnswer
    {
        Data = [.. names.Select(name => new EncryptedCertificate
        {
            SerialNo = name == "platform_cert.pem" ? First : Next,
            EncryptCertificate = new EncryptedResource
            {
                Algorithm = ResourceCipher.Algorithm, Nonce = "0123456789ab", AssociatedData = "certificate",
                Ciphertext = ResourceCipher.Encrypt(VectorFile.ApiV3Key, VectorFile.Bytes($"keys/{name}"), "0123456789ab", "certificate"),
            },
        })],
    }, PayJson.Types.CertificatesAnswer));

    static bool IsCertificates(Call call) => call.Target == "/v3/certificates";

    static ServiceProvider Kit(LocalServer server, TimeProvider? clock = null) => PayKit.Start(options =>
    {
        options.BaseAddress = server.Address;
        options.RetryDelay = TimeSpan.FromMilliseconds(5);
        options.Clock = clock ?? TimeProvider.System;
    });

    [Fact]
    public async Task Wechats_certificates_are_decrypted_then_verified_with_what_they_carry()
    {
        var item = VectorFile.Root.GetProperty("certificates_download");
        await using var server = await LocalServer.Start(new Answer(200, item.Base64("body_utf8_base64"), Signing.None) { Headers = item.Headers() });
        await using var kit = Kit(server, VectorFile.ClockOf(item));

        var certificates = await kit.Client().CertificatesAsync(Old());

        Assert.True(certificates.IsSuccess, certificates.Failure?.ToString());
        Assert.Equal(item.GetProperty("decrypted_pem_files").EnumerateObject().Select(file => file.Name), certificates.Value.Select(c => c.SerialNo));
        Assert.All(certificates.Value, c => Assert.True(c.ExpireTime > c.EffectiveTime));
    }

    [Theory]
    [InlineData(Signing.None, PayCodes.BadSignature)]
    [InlineData(Signing.Attacker, PayCodes.BadSignature)]
    [InlineData(Signing.NextPlatformCertificate, PayCodes.BadSignature)]
    public async Task Certificates_that_no_carried_key_signed_are_not_trusted(object signing, string code)
    {
        await using var server = await LocalServer.Start(Answer.Json(Listing("platform_cert.pem"), (Signing)signing));
        await using var kit = Kit(server);

        var result = await kit.Client().CertificatesAsync(Old());

        Assert.Equal((code, true), (result.Failure?.Code, result.Failure?.OutcomeUnknown));
    }

    [Fact]
    public async Task A_wrong_key_and_a_merchant_without_certificates_are_told_to_staff()
    {
        await using var server = await LocalServer.Start(
            Answer.Json(Listing("platform_cert.pem"), Signing.PlatformCertificate), Answer.Error(404, "RESOURCE_NOT_EXISTS"));
        await using var kit = Kit(server);

        var wrongKey = await kit.Client().CertificatesAsync(Old(new ApiV3Key("Th1s1sAn0therAPIv3KeyWith32Chars")));
        var none = await kit.Client().CertificatesAsync(Old());

        Assert.Equal((PayCodes.DecryptFailed, Remedy.AskStaff), (wrongKey.Failure?.Code, wrongKey.Failure?.Remedy));
        Assert.Equal((PayCodes.ResourceNotExists, Remedy.AskStaff), (none.Failure?.Code, none.Failure?.Remedy));
    }

    [Fact]
    public async Task The_first_answer_fetches_the_certificates_by_itself_and_the_next_ones_do_not()
    {
        await using var server = await LocalServer.Start(call =>
            Answer.Json(IsCertificates(call) ? Listing("platform_cert.pem") : Paid, Signing.PlatformCertificate));
        await using var kit = Kit(server);

        Assert.True((await kit.Client().QueryByOutTradeNoAsync(Old(), "OP1")).IsSuccess);
        Assert.True((await kit.Client().QueryByOutTradeNoAsync(Old(), "OP1")).IsSuccess);
        Assert.Equal(1, server.Calls.Count(IsCertificates));
    }

    [Fact]
    public async Task Twelve_hours_later_they_are_fetched_again_and_a_failure_then_leaves_the_old_ones_in_force()
    {
        await using var server = await LocalServer.Start(call => IsCertificates(call) && call.Number > 2
            ? Answer.Error(404, "RESOURCE_NOT_EXISTS")
            : Answer.Json(IsCertificates(call) ? Listing("platform_cert.pem") : Paid, Signing.PlatformCertificate));
        var skipped = new Skipping();
        await using var kit = Kit(server, skipped);
        Assert.True((await kit.Client().QueryByOutTradeNoAsync(Old(), "OP1")).IsSuccess);

        // Signatures carry the true time, so the clock leaps only while the age is looked at: the answer must be verified in its own window.
        skipped.Leap = TimeSpan.FromHours(13);
        await kit.Client().QueryByOutTradeNoAsync(Old(), "OP1");
        skipped.Leap = TimeSpan.Zero;

        Assert.Equal(2, server.Calls.Count(IsCertificates));
        Assert.True((await kit.Client().QueryByOutTradeNoAsync(Old(), "OP1")).IsSuccess);
    }

    [Fact]
    public async Task A_new_certificate_is_fetched_when_it_first_signs_and_a_flood_of_unknown_serials_fetches_once_a_minute()
    {
        var listing = Listing("platform_cert.pem");
        await using var server = await LocalServer.Start(call =>
            IsCertificates(call) ? Answer.Json(listing, Signing.PlatformCertificate) : Answer.Json(Paid));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var kit = Kit(server, clock);
        var (reader, body) = (kit.Reader(), Forged.Callback("TRANSACTION.SUCCESS", Paid));
        SignatureHeaders By(string key, string serial) =>
            AnswerSigning.Sign(VectorFile.PrivateKey(key), serial, clock.GetUtcNow().ToUnixTimeSeconds(), RequestSigning.NewNonce(), body);

        Assert.True((await reader.ReadAsync(Old(), By("platform_private_key.pem", First), body)).IsGenuine);
        for (var i = 0; i < 20; i++)
            Assert.Equal(NotificationRefusal.UnknownSerial,
                (await reader.ReadAsync(Old(), By("attacker_private_key.pem", $"5DEADBEEF{i}"), body)).Refusal);
        Assert.Equal(1, server.Calls.Count(IsCertificates));

        clock.Advance(TimeSpan.FromSeconds(61));
        listing = Listing("platform_cert.pem", "platform_next_cert.pem");
        Assert.True((await reader.ReadAsync(Old(), By("platform_next_private_key.pem", Next), body)).IsGenuine);
        Assert.Equal(2, server.Calls.Count(IsCertificates));
        Assert.True((await reader.ReadAsync(Old(), By("platform_private_key.pem", First), body)).IsGenuine);
    }

    [Fact]
    public async Task While_wechat_changes_from_certificate_to_public_key_callbacks_signed_either_way_are_genuine()
    {
        await using var server = await LocalServer.Start(Answer.Json(Listing("platform_cert.pem"), Signing.PlatformCertificate));
        await using var kit = Kit(server);
        var body = Forged.Callback("TRANSACTION.SUCCESS", Paid);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        var byKey = await kit.Reader().ReadAsync(Old(alsoPublicKey: true), Forged.Sign(body, now), body);
        var byCertificate = await kit.Reader().ReadAsync(Old(alsoPublicKey: true),
            AnswerSigning.Sign(VectorFile.PrivateKey("platform_private_key.pem"), First, now, RequestSigning.NewNonce(), body), body);

        Assert.True(byKey.IsGenuine && byCertificate.IsGenuine);
    }

    sealed class Skipping : TimeProvider
    {
        public TimeSpan Leap { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Leap;
    }
}
