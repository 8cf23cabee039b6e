using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OwnerPay.WeChat;

/// <summary>Writes and reads the bodies of all of WeChat's doors; the types of each are in its own context (<c>PayJson.Types</c>, <c>MiniProgramJson.Types</c>).</summary>
public static class WireJson
{
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

    /// <summary>These options with Chinese written as it is, which is what WeChat signs.</summary>
    internal static JsonSerializerOptions Raw(JsonSerializerOptions options) => new(options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
