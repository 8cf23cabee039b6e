using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OwnerPay.WeChat;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;
using Merchant = OwnerPay.WeChatEmulator.Merchant;

namespace OwnerPay.Benchmarks;

/// <summary>A payment notification as bytes on the wire, signed and encrypted beforehand, so that neither is measured.</summary>
public sealed record SignedCallback(string TransactionId, byte[] Request)
{
    /// <summary>Signs with WeChat's key as the emulator of this folder holds it. The service takes a signature for 5 minutes.</summary>
    public static IReadOnlyList<SignedCallback> Make(
        IReadOnlyList<OpenOrder> orders, int from, Merchant merchant, string emulatorFolder, Guid account, Uri service)
    {
        using var keys = JsonDocument.Parse(File.ReadAllText(Path.Combine(emulatorFolder, "keys.json")));
        var (key, apiV3) = (RsaPrivateKey.FromPem(keys.RootElement.GetProperty("PublicKeyPrivatePem").GetString()!), new ApiV3Key(merchant.ApiV3Key));
        var made = new SignedCallback[orders.Count];
        Parallel.For(0, orders.Count, at =>
        {
            var transaction = "42000" + (from + at).ToString("00000000000000000000000", CultureInfo.InvariantCulture);
            var body = Body(orders[at], transaction, merchant, apiV3);
            var signed = AnswerSigning.Sign(key, merchant.PublicKeyId, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), RequestSigning.NewNonce(), body);
            var head = new StringBuilder($"POST /wechat/pay/{account:N}/transactions HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Type: application/json\r\n");
            foreach (var (name, value) in signed.Pairs()) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
            made[at] = new SignedCallback(transaction, [.. Encoding.ASCII.GetBytes(head.ToString()), .. body]);
        });
        return made;
    }

    static byte[] Body(OpenOrder order, string transaction, Merchant merchant, ApiV3Key key)
    {
        var now = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        var resource = WireJson.Bytes(new Transaction
        {
            Mchid = merchant.Mchid, Appid = merchant.Appid, OutTradeNo = order.Id.ToString("N"), TransactionId = transaction, TradeType = "JSAPI", TradeState = "SUCCESS",
            TradeStateDesc = "支付成功", BankType = "OTHERS", SuccessTime = now, Payer = new Payer(order.OpenId),
            Amount = new TransactionAmount { Total = order.PayableFen, PayerTotal = order.PayableFen, Currency = "CNY", PayerCurrency = "CNY" },
        }, PayJson.Types.Transaction);
        var nonce = ResourceCipher.NewNonce();
        return WireJson.Bytes(new NotificationEnvelope
        {
            Id = Guid.CreateVersion7().ToString(), CreateTime = now, ResourceType = "encrypt-resource", EventType = NotificationEvents.TransactionSuccess, Summary = "支付成功",
            Resource = new EncryptedResource
            {
                OriginalType = "transaction", Algorithm = ResourceCipher.Algorithm, Nonce = nonce, AssociatedData = "transaction",
                Ciphertext = ResourceCipher.Encrypt(key, resource, nonce, "transaction"),
            },
        }, PayJson.Types.NotificationEnvelope);
    }
}

/// <summary>One kept-alive connection that sends prepared requests: the load must cost less than what it loads.</summary>
public sealed class CallbackLine : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] buffer = new byte[4096];

    public static async Task<CallbackLine> Open(Uri service)
    {
        var line = new CallbackLine();
        await line.socket.ConnectAsync(service.Host, service.Port);
        return line;
    }

    /// <exception cref="InvalidOperationException">It was not answered with 204.</exception>
    public async Task Send(SignedCallback callback, CancellationToken cancel)
    {
        await socket.SendAsync(callback.Request, cancel);
        var held = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(held), cancel);
            if (read == 0) throw new InvalidOperationException($"No answer to {callback.TransactionId}");
            held += read;
            if (buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8) < 0) continue;
            if (!buffer.AsSpan(0, held).StartsWith("HTTP/1.1 204"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, held));
            return;
        }
    }

    public void Dispose() => socket.Dispose();
}
