namespace OwnerPay.Domain.Messaging;

/// <summary>How many text messages a Chinese provider charges for a text.</summary>
/// <remarks>Source: the billing rules of the large providers: up to 70 characters one, longer ones by 67. The signature 【…】 counts. Example: 71
/// characters → 2, 135 characters → 3.</remarks>
public static class SmsText
{
    const int Single = 70, Part = 67;

    /// <summary>Characters of a text with its signature.</summary>
    public static string Signed(string signature, string text) => $"【{signature}】{text}";

    /// <param name="signed">The whole text, signature included; each UTF-16 unit counts one.</param>
    /// <returns>0 for an empty text.</returns>
    public static int Parts(string signed) => signed.Length <= Single ? Math.Min(signed.Length, 1) : (signed.Length + Part - 1) / Part;

    /// <summary>True when a promotional text names a way out, as the rules on commercial messages ask for.</summary>
    public static bool NamesWayOut(string text) => text.Contains("退订", StringComparison.Ordinal) || text.Contains("拒收", StringComparison.Ordinal);

    /// <summary>True when an answer of the receiver means that he wants no more of them: <c>T</c>, <c>TD</c>, <c>R</c>, <c>N</c>, 退订, 拒收.</summary>
    public static bool IsOptOut(string answer) =>
        answer.Trim().ToUpperInvariant() is "T" or "TD" or "R" or "N" or "退订" or "拒收";
}
