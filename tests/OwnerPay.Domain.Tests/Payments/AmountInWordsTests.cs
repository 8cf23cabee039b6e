using CsCheck;
using OwnerPay.Domain.Payments;

namespace OwnerPay.Domain.Tests.Payments;

public sealed class AmountInWordsTests
{
    [Theory]
    [InlineData(10, "壹角")]
    [InlineData(11, "壹角壹分")]
    [InlineData(100, "壹元整")]
    [InlineData(110, "壹元壹角")]
    [InlineData(1_000, "壹拾元整")]
    [InlineData(1_100, "壹拾壹元整")]
    [InlineData(10_000, "壹佰元整")]
    [InlineData(10_100, "壹佰零壹元整")]
    [InlineData(100_100, "壹仟零壹元整")]
    [InlineData(101_000, "壹仟零壹拾元整")]
    [InlineData(110_000, "壹仟壹佰元整")]
    [InlineData(1_010_000, "壹万零壹佰元整")]
    [InlineData(1_100_000, "壹万壹仟元整")]
    [InlineData(1_000_001, "壹万元零壹分")]
    [InlineData(10_700_050, "壹拾万柒仟元伍角")]
    [InlineData(10_070_050, "壹拾万零柒佰元伍角")]
    [InlineData(100_000_000, "壹佰万元整")]
    [InlineData(10_000_000_000, "壹亿元整")]
    [InlineData(10_000_000_100, "壹亿零壹元整")]
    [InlineData(10_000_500_000, "壹亿零伍仟元整")]
    [InlineData(10_010_000_000, "壹亿零壹拾万元整")]
    [InlineData(11_000_000_000, "壹亿壹仟万元整")]
    [InlineData(100_100_000_000, "壹拾亿零壹佰万元整")]
    [InlineData(1_001_000_100_001, "壹佰亿壹仟万壹仟元零壹分")]
    [InlineData(100_000_000_000_000, "壹万亿元整")]
    [InlineData(100_000_000_000_100, "壹万亿零壹元整")]
    [InlineData(150_000_000_000_000, "壹万伍仟亿元整")]
    [InlineData(105_000_000_000_000, "壹万零伍佰亿元整")]
    [InlineData(999_999_999_999_999, "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分")]
    public void Zeros_are_spoken_once_between_digits_and_not_at_the_end_of_a_group(long fen, string words) =>
        Assert.Equal(words, AmountInWords.Of(new(fen)));

    [Fact]
    public void Every_amount_can_be_read_back_from_its_words() => Gen.OneOf(
        Gen.Long[0, AmountInWords.Most.Value],
        Gen.Select(Gen.Long[0, AmountInWords.Most.Value], Gen.Int[0, 0x7FFF]).Select((fen, kept) => WithZeros(fen, kept)))
        .Sample(fen => Read(AmountInWords.Of(new(fen))) == fen);

    [Fact]
    public void No_amount_has_two_zeros_in_a_row_or_one_before_a_unit() =>
        Gen.Select(Gen.Long[100, AmountInWords.Most.Value], Gen.Int[0, 0x7FFF]).Sample((fen, kept) =>
        {
            var words = AmountInWords.Of(new(Math.Max(1, WithZeros(fen, kept))));

            Assert.DoesNotContain("零零", words, StringComparison.Ordinal);
            Assert.All("元万亿仟佰拾角分整", unit => Assert.DoesNotContain("零" + unit, words, StringComparison.Ordinal));
        });

    /// <summary>Keeps only the digits whose bit is set, so that zeros stand everywhere.</summary>
    static long WithZeros(long fen, int kept)
    {
        var (result, power) = (0L, 1L);
        for (var place = 0; place < 15; place++, power *= 10)
            if ((kept >> place & 1) == 1) result += fen / power % 10 * power;
        return result;
    }

    static long Read(string words)
    {
        const string Digits = "零壹贰叁肆伍陆柒捌玖";
        var (fen, section, ten, digit) = (0L, 0L, 0L, 0L);
        foreach (var word in words)
            switch (word)
            {
                case '亿': section = (section + ten + digit) * 100_000_000; (fen, section, ten, digit) = (fen + section * 100, 0, 0, 0); break;
                case '万': (section, ten, digit) = (section + (ten + digit) * 10_000, 0, 0); break;
                case '仟': (ten, digit) = (ten + digit * 1_000, 0); break;
                case '佰': (ten, digit) = (ten + digit * 100, 0); break;
                case '拾': (ten, digit) = (ten + digit * 10, 0); break;
                case '元': (fen, section, ten, digit) = (fen + (section + ten + digit) * 100, 0, 0, 0); break;
                case '角': (fen, digit) = (fen + digit * 10, 0); break;
                case '分': (fen, digit) = (fen + digit, 0); break;
                case '整': break;
                default: digit = Digits.IndexOf(word, StringComparison.Ordinal); break;
            }
        return fen;
    }
}
