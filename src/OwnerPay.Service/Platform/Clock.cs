namespace OwnerPay.Service.Platform;

/// <summary>Business time: Shanghai dates and instants, settable only in tests and the demo. Machinery (leases, time-outs, tokens) keeps the system clock.</summary>
/// <param name="time">The system's time provider in production; a story's in the demo, where service and emulator share it.</param>
public sealed class Clock(TimeProvider time)
{
    /// <summary>Shanghai has kept UTC+8 without summer time since 1991; a fixed offset needs no time-zone files on the machine.</summary>
    public static readonly TimeSpan ShanghaiOffset = TimeSpan.FromHours(8);

    /// <summary>The present instant, with Shanghai's offset, cut to milliseconds as the database keeps it.</summary>
    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero).ToOffset(ShanghaiOffset);
    }

    /// <summary>The business day in Shanghai.</summary>
    public DateOnly Today() => DateOf(Now());

    /// <summary>The business day on which an instant falls.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(ShanghaiOffset).DateTime);

    /// <summary>Midnight in Shanghai at the beginning of a business day.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), ShanghaiOffset);
}
