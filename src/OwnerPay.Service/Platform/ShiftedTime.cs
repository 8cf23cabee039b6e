namespace OwnerPay.Service.Platform;

/// <summary>Business time that began at a chosen instant when the instance started and runs on at the system's pace.</summary>
public sealed class ShiftedTime(DateTimeOffset begin) : TimeProvider
{
    readonly long started = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => (begin + System.GetElapsedTime(started)).ToUniversalTime();

    /// <summary>The system's time, unless a test or a measurement set another beginning.</summary>
    /// <exception cref="InvalidDataException">It is set in Production, where there is only one time.</exception>
    public static TimeProvider Of(ServiceSettings settings, IHostEnvironment environment) => settings.StoryBegin switch
    {
        null => System,
        _ when environment.IsProduction() => throw new InvalidDataException("OwnerPay:StoryBegin 只用于测试，生产环境不能设置。"),
        { } begin => new ShiftedTime(begin),
    };
}
