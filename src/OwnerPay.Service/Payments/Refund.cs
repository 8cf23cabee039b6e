using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments;

/// <summary>
/// <c>Requested</c> → <c>Rejected</c> or <c>Approved</c> (to be sent) → <c>Failed</c> (WeChat will never do it) or <c>Accepted</c> (in transit, booked)
/// → <c>Done</c>, <c>Closed</c> (did not happen, the booking reversed) or <c>Abnormal</c> (the payer's account is gone; finance acts; still in transit).
/// </summary>
public enum RefundState { Requested, Rejected, Approved, Accepted, Done, Closed, Abnormal, Failed }

/// <summary>By which way money goes back: as it came over WeChat, or by a person: out of a cashier's drawer, onto the card at the terminal, from a
/// bank account.</summary>
public enum RefundChannel { WeChat, Cash, Pos, Transfer }

/// <summary>One refund of a payment, whole or part (退款). Its id as 32 hex digits is WeChat's out_refund_no, the same over all repeats.</summary>
public sealed class Refund : IEntityTypeConfiguration<Refund>, ISealed
{
    /// <summary>Source kind of what WeChat's acceptance books, of the bills' reopening and of prepaid money that is held for it.</summary>
    public const string Source = "refund", PayeePurpose = "refund-payee";

    /// <summary>Source kinds of the journals when it is done, when it was closed, when prepaid money is held for it and when that is given back.</summary>
    public const string DoneSource = "refund-done", ClosedSource = "refund-closed", HeldSource = "refund-held", FreedSource = "refund-freed";

    /// <summary>States that use up what a payment holds.</summary>
    public static readonly RefundState[] Standing = [RefundState.Requested, RefundState.Approved, RefundState.Accepted, RefundState.Done, RefundState.Abnormal];

    /// <summary>Accepted by WeChat and not undone: the books carry it.</summary>
    public static readonly RefundState[] Booked = [RefundState.Accepted, RefundState.Done, RefundState.Abnormal];

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PaymentId { get; init; }

    /// <summary>All zeros where no merchant has part in it.</summary>
    public Guid MerchantAccountId { get; init; }
    public RefundChannel Channel { get; init; }

    /// <summary>The shift out of whose drawer, or at whose terminal, it was paid; null for other ways and before.</summary>
    public Guid? ShiftId { get; set; }

    /// <summary>The order, its house and who paid it; null for money of no order of ours.</summary>
    public Guid? OrderId { get; init; }
    public Guid? HouseId { get; init; }
    public Guid? PersonId { get; init; }

    /// <summary>What WeChat is asked to pay back, fen.</summary>
    public long AmountFen { get; init; }

    /// <summary>What leaves our account, fen: the amount less the part of coupons that we funded ourselves.</summary>
    public long CashFen { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The very bytes of WeChat's refund call; every repeat sends these. Empty where people pay it out.</summary>
    public byte[] Request { get; init; } = [];

    /// <summary>Name, account and bank that a transfer goes to, wrapped; null for other ways.</summary>
    public byte[]? PayeeWrapped { get; init; }

    /// <summary>The account that the money left, who paid it out and by which slip or transfer; null until people paid it out.</summary>
    public string? PaidAccount { get; set; }
    public Guid? PaidBy { get; set; }
    public string? PaidReference { get; set; }

    /// <summary>Where the evidence of a transfer lies, in words.</summary>
    public string? Evidence { get; set; }
    public Guid RequestedBy { get; init; }
    public DateTimeOffset RequestedAt { get; init; }
    [NotSealed]
    public RefundState State { get; set; }

    /// <summary>WeChat's refund_id, from its first answer or notice.</summary>
    [NotSealed]
    public string? WeChatRefundId { get; set; }

    /// <summary>Business instant at which we booked WeChat's acceptance; its Shanghai date is that of the journal.</summary>
    [NotSealed]
    public DateTimeOffset? AcceptedAt { get; set; }
    [NotSealed]
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When it is next sent or asked about (system clock), and how often either was tried since its state moved.</summary>
    [NotSealed]
    public DateTimeOffset NextTryAt { get; set; }
    [NotSealed]
    public int Tries { get; set; }

    /// <summary>WeChat's last refusal, for staff.</summary>
    [NotSealed]
    public string? LastError { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>WeChat's out_refund_no.</summary>
    public string OutRefundNo => Id.ToString("N");

    /// <summary>A reason as WeChat shows it to the payer: at most 80 bytes, cut between characters.</summary>
    public static string ForPayer(string reason)
    {
        var text = new StringBuilder();
        var bytes = 0;
        foreach (var rune in reason.EnumerateRunes())
            if ((bytes += rune.Utf8SequenceLength) <= 80) text.Append(rune);
            else break;
        return text.ToString();
    }

    public void Configure(EntityTypeBuilder<Refund> table)
    {
        table.Ignore(r => r.OutRefundNo);
        table.ToTable("Refunds", t => t.HasCheckConstraint("CK_Refunds_Amounts", "AmountFen > 0 AND CashFen >= 0 AND CashFen <= AmountFen"));
        table.Property(r => r.Request).HasMaxLength(4000);
        table.Property(r => r.PayeeWrapped).HasMaxLength(600);
        table.Property(r => r.PaidAccount).HasMaxLength(110);
        table.Property(r => r.PaidReference).HasMaxLength(64);
        table.Property(r => r.WeChatRefundId).HasMaxLength(64);
        table.Property(r => r.LastError).HasMaxLength(500);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.PaymentId);
        table.HasIndex(r => r.ShiftId);                          // what left a drawer
        table.HasIndex(r => r.OrderId);                          // what the order's page shows
        table.HasIndex(r => new { r.State, r.NextTryAt });       // what is to be sent or asked about
        table.HasIndex(r => new { r.CommunityId, r.RequestedAt });
    }
}

/// <summary>What a line of a refund gives back: what a bill's line or late fee got, prepaid money, or money in suspense.</summary>
public enum RefundLineKind { Bill, Prepaid, Suspense }

/// <summary>A line of a refund, frozen when it was requested.</summary>
public sealed class RefundLine : IEntityTypeConfiguration<RefundLine>, ISealed
{
    public Guid RefundId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }
    public Guid CommunityId { get; init; }
    public RefundLineKind Kind { get; init; }
    public Guid? BillId { get; init; }

    /// <summary>The bill line; null for the bill's late fee.</summary>
    public Guid? BillLineId { get; init; }
    public Guid? HouseId { get; init; }
    public Guid? PartyId { get; init; }

    /// <summary>Principal or late fee that is open again, prepaid money or suspense that is gone, fen.</summary>
    public long Fen { get; init; }

    /// <summary>Part of <see cref="Fen"/> that offers had given and that is no longer given; the rest is money.</summary>
    public long DiscountFen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<RefundLine> table)
    {
        table.ToTable("RefundLines", t => t.HasCheckConstraint("CK_RefundLines_Fen", "Fen > 0 AND DiscountFen >= 0 AND DiscountFen <= Fen"));
        table.HasKey(l => new { l.RefundId, l.Number });
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => l.CommunityId);
    }
}
