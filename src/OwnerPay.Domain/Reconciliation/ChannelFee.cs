using System.Globalization;

namespace OwnerPay.Domain.Reconciliation;

/// <summary>The fee that a payment channel takes of one payment (手续费), as its bill tells it.</summary>
/// <remarks>WeChat's trade bill writes fees with five decimals of a yuan and beside each its rate (<c>0.60%</c>).</remarks>
public static class ChannelFee
{
    /// <summary>How far a fee may lie from rate × amount before somebody must look: channels round each row in their own way.</summary>
    public static readonly Fen Tolerance = new(1);

    /// <summary>A fee in whole fen, rounded once per row, half away from zero: 1.72500 yuan → 173 fen. Sums are made of rounded rows, so that each
    /// row can be traced.</summary>
    /// <param name="thousandths">Thousandths of a fen; 1.72500 yuan are 172,500.</param>
    public static Fen InWholeFen(long thousandths) => Fen.Round(thousandths, 1000);

    /// <summary>What the fee should be: settled amount × rate, half away from zero; null where the bill names no rate that can be read.</summary>
    /// <param name="settled">Fen on which the channel takes its fee: the order less coupons that the merchant bears.</param>
    /// <param name="rate">As the bill writes it: <c>0.60%</c>.</param>
    public static Fen? Expected(Fen settled, string rate)
    {
        if (!rate.EndsWith('%') || !decimal.TryParse(rate[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var percent)) return null;
        var perMillion = percent * 10_000;
        return percent > 100 || perMillion != decimal.Truncate(perMillion) ? null : Fen.Round((Int128)settled.Value * (long)perMillion, 1_000_000);
    }

    /// <summary>True when the fee is what rate and amount say, give or take <see cref="Tolerance"/>, or when the bill names no rate.</summary>
    public static bool IsPlausible(Fen fee, Fen settled, string rate) =>
        Expected(settled, rate) is not { } expected || Math.Abs((fee - expected).Value) <= Tolerance.Value;
}
