using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Messaging;

/// <summary>What WeChat pushed: an accept in the dialog, a template switched off in the settings, the end of a message that was sent.</summary>
public enum SubscriptionEventKind { Accepted, SwitchedOff, Sent }

/// <summary><c>Done</c>: it had its effect. <c>Waiting</c>: the end of a message whose number is not noted yet. <c>Ignored</c>: of a message that
/// is none of ours.</summary>
public enum SubscriptionEventState { Done, Waiting, Ignored }

/// <summary>One entry of a pushed subscription event. WeChat repeats events and gives them no number: the unique key decides what is a
/// repetition.</summary>
/// <remarks>Source of the key: WeChat's advice on events, sender and time, here with event, template and message number, because one push
/// speaks of several templates.</remarks>
public sealed class SubscriptionEvent : IEntityTypeConfiguration<SubscriptionEvent>
{
    public Guid Id { get; init; }
    public Guid WeChatUserId { get; init; }
    public string WeChatTemplateId { get; init; } = "";
    public SubscriptionEventKind Kind { get; init; }

    /// <summary>WeChat's msgid of a sent message; empty for the other kinds.</summary>
    public string WeChatMessageId { get; init; } = "";

    /// <summary>When it happened, by WeChat's clock, in whole seconds.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Why a message did not arrive, as WeChat wrote it (<c>failed:user block</c>); null when it did, and for the other kinds.</summary>
    public string? Failure { get; init; }
    public SubscriptionEventState State { get; set; }

    /// <summary>On the system clock.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    public void Configure(EntityTypeBuilder<SubscriptionEvent> table)
    {
        table.ToTable("SubscriptionEvents");
        table.Property(e => e.WeChatTemplateId).HasMaxLength(64);
        table.Property(e => e.WeChatMessageId).HasMaxLength(64);
        table.Property(e => e.Failure).HasMaxLength(100);
        table.HasIndex(e => new { e.WeChatUserId, e.WeChatTemplateId, e.Kind, e.At, e.WeChatMessageId }).IsUnique();
        table.HasIndex(e => new { e.State, e.ReceivedAt });    // ends of messages that wait for their delivery
    }
}
