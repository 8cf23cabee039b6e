namespace OwnerPay.Domain.Campaigns;

/// <summary>Whether a stage's words are true on a day.</summary>
public static class ReminderStages
{
    /// <summary>A friendly reminder up to the due date, a demand from the day after: nobody is called late who is not, nobody is asked «soon»
    /// who is.</summary>
    /// <param name="due">Shanghai date up to which the bill may be paid.</param>
    /// <remarks>Example: due on the 31st, sent on the 31st → friendly; on the 1st → demands.</remarks>
    public static bool IsTrue(this ReminderStage stage, DateOnly due, DateOnly today) => (stage == ReminderStage.Friendly) == (today <= due);
}
