using System.Buffers;

namespace OwnerPay.Domain;

/// <summary>Splits an amount by weights so that the parts sum to the whole: a building's bill over its houses, a discount over lines.</summary>
/// <remarks>Each part is first the floor of its exact share; the fen that are then missing go one by one to the largest remainders, of equal
/// remainders to the lower index. Example: 100,001 fen by 80 : 100 : 120 → 26,667 + 33,334 + 40,000. A weight of 0 gets 0; where the total
/// is at most the sum of the weights, no part exceeds its weight.</remarks>
public static class Apportion
{
    const int OnStack = 128;

    /// <param name="total">Fen ≥ 0; whoever takes money back splits the positive amount and turns the signs.</param>
    /// <param name="weights">≥ 0, all in one unit of the caller's choice.</param>
    /// <exception cref="RuleRefusal"><c>no_basis</c> if something is to be split and all weights are 0 or there is none;
    /// <c>negative_amount</c>, <c>negative_number</c>; <c>too_large</c> when the weights sum to more than 64 bits.</exception>
    public static Fen[] Split(Fen total, ReadOnlySpan<long> weights)
    {
        var parts = new long[weights.Length];
        Into(total.Value, weights, parts);
        return Array.ConvertAll(parts, part => new Fen(part));
    }

    /// <inheritdoc cref="Split(Fen, ReadOnlySpan{long})"/>
    public static Fen[] Split(Fen total, ReadOnlySpan<Fen> weights)
    {
        var numbers = new long[weights.Length];
        for (var index = 0; index < weights.Length; index++) numbers[index] = weights[index].Value;
        return Split(total, numbers);
    }

    /// <summary>The same for areas and usages as decimal numbers; their decimals may differ.</summary>
    /// <inheritdoc cref="Split(Fen, ReadOnlySpan{long})"/>
    public static Fen[] Split(Fen total, ReadOnlySpan<decimal> weights)
    {
        var places = 0;
        foreach (var weight in weights) places = Math.Max(places, Normal(weight).Scale);
        var unit = 1m;
        for (var place = 0; place < places; place++) unit *= 10;
        var numbers = new long[weights.Length];
        for (var index = 0; index < weights.Length; index++)
        {
            if (Math.Abs(weights[index]) > long.MaxValue / unit) throw RuleRefusal.TooLarge("weight");
            numbers[index] = (long)(weights[index] * unit);
        }
        return Split(total, numbers);
    }

    /// <summary>The split without an allocation, into <paramref name="parts"/> of the same length.</summary>
    /// <inheritdoc cref="Split(Fen, ReadOnlySpan{long})"/>
    public static void Into(long total, ReadOnlySpan<long> weights, Span<long> parts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parts.Length, weights.Length);
        RuleRefusal.IfNegative(new Fen(total), "the amount to split");
        var basis = Basis(weights);
        parts.Clear();
        if (total == 0) return;
        if (basis == 0) throw new RuleRefusal(RuleCodes.NoBasis, $"{total} fen cannot be split: there is no weight above 0");

        var rented = weights.Length > OnStack ? ArrayPool<ulong>.Shared.Rent(weights.Length) : null;
        var remainders = rented is null ? stackalloc ulong[OnStack] : rented;
        remainders = remainders[..weights.Length];
        var missing = total - Floors((ulong)total, (ulong)basis, weights, parts, remainders);
        if (missing > 0) GiveToLargest(missing, remainders, parts);
        if (rented is not null) ArrayPool<ulong>.Shared.Return(rented);
    }

    static long Basis(ReadOnlySpan<long> weights)
    {
        var sum = 0L;
        foreach (var weight in weights)
        {
            RuleRefusal.IfNegative(weight, "a weight");
            if (weight > long.MaxValue - sum) throw RuleRefusal.TooLarge("sum of the weights");
            sum += weight;
        }
        return sum;
    }

    static long Floors(ulong total, ulong basis, ReadOnlySpan<long> weights, Span<long> parts, Span<ulong> remainders)
    {
        var given = 0L;
        // No weight exceeds the basis, so total × basis within 64 bits means that all products are.
        var narrow = Math.BigMul(total, basis, out _) == 0;
        for (var index = 0; index < weights.Length; index++)
        {
            if (narrow)
            {
                var product = total * (ulong)weights[index];
                var floor = product / basis;
                parts[index] = (long)floor;
                remainders[index] = product - floor * basis;
            }
            else
            {
                var (floor, remainder) = UInt128.DivRem((UInt128)total * (ulong)weights[index], basis);
                parts[index] = (long)floor;
                remainders[index] = (ulong)remainder;
            }
            given += parts[index];
        }
        return given;
    }

    /// <remarks>Fewer fen are missing than there are remainders above 0, because these sum to missing × basis and each is below the basis.</remarks>
    static void GiveToLargest(long missing, Span<ulong> remainders, Span<long> parts)
    {
        if (remainders.Length > 32 && missing > 1)
        {
            GiveInOrder(missing, remainders, parts);
            return;
        }
        for (; missing > 0; missing--)
        {
            var largest = 0;
            for (var index = 1; index < remainders.Length; index++)
                if (remainders[index] > remainders[largest]) largest = index;
            parts[largest]++;
            remainders[largest] = 0;
        }
    }

    // A method of its own: what its comparison holds on to would be allocated for the short lists too.
    static void GiveInOrder(long missing, Span<ulong> remainders, Span<long> parts)
    {
        var order = new int[remainders.Length];
        for (var index = 0; index < order.Length; index++) order[index] = index;
        var keys = remainders.ToArray();
        Array.Sort(order, (left, right) => keys[left] != keys[right] ? keys[right].CompareTo(keys[left]) : left.CompareTo(right));
        for (var index = 0; index < missing; index++) parts[order[index]]++;
    }

    /// <summary>Without trailing zeros, so that 3.50 and 3.5 count one decimal.</summary>
    static decimal Normal(decimal number) => number / 1.000000000000000000000000000000000m;
}
