namespace OwnerPay.Domain.Billing;

/// <summary>What stood on a counter on a Shanghai date.</summary>
/// <param name="Value">In 0.001 units, ≥ 0 and below the counter's range.</param>
/// <param name="Estimated">Nobody looked: the next real reading corrects it, also downwards.</param>
/// <param name="RolledOver">The counter went past its last number and began at 0 again since the reading before.</param>
public readonly record struct CounterReading(DateOnly On, long Value, bool Estimated, bool RolledOver);

/// <summary>Why a reading cannot be right.</summary>
public enum CounterFault { None, BeyondCounter, Lower, NoRollOver, RollOverUnlikely }

/// <summary>The arithmetic of a counter that begins at 0 again after its last number (a five-digit one after 99999).</summary>
/// <remarks>Example: 5 digits, 99,950 then, 20 now with a stated roll-over → 70 units. A counter that was replaced is two counters: the usage of the
/// old one up to its closing reading and of the new one from its opening reading.</remarks>
public static class MeterCounter
{
    /// <summary>Readings carry three decimals.</summary>
    public const int Thousandth = 1_000;

    /// <summary>0.001 units × 0.0001 yuan is 0.00001 fen.</summary>
    const int PriceUnitsPerFen = 100_000;

    /// <summary>The number, in 0.001 units, at which a counter of so many digits before the point begins anew.</summary>
    /// <param name="digits">1 to 9.</param>
    public static long Range(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 9);
        var range = (long)Thousandth;
        for (var digit = 0; digit < digits; digit++) range *= 10;
        return range;
    }

    /// <summary>Judges a reading against the one before it.</summary>
    /// <param name="before">Null for the first reading, which only has to fit on the counter.</param>
    /// <remarks>Lower is only right after an estimate, or when a roll-over is stated; a stated roll-over by which more than half of the counter had
    /// been used is taken for a slip: 500 then, 300 now would be 99,800 units.</remarks>
    public static CounterFault Judge(int digits, CounterReading? before, CounterReading reading)
    {
        var range = Range(digits);
        if (reading.Value < 0 || reading.Value >= range) return CounterFault.BeyondCounter;
        if (before is not { } last) return reading.RolledOver ? CounterFault.NoRollOver : CounterFault.None;
        if (!reading.RolledOver) return reading.Value < last.Value && !last.Estimated ? CounterFault.Lower : CounterFault.None;
        if (reading.Value >= last.Value) return CounterFault.NoRollOver;
        return reading.Value + range - last.Value > range / 2 ? CounterFault.RollOverUnlikely : CounterFault.None;
    }

    /// <summary>The readings as if the counter had no last number: the difference of two positions is what went through between them.</summary>
    /// <param name="readings">Of one counter, ascending by date.</param>
    /// <returns>In 0.001 units, one for each reading; after an estimate that was too high a position can be lower than the one before.</returns>
    public static long[] Positions(int digits, IReadOnlyList<CounterReading> readings)
    {
        var (range, rounds, positions) = (Range(digits), 0L, new long[readings.Count]);
        for (var index = 0; index < readings.Count; index++)
        {
            if (readings[index].RolledOver) rounds++;
            positions[index] = checked(rounds * range + readings[index].Value);
        }
        return positions;
    }

    /// <summary>What a flat price makes of a usage, rounded once half away from zero.</summary>
    /// <param name="usage">In 0.001 units, ≥ 0.</param>
    /// <param name="unitPrice">In 0.0001 yuan per unit, ≥ 0.</param>
    /// <remarks>Example: 30.5 t at 3.45 yuan → 105.23 yuan.</remarks>
    public static Fen Price(long usage, long unitPrice)
    {
        RuleRefusal.IfNegative(usage, "the usage");
        RuleRefusal.IfNegative(unitPrice, "the unit price");
        return Fen.Round((Int128)usage * unitPrice, PriceUnitsPerFen);
    }

    /// <summary>Spreads a usage evenly over days that are cut into stretches (a new price, a new owner, a new year); the parts sum to the whole.</summary>
    /// <param name="usage">In 0.001 units, ≥ 0.</param>
    /// <param name="days">Days of each stretch, together at least one.</param>
    public static long[] Spread(long usage, ReadOnlySpan<long> days)
    {
        var parts = new long[days.Length];
        Apportion.Into(usage, days, parts);
        return parts;
    }
}
