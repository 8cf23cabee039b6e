using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Owners;

/// <summary>A mini-program account of the property company: appid, wrapped secret, and the wrapped keys of its message push.</summary>
public sealed class MiniProgram : IEntityTypeConfiguration<MiniProgram>
{
    public const string SecretPurpose = "mini-program-secret", PushPurpose = "mini-program-push";

    public Guid Id { get; init; }
    public string AppId { get; init; } = "";
    public byte[] SecretWrapped { get; set; } = [];

    /// <summary>Token of the message push (消息推送), wrapped; null while none is set up. Together with the other.</summary>
    public byte[]? PushTokenWrapped { get; set; }

    /// <summary>EncodingAESKey of the message push, wrapped.</summary>
    public byte[]? PushAesKeyWrapped { get; set; }

    public void Configure(EntityTypeBuilder<MiniProgram> table)
    {
        table.ToTable("MiniPrograms");
        table.Property(m => m.AppId).HasMaxLength(32);
        table.Property(m => m.SecretWrapped).HasMaxLength(300);
        table.Property(m => m.PushTokenWrapped).HasMaxLength(100);
        table.Property(m => m.PushAesKeyWrapped).HasMaxLength(100);
        table.HasIndex(m => m.AppId).IsUnique();
    }
}
