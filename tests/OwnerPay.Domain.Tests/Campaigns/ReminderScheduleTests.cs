using CsCheck;
using OwnerPay.Domain.Campaigns;

namespace OwnerPay.Domain.Tests.Campaigns;

public sealed class ReminderScheduleTests
{
    static readonly ReminderStep[] Usual =
        [new(ReminderStage.Friendly, -15), new(ReminderStage.First, 1), new(ReminderStage.Second, 8), new(ReminderStage.Final, 30)];

    static readonly DateOnly Due = new(2026, 12, 31), Issued = new(2026, 12, 1);

    [Theory]
    [InlineData("2026-12-15", null)]
    [InlineData("2026-12-16", ReminderStage.Friendly)]
    [InlineData("2026-12-31", ReminderStage.Friendly)]    // late, and nobody is late yet
    [InlineData("2027-01-01", ReminderStage.First)]
    [InlineData("2027-01-04", ReminderStage.First)]
    [InlineData("2027-01-05", null)]                      // four nights without power: it is left out
    [InlineData("2027-01-08", ReminderStage.Second)]
    [InlineData("2027-02-02", ReminderStage.Final)]
    [InlineData("2027-02-03", null)]
    public void Each_day_has_the_one_step_that_still_makes_sense_on_it(string day, ReminderStage? stage) =>
        Assert.Equal(stage, ReminderSchedule.On(Day(day), Due, Issued, Usual)?.Stage);

    [Fact]
    public void Who_was_told_of_his_bill_after_the_day_of_the_friendly_reminder_is_not_reminded_the_same_day() =>
        Assert.Null(ReminderSchedule.On(new(2026, 12, 20), Due, new(2026, 12, 20), Usual));

    // A reminder said "overdue" 26 days before the due date.
    [Fact]
    public void However_often_the_power_fails_no_notice_comes_before_the_bill_is_overdue_no_stage_goes_back_and_each_falls_on_its_days() =>
        Gen.Select(Gen.Int[-20, 40].HashSet[0, 60], Gen.Int[-20, -2], Gen.Int[1, 5], Gen.Int[3, 12]).Sample((days, friendly, first, apart) =>
        {
            ReminderStep[] steps = [new(ReminderStage.Friendly, friendly), new(ReminderStage.First, first), new(ReminderStage.Second, first + apart)];
            Assert.Null(ReminderSchedule.Check(steps));
            var said = days.Order().Select(age => (Age: age, ReminderSchedule.On(Due.AddDays(age), Due, Due.AddDays(-60), steps)?.Stage))
                .Where(s => s.Stage is not null).ToList();

            Assert.All(said.Where(s => s.Stage > ReminderStage.Friendly), s => Assert.True(s.Age >= 1));
            Assert.All(said.Where(s => s.Stage == ReminderStage.Friendly), s => Assert.True(s.Age <= 0));
            Assert.Equal(said.Select(s => s.Stage).Order(), said.Select(s => s.Stage));
            Assert.All(said, s => Assert.True(ReminderSchedule.DueDates(Due.AddDays(s.Age), steps)!.Value.Contains(Due)));
            Assert.All(steps.Where(step => days.Contains(step.FromDay)), step => Assert.Contains(said, s => s.Stage == step.Stage
                && s.Age == step.FromDay));
        });

    [Theory]
    [InlineData(1, ReminderStage.Friendly, -15, ReminderStage.First, 0)]      // a notice on the due date
    [InlineData(0, ReminderStage.Friendly, 1, ReminderStage.First, 8)]        // a friendly reminder of what is overdue
    [InlineData(1, ReminderStage.First, 1, ReminderStage.First, 9)]           // the same stage twice
    [InlineData(1, ReminderStage.Second, 20, ReminderStage.First, 25)]        // back to a softer one
    [InlineData(1, ReminderStage.First, 1, ReminderStage.Second, 3)]          // two days later
    [InlineData(1, ReminderStage.First, 1, ReminderStage.Final, 366)]
    public void A_policy_that_would_press_people_too_often_or_too_early_is_refused(int wrong, ReminderStage one, int day, ReminderStage two,
        int second) =>
        Assert.Equal(wrong, ReminderSchedule.Check([new(one, day), new(two, second)]));

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
