using System.Text.RegularExpressions;

namespace OwnerPay.Domain.Payments;

/// <summary>The short code that an owner writes into the memo of a transfer (转账附言码), so that his money is known at once: <c>WY</c> and ten digits,
/// of which
/// the last proves the others.</summary>
/// <remarks>The check digit is Luhn's (ISO/IEC 7812-1, annex B): one wrong digit or two neighbours changed about give no code. Example: 202600001 →
/// <c>WY2026000014</c>.</remarks>
public static partial class TransferCode
{
    public const int Digits = 9;

    /// <param name="number">0 to 999,999,999.</param>
    /// <exception cref="RuleRefusal"><c>negative_number</c>, <c>too_large</c>.</exception>
    public static string Of(long number)
    {
        RuleRefusal.IfNegative(number, "a transfer code's number");
        if (number > 999_999_999) throw RuleRefusal.TooLarge("a transfer code's number");
        var digits = number.ToString("000000000", System.Globalization.CultureInfo.InvariantCulture);
        return $"WY{digits}{Check(digits)}";
    }

    /// <summary>The codes that a text names rightly, each once, in the order of the text. Letters may be small, blanks may stand between the
    /// digits.</summary>
    public static IReadOnlyList<string> In(string text) => [.. Written().Matches(MatchText.Narrow(text))
        .Select(match => match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal))
        .Where(digits => Check(digits[..Digits]) == digits[Digits]).Select(digits => "WY" + digits).Distinct()];

    /// <summary>Luhn over the nine digits, the rightmost doubled first.</summary>
    static char Check(string digits)
    {
        var sum = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            var digit = digits[digits.Length - 1 - at] - '0';
            if (at % 2 == 0) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return (char)('0' + (10 - sum % 10) % 10);
    }

    [GeneratedRegex(@"(?<![A-Za-z])WY ?((?:\d ?){9}\d)(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Written();
}
