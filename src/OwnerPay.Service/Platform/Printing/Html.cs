using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>Writes HTML from interpolated strings: what stands in the source is markup, what is put into it is text and always encoded.</summary>
/// <remarks>There is no way to put in markup: pieces are written one after another into the same text.</remarks>
public sealed class Html
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);    // Chinese stays readable in the source of a page
    readonly StringBuilder text = new();

    public Html Write([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;    // has written itself
        return this;
    }

    public override string ToString() => text.ToString();

    /// <summary>Takes the parts of an interpolated string as the compiler hands them over.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup(int literalLength, int formattedCount, Html html)
    {
        readonly StringBuilder text = html.text.EnsureRoom(literalLength + formattedCount * 8);

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(string? value) => text.Append(Encoder.Encode(value ?? ""));

        public void AppendFormatted(int value) => text.Append(value);
    }
}

file static class Room
{
    public static StringBuilder EnsureRoom(this StringBuilder text, int more)
    {
        text.EnsureCapacity(text.Length + more);
        return text;
    }
}
