using SkiaSharp;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>Writes documents as PDF, A4, fonts embedded. A batch is written document by document into the stream.</summary>
public sealed class PaperPdf(PaperFonts fonts)
{
    /// <summary>Null when PDFs can be written, else why not.</summary>
    public Error? Refusal => fonts.Load().Refusal;

    /// <returns>The whole file; for one or a few documents.</returns>
    public byte[] Bytes(string title, params IReadOnlyList<Paper> papers)
    {
        using var memory = new MemoryStream();
        using (var writer = Begin(memory, title))
            foreach (var paper in papers) writer.Add(paper);
        return memory.ToArray();
    }

    /// <summary>Begins a file; disposing the writer ends it.</summary>
    /// <exception cref="InvalidOperationException">There is no font: the caller has not asked for <see cref="Refusal"/>.</exception>
    public PdfFile Begin(Stream to, string title)
    {
        var (regular, bold) = fonts.Load().Value;
        return new PdfFile(to, title, regular, bold);
    }
}

/// <summary>A PDF that is being written.</summary>
public sealed class PdfFile : IDisposable
{
    readonly SKManagedWStream stream;
    readonly SKDocument document;
    readonly PdfType type;

    internal PdfFile(Stream to, string title, SKTypeface regular, SKTypeface bold)
    {
        stream = new SKManagedWStream(to);
        document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = title, Creator = "OwnerPay", Producer = "OwnerPay", RasterDpi = 300 });
        type = new PdfType(regular, bold);
    }

    /// <summary>Lays out one document and writes its pages.</summary>
    public void Add(Paper paper)
    {
        var pages = new PdfLayout(type).Of(paper);
        for (var at = 0; at < pages.Count; at++)
        {
            var canvas = document.BeginPage(PdfLayout.Width, PdfLayout.Height);
            foreach (var draw in pages[at]) draw(canvas);
            if (pages.Count > 1) type.Draw(canvas, $"{at + 1} / {pages.Count}", PdfLayout.Right, PdfLayout.Height - 24, 8, PdfType.Grey, align: SKTextAlign.Right);
            document.EndPage();
        }
    }

    public void Dispose()
    {
        document.Close();
        document.Dispose();
        stream.Dispose();
        type.Dispose();
    }
}

/// <summary>Sets type: measures, breaks and draws text in the two faces.</summary>
internal sealed class PdfType(SKTypeface regular, SKTypeface bold) : IDisposable
{
    public static readonly SKColor Ink = new(0x1c, 0x1f, 0x24), Grey = new(0x66, 0x6a, 0x70), Green = new(0x1f, 0x51, 0x36), Red = new(0xb3, 0x26, 0x1e), Line = new(0xd9, 0xdc, 0xe0),
        Pale = new(0xf1, 0xf5, 0xf2);
    readonly Dictionary<(float Size, bool Bold), SKFont> fonts = [];

    SKFont Font(float size, bool inBold)
    {
        if (!fonts.TryGetValue((size, inBold), out var font))
            fonts[(size, inBold)] = font = new SKFont(inBold ? bold : regular, size) { Subpixel = true, Hinting = SKFontHinting.None };
        return font;
    }

    public float Measure(string text, float size, bool inBold = false) => Font(size, inBold).MeasureText(text);

    public IReadOnlyList<string> Break(string text, float room, float size, bool inBold = false) => TextLines.Break(text, room, part => Measure(part, size, inBold));

    /// <param name="y">Base line, points from the top.</param>
    public void Draw(SKCanvas canvas, string text, float x, float y, float size, SKColor color, bool inBold = false, SKTextAlign align = SKTextAlign.Left)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawText(text, x, y, align, Font(size, inBold), paint);
    }

    public void Dispose()
    {
        foreach (var font in fonts.Values) font.Dispose();
    }
}
