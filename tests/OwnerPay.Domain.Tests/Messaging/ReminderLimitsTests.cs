using CsCheck;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Domain.Messaging;

namespace OwnerPay.Domain.Tests.Messaging;

public sealed class ReminderLimitsTests
{
    static DateOnly Day(int day) => new DateOnly(2026, 12, 1).AddDays(day - 1);

    [Fact]
    public void Who_was_reminded_three_days_in_a_row_is_left_alone_for_the_rest_of_the_week() =>
        Assert.Equal(Day(8), ReminderLimits.Widest.NextDay(Day(3), [Day(1), Day(2), Day(3)]));

    [Fact]
    public void Who_was_reminded_today_is_not_reminded_again_before_tomorrow() => Assert.Equal(Day(6), ReminderLimits.Widest.NextDay(Day(5),
        [Day(5)]));

    [Fact]
    public void A_stricter_community_leaves_more_days_between() => Assert.Equal(Day(8), new ReminderLimits(2, 3).NextDay(Day(5), [Day(1), Day(5)]));

    [Theory]
    [InlineData(4, 1)]
    [InlineData(3, 0)]
    [InlineData(0, 1)]
    public void Limits_that_are_wider_than_allowed_are_refused(int perWeek, int apart) =>
        Assert.Equal("setting_too_loose", Assert.Throws<RuleRefusal>(() => new ReminderLimits(perWeek, apart).NextDay(Day(1), [])).Code);

    [Fact]
    public void However_often_somebody_wants_to_remind_no_week_holds_more_than_the_limit() => Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 7], Gen.Int[0, 30].List[0, 40]).Sample((perWeek, apart, wishes) =>
    {
        var limits = new ReminderLimits(perWeek, apart);
        var sent = new List<DateOnly>();
        foreach (var wish in wishes.Order())
        {
            var day = limits.NextDay(Day(wish + 1), sent);
            Assert.True(day >= Day(wish + 1));
            sent.Add(day);
        }
        Assert.Equal(sent.Count, sent.Distinct().Count());
        Assert.All(sent, day => Assert.InRange(sent.Count(other => other >= day && other.DayNumber - day.DayNumber < 7), 1, perWeek));
    });
}

public sealed class SmsTextTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    public void A_long_text_is_charged_by_67_characters(int length, int parts) => Assert.Equal(parts, SmsText.Parts(new string('字', length)));

    [Theory]
    [InlineData(" td ", true)]
    [InlineData("退订", true)]
    [InlineData("R", true)]
    [InlineData("谢谢", false)]
    public void An_answer_that_wants_no_more_is_understood(string answer, bool isOptOut) => Assert.Equal(isOptOut, SmsText.IsOptOut(answer));
}

public sealed class ReminderStageTests
{
    // Dunning said "overdue" 26 days before the due date.
    [Fact]
    public void Nobody_is_called_late_on_the_due_date_and_nobody_is_told_soon_on_the_day_after() => Gen.Select(Gen.Int[-400, 400],
        Gen.Enum<ReminderStage>()).Sample(
        (days, stage) =>
        {
            var due = new DateOnly(2026, 12, 31);
            Assert.Equal(days <= 0 ? stage == ReminderStage.Friendly : stage != ReminderStage.Friendly, stage.IsTrue(due, due.AddDays(days)));
        });
}
