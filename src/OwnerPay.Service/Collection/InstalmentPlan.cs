using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Collection;

/// <summary>Open principal is paid in dated parts (分期), proposed by one person and granted by another. While it is kept no late fee runs; a part
/// that is missed
/// by more than the grace ends it, and late fee runs again from the missed date. What late fee had grown before stays as it is.</summary>
/// <remarks>Whether it is kept follows from its parts and from what was settled, on every date; the state here is what a job noted of it, for
/// lists.</remarks>
public sealed class InstalmentPlan : IEntityTypeConfiguration<InstalmentPlan>, IGrant, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>Sum of its parts: open principal of its bills when it was granted, fen.</summary>
    public long TotalFen { get; init; }

    /// <summary>Days by which a part may be late.</summary>
    public int GraceDays { get; init; }
    public GrantState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>First day without late fee; null unless granted.</summary>
    public DateOnly? From { get; set; }

    /// <summary>Completed: the day of the last fen. Missed: the due date of the missed part. Taken back: that day.</summary>
    public DateOnly? EndedOn { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<InstalmentPlan> table)
    {
        table.ToTable("InstalmentPlans", t =>
        {
            t.HasCheckConstraint("CK_InstalmentPlans_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy");
            t.HasCheckConstraint("CK_InstalmentPlans_Total", "TotalFen > 0 AND GraceDays >= 0");
        });
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => p.HouseId);
        table.HasIndex(p => new { p.CommunityId, p.ProposedAt });
        table.HasIndex(p => p.State);    // the job looks at those that run
    }
}
