using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Roster;

/// <summary>A building (楼栋) of a community.</summary>
public sealed class Building : IEntityTypeConfiguration<Building>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Unique in its community: <c>3</c> for 3 号楼.</summary>
    public string Code { get; init; } = "";
    public string Name { get; set; } = "";

    public void Configure(EntityTypeBuilder<Building> table)
    {
        table.ToTable("Buildings");
        table.HasIndex(b => new { b.CommunityId, b.Code }).IsUnique();
    }
}
