using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments;

/// <summary>Where the money of a payment went.</summary>
public enum PaymentOutcome { Settled, Prepaid, Suspense }

/// <summary>Money that arrived. Unique by channel and transaction number, so that it is booked once, however often it is told.</summary>
public sealed class Payment : IEntityTypeConfiguration<Payment>, ISealed
{
    public const string WeChat = "wechat";

    /// <summary>Channels of the counter: cash in the drawer, a card at a terminal, a transfer whose proof the payer shows.</summary>
    public const string Cash = "cash", Pos = "pos", Transfer = "transfer";

    /// <summary>A row of a bank statement; its transaction number is the row's.</summary>
    public const string Bank = "bank";

    /// <summary>An item of an entrusted collection; its transaction number is the item's.</summary>
    public const string Collection = "collection";

    /// <summary>Channel of an order of 0 fen, which no channel carries; its transaction number is the order's.</summary>
    public const string Nothing = "nothing";

    /// <summary>Source kind of its journal, its bill reductions, its prepaid entries and its points.</summary>
    public const string Source = "payment";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>The order it pays; null for money that belongs to no order of ours.</summary>
    public Guid? OrderId { get; init; }

    /// <summary>All zeros where no merchant has part in it.</summary>
    public Guid MerchantAccountId { get; init; }
    public string Channel { get; init; } = WeChat;

    /// <summary>WeChat's transaction_id; elsewhere what makes the money unique in its channel.</summary>
    public string TransactionId { get; init; } = "";

    /// <summary>WeChat's <c>amount.total</c>, fen.</summary>
    public long TotalFen { get; init; }

    /// <summary>What counts as received, fen: the total less coupons that we fund ourselves.</summary>
    public long ReceivedFen { get; init; }

    /// <summary>Coupons of type NOCASH, funded by us, fen.</summary>
    public long OwnCouponFen { get; init; }

    /// <summary>Business instant of the payment (WeChat's success_time).</summary>
    public DateTimeOffset PaidAt { get; init; }

    /// <summary>Shanghai date of <see cref="PaidAt"/>: the day of the trade bill.</summary>
    public DateOnly PaidOn { get; init; }

    /// <summary><c>Settled</c>: its order's bills; <c>Prepaid</c>: part or all went to the prepaid balance; <c>Suspense</c>: not applied, finance has a task.</summary>
    public PaymentOutcome Outcome { get; init; }
    public DateTimeOffset BookedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Payment> table)
    {
        table.ToTable("Payments", t => t.HasCheckConstraint("CK_Payments_Amounts",
            "TotalFen >= 0 AND OwnCouponFen >= 0 AND OwnCouponFen <= TotalFen AND ReceivedFen = TotalFen - OwnCouponFen"));
        table.Property(p => p.Channel).HasMaxLength(16);
        table.Property(p => p.TransactionId).HasMaxLength(64);
        table.Property(p => p.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(p => new { p.Channel, p.TransactionId }).IsUnique();
        table.HasIndex(p => p.OrderId);    // not unique: an order may be paid twice, and both are booked
        table.HasIndex(p => new { p.CommunityId, p.PaidOn, p.PaidAt });    // a day, in the order of its bill
        table.HasIndex(p => new { p.CommunityId, p.PaidOn, p.BookedAt });    // what came to a day after its bill was read
    }
}

/// <summary>A receipt (收据) for a payment, with a number without gaps per community and year, given soon after commit.</summary>
public sealed class Receipt : IEntityTypeConfiguration<Receipt>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PaymentId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary>Paid, fen, as the receipt shows it.</summary>
    public long AmountFen { get; init; }
    public int Year { get; init; }

    /// <summary>Null until the numbering worker came by; at the counter it is there at once.</summary>
    [NotSealed]
    public long? Number { get; set; }
    public DateTimeOffset At { get; init; }

    /// <summary>When the whole payment had been refunded: the receipt is void (作废) and keeps its number. Null while it is good.</summary>
    [NotSealed]
    public DateTimeOffset? VoidedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Receipt> table)
    {
        table.ToTable("Receipts");
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.PaymentId).IsUnique();
        table.HasIndex(r => new { r.CommunityId, r.Year, r.Number }).IsUnique();
        table.HasIndex(r => new { r.Number, r.At });
    }
}
