using System.Globalization;
using System.Text;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Tests.Crypto;

/// <summary>Signatures against values computed without .NET.</summary>
public class SignatureVectorTests
{
    public static TheoryData<string> Requests => VectorFile.Ids("request_signing");
    public static TheoryData<string> Verifications => VectorFile.Ids("verification");
    public static TheoryData<string> Genuine =>
        [.. VectorFile.Ids("verification").Select(row => row.Data)
            .Where(id => VectorFile.Case(id, "verification").GetProperty("accept").GetBoolean())];
    public static TheoryData<string> PaySigns => VectorFile.Ids("pay_sign");

    [Theory, MemberData(nameof(Requests))]
    public void A_request_is_signed_as_wechat_expects_it(string id)
    {
        var item = VectorFile.Case(id, "request_signing");
        var body = item.Base64("body_utf8_base64");
        var url = new Uri(item.Text("url")).PathAndQuery;
        var (method, timestamp, nonce) = (item.Text("method"), item.Text("timestamp"), item.Text("nonce_str"));

        var ours = RequestSigning.Sign(VectorFile.Merchant.PrivateKey, VectorFile.Mchid, VectorFile.Merchant.SerialNo, method, url,
            long.Parse(timestamp, CultureInfo.InvariantCulture), nonce, body);

        Assert.Equal(item.Text("signed_url"), url);
        Assert.Equal(item.Text("message"), Encoding.UTF8.GetString(RequestSigning.Message(method, url, timestamp, nonce, body)));
        Assert.Equal(item.Text("signature"), ours.Signature);
        Assert.Equal(ours, Authorization.TryParse(item.Text("authorization"), out var fault));
        Assert.Equal(AuthorizationFault.None, fault);
        Assert.Equal(ours, Authorization.TryParse(ours.ToString(), out _));
        var merchant = RsaPublicKey.FromPem(VectorFile.Text("keys/merchant_cert.pem"));
        Assert.True(ours.Verifies(merchant, method, url, body));
        Assert.False(ours.Verifies(merchant, method, url, [.. body, (byte)' ']));
    }

    [Theory]
    [InlineData(null, AuthorizationFault.Missing)]
    [InlineData("  ", AuthorizationFault.Missing)]
    [InlineData("Bearer abc", AuthorizationFault.WrongScheme)]
    [InlineData("WECHATPAY2-SHA256-RSA2048", AuthorizationFault.WrongScheme)]
    [InlineData("WECHATPAY2-SHA256-RSA2048 ", AuthorizationFault.Malformed)]
    [InlineData("WECHATPAY2-SHA256-RSA2048 mchid=1900000109", AuthorizationFault.Malformed)]
    [InlineData("""WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="n",signature="s",timestamp="1" """, AuthorizationFault.Malformed)]
    [InlineData("""WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="n",signature="s",timestamp="x",serial_no="5" """, AuthorizationFault.Malformed)]
    [InlineData("""WECHATPAY2-SHA256-RSA2048 mchid="1",mchid="1",nonce_str="n",signature="s",timestamp="1",serial_no="5" """,
        AuthorizationFault.Malformed)]
    public void An_authorization_that_wechat_would_refuse_is_refused_with_its_reason(string? header, AuthorizationFault expected)
    {
        Assert.Null(Authorization.TryParse(header?.TrimEnd() is { Length: > 30 } trimmed ? trimmed : header, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory, MemberData(nameof(Verifications))]
    public void An_answer_is_believed_only_if_wechat_signed_it(string id)
    {
        var item = VectorFile.Case(id, "verification");
        var verifier = new AnswerVerifier(VectorFile.ClockOf(item));

        var verification = verifier.Verify(item.Signature(), item.Base64("body_utf8_base64"), VectorFile.Keys);

        Assert.Equal(item.GetProperty("accept").GetBoolean() ? "ACCEPTED" : item.Text("reason"), Word(verification));
    }

    static string Word(Verification verification) => verification switch
    {
        Verification.MissingHeader => "MISSING_HEADER",
        Verification.TimestampOutOfRange => "TIMESTAMP_OUT_OF_RANGE",
        Verification.UnknownSerial => "UNKNOWN_SERIAL",
        Verification.BadSignature => "BAD_SIGNATURE",
        Verification.Accepted => "ACCEPTED",
        _ => throw new ArgumentOutOfRangeException(nameof(verification)),
    };

    [Theory, MemberData(nameof(Genuine))]
    public void Playing_wechats_part_gives_the_same_signature_as_wechats_own_key(string id)
    {
        var item = VectorFile.Case(id, "verification");
        var given = item.Signature();
        var key = given.Serial switch
        {
            var serial when serial == VectorFile.PublicKeyId => "wechatpay_pub_key_private.pem",
            "53F5C58789EC93120222D49818ED65E21ACA2B27" => "platform_private_key.pem",
            _ => "platform_next_private_key.pem",
        };

        var ours = AnswerSigning.Sign(VectorFile.PrivateKey(key), given.Serial!, long.Parse(given.Timestamp!, CultureInfo.InvariantCulture),
            given.Nonce!, item.Base64("body_utf8_base64"));

        Assert.Equal(given.Signature, ours.Signature);
        Assert.Equal(ours, SignatureHeaders.From(ours.Pairs()));
    }

    [Theory, MemberData(nameof(PaySigns))]
    public void The_payment_sheet_opens_with_our_parameters(string id)
    {
        var item = VectorFile.Case(id, "pay_sign");
        var given = item.GetProperty("wx_requestPayment");

        var ours = PaySigning.Sign(VectorFile.Merchant.PrivateKey, item.Text("appId"), given.Text("package")["prepay_id=".Length..],
            long.Parse(given.Text("timeStamp"), CultureInfo.InvariantCulture), given.Text("nonceStr"));

        Assert.Equal(given.Text("paySign"), ours.PaySign);
        Assert.Equal((given.Text("timeStamp"), given.Text("nonceStr"), given.Text("package"), given.Text("signType")),
            (ours.TimeStamp, ours.NonceStr, ours.Package, ours.SignType));
        Assert.Equal(item.Text("message"),
            Encoding.UTF8.GetString(PaySigning.Message(item.Text("appId"), ours.TimeStamp, ours.NonceStr, ours.Package)));
        var merchant = VectorFile.Merchant.PrivateKey.PublicKey();
        Assert.True(PaySigning.Verifies(merchant, item.Text("appId"), ours));
        Assert.False(PaySigning.Verifies(merchant, "wx0000000000000000", ours));
    }
}
