using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Collection;

public enum DisputeState { Open, Closed }

public enum DisputeOutcome
{
    /// <summary>The owner was right (异议成立): a correction or waiver follows.</summary>
    Upheld,
    /// <summary>The bill was right (异议不成立).</summary>
    Rejected,
    /// <summary>Both agreed on something (协商解决).</summary>
    Settled,
    /// <summary>The owner took it back.</summary>
    Withdrawn,
}

/// <summary>Somebody says that a bill is wrong (账单异议). While it is open no late fee runs and no overdue message goes out.</summary>
public sealed class Dispute : IEntityTypeConfiguration<Dispute>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }

    /// <summary>What is wrong, in the owner's words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The person who opened it; null: staff did for him.</summary>
    public Guid? PersonId { get; init; }
    public Guid? StaffId { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DisputeState State { get; set; }

    /// <summary>The last answer of the company, for the owner.</summary>
    public string? Answer { get; set; }
    /// <summary>Names that answer, for the message that tells of it; a new answer has a new one.</summary>
    public Guid? AnswerId { get; set; }
    public Guid? AnsweredBy { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public DisputeOutcome? Outcome { get; set; }

    /// <summary>Staff id; null when its owner took it back.</summary>
    public Guid? ClosedBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The bill while the dispute is open, else null: a bill has one open dispute.</summary>
    public Guid? OpenBillId { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Dispute> table)
    {
        table.ToTable("Disputes", t => t.HasCheckConstraint("CK_Disputes_TwoPeople", "ClosedBy IS NULL OR StaffId IS NULL OR ClosedBy <> StaffId"));
        table.Property(d => d.Reason).HasMaxLength(500);
        table.Property(d => d.Answer).HasMaxLength(500);
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => d.OpenBillId).IsUnique();
        table.HasIndex(d => d.BillId);
        table.HasIndex(d => d.AnswerId).IsUnique();
        table.HasIndex(d => new { d.HouseId, d.OpenedAt });                  // an owner's
        table.HasIndex(d => new { d.CommunityId, d.State, d.OpenedAt });    // what waits for an answer
    }
}
