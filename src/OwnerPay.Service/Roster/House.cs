using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Roster;

/// <summary>A house or flat (房屋).</summary>
public sealed class House : IEntityTypeConfiguration<House>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BuildingId { get; set; }

    /// <summary>Unique in its community: building-unit-door, <c>3-2-1101</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>Area in 0.01 m².</summary>
    public long AreaHundredths { get; set; }

    /// <summary>Day of hand-over (交付) to the first owner; null while the developer holds it.</summary>
    public DateOnly? HandedOverOn { get; set; }

    /// <summary>Nobody lives there; it pays in full unless a tariff condition with evidence says otherwise.</summary>
    public bool Vacant { get; set; }

    /// <summary>Next bills use up the party's prepaid balance.</summary>
    public bool UsesPrepaid { get; set; } = true;
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<House> table)
    {
        table.ToTable("Houses", t => t.HasCheckConstraint("CK_Houses_Area", "AreaHundredths > 0"));
        table.Property(h => h.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(h => new { h.CommunityId, h.Code }).IsUnique();
        table.HasIndex(h => h.BuildingId);
    }
}
