namespace OwnerPay.Domain.Messaging;

/// <summary>How often one person may be reminded, over all channels together. A community may only be stricter.</summary>
/// <param name="PerWeek">At most so many in any 7 days in a row, 1 to 3.</param>
/// <param name="DaysApart">Days from one to the next, 1 to 7; 1: at most one a day.</param>
/// <remarks>Source: domain.md section 9. Example: reminded on the 1st, 2nd and 3rd with 3 a week → next on the 8th.</remarks>
public sealed record ReminderLimits(int PerWeek, int DaysApart)
{
    const int Week = 7;

    /// <summary>The widest that is allowed: one a day, three a week.</summary>
    public static readonly ReminderLimits Widest = new(3, 1);

    public bool IsValid => PerWeek is >= 1 and <= 3 && DaysApart is >= 1 and <= Week;

    /// <summary>The first day from <paramref name="today"/> on which one more reminder keeps the limits.</summary>
    /// <param name="days">Shanghai days on which the person was reminded, in any order; older ones than a week do not matter.</param>
    /// <exception cref="RuleRefusal"><c>setting_too_loose</c> for limits that are none.</exception>
    public DateOnly NextDay(DateOnly today, IReadOnlyCollection<DateOnly> days)
    {
        if (!IsValid) throw new RuleRefusal(RuleCodes.SettingTooLoose, $"{PerWeek} reminders a week, {DaysApart} days apart");
        for (var day = today; ; day = day.AddDays(1))
            if (Allows(day, days)) return day;
    }

    bool Allows(DateOnly day, IReadOnlyCollection<DateOnly> days) =>
        !days.Any(other => Math.Abs(other.DayNumber - day.DayNumber) < DaysApart)
        && days.Count(other => other <= day && day.DayNumber - other.DayNumber < Week) < PerWeek;
}
