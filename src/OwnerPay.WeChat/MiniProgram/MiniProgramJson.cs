using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OwnerPay.WeChat.OfficialAccount;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>How the bodies of api.weixin.qq.com are written and read: Chinese raw, nulls left out.</summary>
public static class MiniProgramJson
{
    public static MiniProgramJsonContext Types { get; } = new(WireJson.Raw(MiniProgramJsonContext.Default.Options));
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
[JsonSerializable(typeof(FollowersRequest))]
[JsonSerializable(typeof(FollowersAnswer))]
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
