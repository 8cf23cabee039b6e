using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.PayLinks;

/// <summary>A pay link (缴费链接): whoever holds its 22 characters may see the amounts of its bills and pay them. It dies with its bills, with the time of who
/// owes them, or after 90 days, and can be revoked.</summary>
/// <remarks>128 random bits as 22 base64url characters, which is what fits the scene of a mini-program code; only their hash is stored.</remarks>
public sealed class PayLink : IEntityTypeConfiguration<PayLink>, ISealed
{
    public const int TokenLength = 22;

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary>The one liable party of its bills: no other's is ever shown.</summary>
    public Guid PartyId { get; init; }

    /// <summary>The person of the house for whom it was made: gets receipt and points of what others pay.</summary>
    public Guid PersonId { get; init; }

    /// <summary>SHA-256 of the 22 characters.</summary>
    public byte[] Hash { get; init; } = [];

    /// <summary>The member of staff who made it for paper; null when the owner made it to share.</summary>
    public Guid? StaffId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Business instant.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>What is stored of a token.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    public void Configure(EntityTypeBuilder<PayLink> table)
    {
        table.ToTable("PayLinks");
        table.Property(l => l.Hash).HasMaxLength(32).IsFixedLength();
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => l.Hash).IsUnique();
        table.HasIndex(l => new { l.CommunityId, l.HouseId, l.CreatedAt });    // the links of a house
    }
}

/// <summary>A bill that a pay link shows.</summary>
public sealed class PayLinkBill : IEntityTypeConfiguration<PayLinkBill>
{
    public Guid PayLinkId { get; init; }
    public Guid BillId { get; init; }

    public void Configure(EntityTypeBuilder<PayLinkBill> table)
    {
        table.ToTable("PayLinkBills");
        table.HasKey(b => new { b.PayLinkId, b.BillId });
    }
}
