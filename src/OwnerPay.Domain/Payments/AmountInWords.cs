using System.Text;

namespace OwnerPay.Domain.Payments;

/// <summary>An amount in the capital numerals of receipts (人民币大写), which nobody can alter with a stroke of the pen.</summary>
/// <remarks>Source: the rules for filling in bills of exchange and settlement vouchers of the People's Bank of China, in the form that receipts
/// use: 元 instead of 圆, 整 only after 元, ten is 壹拾. One 零 stands for zeros between digits, none for zeros that end a group of four.
/// Examples: 1.05 → 壹元零伍分; 107,000.50 → 壹拾万柒仟元伍角; 10,000,001 → 壹仟万零壹元整.</remarks>
public static class AmountInWords
{
    /// <summary>9,999,999,999,999.99 yuan.</summary>
    public static readonly Fen Most = new(999_999_999_999_999);

    const string Digits = "零壹贰叁肆伍陆柒捌玖";
    static readonly string[] Places = ["", "拾", "佰", "仟"];

    /// <exception cref="RuleRefusal"><c>negative_amount</c>; <c>too_large</c> above <see cref="Most"/>.</exception>
    public static string Of(Fen amount)
    {
        RuleRefusal.IfNegative(amount, "an amount in words");
        if (amount > Most) throw new RuleRefusal(RuleCodes.TooLarge, $"there are no words for {amount} yuan");
        var (yuan, fen) = Math.DivRem(amount.Value, 100);
        if (amount == Fen.Zero) return "零元整";

        var words = new StringBuilder();
        if (yuan > 0) Append(words, yuan).Append('元');
        if (fen == 0) return words.Append('整').ToString();
        var (jiao, rest) = Math.DivRem((int)fen, 10);
        if (jiao > 0) words.Append(Digits[jiao]).Append('角');
        else if (yuan > 0) words.Append('零');
        if (rest > 0) words.Append(Digits[rest]).Append('分');
        return words.ToString();
    }

    /// <summary>Up to 99,999 times 亿 is itself a number with 万: 1,500,000,000,000 is 壹万伍仟亿.</summary>
    static StringBuilder Append(StringBuilder words, long yuan)
    {
        var gap = false;
        AppendGroup(words, (int)(yuan / 1_0000_0000_0000), "万", ref gap);
        AppendGroup(words, (int)(yuan / 1_0000_0000 % 1_0000), "", ref gap);
        if (words.Length > 0) words.Append('亿');
        AppendGroup(words, (int)(yuan / 1_0000 % 1_0000), "万", ref gap);
        AppendGroup(words, (int)(yuan % 1_0000), "", ref gap);
        return words;
    }

    /// <param name="gap">Whether zeros stand before the next digit that is none; they are spoken only then, and once.</param>
    static void AppendGroup(StringBuilder words, int group, string unit, ref bool gap)
    {
        if (group == 0)
        {
            gap = words.Length > 0;
            return;
        }
        for (var (place, power) = (3, 1000); place >= 0; place--, power /= 10)
        {
            var digit = group / power % 10;
            if (digit == 0)
            {
                gap = words.Length > 0;
                continue;
            }
            if (gap) words.Append('零');
            gap = false;
            words.Append(Digits[digit]).Append(Places[place]);
        }
        gap = false;    // zeros that end a group are not spoken
        words.Append(unit);
    }
}
