using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Documents;

/// <summary>A document that went out as PDF: what it says, word for word, with the hash of it. The same words again are the same document.</summary>
public sealed class IssuedPaper : IEntityTypeConfiguration<IssuedPaper>, ISealed
{
    public const string Receipt = "receipt", Statement = "statement";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary><c>receipt</c> or <c>statement</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The receipt, or the house of the statement.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>See <see cref="Platform.Printing.PaperFrozen"/>; without the check code, which is made of its hash.</summary>
    public string Text { get; init; } = "";

    /// <summary>SHA-256 of the text in UTF-8.</summary>
    public byte[] Hash { get; init; } = [];

    /// <summary>First 16 hex digits of the hash, as printed at the end of the document.</summary>
    public string CheckCode { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<IssuedPaper> table)
    {
        table.ToTable("IssuedPapers");
        table.Property(p => p.Kind).HasMaxLength(16);
        table.Property(p => p.Text).HasMaxLength(-1);
        table.Property(p => p.Hash).HasMaxLength(32).IsFixedLength();
        table.Property(p => p.CheckCode).HasMaxLength(16);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.CommunityId, p.Hash }).IsUnique();
        table.HasIndex(p => new { p.CommunityId, p.CheckCode });    // somebody brings a paper
        table.HasIndex(p => new { p.SubjectId, p.At });
    }
}
