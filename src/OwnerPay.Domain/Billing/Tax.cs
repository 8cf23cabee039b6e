namespace OwnerPay.Domain.Billing;

/// <summary>What of a price that includes tax is tax (增值税, 价税分离).</summary>
/// <param name="Net">Fen without tax.</param>
/// <param name="Tax">Fen of tax; with <paramref name="Net"/> it is the gross amount again.</param>
public readonly record struct TaxSplit(Fen Net, Fen Tax);

/// <summary>Takes the tax out of a gross amount.</summary>
/// <remarks>Net is gross ÷ (1 + rate), rounded half away from zero, tax the rest, so that nothing is lost.
/// Example: 1,060.00 yuan at 6 % (60,000 millionths) → 1,000.00 + 60.00.</remarks>
public static class Tax
{
    const long Whole = 1_000_000;

    /// <param name="gross">Fen; a negative amount (a discount, a reversal) splits as its mirror image.</param>
    /// <param name="rateInMillionths">60,000 is 6 %; 0 to 1,000,000.</param>
    /// <exception cref="RuleRefusal"><c>negative_number</c>, <c>percent_too_high</c>.</exception>
    public static TaxSplit Split(Fen gross, long rateInMillionths)
    {
        RuleRefusal.IfNegative(rateInMillionths, "the tax rate");
        if (rateInMillionths > Whole) throw new RuleRefusal(RuleCodes.PercentTooHigh, $"a tax rate of {rateInMillionths} millionths");
        var net = Fen.Round((Int128)gross.Value * Whole, Whole + rateInMillionths);
        return new(net, gross - net);
    }
}
