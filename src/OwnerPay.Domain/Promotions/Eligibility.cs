namespace OwnerPay.Domain.Promotions;

/// <summary>Whether one offer holds for the chosen lines at an instant, looked at alone.</summary>
static class Eligibility
{
    /// <param name="waived">True to ask what would be if minimum and whole year were met.</param>
    public static ConsideredOffer Of(QuoteOffer offer, IReadOnlyList<QuoteLine> lines, DateTimeOffset at, bool waived = false)
    {
        var eligible = 0L;
        for (var index = 0; index < lines.Count; index++)
            if (offer.Covers(lines[index])) eligible += lines[index].Principal.Value;
        return new(offer, ReasonAgainst(offer, lines, at, waived, eligible), new(eligible), Fen.Zero);
    }

    static NotUsedReason? ReasonAgainst(QuoteOffer offer, IReadOnlyList<QuoteLine> lines, DateTimeOffset at, bool waived, long eligible) =>
        at < offer.Start ? NotUsedReason.NotStarted
        : at >= offer.End ? NotUsedReason.Ended
        : eligible == 0 ? NotUsedReason.NothingEligible
        : !waived && eligible < offer.Minimum.Value ? NotUsedReason.BelowMinimum
        : !waived && offer.NeedsWholeYear && !CoversOneYear(offer, lines) ? NotUsedReason.NeedsWholeYear
        : !waived && offer.MinMonths > 0 && Months(offer, lines) < offer.MinMonths ? NotUsedReason.NeedsMonths
        : null;

    /// <summary>Whole months that one eligible line covers, each counted once.</summary>
    public static int Months(QuoteOffer offer, IReadOnlyList<QuoteLine> lines)
    {
        var months = new HashSet<int>();
        for (var index = 0; index < lines.Count; index++)
        {
            if (!offer.Covers(lines[index])) continue;
            var (first, last) = lines[index].Service.WholeMonths();
            for (var month = first; month <= last; month++) months.Add(month);
        }
        return months.Count;
    }

    /// <summary>All twelve months of one calendar year, each wholly inside one eligible line; two halves of a month do not join.</summary>
    static bool CoversOneYear(QuoteOffer offer, IReadOnlyList<QuoteLine> lines)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            if (!offer.Covers(lines[index])) continue;
            var (first, last) = lines[index].Service.WholeMonths();
            // Only a year of which the line holds a month can be complete. A line that reaches into a third year holds all of the second.
            if (last / 12 - first / 12 >= 2) return true;
            for (var year = first / 12; first <= last && year <= last / 12; year++)
                if (MonthsOfYear(offer, lines, year) == 0xFFF) return true;
        }
        return false;
    }

    static int MonthsOfYear(QuoteOffer offer, IReadOnlyList<QuoteLine> lines, int year)
    {
        var months = 0;
        for (var index = 0; index < lines.Count; index++)
        {
            if (!offer.Covers(lines[index])) continue;
            var (first, last) = lines[index].Service.WholeMonths();
            for (var month = Math.Max(first, year * 12); month <= Math.Min(last, year * 12 + 11); month++) months |= 1 << (month - year * 12);
        }
        return months;
    }
}
