using System.Globalization;

namespace OwnerPay.WeChatEmulator.State;

/// <summary>Business time as WeChat shows it: always UTC+8, which is all that China has used since 1992.</summary>
sealed class BusinessClock(TimeProvider time)
{
    /// <summary>How far a hand moved it ahead; a stand-alone emulator has no other way to see tomorrow's bill.</summary>
    public TimeSpan Ahead { get; set; }

    public static readonly TimeSpan China = TimeSpan.FromHours(8);

    public DateTimeOffset Now() => (time.GetUtcNow() + Ahead).ToOffset(China);

    public DateOnly Today() => DateOnly.FromDateTime(Now().DateTime);

    /// <summary>RFC 3339 to the second, as in all of WeChat Pay's bodies.</summary>
    public static string Text(DateTimeOffset time) => time.ToOffset(China).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
