using System.Globalization;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Where chance begins in a test.</summary>
public static class Seed
{
    /// <summary>On one day always the same, so that whoever sees a failure can see it again; on the next day another one, so that all ways are walked
    /// in time. <c>OWNERPAY_SEED</c> names one; the full form takes a new one each time.</summary>
    public static int OfToday()
    {
        if (Environment.GetEnvironmentVariable("OWNERPAY_SEED") is { Length: > 0 } named) return int.Parse(named, CultureInfo.InvariantCulture);
        return Environment.GetEnvironmentVariable("OWNERPAY_FULL") == "1" ? Random.Shared.Next()
            : new Random(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber).Next();
    }
}
