using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Reconciliation;

/// <summary>A day of an account that could not be reconciled yet: why, and when it is tried again. Gone as soon as the day is reconciled.</summary>
public sealed class BillFetch : IEntityTypeConfiguration<BillFetch>
{
    /// <summary>Subject of the work item that it may raise.</summary>
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid MerchantAccountId { get; init; }
    public DateOnly Day { get; init; }

    /// <summary>System clock. While somebody works on it, the end of his lease.</summary>
    public DateTimeOffset NextTryAt { get; set; }

    /// <summary>Code of the refusal of the last try; null before its end.</summary>
    public string? LastError { get; set; }

    public void Configure(EntityTypeBuilder<BillFetch> table)
    {
        table.ToTable("BillFetches");
        table.HasIndex(f => new { f.MerchantAccountId, f.Day }).IsUnique();
    }
}
