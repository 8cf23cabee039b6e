using System.Text.RegularExpressions;

namespace OwnerPay.Service.Messaging;

/// <summary>Texts with names in braces: <c>{house}物业费</c>.</summary>
public static partial class TemplateText
{
    /// <summary>Puts the values in.</summary>
    /// <param name="unknown">The first name that has no value; null when all have one.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values, out string? unknown)
    {
        string? missing = null;
        var filled = Name().Replace(text, match =>
        {
            if (values.TryGetValue(match.Groups["name"].Value, out var value)) return value;
            missing ??= match.Groups["name"].Value;
            return "";
        });
        unknown = missing;
        return filled;
    }

    /// <summary>The values that a text names, and no others.</summary>
    public static Dictionary<string, string> Used(string text, IReadOnlyDictionary<string, string> values) =>
        Name().Matches(text).Select(match => match.Groups["name"].Value).Distinct().Where(values.ContainsKey)
            .ToDictionary(name => name, name => values[name]);

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)\}")]
    private static partial Regex Name();
}
