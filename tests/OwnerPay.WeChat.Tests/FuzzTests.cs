using System.Text;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.MiniProgram;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChat.Tests.MiniProgram;
using OwnerPay.WeChat.Tests.Pay;

namespace OwnerPay.WeChat.Tests;

/// <summary>50,000 damaged inputs, a million in a full run: what comes out is a typed refusal or a rightly read value, never an exception.</summary>
public class FuzzTests
{
    const int Seed = 20261123;

    static readonly int Times = Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? 20 : 1;

    [Fact]
    public async Task Damaged_callbacks_are_refused_and_none_is_booked()
    {
        var item = VectorFile.Case("transaction-success-coupon", "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));
        var (reader, random, good, headers) = (kit.Reader(), new Random(Seed), item.Base64("body_utf8_base64"), item.Signature());
        for (var i = 0; i < 15_000 * Times; i++)
        {
            var (body, signature) = (good, headers);
            if (i % 2 == 0) body = Damage(good, random);
            else signature = Damage(headers, random);
            var reading = await reader.ReadAsync(VectorFile.Merchant, signature, body);
            // The damage may be none: a header dropped that was never needed, or bytes swapped with equal ones.
            if (reading.IsGenuine) Assert.True(body.AsSpan().SequenceEqual(good) && Same(signature, headers), $"input {i} was believed");
        }
    }

    [Fact]
    public async Task Rightly_signed_callbacks_with_rubbish_inside_are_refused_or_read()
    {
        var item = VectorFile.Case("transaction-success-coupon", "notifications");
        await using var kit = PayKit.Start(options => options.Clock = VectorFile.ClockOf(item));
        var (reader, random) = (kit.Reader(), new Random(Seed));
        var plain = Encoding.UTF8.GetBytes(item.Text("decrypted_text"));
        var refused = 0;
        for (var i = 0; i < 5_000 * Times; i++)
        {
            var body = Forged.Callback(NotificationEvents.TransactionSuccess, "");
            var envelope = WireJson.TryRead(body, PayJson.Types.NotificationEnvelope)!;
            var sealedText = ResourceCipher.Encrypt(VectorFile.ApiV3Key, Damage(plain, random), "0123456789ab", "transaction");
            body = WireJson.Bytes(envelope with { Resource = envelope.Resource with { Ciphertext = sealedText } }, PayJson.Types.NotificationEnvelope);
            if (i % 4 == 0) body = Damage(body, random);
            var reading = await reader.ReadAsync(VectorFile.Merchant, Forged.Sign(body, item), body);
            if (!reading.IsGenuine) refused++;
            else if (reading.Notification is TransactionNotification paid) Assert.NotNull(paid.Transaction.OutTradeNo);
            else Assert.NotEqual(NotificationEvents.TransactionSuccess, reading.Notification.Envelope.EventType);
        }
        Assert.InRange(refused, 1_000 * Times, 5_000 * Times - 1);
    }

    [Fact]
    public async Task Damaged_bills_are_refused_or_still_add_up()
    {
        var random = new Random(Seed);
        byte[][] files = [.. new[] { "tradebill_2026-11-22_REFUND.csv", "tradebill_2026-11-22_SUCCESS.csv", "tradebill_2026-11-22_ALL_bom_crlf.csv" }
            .Select(name => VectorFile.Bytes($"bills/{name}"))];
        var flow = VectorFile.Bytes("bills/fundflowbill_2026-11-22_BASIC.csv");
        for (var i = 0; i < 15_000 * Times; i++)
        {
            if (i % 4 == 3)
            {
                var bill = BillReader.FundFlow(new MemoryStream(Damage(flow, random)));
                var rows = await bill.RowsAsync().ToListAsync();
                Judge(bill.IsComplete, bill.Fault, bill.Summary, rows.Count, bill.Rows);
            }
            else
            {
                var bill = BillReader.Trade(new MemoryStream(Damage(files[i % 4], random)));
                var rows = await bill.RowsAsync().ToListAsync();
                Judge(bill.IsComplete, bill.Fault, bill.Summary, rows.Count, bill.Rows);
                if (bill.IsComplete && bill.Summary!.Values.TryGetValue("订单总金额", out var total))
                {
                    Assert.True(Yuan.TryFen(total, out var fen));
                    Assert.Equal(fen, rows.Sum(row => row.OrderFen));
                }
            }
        }

        static void Judge(bool complete, BillFault? fault, BillSummary? summary, int given, int counted)
        {
            Assert.Equal(complete, fault is null);
            Assert.Equal(complete, summary is not null);
            Assert.Equal(given, counted);
        }
    }

    [Fact]
    public void Damaged_pushes_are_refused_or_read()
    {
        var random = new Random(Seed);
        var reader = new PushReader(PushVectorTests.Cipher, PushVectorTests.Clock, acceptPlain: true);
        var message = Encoding.UTF8.GetBytes(VectorFile.Case("popup-two-templates-json", "message_push", "secure").Text("plaintext"));
        var xml = Encoding.UTF8.GetBytes(VectorFile.Case("popup-two-templates-xml", "message_push", "secure").Text("plaintext"));
        var plainQuery = new PushQuery(PushCipher.Signature(PushVectorTests.Cipher.Token, "1795399320", "1"), "1795399320", "1");
        var (refused, read) = (0, 0);
        for (var i = 0; i < 15_000 * Times; i++)
        {
            var reading = (i % 3) switch
            {
                // Rightly sealed rubbish; a sealed push damaged on the way; and plain text, where nothing but the parser protects.
                0 => PushVectorTests.Sealed(Damage(i % 2 == 0 ? message : xml, random)) is var (query, body) ? reader.Read(query, body) : null!,
                1 => PushVectorTests.Sealed(message) is var (query, body) ? reader.Read(query, Damage(body, random)) : null!,
                _ => reader.Read(plainQuery, Damage(i % 2 == 0 ? message : xml, random)),
            };
            Assert.Equal(reading.IsGenuine, reading.Refusal is null);
            if (reading.IsGenuine) read++;
            else refused++;
        }
        Assert.True(read > 100 && refused > 5_000, $"{read} read, {refused} refused");
    }

    static bool Same(SignatureHeaders one, SignatureHeaders other) =>
        (one.Serial, one.Timestamp, one.Nonce) == (other.Serial, other.Timestamp, other.Nonce)
        // Base64 has several spellings of the same bytes, blanks between for one.
        && Convert.FromBase64String(one.Signature!).AsSpan().SequenceEqual(Convert.FromBase64String(other.Signature!));

    static SignatureHeaders Damage(SignatureHeaders headers, Random random) => random.Next(5) switch
    {
        0 => headers with { Serial = Damage(headers.Serial!, random) },
        1 => headers with { Timestamp = Damage(headers.Timestamp!, random) },
        2 => headers with { Nonce = Damage(headers.Nonce!, random) },
        3 => headers with { Signature = Damage(headers.Signature!, random) },
        _ => new SignatureHeaders(null, null, null, null),
    };

    static string? Damage(string text, Random random) =>
        random.Next(10) == 0 ? null : Encoding.Latin1.GetString(Damage(Encoding.Latin1.GetBytes(text), random));

    static byte[] Damage(byte[] input, Random random)
    {
        var bytes = new List<byte>(input);
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: bytes[at] = Signs[random.Next(Signs.Length)]; break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Nasty[random.Next(Nasty.Length)])); break;
            }
        }
        return [.. bytes];
    }

    static readonly byte[] Signs = [.. "{}[]\",:`\n\r\\<>&0-9.eE\0"u8];

    static readonly string[] Nasty =
    [
        "null", "-1", "9223372036854775808", "1e400", "\ud83d\ude00", "\\ud800", "\"\"", "{}", "[[[[[[[[[[",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>", "]]>", "&a;",
        "WECHATPAY/SIGNTEST/", "`", ",", "\r\n", "\u2028", "\uFEFF", "true", "0000-00-00 00:00:00", "%s%n", "=1+1",
    ];
}
