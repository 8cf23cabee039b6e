using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Owners;

public enum BindingState { Active, Suspended, Ended }

/// <summary>How a binding was proved: WeChat's verified phone number together with the house code, or a code that staff handed over.</summary>
public enum BindingProof { VerifiedPhone, StaffCode }

/// <summary>A WeChat user is this person in this community. A changed roster phone suspends it until it is confirmed.</summary>
public sealed class Binding : IEntityTypeConfiguration<Binding>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid WeChatUserId { get; init; }
    public Guid PersonId { get; init; }
    public BindingState State { get; set; }
    public BindingProof Proof { get; set; }

    /// <summary>Keyed mark of the verified number that proved it; null for a staff code.</summary>
    public byte[]? PhoneMark { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<Binding> table)
    {
        table.ToTable("Bindings");
        table.Property(b => b.PhoneMark).HasMaxLength(32);
        table.HasIndex(b => new { b.WeChatUserId, b.PersonId }).IsUnique();
        table.HasIndex(b => b.PersonId);    // whom of WeChat's users a message can reach
    }
}

/// <summary>A code that staff hand to a person at the counter; one use, 7 days.</summary>
public sealed class BindingCode : IEntityTypeConfiguration<BindingCode>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary>SHA-256 of the code.</summary>
    public byte[] Hash { get; init; } = [];
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>What is stored of a code, however it was typed: case, dashes and spaces do not count.</summary>
    public static byte[] HashOf(string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit))));

    public void Configure(EntityTypeBuilder<BindingCode> table)
    {
        table.ToTable("BindingCodes");
        table.Property(c => c.Hash).HasMaxLength(32).IsFixedLength();
        table.HasIndex(c => c.Hash).IsUnique();
    }
}
