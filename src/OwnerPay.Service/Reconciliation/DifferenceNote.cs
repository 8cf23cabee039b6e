using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reconciliation;

public enum DifferenceNoteKind { Comment, Assigned, Resolved, Explained }

/// <summary>What somebody did about a difference, or said of it; append-only.</summary>
public sealed class DifferenceNote : IEntityTypeConfiguration<DifferenceNote>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid DifferenceId { get; init; }
    public DifferenceNoteKind Kind { get; init; }

    /// <summary>Staff id.</summary>
    public Guid By { get; init; }

    /// <summary>Who is to work on it, where it was assigned.</summary>
    public Guid? AssignedTo { get; init; }
    public string Text { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<DifferenceNote> table)
    {
        table.ToTable("DifferenceNotes");
        table.Property(n => n.Text).HasMaxLength(500);
        table.Property(n => n.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(n => new { n.DifferenceId, n.At });    // its history
        table.HasIndex(n => n.CommunityId);
    }
}
