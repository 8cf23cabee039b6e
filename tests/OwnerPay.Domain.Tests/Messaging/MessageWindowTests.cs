using CsCheck;
using OwnerPay.Domain.Messaging;

namespace OwnerPay.Domain.Tests.Messaging;

public sealed class MessageWindowTests
{
    static DateTimeOffset At(int day, int hour, int minute, int second = 0) => Shanghai.At(new(2026, 1, day), new(hour, minute, second));

    [Fact]
    public void A_message_of_the_evening_waits_until_nine_and_one_of_the_day_goes_at_once()
    {
        Assert.Equal(At(15, 20, 59, 59), MessageWindow.NextAllowed(At(15, 20, 59, 59)));
        Assert.Equal(At(16, 9, 0), MessageWindow.NextAllowed(At(15, 21, 0)));
        Assert.Equal(At(16, 9, 0), MessageWindow.NextAllowed(At(16, 0, 0)));
        Assert.Equal(At(16, 9, 0), MessageWindow.NextAllowed(At(16, 8, 59, 59)));
        Assert.Equal(At(16, 9, 0), MessageWindow.NextAllowed(At(16, 9, 0)));
    }

    [Fact]
    public void The_window_is_that_of_Shanghai_whatever_offset_an_instant_carries() =>
        Assert.Equal(At(16, 9, 0), MessageWindow.NextAllowed(new(2026, 1, 15, 13, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Waiting_is_short_ends_in_the_window_and_never_goes_back() => Gen.Long[0, 400L * 24 * 3600].Sample(seconds =>
    {
        var instant = At(1, 0, 0).AddSeconds(seconds);
        var next = MessageWindow.NextAllowed(instant);

        Assert.InRange(next - instant, TimeSpan.Zero, TimeSpan.FromHours(12));
        Assert.Equal(next, MessageWindow.NextAllowed(next));
    });

    [Fact]
    public void A_community_may_have_narrower_hours_but_no_wider_ones()
    {
        Assert.Equal(At(16, 10, 0), MessageWindow.NextAllowed(At(15, 20, 0), new(10, 0), new(19, 30)));
        Assert.Equal("setting_too_loose", Assert.Throws<RuleRefusal>(() => MessageWindow.NextAllowed(At(15, 20, 0), new(8, 59), new(21, 0))).Code);
        Assert.Equal("setting_too_loose", Assert.Throws<RuleRefusal>(() => MessageWindow.NextAllowed(At(15, 20, 0), new(9, 0), new(21, 1))).Code);
        Assert.Equal("range_reversed", Assert.Throws<RuleRefusal>(() => MessageWindow.NextAllowed(At(15, 20, 0), new(12, 0), new(12, 0))).Code);
    }
}
