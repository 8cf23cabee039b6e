using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

public enum TariffProposalState { Proposed, Approved, Rejected }

/// <summary>A file of fee kinds and prices that a clerk proposed. Nothing of it counts before finance approves it; then all of it does.</summary>
public sealed class TariffProposal : IEntityTypeConfiguration<TariffProposal>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The <see cref="TariffFile"/> as JSON.</summary>
    public string Content { get; init; } = "";
    public TariffProposalState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<TariffProposal> table)
    {
        table.ToTable("TariffProposals");
        table.Property(p => p.Content).HasMaxLength(-1);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.CommunityId, p.State, p.ProposedAt });
    }
}
