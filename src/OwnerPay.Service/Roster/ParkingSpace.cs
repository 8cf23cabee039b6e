using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Roster;

public enum ParkingKind { Owned, Rented }

/// <summary>A parking space (车位), owned or rented, tied to a house or to a person.</summary>
public sealed class ParkingSpace : IEntityTypeConfiguration<ParkingSpace>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Unique in its community: <c>B1-023</c>.</summary>
    public string Code { get; init; } = "";
    public ParkingKind Kind { get; set; }

    /// <summary>The house whose liable party pays for it; null while it is a person's or free.</summary>
    public Guid? HouseId { get; set; }

    /// <summary>The person who pays for a space without house, often somebody from outside.</summary>
    public Guid? PersonId { get; set; }
    public DateOnly? From { get; set; }
    public DateOnly? To { get; set; }

    public void Configure(EntityTypeBuilder<ParkingSpace> table)
    {
        table.ToTable("ParkingSpaces");
        table.HasIndex(s => new { s.CommunityId, s.Code }).IsUnique();
        table.HasIndex(s => s.HouseId);
        table.HasIndex(s => s.PersonId);
    }
}
