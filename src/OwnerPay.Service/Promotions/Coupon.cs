using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary><c>Issued</c> (can be used) ⇄ <c>Reserved</c> (an open order holds it) → <c>Used</c>, which a refund turns back into <c>Issued</c>; or
/// <c>Expired</c>, <c>Withdrawn</c>.</summary>
public enum CouponState { Issued, Reserved, Used, Expired, Withdrawn }

/// <summary>A coupon (优惠券): an offer version in the hands of a person, or on paper until somebody claims it.</summary>
public sealed class Coupon : IEntityTypeConfiguration<Coupon>, ISealed
{
    /// <summary>How it came to be: from a list or a file of staff, claimed by an owner, earned by an order.</summary>
    public const string ByList = "list", ByClaim = "claim", ByOrder = "order";

    // Without 0/O, 1/I/L: it is read aloud and typed. 10 of these are 49 bits.
    const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The version whose terms it has for ever.</summary>
    public Guid OfferId { get; init; }

    /// <summary>The offer's code, over all its versions: the per-person limit counts by it.</summary>
    public string OfferCode { get; init; } = "";

    /// <summary>Printed on it; unique in its community.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its holder; null while it lies on paper.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>Which of its holder's coupons of this offer it is, from 1: the unique key that keeps the limit.</summary>
    public int? Sequence { get; set; }
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>Business instant at which it no longer holds.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary><see cref="ByList"/>, <see cref="ByClaim"/> or <see cref="ByOrder"/>.</summary>
    public string SourceKind { get; init; } = "";

    /// <summary>The order that earned it, or the issue that it belongs to.</summary>
    public Guid SourceId { get; init; }

    /// <summary>The order that holds or used it.</summary>
    [NotSealed]
    public Guid? OrderId { get; set; }
    [NotSealed]
    public CouponState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public static string NewCode() => RandomNumberGenerator.GetString(Letters, 10);

    public void Configure(EntityTypeBuilder<Coupon> table)
    {
        table.ToTable("Coupons", t => t.HasCheckConstraint("CK_Coupons_Holder", "(PersonId IS NULL AND Sequence IS NULL) OR (PersonId IS NOT NULL AND Sequence > 0)"));
        table.Property(c => c.OfferCode).HasMaxLength(40);
        table.Property(c => c.Code).HasMaxLength(16);
        table.Property(c => c.SourceKind).HasMaxLength(16);
        table.Property(c => c.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(c => new { c.CommunityId, c.Code }).IsUnique();
        table.HasIndex(c => new { c.CommunityId, c.OfferCode, c.PersonId, c.Sequence }).IsUnique();    // limits what one person gets
        table.HasIndex(c => new { c.PersonId, c.State });          // what a person may use
        table.HasIndex(c => new { c.State, c.ExpiresAt });         // what expires
        table.HasIndex(c => c.OfferId);
    }
}

/// <summary>A mark on a house by which offers choose (标签): <c>veteran</c>, <c>phase-2</c>.</summary>
public sealed class HouseTag : IEntityTypeConfiguration<HouseTag>
{
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public string Tag { get; init; } = "";

    public void Configure(EntityTypeBuilder<HouseTag> table)
    {
        table.ToTable("HouseTags");
        table.Property(t => t.Tag).HasMaxLength(40);
        table.HasKey(t => new { t.CommunityId, t.Tag, t.HouseId });
        table.HasIndex(t => t.HouseId);
    }
}

/// <summary><c>Due</c>: earned, to be handed out; <c>HandedOut</c>; <c>Cancelled</c>: its payment went back before.</summary>
public enum GiftState { Due, HandedOut, Cancelled }

/// <summary>A gift for a payment or a visit (礼品发放), handed out by staff.</summary>
public sealed class GiftIssue : IEntityTypeConfiguration<GiftIssue>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The gift offer that earned it; null for one recorded at a visit.</summary>
    public Guid? OfferId { get; init; }
    public Guid? OrderId { get; init; }
    public Guid HouseId { get; init; }
    public string Name { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public GiftState State { get; set; }
    public Guid? HandedOutBy { get; set; }
    public DateTimeOffset? HandedOutAt { get; set; }

    /// <summary>What staff wrote down.</summary>
    public string Note { get; set; } = "";
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<GiftIssue> table)
    {
        table.ToTable("GiftIssues");
        table.Property(g => g.Note).HasMaxLength(400);
        table.Property(g => g.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(g => new { g.OrderId, g.OfferId }).IsUnique();
        table.HasIndex(g => new { g.CommunityId, g.State, g.CreatedAt });
        table.HasIndex(g => g.HouseId);
    }
}
