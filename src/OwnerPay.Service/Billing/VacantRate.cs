using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

public enum VacantRateState { Proposed, Approved, Rejected }

/// <summary>A vacant house pays a part of a fee (空置) from–to, on evidence: proposed by a clerk, approved by finance, applied by days.</summary>
public sealed class VacantRate : IEntityTypeConfiguration<VacantRate>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid FeeKindId { get; init; }
    public DateOnly From { get; init; }

    /// <summary>Last day: a house does not stay vacant unnoticed for ever.</summary>
    public DateOnly To { get; set; }

    /// <summary>Part of the price that is charged, %, 0 to 99.</summary>
    public int Percent { get; init; }

    /// <summary>What proves it: meter at a standstill, the owner's declaration, its file number.</summary>
    public string Evidence { get; init; } = "";
    public VacantRateState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<VacantRate> table)
    {
        table.ToTable("VacantRates", t => t.HasCheckConstraint("CK_VacantRates_Percent", "Percent BETWEEN 0 AND 99"));
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => new { r.HouseId, r.FeeKindId, r.From });
        table.HasIndex(r => new { r.CommunityId, r.ProposedAt });
    }
}
