namespace OwnerPay.Domain.Payments;

/// <summary>The taxpayer number (纳税人识别号) of a firm: since 2015 its unified social credit code of 18 characters, the last of which checks the others.</summary>
/// <remarks>Source: GB 32100-2015: digits and capital letters without I, O, S, V, Z; weights 3^i mod 31; check = (31 − Σ mod 31) mod 31.
/// Example: <c>91350100M000100Y43</c> of the standard is right, with any one character changed it is wrong.</remarks>
public static class TaxpayerNumber
{
    const string Characters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const int Length = 18;

    /// <param name="number">As typed; small letters and blanks are not accepted here, whoever reads a form takes them out.</param>
    public static bool IsValid(string number)
    {
        if (number.Length != Length) return false;
        var (sum, weight) = (0, 1);
        for (var at = 0; at < Length - 1; at++)
        {
            var value = Characters.IndexOf(number[at], StringComparison.Ordinal);
            if (value < 0) return false;
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        return Characters[(31 - sum % 31) % 31] == number[^1];
    }
}
