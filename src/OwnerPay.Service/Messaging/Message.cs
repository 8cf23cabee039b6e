using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Messaging;

/// <summary>One thing told to one person; always kept in the in-app inbox, whatever the channels do.</summary>
public sealed class Message : IEntityTypeConfiguration<Message>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary><c>bill.issued</c>, <c>payment.receipt</c> …: decides template, <c>Unwanted</c> and <c>Values</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The bill, payment … it speaks of.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>The house it concerns; only who still belongs to it may read details.</summary>
    public Guid? HouseId { get; init; }

    /// <summary>The campaign or bill run that sent it; null for single messages.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>Empty until it is sent or first read: text is made then, from what is true then, and kept.</summary>
    public string Title { get; set; } = "";
    public string Body { get; set; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ReadAt { get; set; }

    public void Configure(EntityTypeBuilder<Message> table)
    {
        table.ToTable("Messages");
        table.Property(m => m.Kind).HasMaxLength(40);
        table.Property(m => m.Body).HasMaxLength(2000);
        table.HasIndex(m => new { m.SubjectId, m.Kind, m.PersonId }).IsUnique();    // nobody is told the same thing twice
        table.HasIndex(m => new { m.PersonId, m.CreatedAt });                       // the inbox
        table.HasIndex(m => m.CampaignId);                                          // result per person
    }
}

/// <summary>What became of one attempt to reach one phone. <c>NoPermission</c> (no grant left) and <c>Failed</c> (broken) are two things with two
/// actions.</summary>
/// <remarks><c>Waiting</c> may still be cancelled; from <c>Claimed</c> on the message is on its way and nobody else touches it.</remarks>
public enum DeliveryState { Waiting, Claimed, Sent, NoPermission, Failed, Cancelled }

/// <summary>How far a message is proved to have come: <c>Accepted</c> by WeChat is less than <c>Delivered</c> to the phone.</summary>
public enum DeliveryProof { Queued, Accepted, Delivered }

/// <summary>A message on its way to one WeChat user. Sending and cancelling compete for this row.</summary>
public sealed class Delivery : IEntityTypeConfiguration<Delivery>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MessageId { get; init; }
    public Guid WeChatUserId { get; init; }
    public string Kind { get; init; } = "";
    public Guid SubjectId { get; init; }

    /// <summary>The campaign that sent it; null for single messages. While the campaign stands still, the message is not taken up.</summary>
    public Guid? CampaignId { get; init; }
    public DeliveryState State { get; set; }

    /// <summary>Not before this instant (business time): quiet hours.</summary>
    public DateTimeOffset NotBefore { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextTryAt { get; set; }
    public Guid? Claim { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>WeChat's template id whose grant this delivery holds; null while it holds none. Set when the grant is reserved, cleared when it goes
    /// back.</summary>
    public string? ReservedTemplateId { get; set; }

    /// <summary>WeChat told that it is on the phone, by its clock; null while it only took the message over.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>What is proved of it: nobody is known to have read it.</summary>
    public DeliveryProof Proof =>
        State != DeliveryState.Sent ? DeliveryProof.Queued : DeliveredAt is null ? DeliveryProof.Accepted : DeliveryProof.Delivered;

    /// <summary>WeChat's msgid as text.</summary>
    public string? WeChatMessageId { get; set; }

    /// <summary>WeChat's errcode, or our own reason (<c>paid</c>, <c>no_grant</c>).</summary>
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DoneAt { get; set; }

    public void Configure(EntityTypeBuilder<Delivery> table)
    {
        table.ToTable("Deliveries");
        table.Property(d => d.Kind).HasMaxLength(40);
        table.HasIndex(d => new { d.MessageId, d.WeChatUserId }).IsUnique();
        table.HasIndex(d => new { d.State, d.NextTryAt });    // what to send next
        table.HasIndex(d => d.Claim);
        table.HasIndex(d => new { d.CampaignId, d.State });    // progress of a campaign
        table.Ignore(d => d.Proof);
        table.HasIndex(d => new { d.WeChatUserId, d.WeChatMessageId });    // what WeChat tells about a sent message
        table.Property(d => d.ReservedTemplateId).HasMaxLength(64);
        table.HasIndex(d => new { d.SubjectId, d.Kind, d.WeChatUserId }).IsUnique();    // a phone buzzes once for one thing; cancel by subject
    }
}
