using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Counter;

/// <summary>How somebody pays at the counter: cash, a card at a terminal, or a transfer that he proves.</summary>
public enum CounterWay { Cash, Pos, Transfer }

/// <summary>What the counter knows of a payment beyond the payment itself (柜台收款). Its id is the payment's.</summary>
public sealed class CounterPayment : IEntityTypeConfiguration<CounterPayment>, ISealed
{
    /// <summary>The payment's id.</summary>
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid ShiftId { get; init; }
    public CounterWay Way { get; init; }

    /// <summary>What stays here, fen: bills and prepaid money.</summary>
    public long AmountFen { get; init; }

    /// <summary>What was handed over, fen; the rest is change.</summary>
    public long TenderedFen { get; init; }

    /// <summary>The card terminal's number; null but for cards.</summary>
    public string? Terminal { get; init; }

    /// <summary>Number of the card slip or of the transfer; null for cash.</summary>
    public string? Reference { get; init; }

    /// <summary>Where a transfer goes.</summary>
    public Guid? BankAccountId { get; init; }

    /// <summary>Terminal or account with the reference, in one text: a slip is taken once. Null for cash.</summary>
    public string? OnceKey { get; init; }
    public DateTimeOffset At { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<CounterPayment> table)
    {
        table.ToTable("CounterPayments", t => t.HasCheckConstraint("CK_CounterPayments_Amounts", "AmountFen >= 0 AND TenderedFen >= AmountFen"));
        table.Property(p => p.Terminal).HasMaxLength(24);
        table.Property(p => p.Reference).HasMaxLength(64);
        table.Property(p => p.OnceKey).HasMaxLength(130);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.CommunityId, p.OnceKey }).IsUnique();
        table.HasIndex(p => p.ShiftId);
    }
}

/// <summary>Up to which number receipts may be written in a year (收据号段): a book that finance handed out.</summary>
public sealed class ReceiptBook : IEntityTypeConfiguration<ReceiptBook>, ISealed
{
    /// <summary>Where no book was handed out: the six digits that a number has.</summary>
    public const long Most = 999_999;

    public Guid CommunityId { get; init; }
    public int Year { get; init; }
    public long LastNumber { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ReceiptBook> table)
    {
        table.ToTable("ReceiptBooks", t => t.HasCheckConstraint("CK_ReceiptBooks_Last", "LastNumber > 0 AND LastNumber <= 999999"));
        table.HasKey(b => new { b.CommunityId, b.Year });
        table.Property(b => b.Seal).HasMaxLength(RowSeal.Length);
    }
}
