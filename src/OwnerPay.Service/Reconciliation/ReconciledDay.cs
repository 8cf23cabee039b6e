using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Reconciliation;

public enum DayState { Open, Closed }

/// <summary>One day of one merchant account compared with WeChat's trade bill. Closed by finance, then locked.</summary>
public sealed class ReconciledDay : IEntityTypeConfiguration<ReconciledDay>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }

    /// <summary>Shanghai date of the bill.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Rows of the bill that concern this account, refunds included, and those that matched a payment or a refund.</summary>
    public int BillRows { get; init; }
    public int MatchedRows { get; init; }

    /// <summary>Paid amount of those rows (订单金额), and of our payments of that Shanghai day, fen.</summary>
    public long BillFen { get; init; }
    public long OurFen { get; init; }

    /// <summary>Fees of the matched rows as booked, less those given back with refunds, fen: the sum of rows that were rounded one by one.</summary>
    public long FeeFen { get; init; }

    /// <summary>Of payments of this day that were booked by then, those that no <see cref="MatchedRow"/> and no difference names agree with the bill.</summary>
    public DateTimeOffset SeenUntil { get; init; }
    public DateTimeOffset ReconciledAt { get; init; }
    public DayState State { get; set; }
    public Guid? ClosedBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ReconciledDay> table)
    {
        table.ToTable("ReconciledDays", t =>
            t.HasCheckConstraint("CK_ReconciledDays_Rows", "MatchedRows >= 0 AND MatchedRows <= BillRows AND BillFen >= 0 AND OurFen >= 0"));
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => new { d.MerchantAccountId, d.Day }).IsUnique();
        table.HasIndex(d => new { d.CommunityId, d.Day });
    }
}

/// <summary>A bill file as WeChat gave it, with WeChat's SHA-1 over its unpacked bytes; packed (gzip) in its parts. Accounts of one merchant number share
/// the first one fetched.</summary>
public sealed class WeChatBillFile : IEntityTypeConfiguration<WeChatBillFile>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }

    /// <summary><c>trade</c> or <c>fund-flow</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>40 lower-case hex digits; empty where there is no file.</summary>
    public string Sha1 { get; init; } = "";

    /// <summary>True when WeChat said that the day had nothing.</summary>
    public bool Empty { get; init; }
    public DateTimeOffset FetchedAt { get; init; }

    public void Configure(EntityTypeBuilder<WeChatBillFile> table)
    {
        table.ToTable("WeChatBillFiles");
        table.Property(f => f.Kind).HasMaxLength(16);
        table.Property(f => f.Sha1).HasMaxLength(40);
        table.HasIndex(f => new { f.MerchantAccountId, f.Day, f.Kind }).IsUnique();
    }
}

/// <summary>A row of a trade bill that was matched with a payment and is worth a line: of another day, late, remarkable. Of rows that agree with a payment
/// of their day in everything nothing is kept but the bill itself.</summary>
public sealed class MatchedRow : IEntityTypeConfiguration<MatchedRow>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public Guid PaymentId { get; init; }

    /// <summary>Day of the bill that holds the row; for payments at 23:5x it may be the day after.</summary>
    public DateOnly BillDay { get; init; }
    public string TransactionId { get; init; } = "";

    /// <summary>The row's 订单金额, which is the payment's total, fen.</summary>
    public long AmountFen { get; init; }

    /// <summary>The row's fee in whole fen, half away from zero; booked with those of its day.</summary>
    public long FeeFen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<MatchedRow> table)
    {
        table.ToTable("MatchedRows", t => t.HasCheckConstraint("CK_MatchedRows_Amount", "AmountFen > 0"));
        table.Property(r => r.TransactionId).HasMaxLength(64);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.PaymentId).IsUnique();
        table.HasIndex(r => new { r.MerchantAccountId, r.BillDay });
        table.HasIndex(r => r.CommunityId);
    }
}

/// <summary>A matched refund row of a trade bill with the fee that WeChat gave back.</summary>
public sealed class MatchedRefund : IEntityTypeConfiguration<MatchedRefund>, ISealed
{
    /// <summary>Source kind of the journal that books the fee given back.</summary>
    public const string FeeBackSource = "wechat-fee-back";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }

    /// <summary>Our refund.</summary>
    public Guid RefundId { get; init; }

    /// <summary>Day of the bill that holds the row: the day of WeChat's acceptance.</summary>
    public DateOnly BillDay { get; init; }

    /// <summary>The row's 申请退款金额, which is the refund's amount, fen.</summary>
    public long AmountFen { get; init; }

    /// <summary>Fee given back in whole fen, ≥ 0; booked by the journal <see cref="FeeBackSource"/> of this row's id.</summary>
    public long FeeBackFen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<MatchedRefund> table)
    {
        table.ToTable("MatchedRefunds", t => t.HasCheckConstraint("CK_MatchedRefunds_Amount", "AmountFen > 0 AND FeeBackFen >= 0"));
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.RefundId).IsUnique();
        table.HasIndex(r => new { r.MerchantAccountId, r.BillDay });
        table.HasIndex(r => r.CommunityId);
    }
}

/// <summary>What differs between WeChat's bill and our books.</summary>
/// <remarks>
/// <c>PaidThereOpenHere</c>: WeChat was paid, our order was not when the bill came. <c>PaidHereMissingThere</c>: booked here, in no bill.
/// <c>Amount</c>: both know it, at different totals. <c>Fee</c>: not what rate and amount make it. <c>Twice</c>: a row repeated, or an order paid a
/// second time. <c>UnknownOrder</c>: no order of ours. <c>OtherMerchant</c>: row and order name different merchant numbers.
/// <c>NextDay</c>: paid shortly before midnight and not in that day's bill; no alarm until the next bill lacks it too. <c>RefundState</c>: a refund that
/// is in one state there and in another here, or a payment that was revoked. <c>UnknownRefund</c>: no refund of ours. <c>RefundMissingThere</c>: accepted here,
/// in no bill. An <c>Amount</c> that names a refund is about that. <c>Flow…</c>: the fund-flow bill, which says how the balance moved, against our
/// books and the trade bill. <c>PayOutNotArrived</c>: paid out to the bank and in no bank statement.
/// </remarks>
public enum DifferenceCause
{
    PaidThereOpenHere, PaidHereMissingThere, Amount, Fee, Twice, UnknownOrder, OtherMerchant, NextDay, RefundState, UnknownRefund, RefundMissingThere,
    FlowAmount, FlowMissing, FlowTwice, FlowUnknown, FlowFee, FlowBalance, PayOutNotArrived,
}

/// <summary>What our books were compared with.</summary>
public enum DifferenceSource { TradeBill, FundFlow, Bank }

public enum DifferenceState { Open, Resolved, Explained }

/// <summary>A difference with its cause, next step and who solved it how.</summary>
public sealed class Difference : IEntityTypeConfiguration<Difference>, ISealed
{
    /// <summary>Causes of which each unmatched difference stands for a row of the trade bill.</summary>
    public static readonly DifferenceCause[] OfRows =
    [
        DifferenceCause.PaidThereOpenHere, DifferenceCause.Amount, DifferenceCause.Fee, DifferenceCause.Twice, DifferenceCause.UnknownOrder,
        DifferenceCause.OtherMerchant, DifferenceCause.RefundState, DifferenceCause.UnknownRefund,
    ];

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }
    public DifferenceCause Cause { get; init; }

    /// <summary>WeChat's transaction number, or its refund number; a row repeated in a bill has its line behind it, <c>…#12</c>.</summary>
    public string Reference { get; init; } = "";
    public Guid? PaymentId { get; init; }

    /// <summary>The refund that it is about; null for payments and for refunds that we do not know.</summary>
    public Guid? RefundId { get; init; }

    /// <summary>True where the bill's row was matched with a payment all the same, and its fee booked; false where it was not, or where there is no
    /// row.</summary>
    public bool Matched { get; init; }

    /// <summary>What WeChat's bill says and what we say, fen: amounts paid or refunded; fees where the cause is <c>Fee</c>. Null where one side has
    /// nothing.</summary>
    public long? TheirFen { get; init; }
    public long? OurFen { get; init; }

    /// <summary>What to do next, in Chinese.</summary>
    public string NextStep { get; init; } = "";
    public DifferenceState State { get; set; }

    /// <summary>Staff id of who is to work on it; null while nobody in particular is.</summary>
    public Guid? AssignedTo { get; set; }
    public Guid? ResolvedBy { get; set; }
    public string? Resolution { get; set; }
    public DateTimeOffset FoundAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <param name="by">Staff id; null where a later bill solved it.</param>
    /// <param name="how">In Chinese, up to 500 characters.</param>
    public void Solve(DifferenceState state, Guid? by, string how, DateTimeOffset now) =>
        (State, ResolvedBy, Resolution, ResolvedAt) = (state, by, how, now);

    public void Configure(EntityTypeBuilder<Difference> table)
    {
        table.ToTable("Differences");
        table.Property(d => d.Reference).HasMaxLength(64);
        table.Property(d => d.NextStep).HasMaxLength(500);
        table.Property(d => d.Resolution).HasMaxLength(500);
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => new { d.MerchantAccountId, d.Day, d.Cause, d.Reference }).IsUnique();
        table.HasIndex(d => new { d.CommunityId, d.State });
        table.HasIndex(d => d.PaymentId);    // what became of a payment
        table.HasIndex(d => d.RefundId);
    }
}
