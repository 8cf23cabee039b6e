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
            try
            {
                return Member(element, name) switch
                {
                    { ValueKind: JsonValueKind.String } text => text.GetString(),
                    { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
                    _ => null,
                };
            }
            catch (InvalidOperationException)
            {
                return null;    // half a surrogate pair
            }
        }

        public override IReadOnlyList<PushFields> Entries(string wrapper)
        {
            var holder = Member(element, wrapper) is { ValueKind: JsonValueKind.Object } inner ? inner : element;
            return Member(holder, "List") switch
            {
                { ValueKind: JsonValueKind.Object } one => [new JsonFields(one)],
                { ValueKind: JsonValueKind.Array } list =>
                    [.. list.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).Select(entry => new JsonFields(entry))],
                _ => [],
            };
        }

        static JsonElement? Member(JsonElement holder, string name)
        {
            try
            {
                return holder.TryGetProperty(name, out var value) ? value : null;
            }
            catch (InvalidOperationException)
            {
                return null;    // some member's name holds half a surrogate pair, which the parser leaves unseen until names are compared
            }
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
