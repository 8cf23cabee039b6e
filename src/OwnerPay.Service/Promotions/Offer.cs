using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary>What an offer rewards. <c>EarlyBird</c>: paying within its window; <c>OnTime</c>: the same, and nothing of its fee kinds that is chosen may be
/// overdue; <c>FullYear</c>: all twelve months of a year at once; <c>Prepay</c>: whole months to come; <c>Coupon</c>: held by a person, see
/// <see cref="Promotions.Coupon"/>; <c>Gift</c>: takes nothing off, staff hand something out, or a coupon for next time is issued.</summary>
public enum OfferKind { EarlyBird, OnTime, FullYear, Prepay, Coupon, Gift }

public enum OfferType { Percent, Fixed }

/// <summary>Who may use an offer. <c>NoArrears</c>: houses of which the payer's party owes nothing overdue; <c>FirstPayment</c>: parties that have not paid
/// a bill of the house before; <c>Tag</c>: houses with its tag.</summary>
public enum OfferFor { All, NoArrears, FirstPayment, Tag }

/// <summary>To what a percentage is rounded, half away from zero.</summary>
public enum OfferRounding { Fen, Jiao, Yuan }

/// <summary>Whose money a discount is. Only what others fund may reach fees that are not the company's.</summary>
public enum OfferFunding { Company, OwnersFund, ThirdParty }

public enum OfferState { Proposed, Active, Superseded, Rejected }

/// <summary>A versioned promotion (优惠活动): window, fee kinds, what it gives, budget. Never edited, only superseded.</summary>
public sealed class Offer : IEntityTypeConfiguration<Offer>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Stable code: <c>early-bird-2027</c>; part of an account path.</summary>
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public string Name { get; init; } = "";
    public OfferKind Kind { get; init; }

    /// <summary>Stacking group: at most one offer of a group is used in a quote.</summary>
    public string StackingGroup { get; init; } = "";
    public int Priority { get; init; }
    public OfferType Type { get; init; }

    /// <summary>0.01 % for a percent offer, fen for a fixed one.</summary>
    public long Value { get; init; }

    /// <summary>Codes of fee kinds, joined by commas.</summary>
    public string FeeKinds { get; init; } = "";

    /// <summary>First instant.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>First instant after it.</summary>
    public DateTimeOffset End { get; init; }

    /// <summary>Least original principal of the eligible lines, fen.</summary>
    public long MinFen { get; init; }

    /// <summary>Most that it gives, fen; null: no cap.</summary>
    public long? CapFen { get; init; }
    public bool NeedsWholeYear { get; init; }
    public OfferFor Who { get; init; }

    /// <summary>The tag that a house needs; null unless <see cref="OfferFor.Tag"/>.</summary>
    public string? Tag { get; init; }
    public OfferRounding Rounding { get; init; }
    public OfferFunding Funding { get; init; }

    /// <summary>Days for which a coupon holds; 0 for what is no coupon.</summary>
    public int CouponDays { get; init; }

    /// <summary>Most coupons that one person gets; 0 for what is no coupon.</summary>
    public int LimitPerPerson { get; init; }

    /// <summary>Owners may claim the coupon themselves by the offer's code.</summary>
    public bool Claimable { get; init; }

    /// <summary>Code of the coupon offer of which who earns the gift gets one; null: staff hand something out.</summary>
    public string? GivesCoupon { get; init; }

    /// <summary>Most that it may give over all payments, fen; null: no limit.</summary>
    public long? BudgetFen { get; init; }

    /// <summary>Most payments that may use it; null: no limit.</summary>
    public long? BudgetCount { get; init; }

    /// <summary>Reserved by open orders and used by settled ones, fen; recomputed from <see cref="OfferUse"/>.</summary>
    [NotSealed]
    public long TakenFen { get; set; }

    /// <summary>Uses reserved and used.</summary>
    [NotSealed]
    public long TakenCount { get; set; }

    /// <summary>Coupons of this version that were issued, withdrawn ones too; recomputed from <see cref="Promotions.Coupon"/>.</summary>
    [NotSealed]
    public long IssuedCount { get; set; }
    public OfferState State { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>What the budget still holds, fen; null: no limit.</summary>
    public long? LeftFen => BudgetFen - TakenFen;

    /// <summary>Uses that the budget still holds; null: no limit.</summary>
    public long? LeftCount => BudgetCount - TakenCount;

    /// <summary>True for what quotes look at by itself; coupons come with their holder, gifts take nothing off.</summary>
    public bool IsDiscount => Kind is not (OfferKind.Coupon or OfferKind.Gift);

    /// <summary>This version as the quote rule knows it: one rule, or one for each tier, of which a quote uses at most one. Their ids name version and tier.</summary>
    /// <param name="tiers">The version's tiers, by number; none for most.</param>
    /// <param name="at">Prepaid months begin with the month after this instant.</param>
    public IEnumerable<QuoteOffer> ToRules(IReadOnlyList<OfferTier> tiers, DateTimeOffset at)
    {
        if (tiers.Count == 0) return [Rule(Id, Value, Start, End, 0, at)];
        if (Kind == OfferKind.Prepay) return tiers.Select(tier => Rule(tier.Id, tier.Value, Start, End, tier.MinMonths, at));
        return tiers.Select((tier, index) => Rule(tier.Id, tier.Value, index == 0 ? Start : tiers[index - 1].Until!.Value, tier.Until!.Value, 0, at));
    }

    /// <summary>A coupon of this version: holds from its issue to its expiry, whatever became of the offer.</summary>
    public QuoteOffer ToRule(Coupon coupon, DateTimeOffset at) => Rule(coupon.Id, Value, coupon.IssuedAt, coupon.ExpiresAt, 0, at);

    QuoteOffer Rule(Guid id, long value, DateTimeOffset start, DateTimeOffset end, int minMonths, DateTimeOffset at)
    {
        var month = Clock.DateOf(at);
        return new(id.ToString("N"), StackingGroup, Priority,
            Type == OfferType.Percent ? Domain.Promotions.OfferType.Percent : Domain.Promotions.OfferType.Fixed, value, FeeKinds.Split(','),
            start, end, new Fen(MinFen), CapFen is { } cap ? new Fen(cap) : null, NeedsWholeYear)
        {
            RoundTo = Rounding switch { OfferRounding.Jiao => 10, OfferRounding.Yuan => 100, _ => 1 }, MinMonths = minMonths,
            ServiceFrom = Kind == OfferKind.Prepay ? new DateOnly(month.Year, month.Month, 1).AddMonths(1) : null,
        };
    }

    public void Configure(EntityTypeBuilder<Offer> table)
    {
        table.ToTable("Offers", t => t.HasCheckConstraint("CK_Offers_Budget",
            "Value >= 0 AND MinFen >= 0 AND TakenFen >= 0 AND TakenCount >= 0 AND (BudgetFen IS NULL OR TakenFen <= BudgetFen) AND (BudgetCount IS NULL OR TakenCount <= BudgetCount)"
            + " AND IssuedCount >= 0 AND CouponDays >= 0 AND LimitPerPerson >= 0"));
        table.Property(o => o.Tag).HasMaxLength(40);
        table.Property(o => o.GivesCoupon).HasMaxLength(40);
        table.Property(o => o.Code).HasMaxLength(40);
        table.Property(o => o.StackingGroup).HasMaxLength(40);
        table.Property(o => o.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(o => new { o.CommunityId, o.Code, o.Version }).IsUnique();
    }
}

public enum OfferUseState { Reserved, Used, Freed }

/// <summary>A step of an offer: earlier payers, or payers of more months, get more.</summary>
public sealed class OfferTier : IEntityTypeConfiguration<OfferTier>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid OfferId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }

    /// <summary>Early bird: first instant after the step, which begins where the one before ends. Null for months.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Prepay: whole months to come that are paid at least; 0 for dates.</summary>
    public int MinMonths { get; init; }

    /// <summary>0.01 % or fen, as the offer's type says.</summary>
    public long Value { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<OfferTier> table)
    {
        table.ToTable("OfferTiers", t => t.HasCheckConstraint("CK_OfferTiers_Value", "Value > 0 AND MinMonths >= 0"));
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.OfferId, t.Number }).IsUnique();
        table.HasIndex(t => t.CommunityId);
    }
}

/// <summary>One order's use of an offer: reserved at checkout, used at settlement, freed on close. Only used ones count in the end.</summary>
public sealed class OfferUse : IEntityTypeConfiguration<OfferUse>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid OfferId { get; init; }
    public Guid OrderId { get; init; }

    /// <summary>What it gives in this order, fen; 0 for a gift.</summary>
    public long Fen { get; init; }

    /// <summary>The coupon that gives it; null for an offer that everybody may use.</summary>
    public Guid? CouponId { get; init; }

    /// <summary>For whom: who gets a gift or a coupon that this earns.</summary>
    public Guid HouseId { get; init; }
    public Guid PersonId { get; init; }
    [NotSealed]
    public OfferUseState State { get; set; }

    /// <summary>Used after its order was closed and the budget had gone to others: it does not count as taken.</summary>
    [NotSealed]
    public bool BeyondBudget { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<OfferUse> table)
    {
        table.ToTable("OfferUses", t => t.HasCheckConstraint("CK_OfferUses_Fen", "Fen >= 0"));
        table.Property(u => u.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(u => new { u.OfferId, u.OrderId }).IsUnique();
        table.HasIndex(u => u.CouponId);
        table.HasIndex(u => u.OrderId);
    }
}
