using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Domain;
using OwnerPay.Domain.Promotions;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Promotions;

/// <summary>What an offer rewards. <c>EarlyBird</c>: paying within its window; <c>OnTime</c>: the same, and nothing of its fee kinds that is chosen may be
/// overdue; <c>FullYear</c>: all twelve months of a year at once.</summary>
public enum OfferKind { EarlyBird, OnTime, FullYear }

public enum OfferType { Percent, Fixed }

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
    public OfferState State { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>What the budget still holds, fen; null: no limit.</summary>
    public long? LeftFen => BudgetFen - TakenFen;

    /// <summary>Uses that the budget still holds; null: no limit.</summary>
    public long? LeftCount => BudgetCount - TakenCount;

    /// <summary>This version as the quote rule knows it; its id names the version.</summary>
    public QuoteOffer ToRule() => new(Id.ToString("N"), StackingGroup, Priority,
        Type == OfferType.Percent ? Domain.Promotions.OfferType.Percent : Domain.Promotions.OfferType.Fixed, Value, FeeKinds.Split(','),
        Start, End, new Fen(MinFen), CapFen is { } cap ? new Fen(cap) : null, NeedsWholeYear);

    public void Configure(EntityTypeBuilder<Offer> table)
    {
        table.ToTable("Offers", t => t.HasCheckConstraint("CK_Offers_Budget",
            "Value >= 0 AND MinFen >= 0 AND TakenFen >= 0 AND TakenCount >= 0 AND (BudgetFen IS NULL OR TakenFen <= BudgetFen) AND (BudgetCount IS NULL OR TakenCount <= BudgetCount)"));
        table.Property(o => o.Code).HasMaxLength(40);
        table.Property(o => o.StackingGroup).HasMaxLength(40);
        table.Property(o => o.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(o => new { o.CommunityId, o.Code, o.Version }).IsUnique();
    }
}

public enum OfferUseState { Reserved, Used, Freed }

/// <summary>One order's use of an offer: reserved at checkout, used at settlement, freed on close. Only used ones count in the end.</summary>
public sealed class OfferUse : IEntityTypeConfiguration<OfferUse>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid OfferId { get; init; }
    public Guid OrderId { get; init; }

    /// <summary>What it gives in this order, fen.</summary>
    public long Fen { get; init; }
    [NotSealed]
    public OfferUseState State { get; set; }

    /// <summary>Used after its order was closed and the budget had gone to others: it does not count as taken.</summary>
    [NotSealed]
    public bool BeyondBudget { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<OfferUse> table)
    {
        table.ToTable("OfferUses", t => t.HasCheckConstraint("CK_OfferUses_Fen", "Fen > 0"));
        table.Property(u => u.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(u => new { u.OfferId, u.OrderId }).IsUnique();
        table.HasIndex(u => u.OrderId);
    }
}
