using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Collection;

/// <summary>The due date of bills is put off (缓交), proposed by one person and granted by another. Late fee stands still from the day on which it is
/// granted up to the new date, that day included; after it the bill is overdue and late fee runs on.</summary>
public sealed class Deferral : IEntityTypeConfiguration<Deferral>, IGrant, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }

    /// <summary>The new due date, Shanghai.</summary>
    public DateOnly Until { get; init; }
    public string Reason { get; init; } = "";
    public GrantState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>First day without late fee; null unless granted.</summary>
    public DateOnly? From { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Deferral> table)
    {
        table.ToTable("Deferrals", t => t.HasCheckConstraint("CK_Deferrals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy"));
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => d.HouseId);
        table.HasIndex(d => new { d.CommunityId, d.ProposedAt });
    }
}
