using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

/// <summary>Who did what, append-only. Its hash chain is added after commit, in the order in which one worker sees the rows.</summary>
public sealed class AuditEntry : IEntityTypeConfiguration<AuditEntry>
{
    public Guid Id { get; init; }

    /// <summary>Null for acts that concern the installation.</summary>
    public Guid? CommunityId { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Staff id in 32 hex digits, or <c>system</c>.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Stable verb phrase: <c>tariff.proposed</c>, <c>roster.imported</c> …</summary>
    public string Action { get; init; } = "";
    public Guid? SubjectId { get; init; }

    /// <summary>JSON with what changed; personal data masked.</summary>
    public string Detail { get; init; } = "{}";

    /// <summary>Position in the chain of its community, from 1, without gaps; null until the worker came by.</summary>
    public long? ChainNumber { get; set; }

    /// <summary>SHA-256 over the previous hash and this row.</summary>
    public byte[]? ChainHash { get; set; }

    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.ToTable("AuditEntries");
        table.Property(e => e.Detail).HasMaxLength(-1);
        table.Property(e => e.ChainHash).HasMaxLength(32);
        table.HasIndex(e => new { e.CommunityId, e.ChainNumber }).IsUnique();
        table.HasIndex(e => new { e.CommunityId, e.At });
        table.HasIndex(e => e.SubjectId);
    }
}
