using System.Text.RegularExpressions;

namespace OwnerPay.Service.Tests.Architecture;

/// <summary>Reads our own text. Every rule has a sample that it must refuse, so that no rule sleeps.</summary>
public sealed partial class TidyTests
{
    // Ratchets: they may go down, never up.
    const int LongestFile = 420, LongestMethod = 70, LongestLine = 200;

    static readonly string[] Code = ["src", "tests"];

    [Fact]
    public void No_file_has_grown_beyond_one_subject() =>
        Assert.Empty(Sources("src").Where(file => File.ReadLines(file).Count() > LongestFile).Select(Repository.Relative));

    [Fact]
    public void No_method_is_too_long_to_be_seen_whole() =>
        Assert.Empty(Sources("src").SelectMany(file => LongMethods(File.ReadAllLines(file)).Select(line => $"{Repository.Relative(file)}:{line}")));

    [Fact]
    public void No_line_is_too_wide() =>
        Assert.Empty(Code.SelectMany(Sources).SelectMany(file => Wide(file)));

    [Fact]
    public void No_left_over_marks_and_no_stubs() => Assert.Empty(Hits(Code.SelectMany(Sources), LeftOver()));

    [Fact]
    public void No_test_is_switched_off() => Assert.Empty(Hits(Sources("tests"), SwitchedOff()));

    [Fact]
    public void No_floating_point_near_money() =>
        Assert.Empty(Hits(Sources("src/OwnerPay.Domain").Concat(
            new[] { "Ledger", "Billing", "Promotions", "Payments", "Points", "Rewards", "Reconciliation" }.SelectMany(room => Sources("src/OwnerPay.Service/" + room))), Floating()));

    [Fact]
    public void No_path_of_a_machine_and_no_registry_stands_in_the_repository()
    {
        var files = new[] { "*.cs", "*.md", "*.json", "*.props", "*.csproj", "*.yml", "*.sh", "*.ts", "*.mjs" }.SelectMany(pattern => Repository.Files(".", pattern))
            .Concat(["run"]).Select(file => file == "run" ? Path.Combine(Repository.Root, "tests", "run") : file).Where(File.Exists);
        Assert.Empty(Hits(files.Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal)), MachinePath()));
    }

    [Theory]
    [InlineData("// TO" + "DO later", true)]
    [InlineData("throw new NotImplemented" + "Exception();", true)]
    [InlineData("// the method of the field", false)]
    public void The_mark_check_refuses_its_samples(string line, bool refused) => Assert.Equal(refused, LeftOver().IsMatch(line));

    [Theory]
    [InlineData("[Fact(Sk" + "ip = \"later\")]", true)]
    [InlineData("Assert.Tr" + "ue(true);", true)]
    [InlineData("rows.Skip(3)", false)]
    public void The_switched_off_check_refuses_its_samples(string line, bool refused) => Assert.Equal(refused, SwitchedOff().IsMatch(line));

    [Theory]
    [InlineData("dou" + "ble price = 3;", true)]
    [InlineData("// a doubled callback", false)]
    public void The_floating_point_check_refuses_its_samples(string line, bool refused) => Assert.Equal(refused, Floating().IsMatch(line));

    [Theory]
    [InlineData("cd /ho" + "me/somebody/x", true)]
    [InlineData("/ro" + "ot/x", true)]
    [InlineData("GET /homes/1", false)]
    public void The_path_check_refuses_its_samples(string line, bool refused) => Assert.Equal(refused, MachinePath().IsMatch(line));

    [Fact]
    public void The_method_length_check_refuses_its_sample()
    {
        List<string> sample = ["public sealed class Sample", "{", "    void Long()", "    {"];
        sample.AddRange(Enumerable.Repeat("        Act();", LongestMethod + 1));
        sample.AddRange(["    }", "}"]);
        Assert.Single(LongMethods([.. sample]));
        Assert.Empty(LongMethods([.. sample.Take(20), "    }", "}"]));
    }

    // This file names what it forbids.
    static IEnumerable<string> Sources(string folder) => Repository.Files(folder, "*.cs").Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal));

    static IEnumerable<string> Hits(IEnumerable<string> files, Regex rule) =>
        files.SelectMany(file => File.ReadLines(file).Select((line, number) => (line, number)).Where(at => rule.IsMatch(at.line))
            .Select(at => $"{Repository.Relative(file)}:{at.number + 1}: {at.line.Trim()}"));

    static IEnumerable<string> Wide(string file) => File.ReadLines(file).Select((line, number) => (line, number))
        .Where(at => at.line.Length > LongestLine).Select(at => $"{Repository.Relative(file)}:{at.number + 1} has {at.line.Length} characters");

    /// <returns>First lines of members (indented by four) whose block is longer than allowed.</returns>
    static IEnumerable<int> LongMethods(string[] lines)
    {
        for (var start = 0; start < lines.Length; start++)
        {
            if (lines[start] != "    {" || start == 0 || !lines[start - 1].Contains('(') && !lines[start - 1].Contains("=>")) continue;
            var end = Array.FindIndex(lines, start, line => line is "    }" or "    };" or "    });");
            if (end - start - 1 > LongestMethod) yield return start;
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"\bSkip\s*=\s*""|Assert\.True\(true\)|Assert\.False\(false\)")]
    private static partial Regex SwitchedOff();

    [GeneratedRegex(@"^(?!\s*//).*\b(double|float)\b")]
    private static partial Regex Floating();

    [GeneratedRegex(@"(?<![\w.])/(home|root|Users|work|farm)/\w|registry\.npmjs|api\.nuget\.org|[a-z]:\\Users\\")]
    private static partial Regex MachinePath();
}
