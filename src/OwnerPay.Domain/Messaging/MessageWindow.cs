namespace OwnerPay.Domain.Messaging;

/// <summary>When messages may reach people: not between 21:00 and 9:00 in Shanghai, unless they answer something the person just did.</summary>
public static class MessageWindow
{
    /// <summary>First allowed time of a day.</summary>
    public static readonly TimeOnly Opens = new(9, 0);

    /// <summary>First time of a day that is quiet again.</summary>
    public static readonly TimeOnly Closes = new(21, 0);

    /// <summary>The instant itself if a message may go then, else the next 9:00: at 20:59:59 at once, at 21:00 tomorrow morning.</summary>
    public static DateTimeOffset NextAllowed(DateTimeOffset instant) => NextAllowed(instant, Opens, Closes);

    /// <summary>The same with a community's own hours, which may only be narrower.</summary>
    /// <returns>The instant as it was given, or the next opening in Shanghai time.</returns>
    /// <exception cref="RuleRefusal"><c>setting_too_loose</c> for hours outside 9:00–21:00, <c>range_reversed</c> if they never open.</exception>
    public static DateTimeOffset NextAllowed(DateTimeOffset instant, TimeOnly opens, TimeOnly closes)
    {
        if (opens < Opens || closes > Closes) throw new RuleRefusal(RuleCodes.SettingTooLoose, $"messages from {opens:R} to {closes:R}");
        if (closes <= opens) throw new RuleRefusal(RuleCodes.RangeReversed, $"messages from {opens:R} to {closes:R}");
        var local = Shanghai.Local(instant);
        var time = TimeOnly.FromDateTime(local.DateTime);
        if (opens <= time && time < closes) return instant;
        var today = DateOnly.FromDateTime(local.DateTime);
        return Shanghai.At(time < opens ? today : today.AddDays(1), opens);
    }
}
