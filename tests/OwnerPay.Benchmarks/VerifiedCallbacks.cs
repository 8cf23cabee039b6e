using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.Benchmarks;

/// <summary>W1: payment callbacks verified, decrypted and read by the library on one core, against the framework's RSA and AES-GCM alone.</summary>
public sealed class VerifiedCallbacks : IWorkload
{
    const string KeyId = "PUB_KEY_ID_0119000001092026112300211500000001";
    const int Distinct = 256, Rounds = 9, WarmUps = 2;

    public string Id => "W1";

    public string Title => "callbacks verified and decrypted on one core";

    public async Task<Outcome> Run(Bench bench, CancellationToken cancel)
    {
        using var rsa = RSA.Create(2048);
        var merchant = new MerchantCredentials
        {
            Mchid = "1900000109", SerialNo = "", PrivateKey = RsaPrivateKey.FromPem(rsa.ExportPkcs8PrivateKeyPem()),
            ApiV3Key = new ApiV3Key(new string('k', 32)),
            PublicKeys = new Dictionary<string, RsaPublicKey> { [KeyId] = RsaPublicKey.FromPem(rsa.ExportSubjectPublicKeyInfoPem()) },
            PublicKeyId = KeyId,
        };
        var services = new ServiceCollection().AddLogging();
        services.AddWeChatPay();
        await using var provider = services.BuildServiceProvider();
        var reader = provider.GetRequiredService<NotificationReader>();
        var callbacks = Enumerable.Range(0, Distinct).Select(number => Callback.Make(number, merchant)).ToArray();
        var count = bench.Quick ? 10_000 : 40_000;    // fewer would end before the compiler has optimised both
        List<string> broken = [];
        List<double> ours = [], bare = [];
        using var gcm = new AesGcm(Encoding.UTF8.GetBytes(new string('k', 32)), 16);
        // Both take turns, so that a busy moment of the machine hits both alike; the first rounds only warm up.
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            var (one, wrong) = await Library(reader, merchant, callbacks, count);
            var other = Framework(rsa, gcm, callbacks, count);
            if (wrong > 0) broken.Add($"{wrong} of {count} callbacks were not read as they were sent");
            if (round < WarmUps) continue;
            ours.Add(one);
            bare.Add(other);
        }
        var ratio = Median([.. ours.Zip(bare, (one, other) => one / other)]);
        return new Outcome(
            [new Line("callbacks a second", "1/s", Median(ours), Median(bare), ratio, "≥ 0.8 × reference", ratio >= 0.8)],
            [
                "the reference has the signed bytes, signature, nonce and ciphertext ready as arrays and keeps its keys; the library starts from"
                    + " header texts and the raw body, checks the time, decodes base64, and reads envelope and payment into records",
                $"bodies of {callbacks[0].Body.Length} bytes, medians of {Rounds} rounds of {count}, one thread",
            ],
            broken);
    }

    static async Task<(double PerSecond, int Wrong)> Library(NotificationReader reader, MerchantCredentials merchant, Callback[] callbacks, int count)
    {
        var wrong = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var callback = callbacks[i % Distinct];
            var reading = await reader.ReadAsync(merchant, callback.Headers, callback.Body);
            if (reading.Notification is not TransactionNotification paid || paid.Transaction.OutTradeNo != callback.OutTradeNo) wrong++;
        }
        return (count / Stopwatch.GetElapsedTime(started).TotalSeconds, wrong);
    }

    static double Framework(RSA rsa, AesGcm gcm, Callback[] callbacks, int count)
    {
        var plain = new byte[4096];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var callback = callbacks[i % Distinct];
            if (!rsa.VerifyData(callback.Signed, callback.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
                throw new InvalidOperationException("The reference refuses a good signature");
            var length = callback.Ciphertext.Length - 16;
            gcm.Decrypt(callback.Nonce, callback.Ciphertext.AsSpan(0, length), callback.Ciphertext.AsSpan(length),
                plain.AsSpan(0, length), callback.Data);
        }
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>One callback as it arrives, and the same in pieces that the framework takes.</summary>
    sealed record Callback(
        string OutTradeNo, SignatureHeaders Headers, byte[] Body, byte[] Signed, byte[] Signature, byte[] Nonce, byte[] Ciphertext, byte[] Data)
    {
        public static Callback Make(int number, MerchantCredentials merchant)
        {
            var (now, order) = (TimeProvider.System.GetUtcNow(), Guid.CreateVersion7().ToString("N"));
            var resource = WireJson.Bytes(new Transaction
            {
                Mchid = merchant.Mchid, Appid = "wx1f2e3d4c5b6a7988", OutTradeNo = order, TransactionId = $"42000029992026112312345{number:00000}",
                TradeType = "JSAPI", TradeState = "SUCCESS", TradeStateDesc = "支付成功", BankType = "OTHERS",
                Attach = "bill=BL20261100018;house=3-2-1801",
                SuccessTime = now, Payer = new Payer("oOwNr5PaY0tEsT1uSeR2aBcDeFgH"),
                Amount = new TransactionAmount { Total = 28650, PayerTotal = 28650, Currency = "CNY", PayerCurrency = "CNY" },
            }, PayJson.Types.Transaction);
            var nonce = ResourceCipher.NewNonce();
            var ciphertext = ResourceCipher.Encrypt(merchant.ApiV3Key, resource, nonce, "transaction");
            var body = WireJson.Bytes(new NotificationEnvelope
            {
                Id = Guid.CreateVersion7().ToString(), CreateTime = now, ResourceType = "encrypt-resource",
                EventType = NotificationEvents.TransactionSuccess, Summary = "支付成功",
                Resource = new EncryptedResource
                {
                    OriginalType = "transaction", Algorithm = ResourceCipher.Algorithm, Nonce = nonce, AssociatedData = "transaction",
                    Ciphertext = ciphertext,
                },
            }, PayJson.Types.NotificationEnvelope);
            var headers = AnswerSigning.Sign(merchant.PrivateKey, KeyId, now.ToUnixTimeSeconds(), RequestSigning.NewNonce(), body);
            return new(
                order, headers, body, AnswerSigning.Message(headers.Timestamp!, headers.Nonce!, body),
                Convert.FromBase64String(headers.Signature!), Encoding.UTF8.GetBytes(nonce), Convert.FromBase64String(ciphertext),
                "transaction"u8.ToArray());
        }
    }
}
