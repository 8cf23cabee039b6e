using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Rewards;

public enum RedemptionState { Reserved, Fulfilled, Cancelled, Expired }

/// <summary>One exchange of points for a reward (兑换): <c>Reserved</c>, then for ever <c>Fulfilled</c>, <c>Cancelled</c> or <c>Expired</c>.</summary>
public sealed class Redemption : IEntityTypeConfiguration<Redemption>, ISealed
{
    /// <summary>Those that took a piece and did not give it back: they count against stock and limits.</summary>
    public static readonly Expression<Func<Redemption, bool>> Counts = r => r.State == RedemptionState.Reserved || r.State == RedemptionState.Fulfilled;

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid RewardId { get; init; }
    public Guid PersonId { get; init; }

    /// <summary>Whole points, frozen when reserved; a later change of the catalogue price does not touch it.</summary>
    public long CostPoints { get; init; }

    /// <summary>Eight digits, unique in the community.</summary>
    public string PickUpCode { get; init; } = "";
    public DateTimeOffset ReservedAt { get; init; }

    /// <summary>Last Shanghai day to pick it up.</summary>
    public DateOnly ExpiresOn { get; init; }
    [NotSealed]
    public RedemptionState State { get; set; }
    [NotSealed]
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Staff who handed it out.</summary>
    [NotSealed]
    public Guid? FulfilledBy { get; set; }
    public byte[] Seal { get; set; } = [];

    /// <summary>One that begins now, at today's price.</summary>
    /// <param name="expiresOn">Last Shanghai day to pick it up.</param>
    public static Redemption Reserve(Reward reward, Guid id, Guid person, string pickUpCode, DateTimeOffset now, DateOnly expiresOn) => new()
    {
        Id = id, CommunityId = reward.CommunityId, RewardId = reward.Id, PersonId = person, CostPoints = reward.CostPoints, PickUpCode = pickUpCode,
        ReservedAt = now, ExpiresOn = expiresOn, State = RedemptionState.Reserved,
    };

    public void Configure(EntityTypeBuilder<Redemption> table)
    {
        table.ToTable("Redemptions", t => t.HasCheckConstraint("CK_Redemptions_Cost", "CostPoints > 0"));
        table.Property(r => r.PickUpCode).HasMaxLength(8);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => new { r.CommunityId, r.PickUpCode }).IsUnique();    // a code names one redemption; a clash is redrawn
        table.HasIndex(r => new { r.RewardId, r.PersonId });                    // counts the per-person limit
        table.HasIndex(r => new { r.PersonId, r.ReservedAt });
        table.HasIndex(r => new { r.State, r.ExpiresOn });                      // what expires
    }
}
