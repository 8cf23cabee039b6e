using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Domain;

/// <summary>Writes JSON in the one form that RFC 8785 allows, so that equal values have equal bytes and equal hashes.</summary>
/// <remarks>Members must be written in ascending order of their names (UTF-16 code units); another order is a bug and throws. Numbers are
/// integers; those that a binary64 does not hold exactly are refused, because another implementation would read other digits.</remarks>
/// <param name="expectedBytes">Room to begin with; more is taken when needed.</param>
public sealed class CanonicalJson(int expectedBytes = 1024)
{
    const long LargestExact = (1L << 53) - 1;
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    readonly ArrayBufferWriter<byte> bytes = new(expectedBytes);
    readonly Stack<string?> lastNames = new();
    bool first = true;

    public ReadOnlySpan<byte> Utf8 => bytes.WrittenSpan;

    /// <summary>SHA-256 of the bytes as 64 lower-case hex digits.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));

    public override string ToString() => Strict.GetString(bytes.WrittenSpan);

    public CanonicalJson BeginObject() => Begin('{', "");

    public CanonicalJson EndObject() => End('}');

    public CanonicalJson BeginArray() => Begin('[', null);

    public CanonicalJson EndArray() => End(']');

    public CanonicalJson Name(string name)
    {
        var last = lastNames.Pop() ?? throw new InvalidOperationException("a name inside an array");
        if (!first && string.CompareOrdinal(last, name) >= 0) throw new InvalidOperationException($"{name} is written after {last}");
        lastNames.Push(name);
        Separate();
        Quoted(name);
        Byte(':');
        first = true;
        return this;
    }

    /// <exception cref="RuleRefusal"><c>too_large</c> beyond ±(2^53 − 1).</exception>
    public CanonicalJson Value(long number)
    {
        if (number is > LargestExact or < -LargestExact) throw RuleRefusal.TooLarge("a number in canonical JSON");
        Separate();
        Utf8Formatter.TryFormat(number, bytes.GetSpan(20), out var written);
        bytes.Advance(written);
        return this;
    }

    /// <exception cref="RuleRefusal"><c>text_unsound</c> for half of a surrogate pair.</exception>
    public CanonicalJson Value(string text)
    {
        Separate();
        Quoted(text);
        return this;
    }

    public CanonicalJson Value(bool truth) => Literal(truth ? "true"u8 : "false"u8);

    public CanonicalJson Null() => Literal("null"u8);

    CanonicalJson Literal(ReadOnlySpan<byte> literal)
    {
        Separate();
        bytes.Write(literal);
        return this;
    }

    CanonicalJson Begin(char bracket, string? names)
    {
        Separate();
        Byte(bracket);
        lastNames.Push(names);
        first = true;
        return this;
    }

    CanonicalJson End(char bracket)
    {
        lastNames.Pop();
        Byte(bracket);
        first = false;
        return this;
    }

    void Separate()
    {
        if (!first) Byte(',');
        first = false;
    }

    void Byte(char ascii)
    {
        bytes.GetSpan(1)[0] = (byte)ascii;
        bytes.Advance(1);
    }

    void Quoted(string text)
    {
        Byte('"');
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAny('"', '\\') && !text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            bytes.Advance(Encoding.ASCII.GetBytes(text, bytes.GetSpan(text.Length)));
        }
        else
        {
            try { bytes.Write(Strict.GetBytes(Escaped(text))); }
            catch (EncoderFallbackException) { throw new RuleRefusal(RuleCodes.TextUnsound, "a text holds half of a character"); }
        }
        Byte('"');
    }

    static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var unit in text)
            _ = unit switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\f' => escaped.Append("\\f"),
                '\r' => escaped.Append("\\r"),
                < ' ' => escaped.Append("\\u00").Append(((int)unit).ToString("x2", null)),
                _ => escaped.Append(unit),
            };
        return escaped.ToString();
    }
}
