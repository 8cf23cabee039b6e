using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Staff;

/// <summary>The second factor of a member of staff: an app on the phone shows six digits that change every 30 seconds (RFC 6238).</summary>
public sealed class StaffTotp : IEntityTypeConfiguration<StaffTotp>
{
    public const string SecretPurpose = "staff-totp";

    public Guid StaffId { get; init; }

    /// <summary>20 bytes, wrapped by the master key.</summary>
    public byte[] SecretWrapped { get; set; } = [];

    /// <summary>When a first code proved that the phone has the secret; null while it is only offered.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The 30-second step of the last code that was accepted. A code opens the door once: only a later step is taken.</summary>
    public long LastStep { get; set; }

    /// <summary>Wrong codes in a row; five lock for 15 minutes.</summary>
    public int FailedCodes { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    public void Configure(EntityTypeBuilder<StaffTotp> table)
    {
        table.ToTable("StaffTotps");
        table.HasKey(t => t.StaffId);
        table.Property(t => t.SecretWrapped).HasMaxLength(64);
    }
}

/// <summary>A one-time code for the day on which the phone is lost. Only its hash is kept.</summary>
public sealed class RecoveryCode : IEntityTypeConfiguration<RecoveryCode>
{
    public const int Count = 10;

    public Guid Id { get; init; }
    public Guid StaffId { get; init; }

    /// <summary>SHA-256 of the code without hyphens: 16 characters of base 32, 80 random bits, so that a plain hash suffices.</summary>
    public byte[] Hash { get; init; } = [];
    public DateTimeOffset? UsedAt { get; set; }

    public static byte[] HashOf(string code) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant()));

    /// <summary>ABCD-EFGH-2345-6789, without characters that are misread.</summary>
    public static string Draw() =>
        string.Join('-', RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 16).Chunk(4).Select(four => new string(four)));

    public void Configure(EntityTypeBuilder<RecoveryCode> table)
    {
        table.ToTable("StaffRecoveryCodes");
        table.Property(c => c.Hash).HasMaxLength(32).IsFixedLength();
        table.HasIndex(c => new { c.StaffId, c.Hash }).IsUnique();
    }
}
