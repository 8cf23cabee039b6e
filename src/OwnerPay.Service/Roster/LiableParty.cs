using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Roster;

public enum PartyKind { Owners, Developer }

/// <summary>Who owes a house's fees over an unbroken stretch of days (责任方): its owners together, or the developer. A change of owner ends one and
/// begins another.</summary>
/// <remarks>Its members are the tenures of kind Owner and JointOwner (or Developer) of the house that overlap the stretch.</remarks>
public sealed class LiableParty : IEntityTypeConfiguration<LiableParty>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public PartyKind Kind { get; init; }
    public DateOnly From { get; init; }

    /// <summary>Last day; null while it lasts. The day before <see cref="From"/> when a correction of the tenures took the party away: bills may
    /// name it.</summary>
    public DateOnly? To { get; set; }

    public void Configure(EntityTypeBuilder<LiableParty> table)
    {
        table.ToTable("LiableParties");
        table.HasIndex(p => new { p.HouseId, p.Kind, p.From }).IsUnique();
        table.HasIndex(p => p.CommunityId);
    }
}
