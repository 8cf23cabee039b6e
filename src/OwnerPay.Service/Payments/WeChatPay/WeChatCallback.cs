using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Payments.WeChatPay;

/// <summary>A genuine callback exactly as it came, stored before it is settled; a stored one can be replayed, to no effect.</summary>
public sealed class WeChatCallback : IEntityTypeConfiguration<WeChatCallback>
{
    public Guid Id { get; init; }
    public string MchId { get; init; } = "";

    /// <summary>WeChat's notification id; the same notice repeated raises <see cref="Times"/>.</summary>
    public string NotificationId { get; init; } = "";
    public string EventType { get; init; } = "";
    public string? OutTradeNo { get; set; }
    public string? TransactionId { get; set; }

    /// <summary>The <c>Wechatpay-*</c> headers as JSON.</summary>
    public string Headers { get; init; } = "{}";

    /// <summary>The raw body, byte for byte; personal data in it is encrypted by WeChat with our APIv3 key.</summary>
    public byte[] Body { get; init; } = [];
    public DateTimeOffset ReceivedAt { get; init; }
    public int Times { get; set; } = 1;

    /// <summary>What became of it: <c>settled</c>, <c>already-settled</c>, <c>suspense</c>, <c>unknown-order</c>, <c>ignored</c> …; null while undecided.</summary>
    public string? Outcome { get; set; }

    public void Configure(EntityTypeBuilder<WeChatCallback> table)
    {
        table.ToTable("WeChatCallbacks");
        table.Property(c => c.NotificationId).HasMaxLength(64);
        table.Property(c => c.Headers).HasMaxLength(2000);
        table.Property(c => c.Body).HasMaxLength(66000);
        table.HasIndex(c => new { c.MchId, c.NotificationId }).IsUnique();
        table.HasIndex(c => c.OutTradeNo);
    }
}
