using System.Text.Json;

namespace OwnerPay.Domain.Tests;

/// <summary>Every case of every file runs through the rule that the service uses, as a test of its own.</summary>
public sealed class RuleCasesTests
{
    public static IEnumerable<TheoryDataRow<string, int>> Rows() => RuleCases.Rows();

    public static TheoryData<string> Files() => [.. RuleCases.All.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_case_comes_out_as_an_independent_program_computed_it(string rule, int index) =>
        Assert.Null(RuleCases.Difference(rule, RuleCases.All[rule][index]));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_cases_has_a_rule_and_is_not_empty(string rule)
    {
        Assert.Contains(rule, RuleRunner.Rules.Keys);
        Assert.NotEmpty(RuleCases.All[rule]);
    }

    [Fact]
    public void A_folder_without_cases_is_no_success() => Assert.NotEmpty(RuleCases.All);

    [Fact]
    public void The_projects_own_cases_cover_every_rule()
    {
        var own = RuleCases.Load(Path.Combine(AppContext.BaseDirectory, "Cases"));

        Assert.Equal(RuleRunner.Rules.Keys.Order(), own.Keys.Order());
        Assert.All(own.Values, cases => Assert.True(cases.Length >= 20, "a file lost cases"));
    }

    [Theory]
    [InlineData("proration", """{"amountFen":25061,"months":[{"month":"2026-03","days":31,"ofDays":31}]}""")]
    [InlineData("proration", """{"amountFen":25060}""")]
    [InlineData("proration", """{"amountFen":25060,"months":[{"month":"2026-03","days":31,"ofDays":31}],"more":1}""")]
    [InlineData("proration", """{"error":"no_basis"}""")]
    [InlineData("unheard-of", """{"amountFen":25060}""")]
    public void A_wrong_answer_an_incomplete_one_and_an_unknown_rule_are_noticed(string rule, string expected)
    {
        const string Input = """{"quantity":"89.50","unitPriceYuan":"2.8000","from":"2026-03-01","to":"2026-03-31"}""";
        using var item = JsonDocument.Parse($$"""{"id":"planted","input":{{Input}},"expected":{{expected}}}""");

        Assert.NotNull(RuleCases.Difference(rule, item.RootElement));
    }

    [Theory]
    [InlineData("""{"error":"insufficient_points"}""")]
    [InlineData("""{"error":"invalid"}""")]
    [InlineData("""{"partsFen":[]}""")]
    public void A_refusal_under_another_name_is_noticed(string expected)
    {
        using var item = JsonDocument.Parse($$"""{"id":"planted","input":{"totalFen":5,"weights":["0"]},"expected":{{expected}}}""");

        Assert.NotNull(RuleCases.Difference("apportion", item.RootElement));
    }
}
