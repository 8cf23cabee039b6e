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

    /// <summary>Rows of the bill, and those that matched a payment.</summary>
    public int BillRows { get; init; }
    public int MatchedRows { get; init; }

    /// <summary>Paid amount of the bill and of our payments of that day, fen.</summary>
    public long BillFen { get; init; }
    public long OurFen { get; init; }

    /// <summary>Fees of that day in 0.00001 yuan as WeChat writes them, and as booked in whole fen.</summary>
    public long FeeFen { get; init; }
    public DateTimeOffset ReconciledAt { get; init; }
    public DayState State { get; set; }
    public Guid? ClosedBy { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<ReconciledDay> table)
    {
        table.ToTable("ReconciledDays");
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => new { d.MerchantAccountId, d.Day }).IsUnique();
        table.HasIndex(d => new { d.CommunityId, d.Day });
    }
}

/// <summary>A bill file exactly as WeChat gave it (gzip), with its SHA-1 over the unpacked bytes.</summary>
public sealed class WeChatBillFile : IEntityTypeConfiguration<WeChatBillFile>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }

    /// <summary><c>trade</c>.</summary>
    public string Kind { get; init; } = "";
    public string Sha1 { get; init; } = "";

    /// <summary>True when WeChat said that the day had nothing.</summary>
    public bool Empty { get; init; }
    public byte[] Content { get; init; } = [];
    public DateTimeOffset FetchedAt { get; init; }

    public void Configure(EntityTypeBuilder<WeChatBillFile> table)
    {
        table.ToTable("WeChatBillFiles");
        table.Property(f => f.Kind).HasMaxLength(16);
        table.Property(f => f.Sha1).HasMaxLength(40);
        table.Property(f => f.Content).HasMaxLength(-1);
        table.HasIndex(f => new { f.MerchantAccountId, f.Day, f.Kind }).IsUnique();
    }
}

/// <summary>A matched payment row of a trade bill with its fee.</summary>
public sealed class MatchedRow : IEntityTypeConfiguration<MatchedRow>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public Guid PaymentId { get; init; }

    /// <summary>Day of the bill that holds the row; for payments at 23:5x it may be the day after.</summary>
    public DateOnly BillDay { get; init; }
    public string TransactionId { get; init; } = "";
    public long AmountFen { get; init; }
    public long FeeFen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<MatchedRow> table)
    {
        table.ToTable("MatchedRows");
        table.Property(r => r.TransactionId).HasMaxLength(64);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.PaymentId).IsUnique();
        table.HasIndex(r => new { r.MerchantAccountId, r.BillDay });
        table.HasIndex(r => r.CommunityId);
    }
}

/// <summary>What differs between WeChat's bill and our books.</summary>
public enum DifferenceCause { PaidThereOpenHere, PaidHereMissingThere, Amount, Fee, Twice, UnknownOrder, OtherMerchant, NextDay, RefundState }

public enum DifferenceState { Open, Resolved, Explained }

/// <summary>A difference with its cause, next step and who solved it how.</summary>
public sealed class Difference : IEntityTypeConfiguration<Difference>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }
    public DifferenceCause Cause { get; init; }

    /// <summary>WeChat's transaction number or, where there is none, our order's number.</summary>
    public string Reference { get; init; } = "";
    public Guid? PaymentId { get; init; }

    /// <summary>What WeChat's bill says and what we say, fen.</summary>
    public long? TheirFen { get; init; }
    public long? OurFen { get; init; }

    /// <summary>What to do next, in Chinese.</summary>
    public string NextStep { get; init; } = "";
    public DifferenceState State { get; set; }
    public Guid? ResolvedBy { get; set; }
    public string? Resolution { get; set; }
    public DateTimeOffset FoundAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Difference> table)
    {
        table.ToTable("Differences");
        table.Property(d => d.Reference).HasMaxLength(64);
        table.Property(d => d.NextStep).HasMaxLength(500);
        table.Property(d => d.Resolution).HasMaxLength(500);
        table.Property(d => d.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(d => new { d.MerchantAccountId, d.Day, d.Cause, d.Reference }).IsUnique();
        table.HasIndex(d => new { d.CommunityId, d.State });
    }
}
