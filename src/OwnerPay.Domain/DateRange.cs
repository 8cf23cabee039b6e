namespace OwnerPay.Domain;

/// <summary>A closed range of Shanghai dates: both ends belong to it. <c>default</c> is the single day 0001-01-01.</summary>
public readonly record struct DateRange
{
    public DateOnly From { get; }
    public DateOnly To { get; }

    /// <exception cref="RuleRefusal"><c>range_reversed</c> when <paramref name="to"/> is before <paramref name="from"/>.</exception>
    public DateRange(DateOnly from, DateOnly to)
    {
        if (to < from) throw new RuleRefusal(RuleCodes.RangeReversed, $"{from:O} is after {to:O}");
        From = from;
        To = to;
    }

    public static DateRange Month(int year, int month) => new(new(year, month, 1), new(year, month, DateTime.DaysInMonth(year, month)));

    public static DateRange Year(int year) => new(new(year, 1, 1), new(year, 12, 31));

    /// <summary>Days in the range, at least 1.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    public bool Contains(DateOnly day) => From <= day && day <= To;

    public bool Contains(DateRange other) => From <= other.From && other.To <= To;

    public bool Overlaps(DateRange other) => From <= other.To && other.From <= To;

    /// <summary>The days of both, or null if there is none.</summary>
    public DateRange? Intersect(DateRange other) =>
        Overlaps(other) ? new DateRange(From > other.From ? From : other.From, To < other.To ? To : other.To) : null;

    /// <summary>The first day of each calendar month that the range touches, ascending.</summary>
    public IEnumerable<DateOnly> Months()
    {
        for (var index = MonthIndex(From); index <= MonthIndex(To); index++) yield return new DateOnly(index / 12, index % 12 + 1, 1);
    }

    /// <summary>Counts calendar months, so that the month after December is the next number: 12 × year + month − 1.</summary>
    internal static int MonthIndex(DateOnly day) => day.Year * 12 + day.Month - 1;

    /// <summary>The first and the last month of which every day is in the range, as month indexes; none if first is after last.</summary>
    internal (int First, int Last) WholeMonths() =>
        (MonthIndex(From) + (From.Day == 1 ? 0 : 1), MonthIndex(To) - (To.Day == DateTime.DaysInMonth(To.Year, To.Month) ? 0 : 1));

    public override string ToString() => $"{From:O}..{To:O}";
}
