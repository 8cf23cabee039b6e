using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Points;

public enum PointsTermsState { Proposed, Active, Superseded, Rejected }

/// <summary>A community's rules for points, a version (积分规则). How many a yuan earns stands with the community's settings.</summary>
public sealed class PointsTerms : IEntityTypeConfiguration<PointsTerms>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public int Version { get; init; }

    /// <summary>Calendar years in a row with everything paid in time, after which payments earn more.</summary>
    public int StreakYears { get; init; } = 3;

    /// <summary>How many times as much they earn then; 1: no more than before.</summary>
    public int StreakTimes { get; init; } = 2;

    /// <summary>Days before points expire on which their owner is told.</summary>
    public int RemindDays { get; init; } = 30;

    /// <summary>Points that a member of staff may grant in a day without a second person.</summary>
    public long GrantLimit { get; init; } = 500;

    /// <summary>Declared cost of 100 points, fen: what the outstanding points are told to be worth.</summary>
    public long CostFenPerHundred { get; init; } = 100;
    public PointsTermsState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<PointsTerms> table)
    {
        table.ToTable("PointsTerms", t => t.HasCheckConstraint("CK_PointsTerms_Sound",
            "StreakYears > 0 AND StreakTimes > 0 AND RemindDays > 0 AND GrantLimit >= 0 AND CostFenPerHundred >= 0"));
        table.Property(t => t.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(t => new { t.CommunityId, t.Version }).IsUnique();
    }
}

/// <summary>The rules that are in force.</summary>
public sealed class PointsTermsBook(OwnerPayDb db)
{
    /// <returns>The community's, or the usual ones where it never set any (version 0).</returns>
    public async Task<PointsTerms> Of(Guid community, CancellationToken cancel) =>
        await db.PointsTerms.AsNoTracking().SingleOrDefaultAsync(t => t.CommunityId == community && t.State == PointsTermsState.Active, cancel)
        ?? new PointsTerms { CommunityId = community, State = PointsTermsState.Active };
}
