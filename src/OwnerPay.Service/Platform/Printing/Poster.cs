namespace OwnerPay.Service.Platform.Printing;

/// <summary>A notice to hang up (海报), as values only: in large type, so that it can be read standing before it.</summary>
/// <param name="Kind">In small type above the title: 缴费通知, 公示 …</param>
/// <param name="Closing">Who signs it and when, on the right below the text.</param>
public sealed record Poster(PaperHead Head, string Kind, string Title, IReadOnlyList<TextBlock> Blocks, IReadOnlyList<string> Closing)
{
    /// <summary>Figures between text and closing; null where it has none.</summary>
    public PaperTable? Table { get; init; }

    /// <summary>Below the table, in small type: how it was counted.</summary>
    public string? TableNote { get; init; }

    /// <summary>The first paragraph addresses the readers (尊敬的各位业主：): it begins at the edge, as letters do.</summary>
    public bool Salutes => Blocks is [{ Kind: TextBlockKind.Paragraph, Runs: [.., { Text: [.., '：' or ':'] }] }, ..];

    /// <summary>At the foot; null where there is none.</summary>
    public PaperCode? Code { get; init; }

    /// <summary>Beside the code: what scanning it does.</summary>
    public IReadOnlyList<string> CodeLines { get; init; } = [];
}

public enum TextBlockKind { Heading, Subheading, Paragraph, Item, Numbered, Quote, Rule }

/// <param name="Mark">Before a list item: • or 3.; empty on other blocks.</param>
public sealed record TextBlock(TextBlockKind Kind, IReadOnlyList<TextRun> Runs, string Mark);

/// <summary>Text in one face. A line break is a run of its own.</summary>
public sealed record TextRun(string Text, bool Strong)
{
    public static readonly TextRun Break = new("\n", false);
}
