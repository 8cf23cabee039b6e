using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

/// <summary>A thing; work that somebody does; a coupon for the next bill; the right to use a parking space for a period.</summary>
public enum RewardKind { Goods, Service, Coupon, Parking }

public enum RewardState { Proposed, Active, Superseded, Rejected }

/// <summary>An item of the points catalogue (礼品).</summary>
public sealed class Reward : IEntityTypeConfiguration<Reward>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }

    /// <summary>Stable code, unique with its version.</summary>
    public string Code { get; init; } = "";
    public int Version { get; init; }
    public RewardKind Kind { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";

    /// <summary>Whole points.</summary>
    public long CostPoints { get; init; }

    /// <summary>Pieces in all.</summary>
    public int StockTotal { get; init; }

    /// <summary>Pieces left: the total less reserved and fulfilled redemptions.</summary>
    [NotSealed]
    public int StockLeft { get; set; }
    public int LimitPerPerson { get; init; }

    /// <summary>First and last Shanghai day on which it can be redeemed.</summary>
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }

    /// <summary>Minutes after midnight at which it opens on its first day.</summary>
    public int OpensMinute { get; init; }

    /// <summary>The instant from which it can be redeemed.</summary>
    public DateTimeOffset OpensAt => Clock.StartOf(From).AddMinutes(OpensMinute);

    /// <summary>Days in which a reserved piece must be fetched.</summary>
    public int PickUpDays { get; init; }

    /// <summary>Where it is handed out, in Chinese.</summary>
    public string PickUpPlace { get; init; } = "";

    /// <summary>The coupon offer that a coupon reward gives a coupon of.</summary>
    public string? CouponCode { get; init; }

    /// <summary>Days that a parking right lasts; 0 for all else.</summary>
    public int PeriodDays { get; init; }

    /// <summary>Codes of the spaces that it may be of, with commas between.</summary>
    public string Spaces { get; init; } = "";
    public Guid? PictureId { get; init; }
    public IReadOnlyList<string> SpaceCodes => Spaces.Split(',', StringSplitOptions.RemoveEmptyEntries);
    public RewardState State { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Reward> table)
    {
        table.ToTable("Rewards", t => t.HasCheckConstraint("CK_Rewards_Stock",
            "CostPoints > 0 AND StockLeft >= 0 AND StockLeft <= StockTotal AND LimitPerPerson > 0 AND PickUpDays > 0 AND PeriodDays >= 0 AND OpensMinute BETWEEN 0 AND 1439"));
        table.Ignore(r => r.SpaceCodes);
        table.Ignore(r => r.OpensAt);
        table.Property(r => r.Kind).HasMaxLength(16);
        table.Property(r => r.CouponCode).HasMaxLength(40);
        table.Property(r => r.Spaces).HasMaxLength(2000);
        table.Property(r => r.Description).HasMaxLength(1000);
        table.Property(r => r.Code).HasMaxLength(40);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => new { r.CommunityId, r.Code, r.Version }).IsUnique();
    }
}
