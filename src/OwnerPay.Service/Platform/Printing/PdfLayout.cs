using SkiaSharp;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>Lays a document out on A4 pages: the same look as the print page. All lengths in points (1/72 inch).</summary>
internal sealed class PdfLayout(PdfType type)
{
    public const float Width = 595.28f, Height = 841.89f, Left = 45.4f, Right = Width - 45.4f, Top = 42.5f, Bottom = Height - 45.4f;

    /// <summary>Sizes of type, distance of lines as a multiple of it, and the room at the sides of a cell.</summary>
    public const float Body = 10, Small = 8.5f, Pitch = 1.5f, Pad = 5.6f;
    readonly List<List<Action<SKCanvas>>> pages = [];
    float y;

    /// <returns>For each page what draws it.</returns>
    public IReadOnlyList<IReadOnlyList<Action<SKCanvas>>> Of(Paper paper)
    {
        NewPage();
        Head(paper.Head);
        Title(paper);
        Facts(paper.Facts);
        foreach (var block in paper.Blocks)
            switch (block)
            {
                case PaperTable table: new PdfTable(this, type).Add(table); break;
                case PaperAmount amount: Amount(amount); break;
                case PaperText text: Text(text); break;
                case PaperSignatures signatures: Signatures(signatures); break;
                default: throw new InvalidOperationException($"No layout of {block.GetType().Name}");
            }
        Footnotes(paper.Footnotes);
        return pages;
    }

    /// <summary>Draws on the page that is being filled.</summary>
    public void On(Action<SKCanvas> draw) => pages[^1].Add(draw);

    public float Y { get => y; set => y = value; }

    public void NewPage()
    {
        pages.Add([]);
        y = Top;
    }

    /// <summary>Begins a new page unless so much fits on this one.</summary>
    /// <returns>True when a new page was begun.</returns>
    public bool Room(float height)
    {
        if (y + height <= Bottom || y <= Top) return false;
        NewPage();
        return true;
    }

    public void Say(string text, float x, float baseline, float size, SKColor color, bool bold = false, SKTextAlign align = SKTextAlign.Left) =>
        On(canvas => type.Draw(canvas, text, x, baseline, size, color, bold, align));

    public void Fill(SKRect where, SKColor color) => On(canvas =>
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(where, paint);
    });

    public void Rule(float x1, float x2, float at, float thick, SKColor color) => Fill(new SKRect(x1, at - thick / 2, x2, at + thick / 2), color);

    void Head(PaperHead head)
    {
        var reach = PaperHtml.Reach(head).SelectMany(line => type.Break(line, 210, Small)).ToList();
        var names = type.Break(PaperHtml.Company(head), Right - Left - 225, 13, inBold: true);
        var at = y + 13;
        foreach (var line in names)
        {
            Say(line, Left, at, 13, PdfType.Green, bold: true);
            at += 17;
        }
        Say(PaperHtml.Below(head), Left, at, 9.5f, PdfType.Grey);
        for (var n = 0; n < reach.Count; n++) Say(reach[n], Right, y + 10 + n * 13, Small, PdfType.Grey, align: SKTextAlign.Right);
        y = Math.Max(at + 7, y + 10 + reach.Count * 13);
        Rule(Left, Right, y, 1.6f, PdfType.Green);
    }

    void Title(Paper paper)
    {
        y += 44;
        var spread = string.Join(' ', paper.Title.Select(c => c.ToString()));    // wide, as on notices; a title is short
        Say(spread, Width / 2, y, 20, PdfType.Ink, bold: true, SKTextAlign.Center);
        if (paper.Stamp is { } stamp) Stamp(stamp, y - 2);
        y += 14;
        if (paper.Number is { } number)
        {
            Say("编号 " + number, Right, y + 4, 9.5f, PdfType.Red, align: SKTextAlign.Right);
            y += 10;
        }
        y += 8;
    }

    void Stamp(string stamp, float at) => On(canvas =>
    {
        canvas.Save();
        canvas.Translate(Right - 140, at);    // left of the number
        canvas.RotateDegrees(-14);
        var half = type.Measure(stamp, 26, inBold: true) / 2 + 14;
        using var frame = new SKPaint { Color = PdfType.Red.WithAlpha(190), Style = SKPaintStyle.Stroke, StrokeWidth = 2 };
        canvas.DrawRoundRect(new SKRect(-half, -29, half, 11), 4, 4, frame);
        type.Draw(canvas, stamp, 0, 0, 26, PdfType.Red.WithAlpha(190), inBold: true, SKTextAlign.Center);
        canvas.Restore();
    });

    void Facts(IReadOnlyList<PaperFact> facts)
    {
        const float name = 62;
        var half = (Right - Left - 22) / 2;
        for (var first = 0; first < facts.Count; first += 2)
        {
            var tallest = 0;
            for (var at = first; at < Math.Min(first + 2, facts.Count); at++)
            {
                var x = Left + (at - first) * (half + 22);
                var lines = type.Break(facts[at].Value, half - name, Body);
                Say(facts[at].Name, x, y + Body, Body, PdfType.Grey);
                for (var n = 0; n < lines.Count; n++) Say(lines[n], x + name, y + Body + n * Body * Pitch, Body, PdfType.Ink);
                tallest = Math.Max(tallest, lines.Count);
            }
            y += tallest * Body * Pitch + 3;
        }
        y += 8;
    }

    void Amount(PaperAmount amount)
    {
        var words = type.Break("大写　" + amount.Words, Right - Left - 24, 10.5f);
        var height = 34 + words.Count * 16 + 6;
        Room(height + 6);
        y += 6;
        var box = new SKRect(Left, y, Right, y + height);
        On(canvas =>
        {
            using var frame = new SKPaint { Color = PdfType.Green, Style = SKPaintStyle.Stroke, StrokeWidth = 1 };
            canvas.DrawRect(box, frame);
        });
        Say(amount.Name, Left + 12, y + 24, Body, PdfType.Ink);
        Say(amount.Figures, Right - 12, y + 26, 17, PdfType.Red, bold: true, SKTextAlign.Right);
        for (var n = 0; n < words.Count; n++) Say(words[n], Left + 12, y + 46 + n * 16, 10.5f, PdfType.Ink);
        y += height + 10;
    }

    void Text(PaperText text)
    {
        const float picture = 92;
        var room = Right - Left - (text.Code is null ? 0 : picture + 24);
        var lines = text.Lines.SelectMany(line => type.Break(line, room, Body)).ToList();
        var height = (text.Heading is null ? 0 : 22) + lines.Count * Body * Pitch + 6;
        if (text.Code is not null) height = Math.Max(height, picture + 30);
        if (height < Bottom - Top) Room(height);
        var begin = y;
        if (text.Heading is { } heading)
        {
            Say(heading, Left, y + 15, 10.5f, PdfType.Green, bold: true);
            y += 22;
        }
        foreach (var line in lines)
        {
            Room(Body * Pitch);
            Say(line, Left, y + Body, Body, PdfType.Ink);
            y += Body * Pitch;
        }
        if (text.Code is not { } code) return;
        Picture(code, Right - picture, begin + 6, picture);
        y = Math.Max(y, begin + height);
    }

    void Picture(PaperCode code, float x, float at, float side)
    {
        var image = SKImage.FromEncodedData(PaperHtml.Png(code)) ?? throw new InvalidOperationException("A code is no picture.");
        On(canvas =>
        {
            canvas.DrawImage(image, new SKRect(x, at, x + side, at + side), new SKSamplingOptions(SKFilterMode.Nearest));
            image.Dispose();
        });
        Say(code.Caption, x + side / 2, at + side + 11, Small, PdfType.Grey, align: SKTextAlign.Center);
    }

    void Signatures(PaperSignatures signatures)
    {
        Room(70);
        y += 48;
        var each = (Right - Left - (signatures.Names.Count - 1) * 22) / signatures.Names.Count;
        for (var n = 0; n < signatures.Names.Count; n++)
        {
            var x = Left + n * (each + 22);
            Rule(x, x + each, y, .6f, PdfType.Grey);
            Say(signatures.Names[n], x, y + 13, 9, PdfType.Grey);
        }
        y += 20;
    }

    void Footnotes(IReadOnlyList<string> notes)
    {
        if (notes.Count == 0) return;
        var lines = notes.SelectMany(note => type.Break(note, Right - Left, 8)).ToList();
        Room(lines.Count * 12 + 24);
        y += 16;
        Rule(Left, Right, y, .5f, PdfType.Line);
        foreach (var line in lines)
        {
            y += 12;
            Say(line, Left, y, 8, PdfType.Grey);
        }
    }
}

/// <summary>Lays out a table: a row and its note stay on one page, the column titles stand on each.</summary>
internal sealed class PdfTable(PdfLayout page, PdfType type)
{
    const float TitleHeight = 21;

    public void Add(PaperTable table)
    {
        if (table.Heading is { } heading)
        {
            page.Room(70);
            page.Say(heading, PdfLayout.Left, page.Y + 15, 10.5f, PdfType.Green, bold: true);
            page.Y += 22;
        }
        page.Room(60);
        var edges = Edges(table.Columns);
        Titles(table.Columns, edges);
        for (var at = 0; at < table.Rows.Count; at++)
        {
            var cells = Cells(table, table.Rows[at], edges);
            var needed = cells.Height;
            // A heading row does not end a page.
            if (table.Rows[at].Kind == PaperRowKind.Group && at + 1 < table.Rows.Count) needed += Cells(table, table.Rows[at + 1], edges).Height;
            if (page.Room(needed)) Titles(table.Columns, edges);
            Draw(table, table.Rows[at], edges, cells);
        }
        page.Y += 8;
    }

    static float[] Edges(IReadOnlyList<PaperColumn> columns)
    {
        var edges = new float[columns.Count + 1];
        edges[0] = PdfLayout.Left;
        for (var at = 0; at < columns.Count; at++) edges[at + 1] = edges[at] + columns[at].Weight * (PdfLayout.Right - PdfLayout.Left) / 100;
        return edges;
    }

    void Titles(IReadOnlyList<PaperColumn> columns, float[] edges)
    {
        page.Fill(new SKRect(PdfLayout.Left, page.Y, PdfLayout.Right, page.Y + TitleHeight), PdfType.Green);
        for (var at = 0; at < columns.Count; at++) Say(columns[at], columns[at].Title, edges, at, page.Y + 14, 9, SKColors.White, bold: true);
        page.Y += TitleHeight;
    }

    sealed record Laid(IReadOnlyList<IReadOnlyList<string>> Cells, IReadOnlyList<string> Note, float Height);

    Laid Cells(PaperTable table, PaperRow row, float[] edges)
    {
        var (body, small, pitch, pad) = (PdfLayout.Body, PdfLayout.Small, PdfLayout.Pitch, PdfLayout.Pad);
        var bold = row.Kind != PaperRowKind.Plain;
        IReadOnlyList<IReadOnlyList<string>> cells = row.Kind == PaperRowKind.Group
            ? [type.Break(row.Cells[0], PdfLayout.Right - PdfLayout.Left - 2 * pad, body, bold)]
            : [.. row.Cells.Select((cell, at) => type.Break(cell, edges[at + 1] - edges[at] - 2 * pad, body, bold))];
        IReadOnlyList<string> note = row.Note is { Length: > 0 } text ? type.Break(text, PdfLayout.Right - PdfLayout.Left - 2 * pad, small) : [];
        return new(cells, note, cells.Max(lines => lines.Count) * body * pitch + note.Count * small * pitch + 7);
    }

    void Draw(PaperTable table, PaperRow row, float[] edges, Laid laid)
    {
        var (body, small, pitch, pad) = (PdfLayout.Body, PdfLayout.Small, PdfLayout.Pitch, PdfLayout.Pad);
        var top = page.Y;
        if (row.Kind == PaperRowKind.Group) page.Fill(new SKRect(PdfLayout.Left, top, PdfLayout.Right, top + laid.Height), PdfType.Pale);
        if (row.Kind == PaperRowKind.Sum) page.Rule(PdfLayout.Left, PdfLayout.Right, top, 1, PdfType.Green);
        for (var at = 0; at < laid.Cells.Count; at++)
            for (var n = 0; n < laid.Cells[at].Count; n++)
                Say(table.Columns[at], laid.Cells[at][n], edges, at, top + 3.5f + body + n * body * pitch, body, PdfType.Ink, row.Kind != PaperRowKind.Plain);
        var noteTop = top + laid.Cells.Max(lines => lines.Count) * body * pitch + 3.5f;
        for (var n = 0; n < laid.Note.Count; n++) page.Say(laid.Note[n], PdfLayout.Left + pad, noteTop + small + n * small * pitch, small, PdfType.Grey);
        page.Y = top + laid.Height;
        page.Rule(PdfLayout.Left, PdfLayout.Right, page.Y, .5f, PdfType.Line);
    }

    void Say(PaperColumn column, string text, float[] edges, int at, float baseline, float size, SKColor color, bool bold)
    {
        const float pad = PdfLayout.Pad;
        if (column.Right) page.Say(text, edges[at + 1] - pad, baseline, size, color, bold, SKTextAlign.Right);
        else page.Say(text, edges[at] + pad, baseline, size, color, bold);
    }
}
