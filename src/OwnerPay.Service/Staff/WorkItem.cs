using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

public enum WorkItemState { Open, Done }

/// <summary>Something that a person must look at: money in suspense, a difference, a parked piece of work.</summary>
public sealed class WorkItem : IEntityTypeConfiguration<WorkItem>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Stable kind: <c>payment.suspense</c>, <c>payment.prepaid</c>, <c>callback.unknown-order</c> …</summary>
    public string Kind { get; init; } = "";
    public Guid SubjectId { get; init; }

    /// <summary>The role that works on it.</summary>
    public StaffRole Role { get; init; }
    public string Title { get; init; } = "";
    public string Detail { get; init; } = "";
    public WorkItemState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public Guid? DoneBy { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public string? Resolution { get; set; }

    public void Configure(EntityTypeBuilder<WorkItem> table)
    {
        table.ToTable("WorkItems");
        table.Property(i => i.State).IsConcurrencyToken();    // two people finish it at once: the second is told
        table.Property(i => i.Detail).HasMaxLength(1000);
        table.HasIndex(i => new { i.Kind, i.SubjectId }).IsUnique();    // the same trouble makes one item, however often it is met
        table.HasIndex(i => new { i.CommunityId, i.State, i.CreatedAt });
    }
}
