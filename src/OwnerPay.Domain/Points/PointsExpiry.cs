namespace OwnerPay.Domain.Points;

/// <summary>How long points live: to the end of the month that lies 24 months after the month in which they were earned.</summary>
public static class PointsExpiry
{
    const int Months = 24;

    /// <param name="earned">Shanghai date of the payment.</param>
    /// <returns>Last date on which they can be spent: earned on 2026-01-10 → 2028-01-31; on 2026-02-10 → 2028-02-29.</returns>
    public static DateOnly Of(DateOnly earned)
    {
        var month = earned.AddMonths(Months);
        return new(month.Year, month.Month, DateTime.DaysInMonth(month.Year, month.Month));
    }
}
