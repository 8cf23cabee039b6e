using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

public enum BillRunState { Proposed, Issued, Rejected }

/// <summary>A bill run (出账): previewed by a clerk, confirmed by finance, issued in the version that was previewed.</summary>
public sealed class BillRun : IEntityTypeConfiguration<BillRun>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public DateOnly PeriodFrom { get; init; }
    public DateOnly PeriodTo { get; init; }
    public DateOnly DueOn { get; init; }

    /// <summary>Codes of the fee kinds, sorted, joined by commas.</summary>
    public string FeeKinds { get; init; } = "";

    /// <summary>SHA-256 over what would be issued; at confirmation it must still be the same, else <c>preview_outdated</c>.</summary>
    public string PreviewHash { get; init; } = "";
    public int Bills { get; init; }
    public long TotalFen { get; init; }

    /// <summary>JSON of an <see cref="OddReport"/>: odd amounts and skipped houses, by name.</summary>
    public string Odd { get; init; } = "[]";
    public BillRunState State { get; set; }

    /// <summary>The one house whose owner asked for months to come; nobody confirms such a run, and <see cref="ProposedBy"/> is his WeChat user. Null: all
    /// houses.</summary>
    public Guid? HouseId { get; init; }
    public Guid ProposedBy { get; init; }
    public DateTimeOffset ProposedAt { get; init; }
    public Guid? ConfirmedBy { get; set; }
    public DateTimeOffset? IssuedAt { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<BillRun> table)
    {
        table.ToTable("BillRuns", t => t.HasCheckConstraint("CK_BillRuns_TwoPeople", "ConfirmedBy IS NULL OR ConfirmedBy <> ProposedBy"));
        table.Property(r => r.Odd).HasMaxLength(-1);
        table.Property(r => r.PreviewHash).HasMaxLength(64);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => new { r.CommunityId, r.ProposedAt });
    }
}
