using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

/// <summary>Staff roles. What each may do is declared on the routes.</summary>
public enum StaffRole { Clerk, Collector, Cashier, Finance, Manager, Admin }

public enum RoleGrantState { Proposed, Granted, Revoked }

/// <summary>A role of a person in one community, or in all (<see cref="CommunityId"/> null). Granted by two of admin and manager.</summary>
public sealed class RoleGrant : IEntityTypeConfiguration<RoleGrant>
{
    public Guid Id { get; init; }
    public Guid StaffId { get; init; }
    public StaffRole Role { get; init; }

    /// <summary>Null: every community of the installation.</summary>
    public Guid? CommunityId { get; init; }
    public RoleGrantState State { get; set; }
    public Guid ProposedBy { get; init; }
    public Guid? GrantedBy { get; set; }

    /// <summary>True when the first admin granted it alone, before a second admin or manager existed; else null. Unique: it happens once.</summary>
    public bool? GrantedAlone { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<RoleGrant> table)
    {
        table.ToTable("RoleGrants", t => t.HasCheckConstraint("CK_RoleGrants_TwoPeople", "GrantedAlone IS NOT NULL OR GrantedBy IS NULL OR GrantedBy <> ProposedBy"));
        table.Property(g => g.State).IsConcurrencyToken();    // two decisions at once: the second finds it decided
        table.HasIndex(g => g.GrantedAlone).IsUnique();
        table.HasIndex(g => new { g.StaffId, g.Role, g.CommunityId });    // what an account may do, asked on every request
    }
}
