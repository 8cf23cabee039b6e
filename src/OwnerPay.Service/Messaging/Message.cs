using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Messaging;

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

    /// <summary>The person tapped that he has taken note.</summary>
    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>The next channel of its chain is to be chosen: it is new, or the channels tried so far did not reach.</summary>
    public bool ChainDue { get; set; }

    /// <summary>Its campaign was cancelled: no channel follows any more.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    /// <summary>The best that is proved of it: by the person himself, or by one of its channels.</summary>
    public DeliveryProof ProofBy(IEnumerable<Delivery> tried)
    {
        var best = tried.Select(d => d.Proof).DefaultIfEmpty(DeliveryProof.Queued).Max();
        var own = AcknowledgedAt is not null ? DeliveryProof.Acknowledged : ReadAt is not null ? DeliveryProof.Read : DeliveryProof.Queued;
        return best > own ? best : own;
    }

    /// <summary>The person knows it already, so that nothing that costs money need follow: it was read, or where the arrival must be proved,
    /// acknowledged.</summary>
    public bool IsKnown(bool needsProof) => AcknowledgedAt is not null || ReadAt is not null && !needsProof;

    public void Configure(EntityTypeBuilder<Message> table)
    {
        table.ToTable("Messages");
        table.Property(m => m.Kind).HasMaxLength(40);
        table.Property(m => m.Body).HasMaxLength(2000);
        table.HasIndex(m => new { m.SubjectId, m.Kind, m.PersonId }).IsUnique();    // nobody is told the same thing twice
        table.HasIndex(m => new { m.PersonId, m.CreatedAt });                       // the inbox
        table.HasIndex(m => m.CampaignId);                                          // result per person
        table.HasIndex(m => new { m.ChainDue, m.CreatedAt });                       // what to look at next
    }
}

/// <summary>What became of one attempt by one channel. <c>NoPermission</c> (no grant left, no consent, not followed) and <c>Failed</c> (broken) are
/// two things with two actions.</summary>
/// <remarks><c>Waiting</c> may still be cancelled, and so may a letter that is <c>ToPost</c>; from <c>Claimed</c> on a message is on its way and
/// nobody else touches it.</remarks>
public enum DeliveryState { Waiting, Claimed, ToPost, Sent, NoPermission, Failed, Cancelled }

/// <summary>A message on its way by one channel to one address. Sending and cancelling compete for this row.</summary>
public sealed class Delivery : IEntityTypeConfiguration<Delivery>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MessageId { get; init; }
    public MessageChannel Channel { get; init; }

    /// <summary>What it goes to: the WeChat user (subscription), the follower (official account), the number or mail address by its digest, the
    /// person (letter). One address gets one thing once, also where it stands for two persons.</summary>
    public Guid AddressId { get; init; }
    public string Kind { get; init; } = "";
    public Guid SubjectId { get; init; }

    /// <summary>The campaign that sent it; null for single messages. While the campaign stands still, the message is not taken up.</summary>
    public Guid? CampaignId { get; init; }
    public DeliveryState State { get; set; }

    /// <summary>Not before this instant (business time): quiet hours, or reminded enough.</summary>
    public DateTimeOffset NotBefore { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextTryAt { get; set; }
    public Guid? Claim { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>WeChat's template id whose grant this delivery holds; null while it holds none. Set when the grant is reserved, cleared when it goes
    /// back.</summary>
    public string? ReservedTemplateId { get; set; }

    /// <summary>The channel told that it arrived; null while it only took the message over.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Somebody signed for the letter.</summary>
    public DateTimeOffset? SignedAt { get; set; }

    /// <summary>What the channel charges for it, fen; of what is charged, text and price are kept in <see cref="SentText"/>.</summary>
    public long CostFen { get; set; }

    /// <summary>What is proved of this attempt alone; reading and acknowledging are proved by the message.</summary>
    public DeliveryProof Proof => State != DeliveryState.Sent ? DeliveryProof.Queued
        : SignedAt is not null ? DeliveryProof.Signed
        : DeliveredAt is not null ? DeliveryProof.Delivered
        : Channel == MessageChannel.Letter ? DeliveryProof.Posted : DeliveryProof.Accepted;

    /// <summary>The channel's own number of it, as text: WeChat's msgid, the SMS provider's receipt number.</summary>
    public string? ProviderId { get; set; }

    /// <summary>The channel's error code, or our own reason (<c>paid</c>, <c>no_grant</c>).</summary>
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>What the chain makes of it.</summary>
    public AttemptState Attempt => State switch
    {
        DeliveryState.Waiting or DeliveryState.Claimed or DeliveryState.ToPost => AttemptState.OnItsWay,
        DeliveryState.Sent => AttemptState.Reached,
        DeliveryState.Cancelled => AttemptState.GivenUp,
        DeliveryState.Failed when Reason == SendDelivery.OutcomeUnknown => AttemptState.Perhaps,
        DeliveryState.NoPermission or DeliveryState.Failed => AttemptState.Missed,
        _ => throw new InvalidOperationException($"No meaning for {State}"),
    };

    public void Configure(EntityTypeBuilder<Delivery> table)
    {
        table.ToTable("Deliveries", t => t.HasCheckConstraint("CK_Deliveries_CostFen",
            "CostFen = 0 OR (CostFen > 0 AND Channel IN ('Sms', 'Letter'))"));
        table.Property(d => d.Kind).HasMaxLength(40);
        table.HasIndex(d => new { d.MessageId, d.Channel, d.AddressId }).IsUnique();
        table.HasIndex(d => new { d.State, d.NextTryAt });    // what to send next
        table.HasIndex(d => d.Claim);
        table.HasIndex(d => new { d.CampaignId, d.State });    // progress of a campaign
        table.Ignore(d => d.Proof).Ignore(d => d.Attempt);
        table.HasIndex(d => new { d.AddressId, d.ProviderId });    // what a channel tells about a sent message
        table.Property(d => d.ReservedTemplateId).HasMaxLength(64);
        // An address hears of one thing once by one channel; cancel by subject.
        table.HasIndex(d => new { d.SubjectId, d.Kind, d.Channel, d.AddressId }).IsUnique();
    }
}
