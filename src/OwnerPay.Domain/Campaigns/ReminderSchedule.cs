namespace OwnerPay.Domain.Campaigns;

/// <summary>How firmly a bill is reminded of: before it is due (温馨提醒), then three demands, each plainer about what follows (首次、二次、最后催缴).</summary>
public enum ReminderStage { Friendly, First, Second, Final }

/// <summary>One step of a community's reminder policy.</summary>
/// <param name="FromDay">Days counted from the due date: −15 is fifteen days before it, 1 the first day on which the bill is overdue.</param>
public readonly record struct ReminderStep(ReminderStage Stage, int FromDay);

/// <summary>Which reminder a bill gets on a day. A function of dates, so that nights without power lose nothing and repeat nothing.</summary>
/// <remarks>Source: the property companies' plans (friendly reminder 15 to 20 days before, first, second and final notice about a week apart).
/// Example: −15 friendly, +1 first, +8 second; a bill due 2026-12-31 gets the friendly one on 12-16, the first notice on 01-01, the second on
/// 01-08. If the service stood still from 01-01 to 01-02, the first notice goes on 01-03; if until 01-06, it is left out and the second goes on
/// its day.</remarks>
public static class ReminderSchedule
{
    /// <summary>Days by which a notice after the due date may be late and still make sense.</summary>
    public const int LateDays = 3;

    /// <summary>Days that two steps must lie apart at least.</summary>
    public const int Apart = 3;

    /// <summary>First and last day that a step may name.</summary>
    public const int Earliest = -60, Latest = 365;

    /// <returns>The step that is to be said on the day, on its own day or late; null when none is.</returns>
    /// <param name="issued">Day of the bill: a step of an earlier day is left out, for its owner was only just told of the bill.</param>
    /// <param name="steps">A sound policy (<see cref="Check"/>).</param>
    public static ReminderStep? On(DateOnly day, DateOnly due, DateOnly issued, IReadOnlyList<ReminderStep> steps)
    {
        var age = day.DayNumber - due.DayNumber;
        ReminderStep? newest = null;
        foreach (var step in steps)
            if (step.FromDay <= age && (newest is null || step.FromDay > newest.Value.FromDay)) newest = step;
        if (newest is not { } found || due.AddDays(found.FromDay) < issued) return null;
        // A friendly reminder makes sense as long as nobody is late, a notice for a few days.
        var sensible = found.Stage == ReminderStage.Friendly ? age <= 0 : age <= found.FromDay + LateDays;
        return sensible ? found : null;
    }

    /// <summary>The first and last due date that can have a step on the day: what to look for among the bills.</summary>
    public static DateRange? DueDates(DateOnly day, IReadOnlyList<ReminderStep> steps) => steps.Count == 0 ? null
        : new DateRange(day.AddDays(-steps.Max(step => step.FromDay) - LateDays), day.AddDays(Math.Max(0, -steps.Min(step => step.FromDay))));

    /// <returns>Number of the first step that is unsound, from 0; null when all are sound.</returns>
    public static int? Check(IReadOnlyList<ReminderStep> steps)
    {
        for (var at = 0; at < steps.Count; at++)
        {
            var step = steps[at];
            var ordered = at == 0 || step.Stage > steps[at - 1].Stage && step.FromDay >= steps[at - 1].FromDay + Apart;
            var fits = step.Stage.IsTrue(default, default(DateOnly).AddDays(Math.Max(0, step.FromDay)));
            if (!ordered || !fits || step.FromDay is < Earliest or > Latest) return at;
        }
        return null;
    }
}
