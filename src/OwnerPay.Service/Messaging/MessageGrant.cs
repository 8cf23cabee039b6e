using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Messaging;

/// <summary>How many messages of a WeChat template a user has allowed: one per accept. Recomputed from <see cref="GrantEntry"/> by
/// <c>verify</c>.</summary>
public sealed class MessageGrant : IEntityTypeConfiguration<MessageGrant>
{
    public Guid WeChatUserId { get; init; }
    public string WeChatTemplateId { get; init; } = "";

    /// <summary>Accepts not yet used or reserved; never below 0.</summary>
    public int Count { get; set; }

    /// <summary>Accepts that the mini-program reported since ever.</summary>
    public int Reported { get; set; }

    /// <summary>Accepts that WeChat pushed since ever: mostly the same ones. The larger of the two numbers is what was counted.</summary>
    public int Pushed { get; set; }

    public void Configure(EntityTypeBuilder<MessageGrant> table)
    {
        table.ToTable("MessageGrants", t => t.HasCheckConstraint("CK_MessageGrants_Count", "Count >= 0"));
        table.HasKey(g => new { g.WeChatUserId, g.WeChatTemplateId });
        table.Property(g => g.WeChatTemplateId).HasMaxLength(64);
    }
}

public enum GrantReason { Accepted, Reserved, Returned, Emptied }

/// <summary>One movement of a grant: accepted by a tap, reserved for a delivery, returned when it did not leave, emptied because WeChat said that
/// none is left or that the user switched it off.</summary>
public sealed class GrantEntry : IEntityTypeConfiguration<GrantEntry>
{
    public Guid Id { get; init; }
    public Guid WeChatUserId { get; init; }
    public string WeChatTemplateId { get; init; } = "";
    public int Delta { get; init; }
    public GrantReason Reason { get; init; }

    /// <summary>The tap, the pushed event or the delivery that moved it.</summary>
    public Guid SourceId { get; init; }
    public DateTimeOffset At { get; init; }

    public void Configure(EntityTypeBuilder<GrantEntry> table)
    {
        table.ToTable("GrantEntries", t => t.HasCheckConstraint("CK_GrantEntries_Delta",
            "(Reason = 'Emptied' AND Delta < 0) OR (Reason = 'Reserved' AND Delta = -1) OR (Reason IN ('Accepted', 'Returned') AND Delta = 1)"));
        table.Property(e => e.WeChatTemplateId).HasMaxLength(64);
        table.HasIndex(e => new { e.SourceId, e.WeChatTemplateId, e.Reason }).IsUnique();
        table.HasIndex(e => new { e.WeChatUserId, e.WeChatTemplateId });
    }
}
