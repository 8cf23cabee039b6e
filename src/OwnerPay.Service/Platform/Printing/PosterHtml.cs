using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>The print page of a poster: A4, its own style sheet, no script, nothing from elsewhere.</summary>
public static class PosterHtml
{
    const int TitleInLine = 13;
    static readonly string Style = PaperHtml.Read("poster.css");

    static readonly string Policy = "default-src 'none'; style-src 'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static string Page(Poster poster)
    {
        var html = new Html();
        html.Write($"<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        html.Write($"<title>{poster.Title}</title>\n<style>");
        return html + Style + "</style></head>\n<body>\n" + Sheet(poster) + "</body></html>\n";    // the sheet is ours: as text it would be encoded
    }

    /// <summary>Text that is short is set large, so that the poster is full and can be read from afar.</summary>
    public static int Step(Poster poster)
    {
        var characters = poster.Blocks.Sum(block => block.Runs.Sum(run => run.Text.Length) + (block.Kind == TextBlockKind.Rule ? 4 : 12))
            + (poster.Table?.Rows.Count ?? 0) * 24;
        if (poster.Title.Length > TitleInLine) characters += 50;
        return characters switch { <= 180 => 0, <= 370 => 1, <= 640 => 2, _ => 3 };
    }

    static string Sheet(Poster poster)
    {
        var html = new Html();
        html.Write($"<article class=\"poster s{Step(poster)}\">\n");
        html.Write($"<header><b>{PaperHtml.Company(poster.Head)}</b><span>{PaperHtml.Below(poster.Head)}</span></header>\n");
        html.Write($"<p class=\"kind\">{poster.Kind}</p>\n<h1>{poster.Title}</h1>\n");
        html.Write($"<section class=\"body{(poster.Salutes ? " letter" : "")}\">\n");
        foreach (var block in poster.Blocks) Block(html, block, marks: true);
        html.Write($"</section>\n");
        if (poster.Table is { } table) Table(html, table, poster.TableNote);
        html.Write($"<div class=\"closing\">");
        foreach (var line in poster.Closing) html.Write($"<p>{line}</p>");
        html.Write($"</div>\n<footer>");
        if (poster.Code is { } code)
        {
            html.Write($"<figure><img alt=\"{code.Caption}\" src=\"data:image/png;base64,{Convert.ToBase64String(PaperHtml.Png(code))}\">");
            html.Write($"<figcaption>{code.Caption}</figcaption></figure>");
            html.Write($"<div class=\"scan\">");
            foreach (var line in poster.CodeLines) html.Write($"<p>{line}</p>");
            html.Write($"</div>");
        }
        html.Write($"<div class=\"reach\">");
        foreach (var line in PaperHtml.Reach(poster.Head)) html.Write($"<p>{line}</p>");
        return html.Write($"</div></footer>\n</article>\n").ToString();
    }

    static void Table(Html html, PaperTable table, string? note)
    {
        if (table.Heading is { } heading) html.Write($"<h2>{heading}</h2>\n");
        html.Write($"<table><thead><tr>");
        foreach (var column in table.Columns) html.Write($"<th>{column.Title}</th>");
        html.Write($"</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            html.Write($"<tr>");
            foreach (var cell in row.Cells) html.Write($"<td>{cell}</td>");
            html.Write($"</tr>");
        }
        html.Write($"</tbody></table>\n");
        if (note is not null) html.Write($"<p class=\"note\">{note}</p>\n");
    }

    /// <summary>One block of text.</summary>
    /// <param name="marks">List items bring their own mark; without it they are items of a list that the caller writes.</param>
    public static void Block(Html html, TextBlock block, bool marks = false)
    {
        switch (block.Kind)
        {
            case TextBlockKind.Rule:
                html.Write($"<hr>");
                break;
            case TextBlockKind.Heading:
                Element(html, block, "h2");
                break;
            case TextBlockKind.Subheading:
                Element(html, block, "h3");
                break;
            case TextBlockKind.Quote:
                Element(html, block, "blockquote");
                break;
            case TextBlockKind.Item or TextBlockKind.Numbered when marks:
                html.Write($"<div class=\"item\"><i>{block.Mark}</i><span>");
                Runs(html, block.Runs);
                html.Write($"</span></div>\n");
                break;
            case TextBlockKind.Item or TextBlockKind.Numbered:
                Element(html, block, "li");
                break;
            case TextBlockKind.Paragraph:
                Element(html, block, "p");
                break;
            default: throw new InvalidOperationException($"No element for {block.Kind}");
        }
    }

    static void Element(Html html, TextBlock block, string name)
    {
        html.Write($"<{name}>");
        Runs(html, block.Runs);
        html.Write($"</{name}>\n");
    }

    static void Runs(Html html, IReadOnlyList<TextRun> runs)
    {
        foreach (var run in runs)
            if (run == TextRun.Break) html.Write($"<br>");
            else if (run.Strong) html.Write($"<strong>{run.Text}</strong>");
            else html.Write($"{run.Text}");
    }

    /// <summary>The page as an answer, never kept by a shared browser.</summary>
    public static IResult Answer(Poster poster) => new PosterPage(poster);

    sealed class PosterPage(Poster poster) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            (headers.ContentSecurityPolicy, headers.XContentTypeOptions, headers.CacheControl) = (Policy, "nosniff", "no-store");
            headers["Referrer-Policy"] = "no-referrer";
            await httpContext.Response.WriteAsync(Page(poster), httpContext.RequestAborted);
        }
    }
}
