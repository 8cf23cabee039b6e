using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Points;

public enum PointsGrantState { Proposed, Granted, Rejected }

/// <summary>Points that staff give a person for a reason (积分授予): at once, or above the limit after a second person agreed.</summary>
public sealed class PointsGrant : IEntityTypeConfiguration<PointsGrant>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PersonId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary>Whole points.</summary>
    public long Points { get; init; }

    /// <summary>Why, as staff wrote it; the owner reads it in his statement.</summary>
    public string Reason { get; init; } = "";
    public Guid GrantedBy { get; init; }

    /// <summary>True for one that nobody else looked at.</summary>
    public bool Alone { get; init; }

    /// <summary>Shanghai day on which it was asked for; the limit counts by it.</summary>
    public DateOnly AskedOn { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public PointsGrantState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<PointsGrant> table)
    {
        table.ToTable("PointsGrants", t => t.HasCheckConstraint("CK_PointsGrants_Points", "Points > 0"));
        table.Property(g => g.Reason).HasMaxLength(200);
        table.Property(g => g.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(g => new { g.CommunityId, g.CreatedAt });                // the list
        table.HasIndex(g => new { g.GrantedBy, g.AskedOn });                    // what somebody granted alone today
    }
}
