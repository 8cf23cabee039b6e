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

    /// <returns>The type's docstring in plain text; null where it has none.</returns>
    public static string? Of(Type type) =>
        Members.Value.TryGetValue($"T:{type.FullName}", out var member) && member.Element("summary") is { } summary ? Plain(summary) : null;

    /// <returns><c>listTemplatesToAsk</c> as <c>List templates to ask</c>.</returns>
    public static string Words(string operation)
    {
        var words = Capital().Replace(operation, match => " " + match.Value.ToLowerInvariant());
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    static string Plain(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(node => node switch
    {
        XElement code when code.Name == "c" => $"`{code.Value}`",
        XElement reference when reference.IsEmpty => ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? "").Split('.', ':')[^1],
        XElement other => other.Value,
        _ => node.ToString(),
    })), " ").Trim();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
