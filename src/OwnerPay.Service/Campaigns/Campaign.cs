using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Campaigns;

/// <summary><c>Proposed</c> (waits for approval) → <c>Scheduled</c> → <c>Running</c> ⇄ <c>Paused</c> → <c>Done</c>; <c>Rejected</c> and
/// <c>Cancelled</c> are ends too. The messages of a bill run are <c>Done</c> from the start.</summary>
public enum CampaignState { Proposed, Scheduled, Running, Paused, Done, Cancelled, Rejected }

/// <summary>A group of messages sent for one reason: the messages of a bill run, or a group notice (群通知) by staff.</summary>
public sealed class Campaign : IEntityTypeConfiguration<Campaign>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary><c>bill-run</c>, <c>notice</c> or <c>bills</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The bill run; of a group notice the campaign itself.</summary>
    public Guid SubjectId { get; init; }
    public string Title { get; init; } = "";

    /// <summary>What staff wrote; empty for a bill run.</summary>
    public string Body { get; init; } = "";

    /// <summary>The <see cref="Campaigns.Audience"/> as JSON; empty for a bill run.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Houses that are not told, so that the effect can be measured, in 1/10,000.</summary>
    public int HoldOutShare { get; init; }

    /// <summary>Not before this instant, business time.</summary>
    public DateTimeOffset StartAt { get; init; }
    public Guid? ProposedBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    [NotSealed]
    public CampaignState State { get; set; }

    /// <summary>When its audience was frozen; null before.</summary>
    [NotSealed]
    public DateTimeOffset? StartedAt { get; set; }
    [NotSealed]
    public DateTimeOffset? EndedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Campaign> table)
    {
        table.ToTable("Campaigns", t => t.HasCheckConstraint("CK_Campaigns_HoldOut", "HoldOutShare BETWEEN 0 AND 5000"));
        table.Property(c => c.Kind).HasMaxLength(24);
        table.Property(c => c.Body).HasMaxLength(1000);
        table.Property(c => c.Audience).HasMaxLength(2000);
        table.Property(c => c.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(c => new { c.Kind, c.SubjectId }).IsUnique();
        table.HasIndex(c => new { c.CommunityId, c.CreatedAt });
        table.HasIndex(c => new { c.State, c.StartAt });    // what to start or to go on with
    }
}

/// <summary><c>Waiting</c> → <c>Told</c> (in the inbox and on the way to the phones), or <c>Skipped</c> because it no longer concerned the person;
/// <c>HeldOut</c> from the start; <c>Cancelled</c> with its campaign.</summary>
public enum MemberState { Waiting, Told, HeldOut, Skipped, Cancelled }

/// <summary>One person of the audience as it was frozen when the campaign began. Looked at once more before he is told.</summary>
public sealed class CampaignMember : IEntityTypeConfiguration<CampaignMember>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary>The liable party of the house that the person belonged to: a buyer is never told what was meant for the seller.</summary>
    public Guid PartyId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary>By the rule of hold-outs; all persons of a house alike.</summary>
    public bool HeldOut { get; init; }
    public MemberState State { get; set; }

    /// <summary>Why he was skipped: <c>changed</c> (paid, sold, no longer of the audience), <c>told-today</c> (by another campaign).</summary>
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DoneAt { get; set; }

    public void Configure(EntityTypeBuilder<CampaignMember> table)
    {
        table.ToTable("CampaignMembers");
        table.Property(m => m.Reason).HasMaxLength(24);
        table.HasIndex(m => new { m.CampaignId, m.HouseId, m.PersonId }).IsUnique();    // nobody stands twice in an audience
        table.HasIndex(m => new { m.CampaignId, m.State, m.Id });                       // who is next; progress
        table.HasIndex(m => new { m.PersonId, m.DoneAt });                              // told by another one today
        table.HasIndex(m => m.CommunityId);
    }
}
