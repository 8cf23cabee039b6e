using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Owners;

/// <summary>A user of our mini-program: one openid. Global; houses are reached only through bindings.</summary>
public sealed class WeChatUser : IEntityTypeConfiguration<WeChatUser>
{
    public const string SessionKeyPurpose = "wechat-session-key";

    public Guid Id { get; init; }
    public string AppId { get; init; } = "";
    public string OpenId { get; init; } = "";
    public string? UnionId { get; set; }

    /// <summary>Session key of the last login, wrapped; never leaves the server.</summary>
    public byte[]? SessionKeyWrapped { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset LastLoginAt { get; set; }

    public void Configure(EntityTypeBuilder<WeChatUser> table)
    {
        table.ToTable("WeChatUsers");
        table.Property(u => u.AppId).HasMaxLength(32);
        table.Property(u => u.OpenId).HasMaxLength(128);
        table.Property(u => u.UnionId).HasMaxLength(128);
        table.Property(u => u.SessionKeyWrapped).HasMaxLength(200);
        table.HasIndex(u => new { u.AppId, u.OpenId }).IsUnique();
    }
}
