using System.Text;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Crypto;

/// <summary>Encryption against values computed without .NET.</summary>
public class CipherVectorTests
{
    public static TheoryData<string> Resources => VectorFile.Ids("aead_aes_256_gcm");
    public static TheoryData<string> Fields => VectorFile.Ids("sensitive_fields");

    [Theory, MemberData(nameof(Resources))]
    public void A_resource_opens_with_the_right_key_and_with_nothing_else(string id)
    {
        var item = VectorFile.Case(id, "aead_aes_256_gcm");
        var key = new ApiV3Key(item.Text("key"));
        var (nonce, data, ciphertext) = (item.Text("nonce"), item.Text("associated_data"), item.Text("ciphertext"));

        var plaintext = ResourceCipher.Decrypt(key, item.Text("algorithm"), nonce, data, ciphertext);

        if (!item.GetProperty("decrypts").GetBoolean())
        {
            Assert.Null(plaintext);
            return;
        }
        Assert.Equal(item.Base64("plaintext_utf8_base64"), plaintext);
        Assert.Equal(ciphertext, ResourceCipher.Encrypt(key, plaintext, nonce, data));
        Assert.Null(ResourceCipher.Decrypt(key, "AEAD_SM4_GCM", nonce, data, ciphertext));
        Assert.Null(ResourceCipher.Decrypt(key, ResourceCipher.Algorithm, nonce + "0", data, ciphertext));
        Assert.Null(ResourceCipher.Decrypt(key, ResourceCipher.Algorithm, nonce, data + "x", ciphertext));
        Assert.Null(ResourceCipher.Decrypt(key, ResourceCipher.Algorithm, nonce, data, "***"));
    }

    [Theory, MemberData(nameof(Fields))]
    public void A_sensitive_field_opens_with_its_key_only(string id)
    {
        var item = VectorFile.Case(id, "sensitive_fields");
        var key = RsaPrivateKey.FromPem(VectorFile.Text(item.Text("decrypt_with")));

        Assert.Equal(item.Text("plaintext"), key.DecryptField(item.Text("ciphertext")));
        Assert.Equal(item.Text("plaintext"), key.DecryptField(key.PublicKey().EncryptField(item.Text("plaintext"))));
        Assert.Null(VectorFile.PrivateKey("attacker_private_key.pem").DecryptField(item.Text("ciphertext")));
        Assert.Null(key.DecryptField("no base64"));
    }

    [Fact]
    public void Secrets_do_not_show_in_logs_that_print_their_holders()
    {
        var text = $"{VectorFile.Merchant} {VectorFile.Merchant.PrivateKey} {VectorFile.ApiV3Key} "
            + $"{new OwnerPay.WeChat.MiniProgram.MiniProgramCredentials("wx1", "the-secret")} "
            + $"{new OwnerPay.WeChat.MiniProgram.AccessToken("the-token", default)}";
        var personal = $"{PropertyTests.Order} {PropertyTests.Order.Payer} "
            + $"{new Transaction { Mchid = "1", OutTradeNo = "OP1", TradeState = "?", Payer = new("oOwNr5"), Amount = new() { Total = 28650 } }} "
            + $"{new OwnerPay.WeChat.MiniProgram.PhoneInfo { PhoneNumber = "13800138000" }} "
            + $"{new OwnerPay.WeChat.MiniProgram.SubscribeMessage("oOwNr5", "tpl", null, new Dictionary<string, string>())}";

        Assert.DoesNotContain(VectorFile.Identity.Text("apiv3_key"), text, StringComparison.Ordinal);
        foreach (var one in new[] { "oOwNr5", "28650", "阳光花园", "13800138000" })
            Assert.DoesNotContain(one, personal, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY-----", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_the_wrong_length_is_told_at_once()
    {
        Assert.Throws<ArgumentException>(() => new ApiV3Key("short"));
        Assert.Throws<ArgumentException>(() => new PushCipher("token", "short", "wx1"));
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => RsaPrivateKey.FromPem("no key"));
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => RsaPublicKey.FromPem("no key"));
        Assert.Equal(32, Encoding.UTF8.GetByteCount(RequestSigning.NewNonce()));
        Assert.Equal(12, Encoding.UTF8.GetByteCount(ResourceCipher.NewNonce()));
    }
}
