using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

/// <summary>Where the audit chain of a community stands. The worker locks this row, so that two instances never give one number twice.</summary>
public sealed class AuditChainHead : IEntityTypeConfiguration<AuditChainHead>
{
    /// <summary>The community; <see cref="Guid.Empty"/> for acts that concern the installation.</summary>
    public Guid CommunityId { get; init; }

    /// <summary>Number of the last chained entry; 0 before the first.</summary>
    public long LastNumber { get; set; }

    /// <summary>Hash of the last chained entry; printed in the day close, so that a chain rewritten as a whole is noticed too.</summary>
    public byte[] LastHash { get; set; } = [];

    public void Configure(EntityTypeBuilder<AuditChainHead> table)
    {
        table.ToTable("AuditChainHeads");
        table.HasKey(h => h.CommunityId);
        table.Property(h => h.LastHash).HasMaxLength(32);
    }
}
