using SkiaSharp;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>The typefaces that PDFs are set in: from the file of the setting <c>OwnerPay:PrintFont</c>, or from where Noto CJK usually lies.</summary>
/// <remarks>Loaded by path: the library finds no Chinese font by name on a server without font configuration.</remarks>
public sealed class PaperFonts(ServiceSettings settings) : IDisposable
{
    public static readonly Error Missing = new(503, "print_font_missing", "服务器上没有可用的中文字体，暂时无法生成 PDF")
    {
        Detail = "请安装 Noto Sans CJK 字体（Debian：fonts-noto-cjk），或在设置 OwnerPay:PrintFont 中写明字体文件的路径",
    };

    static readonly string[] Usual =
    [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJKsc-Regular.otf", "/usr/local/share/fonts/NotoSansCJK-Regular.ttc",
    ];

    readonly Lock one = new();
    (SKTypeface Regular, SKTypeface Bold)? loaded;

    /// <summary>Regular and bold; bold is the regular one where its file has no bold brother.</summary>
    /// <returns>The refusal that names the setting, when there is none. It is looked for again each time, so that installing one needs no restart.</returns>
    public Result<(SKTypeface Regular, SKTypeface Bold)> Load()
    {
        lock (one)
        {
            if (loaded is { } known) return known;
            string[] places = settings.PrintFont is { Length: > 0 } set ? [set] : Usual;
            if (places.FirstOrDefault(File.Exists) is not { } file || Simplified(file) is not { } regular) return Missing;
            var bold = file.Replace("Regular", "Bold", StringComparison.Ordinal) is var other && other != file && File.Exists(other) ? Simplified(other) : null;
            var both = (regular, bold ?? regular);
            loaded = both;
            return both;
        }
    }

    /// <summary>A collection holds a face for each country; Chinese readers expect the simplified forms.</summary>
    static SKTypeface? Simplified(string file)
    {
        SKTypeface? first = null;
        for (var index = 0; index < 16 && SKTypeface.FromFile(file, index) is { } face; index++)
        {
            if (face.FamilyName.EndsWith(" SC", StringComparison.Ordinal))
            {
                first?.Dispose();
                return face;
            }
            if (first is null) first = face;
            else face.Dispose();
        }
        if (first is null) return null;
        using var font = new SKFont(first);
        return font.ContainsGlyph('缴') ? first : null;
    }

    public void Dispose()
    {
        if (loaded is not { } faces) return;
        faces.Regular.Dispose();
        if (!ReferenceEquals(faces.Regular, faces.Bold)) faces.Bold.Dispose();
    }
}
