using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Roster;

public enum TenureKind { Developer, Owner, JointOwner, Tenant, Payer }

/// <summary>What a person is to a house, from–to (房屋关系).</summary>
public sealed class Tenure : IEntityTypeConfiguration<Tenure>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PersonId { get; init; }
    public TenureKind Kind { get; init; }

    /// <summary>Share of a joint owner in 0.01 %; information only, at most 10,000 together.</summary>
    public int? ShareHundredths { get; set; }
    public DateOnly From { get; init; }

    /// <summary>Last day; null while it lasts.</summary>
    public DateOnly? To { get; set; }

    public void Configure(EntityTypeBuilder<Tenure> table)
    {
        table.ToTable("Tenures");
        table.HasIndex(t => new { t.HouseId, t.PersonId, t.Kind, t.From }).IsUnique();
        table.HasIndex(t => t.PersonId);
        table.HasIndex(t => t.CommunityId);
    }
}
