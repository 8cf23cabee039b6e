namespace OwnerPay.Domain.Collection;

/// <param name="Weight">How much work the case is expected to be, ≥ 0: amount band, class and age.</param>
/// <param name="Previous">The collector who knows the house; null if nobody does.</param>
public readonly record struct CaseToAssign(string Id, long Weight, string? Previous);

public enum AssignmentReason
{
    /// <summary>The previous collector keeps it: his load stays within 110 % of an equal share.</summary>
    KnowsTheHouse,
    /// <summary>He had the least load, and of several the lowest id.</summary>
    LeastLoad,
}

public readonly record struct AssignedCase(string Case, string Collector, AssignmentReason Reason);

public readonly record struct CollectorLoad(string Collector, long Weight);

/// <param name="Assigned">By case id.</param>
/// <param name="Loads">By collector id, those without a case included.</param>
public sealed record AssignmentResult(IReadOnlyList<AssignedCase> Assigned, IReadOnlyList<CollectorLoad> Loads);

/// <summary>Deals collection cases to collectors: heaviest first, to whoever knows the house if that stays fair, else to the least loaded.</summary>
/// <remarks>Fair: 10 × collectors × (load so far + weight) ≤ 11 × the weight of all cases. Ids are compared ordinally: C10 before C2.
/// The same input gives the same answer.</remarks>
public static class Assignment
{
    /// <param name="collectors">Ids of those who work now, in any order.</param>
    /// <param name="cases">In any order.</param>
    /// <exception cref="RuleRefusal"><c>no_collectors</c> for cases; <c>duplicate_id</c>, <c>negative_number</c>, <c>too_large</c>.</exception>
    public static AssignmentResult Of(IReadOnlyCollection<string> collectors, IReadOnlyCollection<CaseToAssign> cases)
    {
        var loads = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var collector in collectors)
            if (!loads.TryAdd(collector, 0)) throw RuleRefusal.Duplicate("collector", collector);
        var total = Check(cases);
        if (loads.Count == 0 && cases.Count > 0) throw new RuleRefusal(RuleCodes.NoCollectors, $"{cases.Count} cases and no collector");

        var assigned = new List<AssignedCase>(cases.Count);
        foreach (var next in cases.OrderByDescending(item => item.Weight).ThenBy(item => item.Id, StringComparer.Ordinal))
        {
            var kept = next.Previous is { } previous && loads.TryGetValue(previous, out var load)
                && (Int128)10 * loads.Count * (load + next.Weight) <= (Int128)11 * total;
            var collector = kept ? next.Previous! : LeastLoaded(loads);
            loads[collector] += next.Weight;
            assigned.Add(new(next.Id, collector, kept ? AssignmentReason.KnowsTheHouse : AssignmentReason.LeastLoad));
        }
        assigned.Sort((left, right) => string.CompareOrdinal(left.Case, right.Case));
        return new(assigned, [.. loads.Select(load => new CollectorLoad(load.Key, load.Value))]);
    }

    static string LeastLoaded(SortedDictionary<string, long> loads)
    {
        (string Id, long Weight)? least = null;    // ids come in ascending order, so the first of equal loads stays
        foreach (var (id, weight) in loads)
            if (least is null || weight < least.Value.Weight) least = (id, weight);
        return least!.Value.Id;
    }

    static long Check(IReadOnlyCollection<CaseToAssign> cases)
    {
        var (seen, total) = (new HashSet<string>(cases.Count, StringComparer.Ordinal), 0L);
        foreach (var item in cases)
        {
            RuleRefusal.IfNegative(item.Weight, "a case's weight");
            if (!seen.Add(item.Id)) throw RuleRefusal.Duplicate("case", item.Id);
            if (item.Weight > long.MaxValue - total) throw RuleRefusal.TooLarge("sum of the weights");
            total += item.Weight;
        }
        return total;
    }
}
