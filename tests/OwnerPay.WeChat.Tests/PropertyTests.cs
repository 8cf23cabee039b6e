using System.Text;
using CsCheck;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests;

/// <summary>What must hold for any body and any text, not only for the vectors'.</summary>
public class PropertyTests
{
    static readonly RsaPrivateKey Key = VectorFile.PrivateKey("merchant_private_key.pem");
    static readonly RsaPublicKey Public = Key.PublicKey();

    static readonly Gen<byte[]> AnyBody = Gen.OneOf(
        Gen.Byte.Array[0, 200], Gen.String.Select(Encoding.UTF8.GetBytes), Gen.Const(Array.Empty<byte>()));

    [Fact]
    public void Any_request_that_we_sign_verifies_and_no_other_does() =>
        Gen.Select(AnyBody, Gen.Char.AlphaNumeric.Array[1, 40], Gen.Long[0, 4_000_000_000], Gen.Int[0, 10_000]).Sample((body, path, timestamp, at) =>
        {
            var url = "/v3/" + new string(path);
            var signed = RequestSigning.Sign(Key, "1900000109", "5A", "POST", url, timestamp, RequestSigning.NewNonce(), body);
            var read = Authorization.TryParse(signed.ToString(), out _)!;
            var other = body.Length == 0 ? [0] : body.ToArray();
            if (body.Length > 0) other[at % body.Length] ^= 1;
            return read == signed && read.Verifies(Public, "POST", url, body)
                && !read.Verifies(Public, "POST", url, other) && !read.Verifies(Public, "GET", url, body)
                && !read.Verifies(Public, "POST", url + "?", body);
        }, iter: 500);

    [Fact]
    public void Any_answer_that_wechat_signs_is_accepted_at_its_time_and_no_changed_one() =>
        Gen.Select(AnyBody, Gen.Int[0, 10_000]).Sample((body, at) =>
        {
            var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1795399200));
            var keys = new Dictionary<string, RsaPublicKey> { ["PUB_KEY_ID_1"] = Public };
            var headers = AnswerSigning.Sign(Key, "PUB_KEY_ID_1", 1795399200, RequestSigning.NewNonce(), body);
            var changed = body.Append((byte)at).ToArray();
            var verifier = new AnswerVerifier(clock);
            return verifier.Verify(headers, body, keys) == Verification.Accepted
                && verifier.Verify(headers, changed, keys) == Verification.BadSignature
                && verifier.Verify(headers with { Nonce = headers.Nonce + "0" }, body, keys) == Verification.BadSignature;
        }, iter: 500);

    [Fact]
    public void Any_resource_opens_to_what_was_closed() =>
        Gen.Select(AnyBody, Gen.Char.AlphaNumeric.Array[0, 15], Gen.Int[0, 10_000]).Sample((plain, data, at) =>
        {
            var (nonce, associated) = (ResourceCipher.NewNonce(), new string(data));
            var closed = ResourceCipher.Encrypt(VectorFile.ApiV3Key, plain, nonce, associated);
            var broken = Convert.FromBase64String(closed);
            broken[at % broken.Length] ^= 1;
            return ResourceCipher.Decrypt(VectorFile.ApiV3Key, ResourceCipher.Algorithm, nonce, associated, closed)!.SequenceEqual(plain)
                && ResourceCipher.Decrypt(VectorFile.ApiV3Key, ResourceCipher.Algorithm, nonce, associated, Convert.ToBase64String(broken)) is null;
        }, iter: 3_000);

    [Fact]
    public void Any_push_opens_to_what_was_closed_for_our_account_only()
    {
        var ours = MiniProgram.PushVectorTests.Cipher;
        var other = new PushCipher(ours.Token, "n6Msi+Q0FQFPAcAIF4ha4KEw6hh3Ny0tDQJlQc3Ddro", "wx0000000000000000");
        AnyBody.Sample(message =>
        {
            var closed = ours.Encrypt(message);
            return ours.Decrypt(closed, out _)!.SequenceEqual(message)
                && other.Decrypt(closed, out var fault) is null && fault == PushCipherFault.ForeignAppid;
        }, iter: 3_000);
    }

    [Fact]
    public void Any_short_sensitive_text_opens_to_what_was_closed() =>
        Gen.Char['一', '龥'].Array[0, 71].Select(letters => new string(letters))
            .Sample(text => Key.DecryptField(Public.EncryptField(text)) == text, iter: 100);

    [Fact]
    public void Any_chinese_description_is_sent_unescaped_and_read_back() =>
        Gen.Select(Gen.Char['一', '龥'].Array[1, 40], Gen.String).Sample((letters, attach) =>
        {
            var order = Order with { Description = new string(letters), Attach = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(attach)) };
            var bytes = order.ToBytes();
            var read = WireJson.TryRead(bytes, PayJson.Types.JsapiOrderRequest)!;
            return Encoding.UTF8.GetString(bytes).Contains(order.Description, StringComparison.Ordinal)
                && read.Attach == order.Attach && read.Description == order.Description && bytes.SequenceEqual(order.ToBytes());
        }, iter: 1_000);

    [Fact]
    public void Any_refund_reason_is_sent_and_read_back_and_the_same_refund_is_always_the_same_bytes() =>
        Gen.Select(Gen.String, Gen.Long[1, 9_999_999_999], Gen.Long[0, 9_999_999_999]).Sample((reason, refund, more) =>
        {
            var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reason));    // half a surrogate pair is no text
            var request = new RefundRequest { OutTradeNo = "OP1", OutRefundNo = "RF1", Reason = whole, Amount = new(refund, refund + more) };
            var bytes = request.ToBytes();
            return WireJson.TryRead(bytes, PayJson.Types.RefundRequest) == request && bytes.SequenceEqual((request with { }).ToBytes());
        }, iter: 2_000);

    static readonly Gen<string> Words = Gen.OneOf(Gen.Const("SUCCESS"), Gen.Const("CLOSED"), Gen.Const("BRAND_NEW"));

    [Fact]
    public void Any_callback_about_a_refund_is_read_as_it_was_written() =>
        Gen.Select(Gen.String, Gen.Long[1, 9_999_999_999], Words).Sample((account, fen, word) =>
        {
            var notice = new RefundNotice
            {
                Mchid = "1900000109", OutTradeNo = "OP1", OutRefundNo = "RF1", RefundId = "50", RefundStatus = word,
                UserReceivedAccount = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(account)), Amount = new() { Total = fen, Refund = fen },
            };
            var closed = ResourceCipher.Encrypt(VectorFile.ApiV3Key, WireJson.Bytes(notice, PayJson.Types.RefundNotice), "0123456789ab", "refund");
            var opened = ResourceCipher.Decrypt(VectorFile.ApiV3Key, ResourceCipher.Algorithm, "0123456789ab", "refund", closed);
            return WireJson.TryRead(opened, PayJson.Types.RefundNotice) == notice;
        }, iter: 2_000);

    [Fact]
    public void Any_amount_of_fen_written_in_yuan_is_read_back() =>
        Gen.Long[-9_999_999_999_999, 9_999_999_999_999].Sample(fen =>
            Yuan.TryFen($"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:00}", out var read) && read == fen, iter: 5_000);

    /// <summary>The vectors' own order, from which its body bytes must come out.</summary>
    internal static JsapiOrderRequest Order { get; } = new()
    {
        Appid = "wx1f2e3d4c5b6a7988",
        Mchid = "1900000109",
        Description = "物业费-阳光花园3栋2单元1801-2026年11月",
        OutTradeNo = "OP202611230001",
        TimeExpire = new DateTimeOffset(2026, 11, 23, 2, 30, 0, 123, TimeSpan.Zero),
        Attach = "bill=BL20261100018;house=3-2-1801",
        NotifyUrl = "https://pay.ownerpay.example/wechat/notify",
        Amount = new OrderAmount(28650),
        Payer = new Payer("oOwNr5PaY0tEsT1uSeR2aBcDeFgH"),
    };

    [Fact]
    public void An_order_is_written_as_wechats_pages_show_it() => Assert.Equal(
        """
        {"appid":"wx1f2e3d4c5b6a7988","mchid":"1900000109","description":"物业费-阳光花园3栋2单元1801-2026年11月",
        "out_trade_no":"OP202611230001","time_expire":"2026-11-23T10:30:00+08:00","attach":"bill=BL20261100018;house=3-2-1801",
        "notify_url":"https://pay.ownerpay.example/wechat/notify","amount":{"total":28650,"currency":"CNY"},
        "payer":{"openid":"oOwNr5PaY0tEsT1uSeR2aBcDeFgH"}}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(Order.ToBytes()));
}
