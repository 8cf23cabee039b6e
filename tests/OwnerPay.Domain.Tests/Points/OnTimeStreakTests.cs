using CsCheck;
using OwnerPay.Domain.Points;

namespace OwnerPay.Domain.Tests.Points;

public sealed class OnTimeStreakTests
{
    static BillKept InTime(int year, int month = 1) => new(new(year, month, 28), new(year, month, 28));

    [Fact]
    public void Three_years_in_a_row_in_time_count_and_one_late_bill_of_this_year_ends_it()
    {
        List<BillKept> bills = [InTime(2023), InTime(2024), InTime(2025), InTime(2025, 7)];

        Assert.Equal(3, OnTimeStreak.Years(new(2026, 1, 1), bills));
        Assert.Equal(3, OnTimeStreak.Years(new(2026, 1, 28), [.. bills, new(new(2026, 1, 28), null)]));    // its last day is not over
        Assert.Equal(0, OnTimeStreak.Years(new(2026, 1, 29), [.. bills, new(new(2026, 1, 28), null)]));
        Assert.Equal(0, OnTimeStreak.Years(new(2026, 3, 1), [.. bills, new(new(2026, 1, 28), new(2026, 1, 29))]));
        Assert.Equal(3, OnTimeStreak.Years(new(2026, 3, 1), [.. bills, InTime(2026)]));
    }

    [Fact]
    public void A_year_that_was_late_or_had_no_bill_ends_the_row()
    {
        Assert.Equal(1, OnTimeStreak.Years(new(2026, 1, 1), [InTime(2023), new(new(2024, 5, 1), new(2024, 5, 2)), InTime(2025)]));
        Assert.Equal(1, OnTimeStreak.Years(new(2026, 1, 1), [InTime(2023), InTime(2025)]));
        Assert.Equal(0, OnTimeStreak.Years(new(2026, 1, 1), [InTime(2024), InTime(2025), new(new(2025, 12, 31), null)]));
        Assert.Equal(0, OnTimeStreak.Years(new(2026, 1, 1), []));
    }

    [Fact]
    public void The_order_of_bills_does_not_matter_and_an_unpaid_old_bill_never_lengthens_a_row() =>
        Gen.Select(Gen.Int[2018, 2026], Gen.Int[1, 12], Gen.Int[-30, 2]).Array[0, 20].Sample(drawn =>
        {
            var bills = drawn.Select(each => new BillKept(new(each.Item1, each.Item2, 20), new DateOnly(each.Item1, each.Item2,
                20).AddDays(each.Item3))).ToArray();
            var years = OnTimeStreak.Years(new(2026, 6, 1), bills);

            Assert.Equal(years, OnTimeStreak.Years(new(2026, 6, 1), [.. bills.Reverse()]));
            Assert.True(OnTimeStreak.Years(new(2026, 6, 1), [.. bills, new(new(2024, 6, 1), null)]) <= Math.Min(years, 1));
        });
}
