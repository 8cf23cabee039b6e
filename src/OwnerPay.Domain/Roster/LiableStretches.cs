namespace OwnerPay.Domain.Roster;

/// <summary>In which capacity somebody holds a house.</summary>
public enum HolderKind { Owner, Developer }

/// <summary>A person holds a house, alone or with others, from–to.</summary>
/// <param name="To">Last day, included; null while it lasts.</param>
public sealed record Holding(Guid Person, HolderKind Kind, DateOnly From, DateOnly? To)
{
    public bool On(DateOnly day) => From <= day && (To is null || day <= To);
}

/// <summary>An unbroken stretch of days in which the same persons together owe what a house costs.</summary>
/// <param name="To">Last day, included; null while it lasts.</param>
public sealed record LiableStretch(HolderKind Kind, IReadOnlySet<Guid> Persons, DateOnly From, DateOnly? To);

/// <summary>Who is liable for a house, day by day: its owners of that day together, or the developer where it has none.</summary>
/// <remarks>Source: Civil Code art. 944 (owners pay) and Regulation on Property Management art. 41 (the developer pays for what is unsold or not
/// handed over).
/// Example: developer from 1 September, owner A from 9 October, sold to B and C together on 12 November → developer 1 September to 8 October, A 9
/// October to 11 November, {B, C} from 12 November. Tenants are no party, whatever they promised to pay.</remarks>
public static class LiableStretches
{
    /// <param name="holdings">All holdings of one house, in any order; they may overlap and leave gaps.</param>
    /// <returns>Stretches in the order of time, without overlap; a gap stays where nobody holds the house.</returns>
    public static IReadOnlyList<LiableStretch> Of(IReadOnlyCollection<Holding> holdings)
    {
        // Only on these days can the answer change.
        var edges = holdings.Select(holding => holding.From)
            .Concat(holdings.Where(holding => holding.To is not null).Select(holding => holding.To!.Value.AddDays(1)))
            .Distinct().Order().ToList();
        List<LiableStretch> stretches = [];
        for (var i = 0; i < edges.Count; i++)
        {
            DateOnly? last = i + 1 < edges.Count ? edges[i + 1].AddDays(-1) : null;
            if (On(edges[i], holdings) is not { } liable) continue;
            if (stretches.Count > 0 && stretches[^1] is var before && before.To == edges[i].AddDays(-1)
                && before.Kind == liable.Kind && before.Persons.SetEquals(liable.Persons))
                stretches[^1] = before with { To = last };
            else
                stretches.Add(new(liable.Kind, liable.Persons, edges[i], last));
        }
        return stretches;
    }

    /// <summary>The definition: who is liable on one day, or null when nobody holds the house.</summary>
    public static (HolderKind Kind, IReadOnlySet<Guid> Persons)? On(DateOnly day, IReadOnlyCollection<Holding> holdings)
    {
        foreach (var kind in (ReadOnlySpan<HolderKind>)[HolderKind.Owner, HolderKind.Developer])
            if (holdings.Where(holding => holding.Kind == kind && holding.On(day)).Select(holding => holding.Person)
                .ToHashSet() is { Count: > 0 } persons)
                return (kind, persons);
        return null;
    }
}
