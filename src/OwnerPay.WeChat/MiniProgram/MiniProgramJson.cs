using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OwnerPay.WeChat.OfficialAccount;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>How the bodies of api.weixin.qq.com are written and read: Chinese raw, nulls left out.</summary>
public static class MiniProgramJson
{
    public static MiniProgramJsonContext Types { get; } =
        new(new JsonSerializerOptions(MiniProgramJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <returns>The value, or null if the bytes are no JSON of that shape.</returns>
    public static T? TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MiniProgramAnswer))]
[JsonSerializable(typeof(Code2SessionAnswer))]
[JsonSerializable(typeof(StableTokenRequest))]
[JsonSerializable(typeof(StableTokenAnswer))]
[JsonSerializable(typeof(PhoneNumberRequest))]
[JsonSerializable(typeof(PhoneNumberAnswer))]
[JsonSerializable(typeof(SubscribeSendRequest))]
[JsonSerializable(typeof(SubscribeSendAnswer))]
[JsonSerializable(typeof(MiniProgramCodeRequest))]
[JsonSerializable(typeof(ManagedRequest))]
[JsonSerializable(typeof(ManagedAnswer))]
[JsonSerializable(typeof(UploadShippingRequest))]
[JsonSerializable(typeof(ShippingOrderRequest))]
[JsonSerializable(typeof(ShippingOrderAnswer))]
[JsonSerializable(typeof(TemplateSendRequest))]
[JsonSerializable(typeof(TemplateSendAnswer))]
public sealed partial class MiniProgramJsonContext : JsonSerializerContext;

/// <summary>Reads a text or a whole number as text; writes digits as a number, as WeChat mostly does.</summary>
sealed class TextOrNumberConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => throw new JsonException("Neither text nor whole number."),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && value == number.ToString(CultureInfo.InvariantCulture)) writer.WriteNumberValue(number);
        else writer.WriteStringValue(value);
    }
}
