using OwnerPay.Domain.Reconciliation;

namespace OwnerPay.Domain.Tests.Reconciliation;

public sealed class ChannelFeeTests
{
    [Theory]
    [InlineData(172_000, 172)]
    [InlineData(172_499, 172)]
    [InlineData(172_500, 173)]
    [InlineData(-172_500, -173)]
    [InlineData(0, 0)]
    public void A_fee_with_five_decimals_is_booked_in_whole_fen_half_away_from_zero(long thousandths, long fen) =>
        Assert.Equal(new Fen(fen), ChannelFee.InWholeFen(thousandths));

    [Theory]
    [InlineData(28_650, "0.60%", 172)]
    [InlineData(100, "0.60%", 1)]
    [InlineData(100, "0.6%", 1)]
    [InlineData(50_000, "0%", 0)]
    [InlineData(10_000, "0.2500%", 25)]
    public void The_fee_follows_from_amount_and_rate(long settled, string rate, long fen) =>
        Assert.Equal(new Fen(fen), ChannelFee.Expected(new Fen(settled), rate));

    [Theory]
    [InlineData("")]
    [InlineData("0.006")]
    [InlineData("-0.60%")]
    [InlineData("600%")]
    [InlineData("0.60001%")]
    [InlineData("费率%")]
    public void A_rate_that_cannot_be_read_accuses_nobody(string rate)
    {
        Assert.Null(ChannelFee.Expected(new Fen(28_650), rate));
        Assert.True(ChannelFee.IsPlausible(new Fen(99_999), new Fen(28_650), rate));
    }

    [Theory]
    [InlineData(171, true)]
    [InlineData(173, true)]
    [InlineData(174, false)]
    [InlineData(170, false)]
    [InlineData(-172, false)]
    public void One_fen_of_rounding_is_no_alarm_and_two_are(long fee, bool plausible) =>
        Assert.Equal(plausible, ChannelFee.IsPlausible(new Fen(fee), new Fen(28_650), "0.60%"));
}
