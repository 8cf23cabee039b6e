using System.Globalization;

namespace OwnerPay.Domain;

/// <summary>An amount of money in fen (0.01 yuan), signed. All arithmetic is checked: it overflows loudly, never wraps.</summary>
public readonly record struct Fen(long Value) : IComparable<Fen>
{
    public static readonly Fen Zero;

    public static Fen operator +(Fen left, Fen right) => new(checked(left.Value + right.Value));
    public static Fen operator -(Fen left, Fen right) => new(checked(left.Value - right.Value));
    public static Fen operator -(Fen amount) => new(checked(-amount.Value));
    public static Fen operator *(Fen amount, long times) => new(checked(amount.Value * times));
    public static bool operator <(Fen left, Fen right) => left.Value < right.Value;
    public static bool operator >(Fen left, Fen right) => left.Value > right.Value;
    public static bool operator <=(Fen left, Fen right) => left.Value <= right.Value;
    public static bool operator >=(Fen left, Fen right) => left.Value >= right.Value;

    public static Fen Min(Fen left, Fen right) => left.Value <= right.Value ? left : right;
    public static Fen Max(Fen left, Fen right) => left.Value >= right.Value ? left : right;

    public int CompareTo(Fen other) => Value.CompareTo(other.Value);

    /// <summary><paramref name="numerator"/> ÷ <paramref name="divisor"/> in whole fen, half away from zero: 0.5 → 1, −0.5 → −1.</summary>
    /// <param name="divisor">Above 0.</param>
    /// <exception cref="RuleRefusal"><c>too_large</c> when the result is no 64-bit number.</exception>
    public static Fen Round(Int128 numerator, Int128 divisor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(divisor, Int128.Zero);
        Int128 whole, rest;
        if (numerator <= long.MaxValue && numerator >= long.MinValue && divisor <= long.MaxValue)
            (whole, rest) = Math.DivRem((long)numerator, (long)divisor);    // the common case, several times faster than 128 bits
        else
            (whole, rest) = Int128.DivRem(numerator, divisor);
        var half = Int128.Abs(rest);
        if (half >= divisor - half) whole += numerator < 0 ? -1 : 1;
        return whole > long.MaxValue || whole < long.MinValue ? throw RuleRefusal.TooLarge("amount") : new Fen((long)whole);
    }

    /// <summary>Yuan as people write them, exact: 3986.4 → 398,640 fen.</summary>
    /// <exception cref="RuleRefusal"><c>not_a_number</c> for parts of a fen, <c>too_large</c>.</exception>
    public static Fen FromYuan(decimal yuan)
    {
        if (Math.Abs(yuan) > long.MaxValue / 100) throw RuleRefusal.TooLarge("amount");
        var fen = yuan * 100;
        return fen == decimal.Truncate(fen) ? new Fen((long)fen) : throw new RuleRefusal(RuleCodes.NotANumber, "an amount has parts of a fen");
    }

    /// <summary>Yuan with two decimals and nothing between the thousands, as WeChat's amount fields and scripts read it: <c>1234.56</c>.</summary>
    public string InYuan() => (Value / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Yuan with two decimals and grouped thousands: <c>1,234.56</c>, <c>-0.05</c>.</summary>
    public override string ToString() => (Value / 100m).ToString("#,0.00", CultureInfo.InvariantCulture);
}

public static class FenSums
{
    extension(IEnumerable<Fen> amounts)
    {
        /// <summary>The sum, checked; 0 of nothing.</summary>
        public Fen Sum()
        {
            var sum = 0L;
            foreach (var amount in amounts) sum = checked(sum + amount.Value);
            return new Fen(sum);
        }
    }
}
