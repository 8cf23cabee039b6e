using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Campaigns;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Campaigns;

/// <summary><c>Proposed</c> → <c>Active</c> → <c>Superseded</c> by the next; or <c>Rejected</c>.</summary>
public enum PolicyState { Proposed, Active, Superseded, Rejected }

/// <summary>When a community reminds of its bills (提醒策略): days from the due date and stages. Each stage has its message kind, whose template says
/// the words and by which channels in which order. Policies are never edited, only superseded.</summary>
public sealed class ReminderPolicy : IEntityTypeConfiguration<ReminderPolicy>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>JSON array of <see cref="ReminderStep"/>; empty: nobody is reminded.</summary>
    public string Steps { get; init; } = "[]";
    public PolicyState State { get; set; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public IReadOnlyList<ReminderStep> Read() => JsonSerializer.Deserialize<List<ReminderStep>>(Steps, Json.Options)!;

    public void Configure(EntityTypeBuilder<ReminderPolicy> table)
    {
        table.ToTable("ReminderPolicies");
        table.Property(p => p.Steps).HasMaxLength(1000);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.CommunityId, p.State });
        table.HasIndex(p => new { p.CommunityId, p.ProposedAt });
    }
}

/// <summary>A bill was reminded of at a stage: once for ever, whichever instance comes first.</summary>
public sealed class Reminder : IEntityTypeConfiguration<Reminder>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }
    public ReminderStage Stage { get; init; }
    public Guid PolicyId { get; init; }

    /// <summary>The day on which it was due; <see cref="MadeOn"/> is later only after days without power.</summary>
    public DateOnly DueOn { get; init; }
    public DateOnly MadeOn { get; init; }

    public void Configure(EntityTypeBuilder<Reminder> table)
    {
        table.ToTable("Reminders");
        table.HasIndex(r => new { r.BillId, r.Stage }).IsUnique();
        table.HasIndex(r => new { r.CommunityId, r.MadeOn });    // what went out on a day
    }
}
