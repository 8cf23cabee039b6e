using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace OwnerPay.WeChat.MiniProgram;

/// <summary>The fields of a push, whichever of JSON and XML it came in. Numbers and texts are alike.</summary>
abstract class PushFields
{
    /// <returns>Null if absent or no plain value.</returns>
    public abstract string? Text(string name);

    /// <summary>The entries of <c>List</c>: one object, an array or repeated elements, at the top or inside <paramref name="wrapper"/>.</summary>
    public abstract IReadOnlyList<PushFields> Entries(string wrapper);

    /// <returns>Null if the bytes are neither a JSON object nor an XML document.</returns>
    public static PushFields? TryRead(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
        if (start < 0) return null;
        return body[start] == (byte)'<' ? XmlFields.Parse(body[start..]) : JsonFields.Parse(body[start..]);
    }

    sealed class JsonFields(JsonElement element) : PushFields
    {
        public static JsonFields? Parse(ReadOnlySpan<byte> json)
        {
            try
            {
                using var document = JsonDocument.Parse(json.ToArray());
                return document.RootElement.ValueKind == JsonValueKind.Object ? new JsonFields(document.RootElement.Clone()) : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        public override string? Text(string name)
        {
            if (!element.TryGetProperty(name, out var value)) return null;
            if (value.ValueKind == JsonValueKind.Number) return value.GetRawText();
            if (value.ValueKind != JsonValueKind.String) return null;
            try
            {
                return value.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;    // half a surrogate pair, or bytes that are no UTF-8
            }
        }

        public override IReadOnlyList<PushFields> Entries(string wrapper)
        {
            var holder = element.TryGetProperty(wrapper, out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : element;
            if (!holder.TryGetProperty("List", out var list)) return [];
            return list.ValueKind switch
            {
                JsonValueKind.Object => [new JsonFields(list)],
                JsonValueKind.Array => [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(e => new JsonFields(e))],
                _ => [],
            };
        }
    }

    sealed class XmlFields(XElement element) : PushFields
    {
        static readonly XmlReaderSettings NoTricks = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

        public static XmlFields? Parse(ReadOnlySpan<byte> xml)
        {
            try
            {
                using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(xml)), NoTricks);
                return XDocument.Load(reader).Root is { } root ? new XmlFields(root) : null;
            }
            catch (XmlException)
            {
                return null;
            }
        }

        public override string? Text(string name) => element.Element(name) is { HasElements: false } field ? field.Value : null;

        public override IReadOnlyList<PushFields> Entries(string wrapper) =>
            [.. (element.Element(wrapper) ?? element).Elements("List").Select(list => new XmlFields(list))];
    }
}
