using System.Text;
using System.Text.Json;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Callbacks made with WeChat's throw-away keys.</summary>
static class Forged
{
    static readonly RsaPrivateKey WeChat = VectorFile.PrivateKey("wechatpay_pub_key_private.pem");

    public static byte[] Callback(string eventType, string plaintext) => WireJson.Bytes(new NotificationEnvelope
    {
        Id = "e0a5c0c6-2f3a-5b7e-9d11-0c5b1a2d3e99",
        EventType = eventType,
        Resource = new EncryptedResource
        {
            Algorithm = ResourceCipher.Algorithm,
            Nonce = "0123456789ab",
            AssociatedData = "transaction",
            Ciphertext = ResourceCipher.Encrypt(VectorFile.ApiV3Key, Encoding.UTF8.GetBytes(plaintext), "0123456789ab", "transaction"),
        },
    }, PayJson.Types.NotificationEnvelope);

    /// <summary>Signed at the moment of a case of the vectors.</summary>
    public static SignatureHeaders Sign(ReadOnlySpan<byte> body, JsonElement at) => Sign(body, at.GetProperty("now").GetInt64());

    public static SignatureHeaders Sign(ReadOnlySpan<byte> body, long timestamp) =>
        AnswerSigning.Sign(WeChat, VectorFile.PublicKeyId, timestamp, RequestSigning.NewNonce(), body);
}
