using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OwnerPay.WeChatEmulator;

/// <summary>JSON as WeChat's servers write it: Chinese as it is, absent members left out.</summary>
static class Json
{
    static readonly JsonSerializerOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Raw);

    public static string Text(JsonNode node) => node.ToJsonString(Raw);

    /// <returns>The root object, or null when the bytes are no JSON object.</returns>
    public static JsonElement? TryObject(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
