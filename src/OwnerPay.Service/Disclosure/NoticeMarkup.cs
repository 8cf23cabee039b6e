using Markdig;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;

namespace OwnerPay.Service.Disclosure;

/// <summary>The Markdown of notices: headings, paragraphs, lists, quotes, a rule, bold and emphasis. Anything else is refused when it is saved, so
/// that what an owner's phone shows is made of our own few tags and of encoded text.</summary>
/// <remarks>A line break is a line break, as people in an office mean it. Raw HTML is text. Pictures come as attachments, addresses as text: a tap
/// must never lead out of the mini-program.</remarks>
public static class NoticeMarkup
{
    public const int Longest = 20_000;
    static readonly Error Refused = new(400, "notice_markup_refused", "正文中有不支持的格式") { Field = "body" };
    static readonly MarkdownPipeline Pipeline = Build();

    static MarkdownPipeline Build()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UseCjkFriendlyEmphasis();    // **重要：**请 is bold, too
        // Four blanks before a paragraph are an indent, not program code.
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        return builder.Build();
    }

    /// <returns>The blocks from top to bottom, or what is not taken and what to do instead.</returns>
    public static Result<IReadOnlyList<TextBlock>> Read(string markdown)
    {
        var blocks = new List<TextBlock>();
        foreach (var block in Markdown.Parse(markdown, Pipeline))
            if (Add(block, blocks, 0, quoted: false) is { } fault) return Refused with { Detail = $"第 {block.Line + 1} 行：{fault}" };
        return blocks;
    }

    /// <summary>What people read, without markup, a line for each block.</summary>
    public static string Plain(IEnumerable<TextBlock> blocks) =>
        string.Join('\n', blocks.Select(block => string.Concat(block.Runs.Select(run => run.Text))));

    /// <summary>For the rich-text view of a mini-program: no attribute, no address, no script.</summary>
    public static string ToHtml(IEnumerable<TextBlock> blocks)
    {
        var html = new Html();
        TextBlock? list = null;
        foreach (var block in blocks)
        {
            var item = block.Kind is TextBlockKind.Item or TextBlockKind.Numbered ? block : null;
            if (list is not null && item?.Kind != list.Kind) End(html, list);
            if (item is not null && item.Kind != list?.Kind) Begin(html, item);
            list = item;
            PosterHtml.Block(html, block);
        }
        if (list is not null) End(html, list);
        return html.ToString();
    }

    static void Begin(Html html, TextBlock item)
    {
        if (item.Kind == TextBlockKind.Item) html.Write($"<ul>");
        else html.Write($"<ol>");
    }

    static void End(Html html, TextBlock item)
    {
        if (item.Kind == TextBlockKind.Item) html.Write($"</ul>");
        else html.Write($"</ol>");
    }

    /// <returns>What is not taken, in Chinese; null when it was added.</returns>
    static string? Add(Block block, List<TextBlock> to, int depth, bool quoted)
    {
        switch (block)
        {
            case HeadingBlock heading:
                return Leaf(heading, heading.Level <= 1 ? TextBlockKind.Heading : TextBlockKind.Subheading, to);
            case ParagraphBlock paragraph:
                return Leaf(paragraph, quoted ? TextBlockKind.Quote : TextBlockKind.Paragraph, to);
            case ThematicBreakBlock:
                to.Add(new TextBlock(TextBlockKind.Rule, [], ""));
                return null;
            case QuoteBlock quote:
                if (quoted || depth > 0) return "引用不能放在列表或引用里";
                foreach (var part in quote)
                    if (part is not ParagraphBlock) return "引用里只能写文字";
                    else if (Add(part, to, depth, quoted: true) is { } fault) return fault;
                return null;
            case ListBlock list:
                return Add(list, to, depth);
            case LinkReferenceDefinitionGroup or LinkReferenceDefinition:
                return "不支持链接，请直接写出网址或电话";
            default:
                return "不支持代码、表格等格式，请改用文字或列表";
        }
    }

    static string? Add(ListBlock list, List<TextBlock> to, int depth)
    {
        if (depth > 0) return "列表里不能再放列表";
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var runs = new List<TextRun>();
            foreach (var part in item)
            {
                if (part is not ParagraphBlock paragraph) return "列表里只能写文字";
                if (runs.Count > 0) runs.Add(TextRun.Break);
                if (Runs(paragraph.Inline, runs, false) is { } fault) return fault;
            }
            to.Add(list.IsOrdered ? new TextBlock(TextBlockKind.Numbered, runs, $"{number++}.") : new TextBlock(TextBlockKind.Item, runs, "•"));
        }
        return null;
    }

    static string? Leaf(LeafBlock leaf, TextBlockKind kind, List<TextBlock> to)
    {
        var runs = new List<TextRun>();
        if (Runs(leaf.Inline, runs, false) is { } fault) return fault;
        if (runs.Count > 0) runs[0] = runs[0] with { Text = runs[0].Text.TrimStart('\u3000', ' ') };    // the indent is the printer's
        to.Add(new TextBlock(kind, runs, ""));
        return null;
    }

    static string? Runs(ContainerInline? inlines, List<TextRun> to, bool strong)
    {
        foreach (var inline in inlines ?? Enumerable.Empty<Inline>())
            switch (inline)
            {
                case LiteralInline literal:
                    to.Add(new TextRun(literal.Content.ToString(), strong));
                    break;
                case HtmlEntityInline entity:
                    to.Add(new TextRun(entity.Transcoded.ToString(), strong));
                    break;
                case LineBreakInline:
                    to.Add(TextRun.Break);
                    break;
                case EmphasisInline emphasis:
                    if (Runs(emphasis, to, true) is { } inner) return inner;
                    break;
                case LinkInline { IsImage: true }:
                    return "图片请作为附件上传";
                case LinkInline or AutolinkInline:
                    return "不支持链接，请直接写出网址或电话";
                default:
                    return "不支持代码等格式，请改用文字";
            }
        return null;
    }
}
