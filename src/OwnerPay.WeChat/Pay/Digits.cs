namespace OwnerPay.WeChat.Pay;

/// <summary>Whole numbers in the values of a bill: ASCII digits and nothing else, whatever the culture.</summary>
static class Digits
{
    /// <param name="text">At most 18 digits, which fit; none at all is 0.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            number = number * 10 + (digit - '0');
        }
        return true;
    }
}
