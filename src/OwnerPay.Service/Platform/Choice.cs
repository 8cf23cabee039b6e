namespace OwnerPay.Service.Platform;

/// <summary>One of an enumeration's words in a query string, spelt as in JSON (<c>?state=proposed</c>); routes alone would insist on the spelling of the code.</summary>
public readonly record struct Choice<T>(T Value) where T : struct, Enum
{
    public static bool TryParse(string? text, IFormatProvider? _, out Choice<T> choice)
    {
        choice = default;
        if (string.IsNullOrEmpty(text) || !char.IsAsciiLetter(text[0]) || !Enum.TryParse<T>(text, ignoreCase: true, out var value) || !Enum.IsDefined(value)) return false;
        choice = new Choice<T>(value);
        return true;
    }

    public override string ToString() => Value.ToString();
}
