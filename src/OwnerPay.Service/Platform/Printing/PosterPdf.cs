using SkiaSharp;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>Writes a poster as PDF: A4, the same look as its print page, set as large as one page allows.</summary>
public sealed class PosterPdf(PaperFonts fonts)
{
    static readonly float[] Sizes = [21, 18, 15.5f, 13, 11.5f];

    /// <summary>Null when PDFs can be written, else why not.</summary>
    public Error? Refusal => fonts.Load().Refusal;

    /// <exception cref="InvalidOperationException">There is no font: the caller has not asked for <see cref="Refusal"/>.</exception>
    public byte[] Bytes(Poster poster)
    {
        var (regular, bold) = fonts.Load().Value;
        using var type = new PdfType(regular, bold);
        using var memory = new MemoryStream();
        using (var stream = new SKManagedWStream(memory))
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata
        {
            Title = poster.Title, Creator = "OwnerPay",
            Producer = "OwnerPay", RasterDpi = 300
        }))
        {
            foreach (var page in Pages(poster, type))
            {
                var canvas = document.BeginPage(PdfLayout.Width, PdfLayout.Height);
                foreach (var draw in page) draw(canvas);
                document.EndPage();
            }
            document.Close();
        }
        return memory.ToArray();
    }

    /// <summary>The largest size in which all of it fits on one page; the smallest one over several pages where none does.</summary>
    static List<List<Action<SKCanvas>>> Pages(Poster poster, PdfType type)
    {
        for (var at = 0; ; at++)
        {
            var pages = new PosterLayout(type, Sizes[at]).Of(poster);
            if (pages.Count == 1 || at == Sizes.Length - 1) return pages;
        }
    }
}

/// <summary>Lays a poster out in one size of type. All lengths in points.</summary>
internal sealed class PosterLayout(PdfType type, float size)
{
    const float Left = 56.7f, Right = PdfLayout.Width - 56.7f, Top = 45.4f, Bottom = PdfLayout.Height - 39.7f, Foot = 118, Picture = 96, Pitch = 1.7f;
    const int MostInLine = 400;    // characters, more than fit on one
    readonly List<List<Action<SKCanvas>>> pages = [[]];
    float y = Top;

    public List<List<Action<SKCanvas>>> Of(Poster poster)
    {
        Head(poster);
        for (var at = 0; at < poster.Blocks.Count; at++) Block(poster.Blocks[at], edge: at == 0 && poster.Salutes);
        if (poster.Table is { } table) Table(table, poster.TableNote);
        Closing(poster.Closing);
        Footer(poster);
        return pages;
    }

    void On(Action<SKCanvas> draw) => pages[^1].Add(draw);

    void Say(string text, float x, float baseline, float points, SKColor color, bool bold = false, SKTextAlign align = SKTextAlign.Left) =>
        On(canvas => type.Draw(canvas, text, x, baseline, points, color, bold, align));

    void Fill(SKRect where, SKColor color) => On(canvas =>
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(where, paint);
    });

    void Room(float height)
    {
        if (y + height <= Bottom - Foot || y <= Top) return;
        pages.Add([]);
        y = Top;
    }

    void Head(Poster poster)
    {
        Say(PaperHtml.Company(poster.Head), Left, y + 13, 15, PdfType.Green, bold: true);
        Say(PaperHtml.Below(poster.Head), Right, y + 13, 11, PdfType.Grey, align: SKTextAlign.Right);
        y += 24;
        Fill(new SKRect(Left, y, Right, y + 2), PdfType.Green);
        y += 38;
        Say(string.Join('　', poster.Kind.Select(c => c.ToString())), PdfLayout.Width / 2, y, 13, PdfType.Red, align: SKTextAlign.Center);
        y += 8;
        foreach (var line in Balanced(poster.Title, 32))
        {
            y += 42;
            Say(line, PdfLayout.Width / 2, y - 4, 32, PdfType.Ink, bold: true, SKTextAlign.Center);
        }
        y += 26;
    }

    /// <summary>A title of two lines is cut in the middle, not after its last but one character.</summary>
    IReadOnlyList<string> Balanced(string title, float points)
    {
        var lines = type.Break(title, Right - Left, points, inBold: true);
        if (lines.Count < 2) return lines;
        var room = type.Measure(title, points, inBold: true) / lines.Count + points;
        var even = type.Break(title, Math.Min(room, Right - Left), points, inBold: true);
        return even.Count == lines.Count ? even : lines;
    }

    /// <param name="edge">A paragraph begins at the edge instead of two characters in.</param>
    void Block(TextBlock block, bool edge)
    {
        switch (block.Kind)
        {
            case TextBlockKind.Rule:
                Room(14);
                y += 9;
                Fill(new SKRect(Left, y, Right, y + .8f), PdfType.Line);
                y += 6;
                break;
            case TextBlockKind.Heading or TextBlockKind.Subheading:
                var points = block.Kind == TextBlockKind.Heading ? size * 1.08f : size;
                Room(points * Pitch * 2);
                y += size * .4f;
                Lines(block, Left, 0, points, PdfType.Green, allBold: true);
                break;
            case TextBlockKind.Item or TextBlockKind.Numbered:
                Room(size * Pitch);
                Say(block.Mark, Left + size * 1.75f, y + size * 1.25f, size, PdfType.Green, align: SKTextAlign.Right);
                Lines(block, Left + size * 2.2f, 0, size, PdfType.Ink);
                y += size * .15f;
                break;
            case TextBlockKind.Quote:
                var (from, page) = (y, pages.Count);
                Lines(block, Left + size, 0, size, PdfType.Ink);
                if (page == pages.Count) Fill(new SKRect(Left, from + 2, Left + 3, y), PdfType.Green);
                y += size * .3f;
                break;
            case TextBlockKind.Paragraph:
                Lines(block, Left, edge ? 0 : size * 2, size, PdfType.Ink);
                y += size * .3f;
                break;
            default: throw new InvalidOperationException($"No layout of {block.Kind}");
        }
    }

    /// <summary>Sets the runs of a block as one flow: bold words stand within a line, a run of its own breaks it.</summary>
    /// <param name="indent">Of the first line: two characters on paragraphs.</param>
    void Lines(TextBlock block, float x, float indent, float points, SKColor color, bool allBold = false)
    {
        var bold = new List<bool>();
        var text = string.Concat(block.Runs.Select(run => run.Text));
        foreach (var run in block.Runs) bold.AddRange(Enumerable.Repeat(allBold || run.Strong, run.Text.Length));
        var at = 0;
        foreach (var paragraph in text.Split('\n'))
        {
            var (rest, from, first) = (paragraph, at, true);
            do
            {
                var room = Right - x - (first ? indent : 0);
                var line = TextLines.Break(rest[..Math.Min(rest.Length, MostInLine)], room, part => Width(part, from, bold, points))[0];
                Room(points * Pitch);
                Draw(line, x + (first ? indent : 0), y + points * 1.25f, from, bold, points, color);
                y += points * Pitch;
                var skipped = rest.Length - rest[line.Length..].TrimStart(' ').Length;
                (rest, from, first) = (rest[skipped..], from + skipped, false);
            }
            while (rest.Length > 0);
            at += paragraph.Length + 1;
        }
    }

    float Width(string part, int from, List<bool> bold, float points) =>
        Pieces(part, from, bold).Sum(piece => type.Measure(piece.Text, points, piece.Bold));

    void Draw(string line, float x, float baseline, int from, List<bool> bold, float points, SKColor color)
    {
        foreach (var (text, strong) in Pieces(line, from, bold))
        {
            Say(text, x, baseline, points, strong && color == PdfType.Ink ? PdfType.Red : color, strong);
            x += type.Measure(text, points, strong);
        }
    }

    static IEnumerable<(string Text, bool Bold)> Pieces(string text, int from, List<bool> bold)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = at + 1;
            while (end < text.Length && bold[from + end] == bold[from + at]) end++;
            yield return (text[at..end], bold[from + at]);
            at = end;
        }
    }

    void Table(PaperTable table, string? note)
    {
        var points = Math.Min(size * .86f, 15);
        var row = points * 1.9f;
        Room(row * 3);
        y += size * .6f;
        if (table.Heading is { } heading)
        {
            Say(heading, Left, y + size, size, PdfType.Green, bold: true);
            y += size * Pitch;
        }
        Row([.. table.Columns.Select(column => column.Title)], table, points, row, SKColors.White, PdfType.Green);
        foreach (var line in table.Rows)
        {
            Room(row);
            Row(line.Cells, table, points, row, PdfType.Ink, null);
            Fill(new SKRect(Left, y, Right, y + .6f), PdfType.Line);
        }
        if (note is null) return;
        foreach (var line in type.Break(note, Right - Left, 10.5f))
        {
            Room(16);
            y += 16;
            Say(line, Left, y, 10.5f, PdfType.Grey);
        }
    }

    void Row(IReadOnlyList<string> cells, PaperTable table, float points, float height, SKColor color, SKColor? ground)
    {
        if (ground is { } fill) Fill(new SKRect(Left, y, Right, y + height), fill);
        var x = Left;
        for (var at = 0; at < cells.Count; at++)
        {
            var width = table.Columns[at].Weight * (Right - Left) / 100;
            var text = type.Break(cells[at], width - 16, points)[0];
            if (table.Columns[at].Right) Say(text, x + width - 8, y + height - points * .62f, points, color, align: SKTextAlign.Right);
            else Say(text, x + 8, y + height - points * .62f, points, color);
            x += width;
        }
        y += height;
    }

    void Closing(IReadOnlyList<string> lines)
    {
        var points = Math.Min(size, 17) * .95f;
        Room(lines.Count * points * 1.6f + 20);
        y += 20;
        foreach (var line in lines)
        {
            y += points * 1.6f;
            Say(line, Right, y, points, PdfType.Ink, align: SKTextAlign.Right);
        }
    }

    void Footer(Poster poster)
    {
        var top = Bottom - Foot + 12;
        Fill(new SKRect(Left, top, Right, top + .8f), PdfType.Line);
        var reach = PaperHtml.Reach(poster.Head).SelectMany(line => type.Break(line, 190, 11)).ToList();
        for (var at = 0; at < reach.Count; at++) Say(reach[at], Right, top + 34 + at * 18, 11, PdfType.Grey, align: SKTextAlign.Right);
        if (poster.Code is not { } code) return;
        On(canvas =>
        {
            using var image = SKImage.FromEncodedData(PaperHtml.Png(code)) ?? throw new InvalidOperationException("A code is no picture.");
            canvas.DrawImage(image, new SKRect(Left, top + 8, Left + Picture, top + 8 + Picture), new SKSamplingOptions(SKFilterMode.Nearest));
        });
        for (var at = 0; at < poster.CodeLines.Count; at++) Say(poster.CodeLines[at], Left + Picture + 18, top + 38 + at * 22, at == 0 ? 14 : 12,
            at == 0 ? PdfType.Ink : PdfType.Grey, bold: at == 0);
    }
}
