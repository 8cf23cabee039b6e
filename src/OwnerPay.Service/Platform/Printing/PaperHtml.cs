using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using QRCoder;

namespace OwnerPay.Service.Platform.Printing;

/// <summary>The print page of documents: A4, one sheet or more for each, no script, nothing from elsewhere, not even a style attribute.</summary>
public static class PaperHtml
{
    static readonly string Style = Read("print.css");

    /// <summary>Nothing is allowed but the one style sheet, by its hash, and pictures within the page.</summary>
    public static readonly string Policy = "default-src 'none'; style-src 'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /// <param name="one">A single document: its pages are numbered. In a batch the numbers would run on from house to house.</param>
    public static string Begin(string title, bool one)
    {
        var head = new Html();
        head.Write($"<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\n<style>");
        return head + Style + (one ? "</style></head>\n<body class=\"one\">\n" : "</style></head>\n<body>\n");    // the sheet is ours: as text it would be encoded
    }

    public const string End = "</body></html>\n";

    /// <summary>Instead of sheets, when there is nothing to print.</summary>
    public static string Nothing(string why) => new Html().Write($"<p class=\"nothing\">{why}</p>\n").ToString();

    public static string Sheet(Paper paper)
    {
        var html = new Html();
        html.Write($"<article class=\"sheet\">\n<header class=\"head\"><div class=\"who\"><b>{Company(paper.Head)}</b><span>{Below(paper.Head)}</span></div>");
        html.Write($"<div class=\"reach\">");
        foreach (var line in Reach(paper.Head)) html.Write($"<span>{line}</span>");
        html.Write($"</div></header>\n");
        if (paper.Stamp is { } stamp) html.Write($"<p class=\"stamp\">{stamp}</p>\n");
        html.Write($"<h1>{paper.Title}</h1>\n");
        if (paper.Number is { } number) html.Write($"<p class=\"number\">编号 {number}</p>\n");
        html.Write($"<dl class=\"facts\">");
        foreach (var fact in paper.Facts) html.Write($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>");
        html.Write($"</dl>\n");
        foreach (var block in paper.Blocks) Write(html, block);
        if (paper.Footnotes.Count > 0)
        {
            html.Write($"<footer>");
            foreach (var note in paper.Footnotes) html.Write($"<p>{note}</p>");
            html.Write($"</footer>\n");
        }
        return html.Write($"</article>\n").ToString();
    }

    /// <summary>The name in the head: the company's, or the estate's where no company is set.</summary>
    internal static string Company(PaperHead head) => head.Company.Length > 0 ? head.Company : head.Community;

    internal static string Below(PaperHead head) => head.Company.Length > 0 ? head.Community : "物业服务中心";

    internal static IEnumerable<string> Reach(PaperHead head)
    {
        if (head.Phone.Length > 0) yield return "电话 " + head.Phone;
        if (head.Address.Length > 0) yield return head.Address;
        if (head.Hours.Length > 0) yield return head.Hours;
    }

    static void Write(Html html, PaperBlock block)
    {
        switch (block)
        {
            case PaperTable table:
                Write(html, table);
                break;
            case PaperAmount amount:
                html.Write($"<div class=\"amount\"><span>{amount.Name}</span><b>{amount.Figures}</b><i>大写　{amount.Words}</i></div>\n");
                break;
            case PaperText text:
                Write(html, text);
                break;
            case PaperSignatures signatures:
                html.Write($"<div class=\"sign\">");
                foreach (var name in signatures.Names) html.Write($"<span>{name}</span>");
                html.Write($"</div>\n");
                break;
            default: throw new InvalidOperationException($"No page of {block.GetType().Name}");
        }
    }

    static void Write(Html html, PaperTable table)
    {
        if (table.Heading is { } heading) html.Write($"<h2>{heading}</h2>\n");
        html.Write($"<table><colgroup>");
        foreach (var column in table.Columns) html.Write($"<col class=\"w{column.Weight}\">");
        html.Write($"</colgroup><thead><tr>");
        foreach (var column in table.Columns) html.Write($"<th class=\"{Side(column)}\">{column.Title}</th>");
        html.Write($"</tr></thead>\n");
        foreach (var row in table.Rows)
        {
            // A row and its note are one body, which no page break parts.
            html.Write($"<tbody class=\"{Name(row.Kind)}\"><tr>");
            if (row.Kind == PaperRowKind.Group) html.Write($"<td colspan=\"{table.Columns.Count}\">{row.Cells[0]}</td>");
            else
                for (var at = 0; at < row.Cells.Count; at++) html.Write($"<td class=\"{Side(table.Columns[at])}\">{row.Cells[at]}</td>");
            html.Write($"</tr>");
            if (row.Note is { Length: > 0 } note) html.Write($"<tr class=\"note\"><td colspan=\"{table.Columns.Count}\">{note}</td></tr>");
            html.Write($"</tbody>\n");
        }
        html.Write($"</table>\n");
    }

    static void Write(Html html, PaperText text)
    {
        html.Write($"<section class=\"text\"><div>");
        if (text.Heading is { } heading) html.Write($"<h2>{heading}</h2>");
        foreach (var line in text.Lines) html.Write($"<p>{line}</p>");
        html.Write($"</div>");
        if (text.Code is { } code)
            html.Write($"<figure><img alt=\"{code.Caption}\" src=\"data:image/png;base64,{Convert.ToBase64String(Png(code))}\"><figcaption>{code.Caption}</figcaption></figure>");
        html.Write($"</section>\n");
    }

    /// <summary>The picture of a code; drawn here where nobody brought one.</summary>
    internal static byte[] Png(PaperCode code) => code.Png ?? QrPng(code.Content);

    /// <summary>A QR code with a quiet zone, error correction M.</summary>
    public static byte[] QrPng(string content)
    {
        using var data = QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.M);
        using var drawn = new PngByteQRCode(data);
        return drawn.GetGraphic(8);
    }

    static string Side(PaperColumn column) => column.Right ? "r" : "l";

    static string Name(PaperRowKind kind) => kind switch
    {
        PaperRowKind.Plain => "plain",
        PaperRowKind.Group => "group",
        PaperRowKind.Sum => "sum",
        _ => throw new InvalidOperationException($"No class for {kind}"),
    };

    internal static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("OwnerPay.Service.Platform.Printing." + resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
