using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OwnerPay.Service.Platform;

/// <summary>The docstrings of operations as texts for the API pages, from the documentation file that the compiler leaves beside the program.</summary>
public static partial class ApiTexts
{
    static readonly Lazy<Dictionary<string, XElement>> Members = new(() =>
    {
        var file = Path.ChangeExtension(typeof(ApiTexts).Assembly.Location, ".xml");
        return File.Exists(file) ? XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal) : [];
    });

    /// <returns>The first sentence of the type's docstring, and the rest if there is one; nulls where it has none.</returns>
    public static (string? Summary, string? More) Of(Type type)
    {
        if (!Members.Value.TryGetValue($"T:{type.FullName}", out var member) || member.Element("summary") is not { } summary) return (null, null);
        var text = Plain(summary);
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? (text.TrimEnd('.'), null) : (text[..end], text[(end + 2)..]);
    }

    static string Plain(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(node => node switch
    {
        XElement code when code.Name == "c" => $"`{code.Value}`",
        XElement reference when reference.IsEmpty => ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? "").Split('.', ':')[^1],
        XElement other => other.Value,
        _ => node.ToString(),
    })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
