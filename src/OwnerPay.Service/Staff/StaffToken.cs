using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

/// <summary>A personal access token for scripts and verbs. Only its hash is kept; it is shown once.</summary>
public sealed class StaffToken : IEntityTypeConfiguration<StaffToken>
{
    public Guid Id { get; init; }
    public Guid StaffId { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public byte[] Hash { get; init; } = [];
    public string Label { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Every token begins with this, so that one that leaked into a file is recognised.</summary>
    public const string Prefix = "opt_";

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public void Configure(EntityTypeBuilder<StaffToken> table)
    {
        table.ToTable("StaffTokens");
        table.Property(t => t.Hash).HasMaxLength(32).IsFixedLength();
        table.HasIndex(t => t.Hash).IsUnique();
        table.HasIndex(t => t.StaffId);
    }
}
