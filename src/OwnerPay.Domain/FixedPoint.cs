namespace OwnerPay.Domain;

/// <summary>Plain decimal text as a whole number of its smallest unit: <c>"2.8"</c> with 4 decimals is 28,000.</summary>
public static class FixedPoint
{
    /// <summary>Optional minus, ASCII digits, optionally a point and more digits. No exponent, no group marks, no spaces.</summary>
    /// <param name="decimals">Decimals of the unit, 0 to 9: 2 for m² and yuan, 3 for meters, 4 for unit prices. More digits must be zeros.</param>
    /// <exception cref="RuleRefusal"><c>not_a_number</c>; <c>too_large</c> beyond 64 bits.</exception>
    public static long Parse(ReadOnlySpan<char> text, int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)decimals, 9u, nameof(decimals));
        var negative = text.StartsWith("-");
        var rest = negative ? text[1..] : text;
        var point = rest.IndexOf('.');
        var whole = point < 0 ? rest : rest[..point];
        var part = point < 0 ? [] : rest[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && part.IsEmpty)) throw NotANumber(text);

        Int128 value = 0;
        foreach (var digit in whole) value = Append(value, digit, text);
        for (var place = 0; place < Math.Max(decimals, part.Length); place++)
        {
            var digit = place < part.Length ? part[place] : '0';
            if (place < decimals) value = Append(value, digit, text);
            else if (digit != '0') throw NotANumber(text);
        }
        value = negative ? -value : value;
        return value < long.MinValue || value > long.MaxValue ? throw RuleRefusal.TooLarge("number") : (long)value;
    }

    static Int128 Append(Int128 value, char digit, ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiDigit(digit)) throw NotANumber(text);
        return value > ulong.MaxValue ? throw RuleRefusal.TooLarge("number") : value * 10 + (digit - '0');
    }

    static RuleRefusal NotANumber(ReadOnlySpan<char> text) => new(RuleCodes.NotANumber, $"'{text}' is not a plain decimal number of this unit");
}
