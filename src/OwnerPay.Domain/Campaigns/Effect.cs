namespace OwnerPay.Domain.Campaigns;

/// <summary>A closed range of numbers that holds the true value in about 95 of 100 studies like this one.</summary>
public readonly record struct Interval(decimal Low, decimal High);

/// <summary>Days from the start of a campaign to the payment, of those who paid.</summary>
/// <param name="Count">Houses that paid.</param>
/// <param name="Sum">Days together.</param>
/// <param name="SumOfSquares">Squares of the days together.</param>
public readonly record struct PaymentDays(int Count, long Sum, long SumOfSquares)
{
    public static PaymentDays Of(IEnumerable<int> days) => days.Aggregate(default(PaymentDays),
        (all, day) => new(all.Count + 1, all.Sum + day, all.SumOfSquares + (long)day * day));

    /// <summary>Null when nobody paid.</summary>
    public decimal? Mean => Count == 0 ? null : (decimal)Sum / Count;

    /// <summary>Variance of the mean; 0 for fewer than 2.</summary>
    internal decimal VarianceOfMean
    {
        get
        {
            if (Count < 2) return 0;
            var spread = SumOfSquares - (decimal)Sum * Sum / Count;
            return Math.Max(0, spread) / (Count - 1) / Count;
        }
    }
}

/// <summary>How sure one can be of what a campaign did: intervals of 95 %.</summary>
/// <remarks>Sources: E. B. Wilson, Probable inference, J. Amer. Statist. Assoc. 22 (1927), for one ratio; R. G. Newcombe, Interval estimation for the
/// difference between independent proportions, Statistics in Medicine 17 (1998), method 10, for the difference of two. Both keep their promise in
/// small groups and at ratios near 0 and 1, where the usual formula gives nonsense. Example of Newcombe's: 56 of 70 against 48 of 80 is a difference
/// of 0.2000, between 0.0524 and 0.3339.</remarks>
public static class Effect
{
    /// <summary>Payers that each group needs before their days are compared: below, an interval would promise too much.</summary>
    public const int FewestPayers = 30;

    const decimal Z = 1.959963984540054m;

    /// <summary>Of one ratio.</summary>
    /// <returns>Within 0 and 1; from 0 to 1 when there is nobody.</returns>
    /// <exception cref="RuleRefusal"><c>negative_number</c>; <c>percent_too_high</c> for more successes than people.</exception>
    public static Interval Ratio(int successes, int people)
    {
        RuleRefusal.IfNegative(successes, "the number of successes");
        if (successes > people) throw new RuleRefusal(RuleCodes.PercentTooHigh, $"{successes} of {people}");
        if (people == 0) return new(0, 1);
        decimal n = people, p = successes / n;
        var middle = p + Z * Z / (2 * n);
        var reach = Z * Root((p * (1 - p) + Z * Z / (4 * n)) / n);
        var whole = 1 + Z * Z / n;
        return new(successes == 0 ? 0 : Math.Max(0, (middle - reach) / whole), successes == people ? 1 : Math.Min(1, (middle + reach) / whole));
    }

    /// <summary>Of the difference of two ratios, the first less the second.</summary>
    /// <returns>Within −1 and 1; null when one group is empty.</returns>
    public static Interval? Difference(int successes, int people, int otherSuccesses, int otherPeople)
    {
        var (one, other) = (Ratio(successes, people), Ratio(otherSuccesses, otherPeople));
        if (people == 0 || otherPeople == 0) return null;
        decimal p = (decimal)successes / people, q = (decimal)otherSuccesses / otherPeople;
        var low = Root(Square(p - one.Low) + Square(other.High - q));
        var high = Root(Square(one.High - p) + Square(q - other.Low));
        return new(Math.Max(-1, p - q - low), Math.Min(1, p - q + high));
    }

    /// <summary>Of the difference of the mean days, the first less the second, by the normal approximation.</summary>
    /// <returns>Null when one group has fewer than <see cref="FewestPayers"/>.</returns>
    public static Interval? DaysDifference(PaymentDays one, PaymentDays other)
    {
        if (one.Count < FewestPayers || other.Count < FewestPayers) return null;
        var (difference, reach) = (one.Mean!.Value - other.Mean!.Value, Z * Root(one.VarianceOfMean + other.VarianceOfMean));
        return new(difference - reach, difference + reach);
    }

    static decimal Square(decimal value) => value * value;

    /// <summary>The square root to some 26 digits, by Newton's steps from above; they fall until they stand still.</summary>
    internal static decimal Root(decimal value)
    {
        if (value <= 0) return 0;
        for (var root = Math.Max(value, 1m); ;)
        {
            var next = (root + value / root) / 2;
            if (next >= root) return root;
            root = next;
        }
    }
}
