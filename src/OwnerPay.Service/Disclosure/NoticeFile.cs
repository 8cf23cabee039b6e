using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Disclosure;

/// <summary>An attachment of a notice: a PDF as it was uploaded, or a picture as it was encoded anew.</summary>
public sealed class NoticeFile : IEntityTypeConfiguration<NoticeFile>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid NoticeId { get; init; }

    /// <summary>File name as it is offered for download; its ending is ours.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>application/pdf</c> or <c>image/jpeg</c>.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>Bytes.</summary>
    public int Size { get; init; }

    /// <summary>SHA-256 of its bytes; <c>verify</c> reads them all again.</summary>
    public byte[] Hash { get; init; } = [];
    public Guid StoredBy { get; init; }
    public DateTimeOffset StoredAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<NoticeFile> table)
    {
        table.ToTable("NoticeFiles", t => t.HasCheckConstraint("CK_NoticeFiles_Size", "Size > 0"));
        table.Property(f => f.MediaType).HasMaxLength(40);
        table.Property(f => f.Hash).HasMaxLength(32).IsFixedLength();
        table.Property(f => f.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(f => f.NoticeId);
        table.HasIndex(f => f.CommunityId);
    }
}

/// <summary>A stretch of an attachment's bytes: the database takes no packet of 20 MB.</summary>
public sealed class NoticeFilePart : IEntityTypeConfiguration<NoticeFilePart>
{
    public const int Most = 4 << 20;

    public Guid FileId { get; init; }

    /// <summary>From 0.</summary>
    public int Number { get; init; }
    public byte[] Data { get; init; } = [];

    public void Configure(EntityTypeBuilder<NoticeFilePart> table)
    {
        table.ToTable("NoticeFileParts");
        table.HasKey(p => new { p.FileId, p.Number });
        table.Property(p => p.Data).HasMaxLength(Most);
    }
}
