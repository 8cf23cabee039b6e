using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging;

public enum TemplateState { Proposed, Active, Superseded, Rejected }

/// <summary>How one kind of message looks: WeChat's template with its fields, and the text for the in-app inbox. Versions are never edited, only
/// superseded.</summary>
public sealed class MessageTemplate : IEntityTypeConfiguration<MessageTemplate>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The message kind: <c>bill.issued</c>, <c>payment.receipt</c> …</summary>
    public string Kind { get; init; } = "";
    public int Version { get; init; }

    /// <summary>WeChat's template id, 43 characters.</summary>
    public string WeChatTemplateId { get; init; } = "";

    /// <summary>Page of the mini-program that a tap opens; <c>{subject}</c> and <c>{houseId}</c> stand for the ids.</summary>
    public string Page { get; init; } = "";

    /// <summary>JSON object: WeChat's field (<c>thing1</c>) → text with <c>{values}</c> of the message kind.</summary>
    public string Fields { get; init; } = "{}";
    public string InboxTitle { get; init; } = "";
    public string InboxBody { get; init; } = "";
    public TemplateState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<MessageTemplate> table)
    {
        table.ToTable("MessageTemplates");
        table.Property(t => t.WeChatTemplateId).HasMaxLength(64);
        table.Property(t => t.Fields).HasMaxLength(4000);
        table.Property(t => t.InboxBody).HasMaxLength(2000);
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.CommunityId, t.Kind, t.Version }).IsUnique();
    }
}
