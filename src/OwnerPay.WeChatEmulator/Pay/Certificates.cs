using System.Text;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary><c>GET /v3/certificates</c>: the platform certificate, and during a change the one before it, encrypted with the merchant's APIv3 key.</summary>
sealed class Certificates(Keys keys, EmulatorOptions options)
{
    public Task<PayAnswer> List(PayRequest request)
    {
        if (options.PublicKeyOnly) return Task.FromResult(PayAnswer.Refuse(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请使用微信支付公钥"));
        var answer = new CertificatesAnswer { Data = [.. keys.Platform.TakeLast(2).Select(Encrypted)] };
        return Task.FromResult(PayAnswer.Ok(answer, PayJson.Types.CertificatesAnswer));
    }

    EncryptedCertificate Encrypted(PlatformKey key)
    {
        var nonce = ResourceCipher.NewNonce();
        return new()
        {
            SerialNo = key.Serial,
            EffectiveTime = key.Certificate.NotBefore,
            ExpireTime = key.Certificate.NotAfter,
            EncryptCertificate = new()
            {
                Algorithm = ResourceCipher.Algorithm,
                Nonce = nonce,
                AssociatedData = "certificate",
                Ciphertext = ResourceCipher.Encrypt(keys.ApiV3, Encoding.UTF8.GetBytes(key.Certificate.ExportCertificatePem()), nonce, "certificate"),
            },
        };
    }
}
