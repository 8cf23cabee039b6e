using CsCheck;
using OwnerPay.Domain.Payments;

namespace OwnerPay.Domain.Tests.Payments;

public sealed class TaxpayerNumberTests
{
    [Theory]
    [InlineData("91350100M000100Y43", true)]
    [InlineData("9144030071526726XG", true)]
    [InlineData("91330100799655058B", true)]
    [InlineData("91350100M000100Y44", false)]
    [InlineData("91350100M000100y43", false)]
    [InlineData("91350100M000100Y4", false)]
    [InlineData("9135010OM000100Y43", false)]
    [InlineData("", false)]
    public void A_firm_whose_number_was_mistyped_is_told_before_an_invoice_is_made_out_to_nobody(string number, bool valid) =>
        Assert.Equal(valid, TaxpayerNumber.IsValid(number));

    [Fact]
    public void One_mistyped_character_is_always_noticed() =>
        Gen.Select(Gen.Int[0, 17], Gen.Char["0123456789ABCDEFGHJKLMNPQRTUWXY"]).Sample((at, other) =>
        {
            const string right = "91350100M000100Y43";
            var typed = right[..at] + other + right[(at + 1)..];
            return TaxpayerNumber.IsValid(typed) == (typed == right);
        });
}
