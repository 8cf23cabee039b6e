using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain.Messaging;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Messaging;

/// <summary>What left by text message or email, or stands in a letter, word for word, with its price: evidence of what was said, and what it cost.
/// For a letter also how it went its way.</summary>
public sealed class SentText : IEntityTypeConfiguration<SentText>, ISealed
{
    /// <summary>The delivery.</summary>
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public MessageChannel Channel { get; init; }
    public string Title { get; init; } = "";
    public string Text { get; init; } = "";

    /// <summary>To whom, as it stands in an address list: masked number or mail address, house and name for a letter.</summary>
    public string Address { get; init; } = "";

    /// <summary>Text messages that are charged; 1 for a letter, 0 for an email.</summary>
    public int Parts { get; init; }

    /// <summary>Price of one part on the day, fen.</summary>
    public long PartFen { get; set; }
    public DateTimeOffset At { get; init; }

    /// <summary>The carrier's number of a letter.</summary>
    public string? Tracking { get; set; }
    public DateOnly? PostedOn { get; set; }
    public Guid? PostedBy { get; set; }
    public DateOnly? DeliveredOn { get; set; }

    /// <summary>When and by whom it was signed for, as the carrier's slip says.</summary>
    public DateOnly? SignedOn { get; set; }
    public string? SignedBy { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>Fen that the whole of it costs.</summary>
    public long CostFen => Parts * PartFen;

    public void Configure(EntityTypeBuilder<SentText> table)
    {
        table.ToTable("SentTexts");
        table.Property(t => t.Text).HasMaxLength(4000);
        table.Property(t => t.Tracking).HasMaxLength(40);
        table.Property(t => t.SignedBy).HasMaxLength(60);
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.Ignore(t => t.CostFen);
        table.HasIndex(t => new { t.CommunityId, t.Channel, t.PostedOn, t.At });    // letters to post
    }
}
