namespace OwnerPay.Domain.Billing;

/// <summary>Days in a row on which the same principal was open and which all count, or all do not.</summary>
/// <param name="Open">Fen of principal open on each of the days.</param>
/// <param name="Stopped">A stop holds on each of the days: none of them counts.</param>
public readonly record struct LateFeeStretch(DateRange Days, Fen Open, bool Stopped)
{
    /// <summary>Fen × days that count.</summary>
    public Int128 FenDays => Stopped ? 0 : (Int128)Open.Value * Days.Days;
}

/// <summary>A yearly rate that holds from a day until the next one does.</summary>
/// <param name="MillionthsAYear">≥ 0: 30,000 is 3.00 % a year.</param>
public readonly record struct LoanRate(DateOnly From, int MillionthsAYear);

/// <summary>The days behind a late fee, so that a person can follow the figure, and what a court would leave of it.</summary>
/// <remarks>Source of the court-safe figure: Civil Code art. 585 with art. 65 of the Supreme People's Court's interpretation on contracts of 2023:
/// what exceeds the loss by more than 30 % may be lowered; the loss is taken as the one-year loan prime rate on the same days, a year being 365 days.
/// Example: 10,000.00 yuan open for 73 days at 3.00 % a year is a loss of 60.00 yuan, so 78.00 yuan are safe.</remarks>
public static class LateFeeDays
{
    const int DaysAYear = 365;

    /// <summary>All days from the first after due date and grace up to the date asked for, cut wherever the principal or a stop changes.</summary>
    /// <returns>Ascending; days on which nothing was open are left out. <see cref="LateFee.AsOf"/> is their fen-days at the agreed rate.</returns>
    /// <inheritdoc cref="LateFee.AsOf"/>
    public static IReadOnlyList<LateFeeStretch> Of(DateOnly asOf, DateOnly due, Fen principal, int graceDays,
        IReadOnlyList<PrincipalPayment> payments,
        IReadOnlyList<DateRange> stops)
    {
        RuleRefusal.IfNegative(principal, "the principal");
        RuleRefusal.IfNegative(graceDays, "the days of grace");
        var first = (long)due.DayNumber + graceDays + 1;
        if (first > asOf.DayNumber) return [];
        var cuts = new SortedSet<int> { (int)first };
        foreach (var payment in payments) Cut(payment.Date.DayNumber + 1L);
        foreach (var stop in stops)
        {
            Cut(stop.From.DayNumber);
            Cut(stop.To.DayNumber + 1L);
        }
        var starts = cuts.ToArray();
        var stretches = new List<LateFeeStretch>();
        for (var index = 0; index < starts.Length; index++)
        {
            var from = DateOnly.FromDayNumber(starts[index]);
            var to = index + 1 < starts.Length ? DateOnly.FromDayNumber(starts[index + 1] - 1) : asOf;
            var open = Math.Max(0, principal.Value - payments.Where(payment => payment.Date < from).Sum(payment => payment.Lowers));
            var stopped = stops.Any(stop => stop.Contains(from));
            if (open == 0) continue;
            if (stretches.Count > 0 && stretches[^1] is var last && last.Open.Value == open && last.Stopped == stopped
                && last.Days.To.AddDays(1) == from)
                stretches[^1] = last with { Days = new(last.Days.From, to) };
            else stretches.Add(new(new(from, to), new(open), stopped));
        }
        return stretches;

        void Cut(long day)
        {
            if (day > first && day <= asOf.DayNumber) cuts.Add((int)day);
        }
    }

    /// <summary>1.3 times the loss on the days that count: what a court leaves of a late fee, whatever was agreed.</summary>
    /// <param name="rates">In any order; the youngest that holds on a day counts for it.</param>
    /// <returns>Fen, rounded once half away from zero; null when no rate holds on one of the days.</returns>
    public static Fen? CourtSafe(IReadOnlyList<LateFeeStretch> stretches, IReadOnlyList<LoanRate> rates)
    {
        var known = rates.OrderBy(rate => rate.From).ToArray();
        Int128 weighted = 0;
        foreach (var stretch in stretches)
        {
            if (stretch.Stopped) continue;
            if (known.Length == 0 || known[0].From > stretch.Days.From) return null;
            for (var index = 0; index < known.Length; index++)
            {
                RuleRefusal.IfNegative(known[index].MillionthsAYear, "a yearly rate");
                var until = index + 1 < known.Length ? known[index + 1].From.AddDays(-1) : DateOnly.MaxValue;
                if (until < known[index].From || stretch.Days.Intersect(new DateRange(known[index].From, until)) is not { } days) continue;
                weighted += (Int128)stretch.Open.Value * days.Days * known[index].MillionthsAYear;
            }
        }
        return Fen.Round(weighted * 13, (Int128)10 * DaysAYear * 1_000_000);
    }
}
