using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Collection;

/// <summary>Principal or late fee of a bill that the company lets go (减免): in hardship, or as compensation for a fault. Proposed by one person,
/// granted by another, never more than is open then.</summary>
public sealed class Waiver : IEntityTypeConfiguration<Waiver>, IGrant, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }

    /// <summary>Fen of principal, ≥ 0; it is booked as a concession.</summary>
    public long PrincipalFen { get; init; }

    /// <summary>Fen of late fee, ≥ 0; it only lowers the figure.</summary>
    public long LateFeeFen { get; init; }

    /// <summary>Why, as the owner may read it.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What proves it, for staff.</summary>
    public string Evidence { get; init; } = "";
    public GrantState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Shanghai date of its effect; null unless granted.</summary>
    public DateOnly? GrantedOn { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Waiver> table)
    {
        table.ToTable("Waivers", t =>
        {
            t.HasCheckConstraint("CK_Waivers_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
            t.HasCheckConstraint("CK_Waivers_Fen", "PrincipalFen >= 0 AND LateFeeFen >= 0 AND PrincipalFen + LateFeeFen > 0");
        });
        table.Property(w => w.Evidence).HasMaxLength(400);
        table.Property(w => w.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(w => w.BillId);
        table.HasIndex(w => new { w.CommunityId, w.ProposedAt });
    }
}
