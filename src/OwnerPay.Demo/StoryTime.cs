namespace OwnerPay.Demo;

/// <summary>Business time of a story: begins at a chosen instant, runs on at the system's pace, and can be moved forward. Service and emulator share one.</summary>
/// <remarks>Timers are the system's: machinery must not hang on a story.</remarks>
public sealed class StoryTime(DateTimeOffset begin) : TimeProvider
{
    readonly long started = System.GetTimestamp();
    long movedTicks;

    public override DateTimeOffset GetUtcNow() => (begin + System.GetElapsedTime(started)).AddTicks(Interlocked.Read(ref movedTicks)).ToUniversalTime();

    /// <summary>Moves the story forward.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Backwards: a story's past stays.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref movedTicks, by.Ticks);
    }

    /// <summary>Moves the story to an instant, which must lie ahead.</summary>
    public void MoveTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());
}
