using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Staff;

public enum ApprovalState { Proposed, Approved, Rejected, Withdrawn }

/// <summary>A proposal that another person decides: tariff, offer, reward, template, bill run. Nobody approves what he proposed; the database refuses it too.</summary>
public sealed class Approval : IEntityTypeConfiguration<Approval>, ISealed
{
    /// <summary>Characters of <see cref="Note"/>.</summary>
    public const int LongestNote = 190;

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>What is proposed: <c>tariff</c>, <c>offer</c>, <c>reward</c>, <c>template</c>, <c>bill-run</c>.</summary>
    public string Kind { get; init; } = "";
    public Guid SubjectId { get; init; }
    public ApprovalState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>What the proposer says.</summary>
    public string? Note { get; set; }

    /// <summary>What the one who decided says.</summary>
    public string? DecisionNote { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Approval> table)
    {
        table.ToTable("Approvals", t => t.HasCheckConstraint("CK_Approvals_TwoPeople", "DecidedBy IS NULL OR DecidedBy <> ProposedBy"));
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => new { a.Kind, a.SubjectId }).IsUnique();
        table.HasIndex(a => new { a.CommunityId, a.State, a.ProposedAt });    // what waits for a decision
    }
}
