using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Points;

/// <summary>Points earned together, with one expiry (积分批次).</summary>
public sealed class PointsLot : IEntityTypeConfiguration<PointsLot>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary>What earned them: <c>payment</c> and its id; once per source.</summary>
    public string SourceKind { get; init; } = "";
    public Guid SourceId { get; init; }

    /// <summary>Whole points earned.</summary>
    public long Earned { get; init; }

    /// <summary>Whole points left; moves with <see cref="PointsEntry"/>. Below 0 where a refund took points back that had been spent.</summary>
    [NotSealed]
    public long Remaining { get; set; }

    /// <summary>Last Shanghai day on which they can be spent.</summary>
    [NotSealed]
    public DateOnly ExpiresOn { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<PointsLot> table)
    {
        table.ToTable("PointsLots", t => t.HasCheckConstraint("CK_PointsLots_Remaining", "Remaining <= Earned"));
        table.Property(l => l.SourceKind).HasMaxLength(32);
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => new { l.SourceKind, l.SourceId }).IsUnique();
        table.HasIndex(l => new { l.PersonId, l.ExpiresOn });    // spend earliest expiry first
    }
}

/// <summary>A signed movement of points of one lot (积分流水).</summary>
public sealed class PointsEntry : IEntityTypeConfiguration<PointsEntry>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid PersonId { get; init; }
    public Guid LotId { get; init; }

    /// <summary>Whole points, positive in, negative out.</summary>
    public long Delta { get; init; }

    /// <summary><c>payment</c>, <c>redemption</c>, <c>redemption-cancelled</c>, <c>points-grant</c>, <c>draw-ticket</c>, <c>expiry</c>, <c>refund</c>,
    /// <c>refund-closed</c>, <c>points-debt</c> and its id.</summary>
    public string SourceKind { get; init; } = "";
    public Guid SourceId { get; init; }
    public string Note { get; init; } = "";
    public DateTimeOffset At { get; init; }

    internal static PointsEntry Of(PointsLot lot, long delta, string sourceKind, Guid sourceId, string note, Clock clock) => new()
    {
        Id = Guid.CreateVersion7(), CommunityId = lot.CommunityId, PersonId = lot.PersonId, LotId = lot.Id,
        Delta = delta, SourceKind = sourceKind, SourceId = sourceId, Note = note, At = clock.Now(),
    };

    public void Configure(EntityTypeBuilder<PointsEntry> table)
    {
        table.ToTable("PointsEntries", t => t.HasCheckConstraint("CK_PointsEntries_Delta", "Delta <> 0"));
        table.Property(e => e.SourceKind).HasMaxLength(32);
        table.HasIndex(e => new { e.SourceKind, e.SourceId, e.LotId }).IsUnique();
        table.HasIndex(e => new { e.PersonId, e.At });    // the owner's statement
        table.HasIndex(e => e.LotId);
    }
}
