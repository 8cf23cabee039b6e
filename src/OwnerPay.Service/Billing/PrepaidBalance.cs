using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>Money of a liable party for a house that is not yet allocated (预存余额). It never pays another party's bills.</summary>
public sealed class PrepaidBalance : IEntityTypeConfiguration<PrepaidBalance>
{
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }

    /// <summary>Fen, never below 0; the sum of its entries.</summary>
    public long BalanceFen { get; set; }

    public void Configure(EntityTypeBuilder<PrepaidBalance> table)
    {
        table.ToTable("PrepaidBalances", t => t.HasCheckConstraint("CK_PrepaidBalances_Balance", "BalanceFen >= 0"));
        table.HasKey(b => new { b.HouseId, b.PartyId });
        table.HasIndex(b => b.CommunityId);
    }
}

/// <summary>A movement of a prepaid balance.</summary>
public sealed class PrepaidEntry : IEntityTypeConfiguration<PrepaidEntry>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }

    /// <summary>Fen, positive in, negative out.</summary>
    public long DeltaFen { get; init; }

    /// <summary><c>payment</c> (money came), <c>bill</c> (used on issue), <c>refund</c> (held for a refund), <c>refund-closed</c> (given back from one) or
    /// <c>order-prepaid…</c> (held for, used by or given back from an order), <c>adjustment</c> (paid for what a bill was lowered by), and its id.</summary>
    public string SourceKind { get; init; } = "";
    public Guid SourceId { get; init; }
    public DateTimeOffset At { get; init; }

    public void Configure(EntityTypeBuilder<PrepaidEntry> table)
    {
        table.ToTable("PrepaidEntries", t => t.HasCheckConstraint("CK_PrepaidEntries_Delta", "DeltaFen <> 0"));
        table.Property(e => e.SourceKind).HasMaxLength(32);
        table.HasIndex(e => new { e.SourceKind, e.SourceId, e.HouseId, e.PartyId }).IsUnique();
        table.HasIndex(e => new { e.HouseId, e.PartyId });
    }
}

/// <summary>A lowering of a bill's principal or late fee: by a payment (cash and discount) or by prepaid money. What is open is recomputed from these.
/// A refund opens again what a payment settled: then the amounts are negative.</summary>
public sealed class BillReduction : IEntityTypeConfiguration<BillReduction>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillId { get; init; }

    /// <summary>The line, or null for late fee.</summary>
    public Guid? BillLineId { get; init; }

    /// <summary>Fen by which principal (or late fee) is settled; below 0: opened again.</summary>
    public long Fen { get; init; }

    /// <summary>The part of <see cref="Fen"/> that a discount settled.</summary>
    public long DiscountFen { get; init; }

    /// <summary>The part of <see cref="DiscountFen"/> that the company bears; others fund the rest.</summary>
    public required long OwnDiscountFen { get; init; }

    /// <summary><c>payment</c>, <c>prepaid</c>, <c>refund</c>, <c>refund-closed</c> (a refund that did not happen after all), or one of
    /// <see cref="ReductionKinds"/>, and its id.</summary>
    public string SourceKind { get; init; } = "";
    public Guid SourceId { get; init; }

    /// <summary>Shanghai date; lowers the principal for the late fee from the next day on. Of an adjustment: the day of its approval.</summary>
    public DateOnly On { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BillReduction> table)
    {
        table.ToTable("BillReductions", t => t.HasCheckConstraint("CK_BillReductions_Fen",
            "(Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen AND OwnDiscountFen >= 0 AND OwnDiscountFen <= DiscountFen)"
            + " OR (Fen < 0 AND DiscountFen <= 0 AND DiscountFen >= Fen AND OwnDiscountFen <= 0 AND OwnDiscountFen >= DiscountFen)"));
        table.Property(r => r.SourceKind).HasMaxLength(32);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.BillId);
        table.HasIndex(r => new { r.SourceKind, r.SourceId, r.BillId, r.BillLineId }).IsUnique();
        table.HasIndex(r => r.CommunityId);
    }
}

/// <summary>Kinds of reductions by which no money comes, and what follows from a kind.</summary>
public static class ReductionKinds
{
    /// <summary>The bill was wrong and is lowered (positive) or raised (negative).</summary>
    public const string Adjustment = "adjustment";

    /// <summary>What was paid and discounted of an amount that an adjustment took off: opened again (negative), its money is prepaid money now.</summary>
    public const string Credit = "adjustment-credit";

    /// <summary>What was waived of an amount that an adjustment took off: the waiver is undone so far (negative).</summary>
    public const string Unwaived = "adjustment-unwaived";

    /// <summary>Principal or late fee that the company lets go (减免).</summary>
    public const string Waiver = "waiver";

    /// <summary>A waiver that was taken back: what it let go is owed again (negative).</summary>
    public const string WaiverReversed = "waiver-reversed";

    /// <summary>True of what money or an offer settled, and of what opened that again.</summary>
    public static bool IsMoney(string kind) => kind is not (Adjustment or Unwaived or Waiver or WaiverReversed);

    /// <summary>The date on which the last fen of principal was settled, of a bill that has none open.</summary>
    public static DateOnly? PaidOn(IEnumerable<BillReduction> all) =>
        all.Where(r => r.BillLineId is not null && r.Fen > 0 && r.SourceKind != Adjustment).Select(r => (DateOnly?)r.On).Max();
}
