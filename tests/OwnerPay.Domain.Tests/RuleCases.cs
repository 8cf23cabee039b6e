using System.Text.Json;

namespace OwnerPay.Domain.Tests;

/// <summary>The files of rule cases that the environment variable OWNERPAY_RULE_CASES points to; by default the project's own.</summary>
public static class RuleCases
{
    public static readonly string Folder =
        Environment.GetEnvironmentVariable("OWNERPAY_RULE_CASES") is { Length: > 0 } named ? named : Path.Combine(AppContext.BaseDirectory, "Cases");

    static readonly Lazy<Dictionary<string, JsonElement[]>> Loaded = new(() => Load(Folder));

    /// <summary>Rule name (file name without ending) → its cases.</summary>
    public static IReadOnlyDictionary<string, JsonElement[]> All => Loaded.Value;

    public static Dictionary<string, JsonElement[]> Load(string folder) =>
        Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToDictionary(
            file => Path.GetFileNameWithoutExtension(file),
            file =>
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(file));
                return document.RootElement.EnumerateArray().Select(item => item.Clone()).ToArray();
            });

    /// <summary>One row per case, shown by its id.</summary>
    public static IEnumerable<TheoryDataRow<string, int>> Rows() =>
        All.SelectMany(rule => rule.Value.Select((item, index) => new TheoryDataRow<string, int>(rule.Key, index)
        {
            TestDisplayName = $"{rule.Key}[{index}] {item.GetProperty("id").GetString()}",
        }));

    /// <summary>Says what is wrong with a case's answer, or null if it is the expected one in every member.</summary>
    public static string? Difference(string rule, JsonElement item)
    {
        if (!RuleRunner.Rules.TryGetValue(rule, out var run)) return $"no rule is known for {rule}.json";
        var expected = item.GetProperty("expected");
        string actual;
        try
        {
            actual = JsonSerializer.Serialize(run(item.GetProperty("input")));
        }
        catch (RuleRefusal refusal)
        {
            return IsExpected(refusal, expected) ? null : $"expected {expected.GetRawText()}\nrefused  {refusal.Code}: {refusal.Message}";
        }
        using var document = JsonDocument.Parse(actual);
        return JsonElement.DeepEquals(expected, document.RootElement) ? null : $"expected {expected.GetRawText()}\nactual   {actual}";
    }

    /// <summary>Errors that the cases call by name must come under it; of input that makes no sense they ask only that it is refused.</summary>
    static bool IsExpected(RuleRefusal refusal, JsonElement expected)
    {
        string[] named = [RuleCodes.NoBasis, RuleCodes.InsufficientPoints, RuleCodes.NoCollectors];
        if (expected.ValueKind != JsonValueKind.Object || !expected.TryGetProperty("error", out var error)) return false;
        var wanted = error.ValueKind == JsonValueKind.String ? error.GetString() : null;
        return named.Contains(wanted) || named.Contains(refusal.Code) ? wanted == refusal.Code : true;
    }
}
