using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>What a document says, as plain text: kept with its hash beside an archived document, because no two writers draw a page alike.</summary>
public static class PaperFrozen
{
    /// <summary>Every word and number from top to bottom, a line each, LF between; cells parted by a tab.</summary>
    public static string Text(Paper paper)
    {
        var text = new StringBuilder();
        Line(text, paper.Title);
        if (paper.Number is { } number) Line(text, "编号", number);
        if (paper.Stamp is { } stamp) Line(text, stamp);
        Line(text, paper.Head.Company, paper.Head.Community, paper.Head.Phone, paper.Head.Address, paper.Head.Hours);
        foreach (var fact in paper.Facts) Line(text, fact.Name, fact.Value);
        foreach (var block in paper.Blocks) Write(text, block);
        foreach (var note in paper.Footnotes) Line(text, note);
        return text.ToString();
    }

    /// <summary>SHA-256 of the text in UTF-8.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    static void Write(StringBuilder text, PaperBlock block)
    {
        switch (block)
        {
            case PaperTable table:
                if (table.Heading is { } heading) Line(text, heading);
                Line(text, [.. table.Columns.Select(column => column.Title)]);
                foreach (var row in table.Rows)
                {
                    Line(text, [.. row.Cells]);
                    if (row.Note is { } note) Line(text, note);
                }
                break;
            case PaperAmount amount:
                Line(text, amount.Name, amount.Figures, amount.Words);
                break;
            case PaperText lines:
                if (lines.Heading is { } above) Line(text, above);
                foreach (var line in lines.Lines) Line(text, line);
                if (lines.Code is { } code) Line(text, code.Caption, code.Content);
                break;
            case PaperSignatures signatures:
                Line(text, [.. signatures.Names]);
                break;
            default: throw new InvalidOperationException($"No text of {block.GetType().Name}");
        }
    }

    // A text with a line break in it must not look like two lines.
    static void Line(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        for (var at = 0; at < cells.Length; at++)
        {
            if (at > 0) text.Append('\t');
            text.Append(cells[at].ReplaceLineEndings(" ").Replace('\t', ' '));
        }
        text.Append('\n');
    }
}
