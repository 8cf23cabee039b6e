namespace OwnerPay.Domain.Billing;

/// <summary>What an agreement says about paying late; all zero (<c>default</c>) means no late fee.</summary>
/// <param name="GraceDays">Days after the due date that are forgiven for good, ≥ 0.</param>
/// <param name="RatePerMillion">Millionths of the open principal a day, ≥ 0: 500 is 5 in 10,000.</param>
/// <param name="CapPercent">Whole per cent of the original principal that the fee never exceeds, 0 (no fee) to 10,000.</param>
public readonly record struct LateFeeTerms(int GraceDays, int RatePerMillion, int CapPercent)
{
    /// <summary>The cap in fen, rounded half away from zero.</summary>
    public Fen CapOf(Fen originalPrincipal) => Fen.Round((Int128)originalPrincipal.Value * CapPercent, 100);
}

/// <summary>Principal paid on a Shanghai date; it is no longer open from the next day on.</summary>
/// <param name="Amount">Fen ≥ 0.</param>
/// <param name="Reopened">A refund on that date opened so much principal again; it counts from the next day on.</param>
public readonly record struct PrincipalPayment(DateOnly Date, Fen Amount, bool Reopened = false)
{
    /// <summary>Fen by which it lowers the principal; negative where it opened some again.</summary>
    public long Lowers => Reopened ? -Amount.Value : Amount.Value;
}

/// <summary>The contract late fee (违约金) of one bill as a function of a date; nothing of it is stored before it is paid, waived or sued for.</summary>
/// <remarks>Source: the community's fee agreement; a court may lower what exceeds the loss by more than 30 % (Civil Code art. 585).
/// Counted are the days after due date and grace up to and with the date asked for, without days under a stop, each at the principal open
/// on it. Then capped, rounded once half away from zero, less what was settled. Late fee never bears late fee.
/// Example: 1,419.35 yuan due 2026-03-31 at 500 millionths, as of 2026-04-30: 30 days → 21.29 yuan.</remarks>
public static class LateFee
{
    /// <param name="asOf">Shanghai date, included: who pays on it is charged <c>asOf − due − grace</c> days.</param>
    /// <param name="principal">Original principal in fen, ≥ 0; the cap is a share of it.</param>
    /// <param name="payments">In any order, also before the due date; more than is open counts as all of it.</param>
    /// <param name="stops">Closed ranges of days without fee (dispute, deferral, kept plan); they may overlap.</param>
    /// <param name="settled">Fen of late fee already paid or waived, ≥ 0.</param>
    /// <returns>Fen ≥ 0 still to pay as late fee.</returns>
    /// <exception cref="RuleRefusal"><c>negative_amount</c>, <c>negative_number</c>, <c>percent_too_high</c>.</exception>
    public static Fen AsOf(DateOnly asOf, DateOnly due, Fen principal, LateFeeTerms terms,
        IReadOnlyList<PrincipalPayment> payments, IReadOnlyList<DateRange> stops, Fen settled)
    {
        Check(principal, terms, payments, settled);
        var first = (long)due.DayNumber + terms.GraceDays + 1;
        if (first > asOf.DayNumber) return Fen.Zero;

        var merged = Merge(stops);
        var paid = payments.Count == 0 ? [] : payments.OrderBy(payment => payment.Date).ToArray();
        var (open, settledPrincipal) = (principal.Value, 0L);
        var from = (int)first;
        Int128 fenDays = 0;
        foreach (var payment in paid)
        {
            if (payment.Date > asOf) break;
            if (payment.Date.DayNumber >= from)
            {
                fenDays += (Int128)open * ChargedDays(from, payment.Date.DayNumber, merged);
                from = payment.Date.DayNumber + 1;
            }
            settledPrincipal += payment.Lowers;
            open = Math.Max(0, principal.Value - settledPrincipal);
        }
        if (from <= asOf.DayNumber) fenDays += (Int128)open * ChargedDays(from, asOf.DayNumber, merged);
        return Due(fenDays, principal, terms, settled);
    }

    /// <summary>The definition, day by day: what <see cref="AsOf"/> is tested against.</summary>
    /// <inheritdoc cref="AsOf"/>
    public static Fen DayByDay(DateOnly asOf, DateOnly due, Fen principal, LateFeeTerms terms,
        IReadOnlyList<PrincipalPayment> payments, IReadOnlyList<DateRange> stops, Fen settled)
    {
        Check(principal, terms, payments, settled);
        Int128 fenDays = 0;
        for (var number = (long)due.DayNumber + terms.GraceDays + 1; number <= asOf.DayNumber; number++)
        {
            var day = DateOnly.FromDayNumber((int)number);
            if (stops.Any(stop => stop.Contains(day))) continue;
            Int128 open = principal.Value;
            foreach (var payment in payments)
                if (payment.Date < day) open -= payment.Lowers;
            fenDays += Int128.Max(open, 0);
        }
        return Due(fenDays, principal, terms, settled);
    }

    static Fen Due(Int128 fenDays, Fen principal, LateFeeTerms terms, Fen settled)
    {
        var cap = (Int128)principal.Value * terms.CapPercent * 10_000;    // per cent of fen as millionths of fen
        var fee = Fen.Round(Int128.Min(fenDays * terms.RatePerMillion, cap), 1_000_000);
        return fee > settled ? fee - settled : Fen.Zero;
    }

    static void Check(Fen principal, LateFeeTerms terms, IReadOnlyList<PrincipalPayment> payments, Fen settled)
    {
        RuleRefusal.IfNegative(principal, "the principal");
        RuleRefusal.IfNegative(settled, "the settled late fee");
        RuleRefusal.IfNegative(terms.GraceDays, "the days of grace");
        RuleRefusal.IfNegative(terms.RatePerMillion, "the daily rate");
        RuleRefusal.IfNegative(terms.CapPercent, "the cap");
        for (var index = 0; index < payments.Count; index++) RuleRefusal.IfNegative(payments[index].Amount, "a payment");
        if (terms.CapPercent > 10_000) throw new RuleRefusal(RuleCodes.PercentTooHigh, $"a cap of {terms.CapPercent} %");
    }

    /// <summary>Ascending ranges that neither overlap nor repeat a day.</summary>
    static List<DateRange> Merge(IReadOnlyList<DateRange> stops)
    {
        if (stops.Count == 0) return [];
        var merged = new List<DateRange>(stops.Count);
        foreach (var stop in stops.OrderBy(stop => stop.From))
            if (merged.Count > 0 && merged[^1].To >= stop.From)
                merged[^1] = new(merged[^1].From, merged[^1].To > stop.To ? merged[^1].To : stop.To);
            else
                merged.Add(stop);
        return merged;
    }

    /// <summary>Days from day number <paramref name="from"/> to <paramref name="to"/>, both included, less those under a stop.</summary>
    static int ChargedDays(int from, int to, List<DateRange> stops)
    {
        var days = to - from + 1;
        foreach (var stop in stops)
        {
            if (stop.From.DayNumber > to) break;
            days -= Math.Max(0, Math.Min(to, stop.To.DayNumber) - Math.Max(from, stop.From.DayNumber) + 1);
        }
        return days;
    }
}
