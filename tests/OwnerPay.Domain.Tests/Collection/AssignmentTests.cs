using CsCheck;
using OwnerPay.Domain.Collection;

namespace OwnerPay.Domain.Tests.Collection;

public sealed class AssignmentTests
{
    static readonly Gen<(string[] Collectors, CaseToAssign[] Cases)> Offices = Gen.Select(Gen.Int[1, 8],
        Gen.Select(Gen.OneOf(0L, 5, 5, 10, 17), Gen.Int[0, 12]).Array[0, 60], (collectors, cases) => (
            Enumerable.Range(1, collectors).Select(number => $"C{number}").ToArray(),
            cases.Select((item, index) => new CaseToAssign($"H{index}", item.Item1, item.Item2 == 0 ? null : $"C{item.Item2}")).ToArray()));

    [Fact]
    public void Every_case_has_one_collector_and_every_load_is_the_sum_of_its_cases() => Offices.Sample(office =>
    {
        var result = Assignment.Of(office.Collectors, office.Cases);
        var weights = office.Cases.ToDictionary(item => item.Id, item => item.Weight);

        Assert.Equal(office.Cases.Select(item => item.Id).Order(StringComparer.Ordinal), result.Assigned.Select(item => item.Case));
        Assert.Equal(office.Collectors.Order(StringComparer.Ordinal), result.Loads.Select(load => load.Collector));
        Assert.All(result.Loads, load =>
            Assert.Equal(load.Weight, result.Assigned.Where(item => item.Collector == load.Collector).Sum(item => weights[item.Case])));
    });

    [Fact]
    public void Who_knows_the_house_keeps_it_within_a_tenth_above_an_equal_share_and_the_answer_says_so() => Offices.Sample(office =>
    {
        var result = Assignment.Of(office.Collectors, office.Cases);
        var previous = office.Cases.ToDictionary(item => item.Id, item => item.Previous);

        Assert.All(result.Assigned.Where(item => item.Reason == AssignmentReason.KnowsTheHouse),
            item => Assert.Equal(previous[item.Case], item.Collector));
        Assert.Equal(result.Assigned, Assignment.Of([.. office.Collectors.Reverse()], [.. office.Cases.Reverse()]).Assigned);
    });

    [Fact]
    public void With_nothing_to_do_everybody_has_nothing_and_without_collectors_nothing_is_no_mistake()
    {
        Assert.Equal([new CollectorLoad("C1", 0)], Assignment.Of(["C1"], []).Loads);
        Assert.Empty(Assignment.Of([], []).Loads);
    }

    [Fact]
    public void Weights_that_no_number_can_sum_are_refused() =>
        Assert.Equal("too_large", Assert.Throws<RuleRefusal>(() => Assignment.Of(["C1"], [new("H1", long.MaxValue, null), new("H2", 1, null)])).Code);
}
