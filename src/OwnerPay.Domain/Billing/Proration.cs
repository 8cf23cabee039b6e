namespace OwnerPay.Domain.Billing;

/// <summary>How much of a calendar month is charged.</summary>
/// <param name="Days">Days charged, 1 to <paramref name="OfDays"/>.</param>
/// <param name="OfDays">Days of the month.</param>
public readonly record struct MonthShare(int Year, int Month, int Days, int OfDays);

/// <summary>A stretch of one line at one price.</summary>
/// <param name="Quantity">In 0.01 (m² of area, or 100 for one house, space or account).</param>
/// <param name="UnitPrice">In 0.0001 yuan per unit and month.</param>
public readonly record struct ProrationSegment(long Quantity, long UnitPrice, DateRange Period);

/// <param name="Months">Ascending; a month that two segments share is listed once with the days of both.</param>
public sealed record ProratedCharge(Fen Amount, IReadOnlyList<MonthShare> Months);

/// <summary>A monthly price over any stretch of days: whole months count 1, broken ones their days ÷ the days of that month.</summary>
/// <remarks>All months of a line are summed exactly and rounded once, half away from zero.
/// Example: 100 m² at 2.50 yuan from 2026-01-11 to 2026-06-30 → 21/31 + 5 months → 1,419.35 yuan.</remarks>
public static class Proration
{
    /// <summary>28, 29, 30 and 31 divide it, so that every share of a month is a whole number of such parts.</summary>
    internal const int PartsOfMonth = 377_580;

    /// <summary>0.01 units × 0.0001 yuan is 0.0001 fen.</summary>
    const int PriceUnitsPerFen = 10_000;

    /// <param name="quantity">In 0.01: m² of area, or 100 for one house, space or account.</param>
    /// <param name="unitPrice">In 0.0001 yuan per unit and month.</param>
    /// <param name="from">First day, included.</param>
    /// <param name="to">Last day, included.</param>
    /// <exception cref="RuleRefusal"><c>range_reversed</c>, <c>negative_number</c>, <c>too_large</c>.</exception>
    public static ProratedCharge Of(long quantity, long unitPrice, DateOnly from, DateOnly to)
    {
        var period = new DateRange(from, to);
        return new(Amount(quantity, unitPrice, period), MonthsOf(period));
    }

    /// <summary>One line whose price or area changes on the way: each stretch at its own, still rounded once.</summary>
    /// <exception cref="RuleRefusal"><c>segments_unsound</c> if two segments share a day or there is none; else as above.</exception>
    public static ProratedCharge Of(params ReadOnlySpan<ProrationSegment> segments)
    {
        if (segments.IsEmpty) throw new RuleRefusal(RuleCodes.SegmentsUnsound, "a line without a day to charge");
        var ordered = segments.ToArray();
        Array.Sort(ordered, (left, right) => left.Period.From.CompareTo(right.Period.From));
        Int128 sum = 0;
        var months = new List<MonthShare>();
        for (var index = 0; index < ordered.Length; index++)
        {
            var segment = ordered[index];
            if (index > 0 && ordered[index - 1].Period.To >= segment.Period.From)
                throw new RuleRefusal(RuleCodes.SegmentsUnsound, $"{segment.Period.From:O} is charged twice");
            sum = Add(sum, Exact(segment.Quantity, segment.UnitPrice, segment.Period));
            foreach (var month in MonthsOf(segment.Period))
                if (months.Count > 0 && (months[^1].Year, months[^1].Month) == (month.Year, month.Month))
                    months[^1] = month with { Days = months[^1].Days + month.Days };
                else
                    months.Add(month);
        }
        return new(ToFen(sum), months);
    }

    /// <summary>The amount alone, without an allocation: for runs over very many houses.</summary>
    /// <inheritdoc cref="Of(long, long, DateOnly, DateOnly)"/>
    public static Fen Amount(long quantity, long unitPrice, DateRange period) => ToFen(Exact(quantity, unitPrice, period));

    /// <summary>The same at a part of the price, as a vacant house pays it: 70 is seven tenths. Rounded once.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <inheritdoc cref="Of(long, long, DateOnly, DateOnly)"/>
    public static Fen Amount(long quantity, long unitPrice, DateRange period, int percent)
    {
        RuleRefusal.IfNegative(percent, "the percentage");
        if (percent > 100) throw new RuleRefusal(RuleCodes.PercentTooHigh, $"{percent} % of a price");
        var exact = Exact(quantity, unitPrice, period);
        if (exact > Int128.MaxValue / 100) throw RuleRefusal.TooLarge("amount");
        return Fen.Round(exact * percent, PartsOfMonth * (long)PriceUnitsPerFen * 100);
    }

    static Fen ToFen(Int128 exact) => Fen.Round(exact, PartsOfMonth * (long)PriceUnitsPerFen);

    static Int128 Exact(long quantity, long unitPrice, DateRange period)
    {
        RuleRefusal.IfNegative(quantity, "the quantity");
        RuleRefusal.IfNegative(unitPrice, "the unit price");
        var perMonth = (Int128)quantity * unitPrice;
        var parts = MonthParts(period);
        return perMonth > Int128.MaxValue / parts ? throw RuleRefusal.TooLarge("amount") : perMonth * parts;
    }

    static Int128 Add(Int128 left, Int128 right) => left > Int128.MaxValue - right ? throw RuleRefusal.TooLarge("amount") : left + right;

    static long MonthParts(DateRange period)
    {
        var (from, to) = (period.From, period.To);
        var between = DateRange.MonthIndex(to) - DateRange.MonthIndex(from);
        var ofFirst = DateTime.DaysInMonth(from.Year, from.Month);
        if (between == 0) return period.Days * (PartsOfMonth / ofFirst);
        return (ofFirst - from.Day + 1) * (PartsOfMonth / ofFirst)
            + (between - 1) * (long)PartsOfMonth
            + to.Day * (PartsOfMonth / DateTime.DaysInMonth(to.Year, to.Month));
    }

    internal static MonthShare[] MonthsOf(DateRange period)
    {
        var first = DateRange.MonthIndex(period.From);
        var months = new MonthShare[DateRange.MonthIndex(period.To) - first + 1];
        for (var index = 0; index < months.Length; index++)
        {
            var (year, month) = ((first + index) / 12, (first + index) % 12 + 1);
            var ofDays = DateTime.DaysInMonth(year, month);
            var firstDay = index == 0 ? period.From.Day : 1;
            var lastDay = index == months.Length - 1 ? period.To.Day : ofDays;
            months[index] = new(year, month, lastDay - firstDay + 1, ofDays);
        }
        return months;
    }
}
