using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Payments.Entrusted;

/// <summary>An owner's agreement that the bank may collect a house's fees from his account (委托收款协议). One in force per house.</summary>
public sealed class Mandate : IEntityTypeConfiguration<Mandate>, ISealed
{
    public const string AccountPurpose = "mandate-account";

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary>The house while in force, then null.</summary>
    public Guid? InForceFor { get; set; }

    /// <summary>Number of the agreement with the bank.</summary>
    public string Agreement { get; init; } = "";
    public string Bank { get; init; } = "";

    /// <summary>Holder and number of the account, wrapped.</summary>
    public byte[] HolderWrapped { get; init; } = [];
    public byte[] NumberWrapped { get; init; } = [];

    /// <summary>Last four digits of the number.</summary>
    public string Tail { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Mandate> table)
    {
        table.ToTable("Mandates");
        table.Property(m => m.Agreement).HasMaxLength(64);
        table.Property(m => m.HolderWrapped).HasMaxLength(400);
        table.Property(m => m.NumberWrapped).HasMaxLength(200);
        table.Property(m => m.Tail).HasMaxLength(4);
        table.Property(m => m.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(m => m.InForceFor).IsUnique();
        table.HasIndex(m => new { m.CommunityId, m.CreatedAt });
    }
}

/// <summary><c>Proposed</c> → <c>Rejected</c> or <c>Approved</c> (its file may be fetched and its results brought).</summary>
public enum BatchState { Proposed, Rejected, Approved }

/// <summary>What a bank is asked to collect in one file (代扣批次).</summary>
public sealed class CollectionBatch : IEntityTypeConfiguration<CollectionBatch>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BankAccountId { get; init; }

    /// <summary><c>DK</c> and ten digits or letters: names the batch in files and on the bank's statement.</summary>
    public string Code { get; init; } = "";

    /// <summary>Shanghai date for which amounts were computed.</summary>
    public DateOnly On { get; init; }
    public int Items { get; init; }
    public long TotalFen { get; init; }
    public BatchState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<CollectionBatch> table)
    {
        table.ToTable("CollectionBatches");
        table.Property(b => b.Code).HasMaxLength(12);
        table.Property(b => b.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(b => new { b.CommunityId, b.Code }).IsUnique();
        table.HasIndex(b => new { b.CommunityId, b.CreatedAt });
    }
}

/// <summary><c>Pending</c> → <c>Collected</c> (a payment) or <c>Failed</c> (with the bank's reason); <c>Dropped</c> when its batch was
/// rejected.</summary>
public enum ItemState { Pending, Collected, Failed, Dropped }

/// <summary>One house in a batch.</summary>
public sealed class CollectionItem : IEntityTypeConfiguration<CollectionItem>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BatchId { get; init; }

    /// <summary>From 1 in its batch.</summary>
    public int Number { get; init; }
    public Guid MandateId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PartyId { get; init; }
    public long AmountFen { get; init; }
    public ItemState State { get; set; }

    /// <summary>The house while pending, then null: a house is in one open batch.</summary>
    public Guid? PendingFor { get; set; }

    /// <summary>The bank's reason when it failed.</summary>
    public string? Reason { get; set; }
    public Guid? PaymentId { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<CollectionItem> table)
    {
        table.ToTable("CollectionItems", t => t.HasCheckConstraint("CK_CollectionItems_Amount", "AmountFen > 0"));
        table.Property(i => i.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(i => new { i.BatchId, i.Number }).IsUnique();
        table.HasIndex(i => i.PendingFor).IsUnique();
        table.HasIndex(i => new { i.CommunityId, i.State });
    }
}
