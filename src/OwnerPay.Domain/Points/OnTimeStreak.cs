namespace OwnerPay.Domain.Points;

/// <summary>A bill as the streak of its liable party sees it.</summary>
/// <param name="Paid">Shanghai date of its last fen of principal; null while some is open.</param>
public readonly record struct BillKept(DateOnly Due, DateOnly? Paid)
{
    public bool InTime => Paid is { } paid && paid <= Due;
}

/// <summary>For how many calendar years in a row a party has paid everything in time (连续按时缴费). A function of the bills, never a counter: a refund
/// that opens a bill again, or an old bill that was paid late after all, changes the answer by itself.</summary>
/// <remarks>Source: the companies' plans, extra points after three years in a row. Example: all bills due in 2023, 2024 and 2025 paid in time, and so
/// far those of 2026 → 3 years in 2026, whose payments earn twofold.</remarks>
public static class OnTimeStreak
{
    /// <param name="on">Shanghai date. Bills due on it or later cannot be late yet.</param>
    /// <param name="bills">Of one party, in any order; bills of other years do no harm. A year without a bill ends the row: nothing was kept in
    /// it.</param>
    /// <returns>Whole calendar years directly before the year of <paramref name="on"/>; 0 when a bill of this year is late already.</returns>
    public static int Years(DateOnly on, IReadOnlyCollection<BillKept> bills)
    {
        if (bills.Any(bill => bill.Due.Year == on.Year && bill.Due < on && !bill.InTime)) return 0;
        var years = 0;
        while (true)
        {
            var year = on.Year - years - 1;
            var due = bills.Where(bill => bill.Due.Year == year).ToList();
            if (due.Count == 0 || due.Exists(bill => !bill.InTime)) return years;
            years++;
        }
    }
}
