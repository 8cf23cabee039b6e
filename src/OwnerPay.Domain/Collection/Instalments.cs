namespace OwnerPay.Domain.Collection;

/// <summary>One part of a plan (分期).</summary>
/// <param name="DueOn">Shanghai date up to which all parts so far must be there.</param>
/// <param name="Amount">Fen, above 0.</param>
public readonly record struct InstalmentPart(DateOnly DueOn, Fen Amount);

/// <summary>Principal of the plan's bills that was settled on a day.</summary>
/// <param name="Fen">Below 0: opened again.</param>
public readonly record struct InstalmentMove(DateOnly On, long Fen);

public enum InstalmentState
{
    /// <summary>Nothing is missed so far.</summary>
    Kept,
    /// <summary>A part was missed by more than the grace.</summary>
    Missed,
    /// <summary>All of it is there.</summary>
    Completed,
}

/// <param name="On">Of a missed plan the due date of the part that was missed: late fee runs again from the day after. Of a completed one the day of
/// its last fen. Null while it is kept.</param>
/// <param name="SettledFen">What is there on the day asked about, or on the day on which the plan was decided.</param>
public readonly record struct InstalmentStanding(InstalmentState State, DateOnly? On, long SettledFen);

/// <summary>Whether an instalment plan is kept, from what was agreed and what came; no job decides it and no order of events.</summary>
/// <remarks>What counts is the sum: who pays the second part early and nothing at its date keeps the plan. A part may come up to <c>due date +
/// grace</c>, that day included; on the next day the plan has ended at the due date of that part. Money that comes later does not revive it. Source:
/// the plan's agreement; example: 300.00 yuan on the 10th of each of three months, 5 days of grace, 250.00 yuan paid on the 10th of the first month:
/// ended on the 10th, known from the 16th on.</remarks>
public static class Instalments
{
    /// <param name="parts">At least one, ascending in date.</param>
    /// <param name="graceDays">Days by which a part may be late, ≥ 0.</param>
    /// <param name="moves">In any order.</param>
    /// <param name="asOf">Shanghai date that is asked about, included.</param>
    /// <exception cref="RuleRefusal"><c>no_basis</c> without parts, <c>negative_amount</c>, <c>negative_number</c>, <c>range_reversed</c> when they
    /// do not ascend.</exception>
    public static InstalmentStanding AsOf(DateOnly asOf, IReadOnlyList<InstalmentPart> parts, int graceDays, IReadOnlyList<InstalmentMove> moves)
    {
        Check(parts, graceDays);
        var total = parts.Sum(part => part.Amount.Value);
        var (due, settled, next) = (0L, 0L, 0);
        var came = moves.Where(move => move.On <= asOf).OrderBy(move => move.On).GroupBy(move => move.On)
            .Select(day => (On: day.Key, Fen: day.Sum(m => m.Fen)))
            .ToList();
        foreach (var part in parts)
        {
            due += part.Amount.Value;
            var last = part.DueOn.DayNumber + (long)graceDays;
            for (; next < came.Count && came[next].On.DayNumber <= last; next++)
            {
                settled += came[next].Fen;
                if (settled >= total) return new(InstalmentState.Completed, came[next].On, settled);
            }
            if (asOf.DayNumber <= last) return new(InstalmentState.Kept, null, settled);
            if (settled < due) return new(InstalmentState.Missed, part.DueOn, settled);
        }
        throw new InvalidOperationException("The last part is either there, and all is, or it is missed");
    }

    /// <summary>The part to remind of: the first that falls due in the coming days and is not there yet.</summary>
    /// <param name="daysAhead">Days before its date from which on to remind, ≥ 0; its own day counts.</param>
    /// <returns>Its place in <paramref name="parts"/> and what is missing of it and of those before, fen; null when nothing is to be said.</returns>
    /// <remarks>Example: 300.00 yuan due on the 10th, 100.00 there, 3 days ahead: from the 7th to the 10th 200.00 are missing.</remarks>
    public static (int Part, Fen Missing)? Coming(
        DateOnly asOf, IReadOnlyList<InstalmentPart> parts, int graceDays, IReadOnlyList<InstalmentMove> moves, int daysAhead)
    {
        RuleRefusal.IfNegative(daysAhead, "the days ahead");
        if (AsOf(asOf, parts, graceDays, moves) is not { State: InstalmentState.Kept, SettledFen: var settled }) return null;
        var due = 0L;
        for (var place = 0; place < parts.Count; place++)
        {
            due += parts[place].Amount.Value;
            if (parts[place].DueOn < asOf || settled >= due) continue;
            return parts[place].DueOn.DayNumber - asOf.DayNumber <= daysAhead ? (place, new Fen(due - settled)) : null;
        }
        return null;
    }

    static void Check(IReadOnlyList<InstalmentPart> parts, int graceDays)
    {
        if (parts.Count == 0) throw new RuleRefusal(RuleCodes.NoBasis, "a plan without parts");
        RuleRefusal.IfNegative(graceDays, "the days of grace");
        for (var index = 0; index < parts.Count; index++)
        {
            if (parts[index].Amount <= Fen.Zero) throw new RuleRefusal(RuleCodes.NegativeAmount, $"a part of {parts[index].Amount.Value} fen");
            if (index > 0 && parts[index].DueOn <= parts[index - 1].DueOn)
                throw new RuleRefusal(RuleCodes.RangeReversed, $"{parts[index].DueOn:O} is not after {parts[index - 1].DueOn:O}");
        }
    }
}
