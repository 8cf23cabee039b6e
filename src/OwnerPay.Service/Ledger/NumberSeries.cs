using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OwnerPay.Service.Ledger;

/// <summary>Where a gapless series stands: journals per community and month, receipts per community and year.</summary>
public sealed class NumberSeries : IEntityTypeConfiguration<NumberSeries>
{
    public Guid CommunityId { get; init; }

    /// <summary><c>journal</c> or <c>receipt</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>2026-11</c> or <c>2026</c>.</summary>
    public string Period { get; init; } = "";

    /// <summary>The last number given; 0 before the first.</summary>
    public long Last { get; set; }

    public void Configure(EntityTypeBuilder<NumberSeries> table)
    {
        table.ToTable("NumberSeries");
        table.HasKey(s => new { s.CommunityId, s.Kind, s.Period });
        table.Property(s => s.Kind).HasMaxLength(16);
        table.Property(s => s.Period).HasMaxLength(7);
    }
}
