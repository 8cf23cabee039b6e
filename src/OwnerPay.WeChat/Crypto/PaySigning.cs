using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace OwnerPay.WeChat.Crypto;

/// <summary>What a mini-program passes to <c>wx.requestPayment</c>, in its own spelling.</summary>
/// <param name="TimeStamp">Unix seconds as text: the client wants a string.</param>
/// <param name="Package"><c>prepay_id=…</c></param>
public sealed record PayParameters(
    [property: JsonPropertyName("timeStamp")] string TimeStamp,
    [property: JsonPropertyName("nonceStr")] string NonceStr,
    [property: JsonPropertyName("package")] string Package,
    [property: JsonPropertyName("signType")] string SignType,
    [property: JsonPropertyName("paySign")] string PaySign);

/// <summary>Signs the parameters with which a client opens the payment sheet of a prepared order.</summary>
public static class PaySigning
{
    /// <summary>The bytes that are signed: appid, timestamp, nonce and package, each ended by a line feed.</summary>
    public static byte[] Message(string appid, string timeStamp, string nonceStr, string package) =>
        Encoding.UTF8.GetBytes($"{appid}\n{timeStamp}\n{nonceStr}\n{package}\n");

    /// <param name="key">The merchant's key, the same that signed the order.</param>
    /// <param name="appid">Signed but not passed to the client, who has it anyway.</param>
    /// <param name="prepayId">As answered to the order; good for 2 hours.</param>
    /// <param name="timestamp">Unix seconds.</param>
    public static PayParameters Sign(RsaPrivateKey key, string appid, string prepayId, long timestamp, string nonce)
    {
        var timeStamp = timestamp.ToString(CultureInfo.InvariantCulture);
        var package = $"prepay_id={prepayId}";
        return new PayParameters(timeStamp, nonce, package, "RSA", key.Sign(Message(appid, timeStamp, nonce, package)));
    }

    /// <summary>Whether parameters that a client presents were made by the merchant for this appid.</summary>
    public static bool Verifies(RsaPublicKey merchant, string appid, PayParameters parameters) =>
        parameters.SignType == "RSA"
        && merchant.Verifies(Message(appid, parameters.TimeStamp, parameters.NonceStr, parameters.Package), parameters.PaySign);
}
