using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging;

public enum TemplateState { Proposed, Active, Superseded, Rejected }

/// <summary>How one kind of message looks on every channel: WeChat's templates with their fields, text message, email, letter, and the text for the
/// in-app inbox. A channel without text is left out of the chain. Versions are never edited, only superseded.</summary>
public sealed class MessageTemplate : IEntityTypeConfiguration<MessageTemplate>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The message kind: <c>bill.issued</c>, <c>payment.receipt</c> …</summary>
    public string Kind { get; init; } = "";
    public int Version { get; init; }

    /// <summary>WeChat's id of the subscription template, 43 characters; empty where none is sent.</summary>
    public string WeChatTemplateId { get; init; } = "";

    /// <summary>Page of the mini-program that a tap opens; <c>{subject}</c> and <c>{houseId}</c> stand for the ids.</summary>
    public string Page { get; init; } = "";

    /// <summary>JSON object: WeChat's field (<c>thing1</c>) → text with <c>{values}</c> of the message kind.</summary>
    public string Fields { get; init; } = "{}";
    public string InboxTitle { get; init; } = "";
    public string InboxBody { get; init; } = "";

    /// <summary>WeChat's id of the official account's template, and its fields as above; empty where none is sent.</summary>
    public string OfficialTemplateId { get; init; } = "";
    public string OfficialFields { get; init; } = "{}";

    /// <summary>The SMS provider's code of the text (<c>SMS_153055065</c>), whose variables have the names in braces; empty where none is
    /// sent.</summary>
    public string SmsCode { get; init; } = "";

    /// <summary>The text message without the signature, as the provider approved it.</summary>
    public string SmsText { get; init; } = "";
    public string EmailSubject { get; init; } = "";
    public string EmailText { get; init; } = "";

    /// <summary>Paragraphs of the letter; empty where none is written.</summary>
    public string LetterText { get; init; } = "";

    /// <summary>Names of the channels in their order, with commas: <c>Subscription,OfficialAccount,Sms</c>.</summary>
    public string Chain { get; init; } = "";

    public IReadOnlyList<MessageChannel> Channels() => [.. Chain.Split(',').Select(Enum.Parse<MessageChannel>)];

    /// <summary>True when it has a text for the channel.</summary>
    public bool Speaks(MessageChannel channel) => channel switch
    {
        MessageChannel.Subscription => WeChatTemplateId.Length > 0,
        MessageChannel.OfficialAccount => OfficialTemplateId.Length > 0,
        MessageChannel.Sms => SmsCode.Length > 0,
        MessageChannel.Letter => LetterText.Length > 0,
        MessageChannel.Email => EmailText.Length > 0,
        _ => throw new InvalidOperationException($"No text of {channel}"),
    };

    public TemplateState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<MessageTemplate> table)
    {
        table.ToTable("MessageTemplates");
        table.Property(t => t.WeChatTemplateId).HasMaxLength(64);
        table.Property(t => t.Fields).HasMaxLength(4000);
        table.Property(t => t.OfficialTemplateId).HasMaxLength(64);
        table.Property(t => t.OfficialFields).HasMaxLength(-1);    // a row of MariaDB holds no more long columns
        table.Property(t => t.SmsCode).HasMaxLength(32);
        table.Property(t => t.SmsText).HasMaxLength(500);
        table.Property(t => t.EmailText).HasMaxLength(-1);
        table.Property(t => t.LetterText).HasMaxLength(-1);
        table.Property(t => t.Chain).HasMaxLength(80);
        table.Property(t => t.InboxBody).HasMaxLength(2000);
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.CommunityId, t.Kind, t.Version }).IsUnique();
    }
}
