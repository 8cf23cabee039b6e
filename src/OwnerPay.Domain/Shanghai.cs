namespace OwnerPay.Domain;

/// <summary>The business day: instants and dates at UTC+8, which Shanghai has kept without summer time since 1992.</summary>
/// <remarks>A fixed offset on purpose: the answer must not depend on the zone data or the zone of the machine.</remarks>
public static class Shanghai
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The same instant as people in Shanghai write it.</summary>
    public static DateTimeOffset Local(DateTimeOffset instant) => instant.ToOffset(Offset);

    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    /// <summary>The instant of a date and a time of day in Shanghai.</summary>
    public static DateTimeOffset At(DateOnly date, TimeOnly time = default) => new(date.ToDateTime(time), Offset);
}
