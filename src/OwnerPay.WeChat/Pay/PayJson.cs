using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OwnerPay.WeChat.Pay;

/// <summary>How the bodies of WeChat Pay are written and read: snake case, Chinese raw, whole numbers only as numbers, nulls left out.</summary>
public static class PayJson
{
    /// <summary>Metadata of every wire type, with the settings above.</summary>
    public static PayJsonContext Types { get; } = new(WireJson.Raw(PayJsonContext.Default.Options));

    /// <summary>The same settings for what every callback brings. Generated metadata collects the members of a record before it makes it, which took
    /// longer than opening its cipher; metadata found at run time sets them one by one.</summary>
    static readonly JsonSerializerOptions Incoming = new(Types.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    internal static readonly JsonTypeInfo<NotificationEnvelope> IncomingEnvelope = (JsonTypeInfo<NotificationEnvelope>)Incoming.GetTypeInfo(typeof(NotificationEnvelope));
    internal static readonly JsonTypeInfo<Transaction> IncomingTransaction = (JsonTypeInfo<Transaction>)Incoming.GetTypeInfo(typeof(Transaction));
    internal static readonly JsonTypeInfo<RefundNotice> IncomingRefund = (JsonTypeInfo<RefundNotice>)Incoming.GetTypeInfo(typeof(RefundNotice));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(BeijingSecondsConverter)])]
[JsonSerializable(typeof(JsapiOrderRequest))]
[JsonSerializable(typeof(JsapiOrderAnswer))]
[JsonSerializable(typeof(NativeOrderRequest))]
[JsonSerializable(typeof(NativeOrderAnswer))]
[JsonSerializable(typeof(CloseOrderRequest))]
[JsonSerializable(typeof(Transaction))]
[JsonSerializable(typeof(RefundRequest))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(RefundNotice))]
[JsonSerializable(typeof(NotificationEnvelope))]
[JsonSerializable(typeof(CertificatesAnswer))]
[JsonSerializable(typeof(BillAnswer))]
[JsonSerializable(typeof(PayErrorAnswer))]
public sealed partial class PayJsonContext : JsonSerializerContext;

/// <summary>RFC 3339 as WeChat writes it: whole seconds with <c>+08:00</c>. Reads any offset.</summary>
sealed class BeijingSecondsConverter : JsonConverter<DateTimeOffset>
{
    static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var instant)) return instant;
        throw new JsonException("Not an RFC 3339 instant.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonEncodedText.Encode(
            value.ToOffset(Beijing).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
}
