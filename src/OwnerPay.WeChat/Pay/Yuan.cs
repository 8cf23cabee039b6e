namespace OwnerPay.WeChat.Pay;

/// <summary>Reads the amounts of bill files: yuan as text, into whole fen or thousandths of a fen. No fraction is ever rounded away.</summary>
public static class Yuan
{
    const int MostWhole = 11, MostFraction = 5;

    /// <summary><c>286.50</c> → 28,650 fen. Refuses what is no whole number of fen.</summary>
    public static bool TryFen(ReadOnlySpan<char> yuan, out long fen)
    {
        var whole = TryMilliFen(yuan, out var thousandths) && thousandths % 1000 == 0;
        fen = whole ? thousandths / 1000 : 0;
        return whole;
    }

    /// <summary><c>1.72000</c> → 172,000 thousandths of a fen: fees have five decimals.</summary>
    /// <remarks>11 digits of yuan with five decimals leave room in a long for adding up.</remarks>
    public static bool TryMilliFen(ReadOnlySpan<char> yuan, out long thousandths)
    {
        thousandths = 0;
        var negative = yuan is ['-', ..];
        var digits = negative ? yuan[1..] : yuan;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (whole.Length is < 1 or > MostWhole || fraction.Length > MostFraction || (point >= 0 && fraction.IsEmpty)) return false;
        if (!Digits.TryRead(whole, out var units) || !Digits.TryRead(fraction, out var rest)) return false;
        for (var places = fraction.Length; places < MostFraction; places++) rest *= 10;
        thousandths = units * 100_000 + rest;
        if (negative) thousandths = -thousandths;
        return true;
    }
}
