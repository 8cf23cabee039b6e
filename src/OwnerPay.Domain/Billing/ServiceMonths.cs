namespace OwnerPay.Domain.Billing;

/// <summary>In which calendar months a charge is served: whole months weigh alike, broken ones by their days, as <see cref="Proration"/> prices them.</summary>
/// <remarks>Source: revenue is earned as the service is given (CAS 14, art. 11). The parts sum to the whole; missing fen go to the largest
/// remainders, of equal ones to the earlier month. Example: 100.00 yuan from 2026-01-01 to 2026-03-31 → 33.34 + 33.33 + 33.33.</remarks>
public static class ServiceMonths
{
    /// <param name="amount">Fen; a negative amount (something taken back) splits as its mirror image.</param>
    /// <param name="days">Days of service.</param>
    /// <returns>Fen of each month that <paramref name="days"/> touches, ascending.</returns>
    public static Fen[] Split(Fen amount, DateRange days)
    {
        if (amount < Fen.Zero) return Array.ConvertAll(Split(-amount, days), part => -part);
        var months = Proration.MonthsOf(days);
        var weights = Array.ConvertAll(months, month => (long)month.Days * (Proration.PartsOfMonth / month.OfDays));
        return Apportion.Split(amount, (ReadOnlySpan<long>)weights);
    }

    /// <summary>What of an amount belongs to a month or to later ones: the part that is not served when the month begins.</summary>
    /// <param name="month">Any day of the first month to come. For a payment that is its own month: only months before it are over.</param>
    /// <returns>Fen, between 0 and <paramref name="amount"/>.</returns>
    public static Fen ToCome(Fen amount, DateRange days, DateOnly month)
    {
        var served = DateRange.MonthIndex(month) - DateRange.MonthIndex(days.From);
        if (served <= 0 || amount == Fen.Zero) return amount;
        return DateRange.MonthIndex(days.To) < DateRange.MonthIndex(month) ? Fen.Zero : Split(amount, days).Skip(served).Sum();
    }
}
