using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;

namespace OwnerPay.Service.Billing;

/// <summary>A withdrawn one billed nobody and never will.</summary>
public enum ApportionmentState { Closed, Withdrawn }

/// <summary>A common cost (公摊) of a building or the community over a period, closed as one set: its shares are fixed at once, a house that is added later
/// gets none, and their sum is the cost.</summary>
public sealed class Apportionment : IEntityTypeConfiguration<Apportionment>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid FeeKindId { get; init; }
    public string Slot { get; init; } = "";
    public Guid TariffId { get; init; }

    /// <summary>Null: the whole community.</summary>
    public Guid? BuildingId { get; init; }
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public long TotalFen { get; init; }
    public ApportionBasis Basis { get; init; }

    /// <summary>Sum of the weights: 0.01 m², households or 0.001 units.</summary>
    public long BasisTotal { get; init; }

    /// <summary>The shared meter whose usage made the total; null where the total was entered.</summary>
    public Guid? MeterId { get; init; }
    public Guid? FromReadingId { get; init; }
    public Guid? ToReadingId { get; init; }

    /// <summary>Usage of the shared meter in 0.001 units; 0 where the total was entered.</summary>
    public long UsageThousandths { get; init; }

    /// <summary>In 0.0001 yuan per unit; 0 where the total was entered.</summary>
    public long UnitPrice { get; init; }

    /// <summary>Where an entered total comes from: the utility's bill and its number.</summary>
    public string Evidence { get; init; } = "";
    public ApportionmentState State { get; set; }
    public Guid ClosedBy { get; init; }
    public DateTimeOffset ClosedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<Apportionment> table)
    {
        table.ToTable("Apportionments", t => t.HasCheckConstraint("CK_Apportionments_Amounts", "TotalFen > 0 AND BasisTotal > 0 AND UsageThousandths >= 0 AND UnitPrice >= 0"));
        table.Property(a => a.Slot).HasMaxLength(40);
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => new { a.CommunityId, a.ClosedAt });
        table.HasIndex(a => new { a.CommunityId, a.FeeKindId, a.To });    // what a run bills
    }
}

/// <summary>A house's share of a common cost.</summary>
public sealed class ApportionmentShare : IEntityTypeConfiguration<ApportionmentShare>
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid ApportionmentId { get; init; }
    public Guid HouseId { get; init; }

    /// <summary>From 1, in the order of house codes: of equal remainders the lower number gets the fen.</summary>
    public int Number { get; init; }

    /// <summary>0.01 m², 1 household, or 0.001 units; 0 for a vacant house that bears no share.</summary>
    public long Weight { get; init; }
    public long Fen { get; init; }

    public void Configure(EntityTypeBuilder<ApportionmentShare> table)
    {
        table.ToTable("ApportionmentShares", t => t.HasCheckConstraint("CK_ApportionmentShares_Amounts", "Weight >= 0 AND Fen >= 0"));
        table.HasIndex(s => new { s.ApportionmentId, s.Number }).IsUnique();
        table.HasIndex(s => new { s.HouseId, s.ApportionmentId }).IsUnique();    // the shares of a page of houses
    }
}
