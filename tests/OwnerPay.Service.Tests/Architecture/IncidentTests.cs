using System.Text.RegularExpressions;

namespace OwnerPay.Service.Tests.Architecture;

/// <summary>What others paid for is known here by a test.</summary>
public sealed partial class IncidentTests
{
    [GeneratedRegex("""Trait\("Incident", "(\d+)"\)""")]
    private static partial Regex Marked();

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Told();

    [Fact]
    public void Each_incident_that_we_know_of_has_a_test_and_each_mark_an_incident()
    {
        var marked = Repository.Files("tests", "*.cs").SelectMany(file => Numbers(Marked(), File.ReadAllText(file))).Distinct();
        var told = Numbers(Told(), File.ReadAllText(Path.Combine(Repository.Root, "docs", "incidents.md")));
        Assert.NotEmpty(told);
        Assert.Equal(told.Order(), marked.Order());
    }

    static List<int> Numbers(Regex form, string text) => [.. form.Matches(text).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
}
