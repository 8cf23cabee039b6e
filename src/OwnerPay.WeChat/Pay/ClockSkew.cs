using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Pay;

/// <summary>How far WeChat Pay's clock was from ours.</summary>
/// <param name="Offset">WeChat's time less ours: positive when ours is behind.</param>
/// <param name="Uncertainty">Half the way there and back, and half of the second that WeChat's header is rounded to.</param>
/// <param name="MeasuredAt">By our clock.</param>
public sealed record ClockSkew(TimeSpan Offset, TimeSpan Uncertainty, DateTimeOffset MeasuredAt);

/// <summary>Reads WeChat's clock off its answers, refusals too: a clock that is 5 minutes off makes every call fail and no answer signed.</summary>
sealed class ClockSkewMeter(IOptions<PayOptions> options, ILogger<ClockSkewMeter> log)
{
    static readonly TimeSpan HalfASecond = TimeSpan.FromMilliseconds(500), WarnEvery = TimeSpan.FromMinutes(10);

    volatile ClockSkew? latest;
    long warnedAt = long.MinValue;

    public ClockSkew? Latest => latest;

    /// <param name="sent">Our clock when the request left.</param>
    public void Measure(HttpResponseHeaders headers, DateTimeOffset sent)
    {
        if (Theirs(headers) is not { } theirs) return;
        var now = options.Value.Clock.GetUtcNow();
        var half = (now - sent) / 2;
        var skew = new ClockSkew(theirs + HalfASecond - (sent + half), half.Duration() + HalfASecond, now);
        latest = skew;
        var warned = Interlocked.Read(ref warnedAt);
        if (skew.Offset.Duration() - skew.Uncertainty > options.Value.ClockSkewWarning
            && (warned == long.MinValue || now.UtcTicks - warned > WarnEvery.Ticks)
            && Interlocked.CompareExchange(ref warnedAt, now.UtcTicks, warned) == warned)
            log.ClockIsOff((long)skew.Offset.TotalSeconds);
    }

    /// <summary>Whole seconds: the signature's timestamp, or on an unsigned answer the date that every server sends.</summary>
    static DateTimeOffset? Theirs(HttpResponseHeaders headers) =>
        headers.TryGetValues(SignatureHeaders.TimestampName, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : headers.Date;
}
